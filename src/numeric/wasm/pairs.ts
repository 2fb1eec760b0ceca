/** Loops (`code/loops.ts`) in WebAssembly: a code has two doubles, of neighbouring entries or twice the same. */
import type { Fraction } from "fraction.js";
import type { ConstantName, Reduction } from "../../expression/expression.js";
import type { Operation } from "../../expression/operations/operation.js";
import { doubleArithmetic } from "../arithmetic.js";
import type { Address } from "../code/address.js";
import type { Placement } from "../code/placement.js";
import type { Quotient, Target, Term } from "../code/target.js";
import {
  add,
  addPairs,
  call,
  clear,
  closeLoop,
  type Code,
  dividePairs,
  get,
  I32,
  isEqual,
  isLess,
  largerPairs,
  loadFirst,
  loadPair,
  loadSecond,
  loadTwice,
  multiply,
  multiplyPairs,
  negatePair,
  number,
  one,
  openLoop,
  set,
  smallerPairs,
  storeOne,
  storePair,
  subtractPairs,
  twice,
  V128,
  withSecond,
} from "./assembler.js";
import type { FunctionBuilder } from "./builder.js";

export interface Pair {
  /** Leaves two doubles. */
  readonly code: Code;
  /** Whether they are known to be the same. */
  readonly isSame: boolean;
}

/** Functions of doubles that are called by their index: given ones, and ours of pairs. */
export interface Callable {
  readonly index: number;
  readonly ofPairs: boolean;
}

const BYTES = 8;

/** Start of a reduction, and how an entry is taken in. */
const REDUCTIONS: Readonly<Record<Reduction, { start: number; take: Code | undefined }>> = {
  sum: { start: 0, take: addPairs },
  max: { start: -Infinity, take: largerPairs },
  min: { start: Infinity, take: smallerPairs },
  logsumexp: { start: -Infinity, take: undefined },
};

export class PairTarget implements Target<Pair> {
  readonly width = 2;
  /** Of each loop that is open: how it ends, and addresses, in bytes, that are known inside it. */
  private readonly scopes: { end: readonly Code[]; addresses: Map<string, Code> }[] = [
    { end: [], addresses: new Map() },
  ];
  private readonly variables = new Map<string, Code>();
  /** The locals of running totals. */
  private readonly totals = new Map<Pair, number>();

  /** @param callable the functions of the operations that are called */
  constructor(
    private readonly builder: FunctionBuilder,
    private readonly placement: Placement,
    private readonly callable: ReadonlyMap<Operation, Callable>,
  ) {}

  number(value: Fraction): Pair {
    return this.double(doubleArithmetic.exact(value));
  }

  constant(name: ConstantName): Pair {
    return this.double(doubleArithmetic.constant(name));
  }

  private double(value: number): Pair {
    return { code: this.builder.number(value), isSame: true };
  }

  entry(array: string, address: Address): Pair {
    const { base, offset } = this.place(array, address);
    const { step } = address;
    if (step === 0) return { code: [...base, ...loadTwice(offset)], isSame: true };
    if (step === 1) return { code: [...base, ...loadPair(offset)], isSame: false };
    const first = [...base, ...loadFirst(offset)];
    return { code: [...base, ...first, ...loadSecond(offset + BYTES * step)], isSame: false };
  }

  isEqual(a: Address, b: Address): Pair {
    const at = (address: Address, lane: 0 | 1): Code => [
      ...this.scaled(address.factors, 1),
      ...number(address.constant + lane * address.step),
      ...add,
    ];
    const compared = (lane: 0 | 1): Code => isEqual(at(a, lane), at(b, lane));
    const first = [...compared(0), ...twice];
    const isSame = a.step === b.step;
    return { code: isSame ? first : [...first, ...compared(1), ...withSecond], isSame };
  }

  sum(terms: readonly Term<Pair>[]): Pair {
    const code: Code[] = [];
    for (const { isNegative, factor, value } of terms) {
      const isFirst = code.length === 0;
      code.push(value.code);
      if (factor) code.push(factor.code, multiplyPairs);
      if (isFirst && isNegative) code.push(negatePair);
      if (!isFirst) code.push(isNegative ? subtractPairs : addPairs);
    }
    return { code: code.flat(), isSame: terms.every(({ value }) => value.isSame) };
  }

  quotient({ isNegative, over, under }: Quotient<Pair>): Pair {
    const numerator = over.length > 0 ? this.product(over) : this.double(1).code;
    const divided =
      under.length > 0 ? [...numerator, ...this.product(under), ...dividePairs] : numerator;
    return {
      code: isNegative ? [...divided, ...negatePair] : divided,
      isSame: [...over, ...under].every((factor) => factor.isSame),
    };
  }

  private product(factors: readonly Pair[]): Code {
    return factors.flatMap(({ code }, k) => (k === 0 ? code : [...code, ...multiplyPairs]));
  }

  power(base: Pair, exponent: number): Pair {
    if (exponent === 1) return base;
    const half = this.named(this.power(base, Math.floor(exponent / 2)));
    return this.quotient({
      isNegative: false,
      over: exponent % 2 === 0 ? [half, half] : [half, half, base],
      under: [],
    });
  }

  apply(operation: Operation, args: readonly Pair[]): Pair {
    const isSame = args.every((arg) => arg.isSame);
    const codes = args.map(({ code }) => code);
    const called = this.callable.get(operation);
    if (!called) {
      if (!operation.vector) throw new TypeError(`${operation.name} has no code for pairs`);
      const named = args.map((arg) => this.named(arg).code);
      return { code: operation.vector(this.builder.vectors, ...named), isSame };
    }
    if (called.ofPairs) return { code: [...codes.flat(), ...call(called.index)], isSame };
    const named = args.map((arg) => this.named(arg).code);
    const value = (lane: 0 | 1): Code => [
      ...named.flatMap((code) => [...code, ...one(lane)]),
      ...call(called.index),
    ];
    const first = [...value(0), ...twice];
    return { code: isSame ? first : [...first, ...value(1), ...withSecond], isSame };
  }

  isLong(): boolean {
    return false;
  }

  named({ code, isSame }: Pair): Pair {
    return { code: this.builder.named(code), isSame };
  }

  total(reduction: Reduction, first?: Pair): Pair {
    const local = this.builder.local(V128);
    const { code } = first ?? this.double(REDUCTIONS[reduction].start);
    this.builder.emit(code, set(local));
    const total = { code: get(local), isSame: first?.isSame ?? false };
    this.totals.set(total, local);
    return total;
  }

  take(reduction: Reduction, total: Pair, entry: Pair): void {
    const { take } = REDUCTIONS[reduction];
    const local = this.totals.get(total);
    if (!take) throw new TypeError("logsumexp is lowered before code is written");
    if (local === undefined) throw new TypeError("no total is added to here");
    this.builder.emit(total.code, entry.code, take, set(local));
  }

  open(length: number, step: number): string {
    const name = `i${this.variables.size}`;
    const variable = this.builder.local(I32);
    this.variables.set(name, get(variable));
    this.builder.emit(number(0), set(variable), openLoop);
    const next = [...get(variable), ...number(step), ...add, ...set(variable)];
    const end = [next, isLess(get(variable), number(length)), closeLoop];
    this.scopes.push({ end, addresses: new Map() });
    return name;
  }

  close(): void {
    const scope = this.scopes.pop();
    if (scope) this.builder.emit(...scope.end);
  }

  store(array: string, address: Address, value: Pair, isAdded: boolean): void {
    const { base, offset } = this.place(array, address);
    const { code } = isAdded ? this.sum([this.entry(array, address), value].map(plain)) : value;
    if (address.step === 1) {
      this.builder.emit(base, code, storePair(offset));
      return;
    }
    const named = this.builder.named(code);
    this.builder.emit(base, named, storeOne(offset, 0));
    if (address.step === 0) return;
    this.builder.emit(base, named, storeOne(offset + BYTES * address.step, 1));
  }

  clear(array: string, from: number, count: number): void {
    this.builder.emit(clear(this.placement.addressOf(array, from), BYTES * count));
  }

  /** Where an entry stands: a whole number, and a constant distance from it. */
  private place(
    array: string,
    { constant, factors }: Address,
  ): { readonly base: Code; readonly offset: number } {
    const from = this.placement.addressOf(array, constant);
    const base = this.scaled(factors, BYTES);
    // distances have no sign
    if (from >= 0) return { base, offset: from };
    return { base: [...base, ...number(from), ...add], offset: 0 };
  }

  /** A combination of variables, times a number; computed once in the loop that is open. */
  private scaled(factors: ReadonlyMap<string, number>, unit: number): Code {
    const key = [unit, ...[...factors].map(([name, factor]) => `${name}*${factor}`)].join(" ");
    for (const { addresses } of this.scopes) {
      const known = addresses.get(key);
      if (known) return known;
    }
    const terms = [...factors].map(([name, factor]) => [
      ...(this.variables.get(name) ?? []),
      ...number(factor * unit),
      ...multiply,
    ]);
    if (terms.length === 0) return number(0);
    const local = this.builder.local(I32);
    this.builder.emit(
      terms.flatMap((term, k) => (k === 0 ? term : [...term, ...add])),
      set(local),
    );
    const code = get(local);
    this.scopes.at(-1)?.addresses.set(key, code);
    return code;
  }
}

function plain(value: Pair): Term<Pair> {
  return { isNegative: false, factor: undefined, value };
}
