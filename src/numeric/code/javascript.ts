/**
 * Definitions → JavaScript: one function for each definition. Nothing that a model says gets into the
 * code but whole numbers, exact constants and names that are prefixed and made of letters, digits and
 * underscores.
 */
import type { Fraction } from "fraction.js";
import type { Definition } from "../../expression/definition.js";
import type { ConstantName, Reduction } from "../../expression/expression.js";
import type { Operation } from "../../expression/operations/operation.js";
import { numberText } from "../numbers.js";
import { type Address, addressText } from "./address.js";
import { type LoopOptions, writeLoops } from "./loops.js";
import type { Quotient, Target, Term } from "./target.js";
import { Writer } from "./writer.js";

/** A piece of code with a name, and the arrays that it reads and writes, by name. */
export interface EmittedFunction {
  readonly name: string;
  readonly arrays: readonly string[];
  /** The lines of its body. */
  readonly lines: readonly string[];
}

export class Emitter {
  /** Operations that the code calls, by the name that it calls them. */
  readonly called = new Map<string, Operation>();

  constructor(private readonly options: LoopOptions) {}

  /** The function that computes one definition. */
  emit(name: string, definition: Definition): EmittedFunction {
    const target = new JavaScript(this.called);
    target.use(this.options.locate(definition.quantity).array);
    writeLoops(definition, this.options, target);
    return { name, arrays: [...target.arrays], lines: target.lines };
  }
}

/** Longer pieces of code become constants of their own. */
const LONGEST_PIECE = 160;

/** Start of a reduction, and how an entry is taken in. */
const REDUCTIONS: Readonly<
  Record<Reduction, { start: string; take: (total: string, entry: string) => string }>
> = {
  sum: { start: "0", take: (total, entry) => `${total} += ${entry};` },
  max: { start: "-Infinity", take: (total, entry) => `${total} = Math.max(${total}, ${entry});` },
  min: { start: "Infinity", take: (total, entry) => `${total} = Math.min(${total}, ${entry});` },
  logsumexp: {
    start: "-Infinity",
    take: () => {
      throw new TypeError("logsumexp is lowered before code is emitted");
    },
  },
};

class JavaScript implements Target<string> {
  readonly width = 1;
  readonly arrays = new Set<string>();
  private readonly writer = new Writer();
  private names = 0;

  constructor(private readonly called: Map<string, Operation>) {}

  get lines(): readonly string[] {
    return this.writer.lines;
  }

  use(array: string): void {
    this.arrays.add(array);
  }

  number(value: Fraction): string {
    return numberText(value);
  }

  constant(name: ConstantName): string {
    return name === "pi" ? "Math.PI" : "Math.E";
  }

  entry(array: string, address: Address): string {
    this.use(array);
    return `${array}[${addressText(address)}]`;
  }

  isEqual(a: Address, b: Address): string {
    return `(${addressText(a)} === ${addressText(b)} ? 1 : 0)`;
  }

  sum(terms: readonly Term<string>[]): string {
    let text = "";
    for (const { isNegative, factor, value } of terms) {
      const piece = factor === undefined ? value : `${factor} * ${value}`;
      if (text === "") text = isNegative ? `-${piece}` : piece;
      else text += isNegative ? ` - ${piece}` : ` + ${piece}`;
    }
    return `(${text})`;
  }

  quotient({ isNegative, over, under }: Quotient<string>): string {
    const numerator = over.length > 0 ? over.join(" * ") : "1";
    const [only] = under;
    const divided =
      only === undefined
        ? numerator
        : `${numerator} / ${under.length === 1 ? only : `(${under.join(" * ")})`}`;
    return isNegative ? `(-(${divided}))` : `(${divided})`;
  }

  power(base: string, exponent: number): string {
    return `Math.pow(${base}, ${exponent})`;
  }

  apply(operation: Operation, args: readonly string[]): string {
    if (operation.code) return operation.code(...args);
    return `${this.call(operation)}(${args.join(", ")})`;
  }

  isLong(code: string): boolean {
    return code.length > LONGEST_PIECE;
  }

  named(code: string): string {
    if (/^[\w.]+$/.test(code)) return code;
    const name = `v${this.names++}`;
    this.writer.line(`const ${name} = ${code};`);
    return name;
  }

  total(reduction: Reduction, first: string = REDUCTIONS[reduction].start): string {
    const name = `s${this.names++}`;
    this.writer.line(`let ${name} = ${first};`);
    return name;
  }

  take(reduction: Reduction, total: string, entry: string): void {
    this.writer.line(REDUCTIONS[reduction].take(total, entry));
  }

  open(length: number, step: number): string {
    const name = `i${this.names++}`;
    const next = step === 1 ? `${name}++` : `${name} += ${step}`;
    this.writer.open(`for (let ${name} = 0; ${name} < ${length}; ${next}) {`);
    return name;
  }

  close(): void {
    this.writer.close();
  }

  store(array: string, address: Address, value: string, isAdded: boolean): void {
    this.writer.line(`${this.entry(array, address)} ${isAdded ? "+=" : "="} ${value};`);
  }

  clear(array: string, from: number, count: number): void {
    this.writer.line(`${array}.fill(0, ${from}, ${from + count});`);
  }

  /** A loop of its own, in which the function is inlined once. */
  applyToArray(operation: Operation, array: string, from: number, count: number): void {
    const name = this.call(operation);
    this.writer.open(`for (let k = ${from}; k < ${from + count}; k++) {`);
    this.writer.line(`${array}[k] = ${name}(${array}[k]);`);
    this.writer.close();
  }

  private call(operation: Operation): string {
    const name = `f_${operation.name}`;
    this.called.set(name, operation);
    return name;
  }
}
