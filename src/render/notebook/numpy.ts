/**
 * Index expressions as NumPy, for every model of the language: each letter is an axis of an open grid,
 * a reference indexes its array with grids, a reduction keeps its axis with length 1. So broadcasts,
 * transposes, slices and deltas need no cases of their own.
 */
import type { Fraction } from "fraction.js";
import { type Clause, type Definition, fullBody } from "../../expression/definition.js";
import type { Expression, ProductNode, ReduceNode, SumNode } from "../../expression/expression.js";
import type { Index, Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import { writtenLength } from "../../expression/walk.js";
import { spelledOut } from "../../language/greek.js";
import { DEFINED, operationInNumpy, UntranslatableError } from "./functions.js";

/** What has more symbols than this is not written as one line of code. */
export const LONGEST_BODY = 3000;

const RESERVED = new Set(
  [
    "False None True and as assert async await break class continue def del elif else except finally",
    "for from global if import in is lambda nonlocal not or pass raise return try while with yield",
    "match case type print float len max min abs math np loss_at step_rate",
  ]
    .flatMap((line) => line.split(" "))
    .concat(DEFINED),
);

const LETTERS = "i j k l m n p q r s".split(" ");

export class NumpyWriter {
  private readonly names = new Map<string, string>();
  private readonly letters: readonly string[];

  /** @param names of all quantities and sizes of the model */
  constructor(
    names: Iterable<string>,
    private readonly sizes: SizeValues,
  ) {
    const taken = new Set<string>();
    for (const name of names) {
      const plain = spelledOut(name);
      const isPlain = /^[A-Za-z][A-Za-z0-9_]*$/.test(plain) && !/^(d|new)_/.test(plain);
      const own = RESERVED.has(plain) ? `${plain}_` : plain;
      const chosen = isPlain ? own : `quantity_${this.names.size}`;
      this.names.set(name, taken.has(chosen) ? `${chosen}_` : chosen);
      taken.add(this.names.get(name)!);
    }
    const free = LETTERS.filter((letter) => !taken.has(letter));
    this.letters = [...free, ...LETTERS.map((letter) => `${letter}_`)];
  }

  /** The variable of a quantity, or of the derivative of the loss by it. */
  name({ name, of, role }: Quantity): string {
    return role === "adjoint" && of ? `d_${this.name(of)}` : this.variable(name);
  }

  /** The variable of a name of the model. */
  variable(name: string): string {
    return this.names.get(name) ?? name;
  }

  /**
   * Statements that compute a quantity.
   * @throws UntranslatableError
   */
  definition({ quantity, clauses }: Definition): string[] {
    const name = this.name(quantity);
    const shape = tuple(quantity.shape.map((size) => size.evaluate(this.sizes)));
    const whole = fullBody(quantity.shape, clauses);
    if (whole && clauses.length === 1) return this.whole(name, shape, clauses[0]!, whole);
    return [`${name} = np.zeros(${shape})`, ...clauses.flatMap((one) => this.added(name, one))];
  }

  private whole(name: string, shape: string, clause: Clause, body: Expression): string[] {
    // an axis of length 1 has no letter, so the array gets its axes at the end
    const inner = tuple(clause.letters.map(({ size }) => size.evaluate(this.sizes)));
    const { grid, code } = this.body(clause.letters, body);
    const reshaped = inner === shape ? "" : `.reshape${shape}`;
    if (shape === "()") return [...grid, `${name} = float(entries((), ${code}))`];
    return [...grid, `${name} = entries(${inner}, ${code})${reshaped}`];
  }

  /** Several clauses, or indices such as i + 3: every clause is added where its indices lead. */
  private added(name: string, { letters, indices, body }: Clause): string[] {
    const { grid, code, context } = this.body(letters, body);
    const lengths = letters.map(({ size }) => size.evaluate(this.sizes));
    const at = indices.map((index) => `entries(${tuple(lengths)}, ${context.index(index)})`);
    const positions = at.map((one) => `${one}.astype(int)`).join(", ");
    return [...grid, `np.add.at(${name}, (${positions},), entries(${tuple(lengths)}, ${code}))`];
  }

  private body(
    letters: readonly Letter[],
    body: Expression,
  ): { grid: string[]; code: string; context: Context } {
    if (writtenLength(body) > LONGEST_BODY) {
      throw new UntranslatableError("the definition is too long for one line");
    }
    const context = new Context(this, this.sizes, this.letters, letters, body.height);
    const code = context.code(body);
    return { grid: context.grid(), code, context };
  }
}

/** The letters of one statement: outer ones first, then one axis for each depth of reductions. */
class Context {
  private readonly axes = new Map<string, { axis: number; name: string }>();
  /** Grids by their Python name: axis and length. */
  private readonly grids = new Map<string, { axis: number; length: number }>();
  private readonly rank: number;

  constructor(
    private readonly writer: NumpyWriter,
    private readonly sizes: SizeValues,
    private readonly names: readonly string[],
    letters: readonly Letter[],
    depth: number,
  ) {
    this.rank = letters.length + depth;
    for (const [axis, letter] of letters.entries()) this.bind(letter, axis);
  }

  /** Open grids for all letters that the code names. */
  grid(): string[] {
    return [...this.grids].map(([name, { axis, length }]) => {
      const shape = Array.from({ length: this.rank }, (_, at) => (at === axis ? length : 1));
      return `${name} = np.arange(${length})${this.rank > 1 ? `.reshape(${shape.join(", ")})` : ""}`;
    });
  }

  code(node: Expression): string {
    switch (node.kind) {
      case "number":
        return fractionInPython(node.value);
      case "size":
        return `${node.size.evaluate(this.sizes)}`;
      case "constant":
        return node.name === "pi" ? "math.pi" : "math.e";
      case "reference": {
        const name = this.writer.name(node.quantity);
        if (node.indices.length === 0) return name;
        return `${name}[${node.indices.map((index) => this.index(index)).join(", ")}]`;
      }
      case "delta": {
        const [a, b] = node.indices.map((index) => this.index(index));
        return `(1.0 * (${a!} == ${b!}))`;
      }
      case "sum":
        return this.sum(node);
      case "product":
        return this.product(node);
      case "apply": {
        return operationInNumpy(
          node.operation,
          node.children.map((child) => ({ code: this.code(child), part: this.grouped(child) })),
        );
      }
      case "reduce":
        return this.reduction(node);
    }
  }

  index(index: Index): string {
    const terms = index.terms.map(({ letter, coefficient }) => {
      const factor = coefficient.evaluate(this.sizes);
      const { name } = this.axes.get(letter.key)!;
      return factor === 1 ? name : `${factor} * ${name}`;
    });
    const offset = index.offset.evaluate(this.sizes);
    return [...terms, ...(offset !== 0 || terms.length === 0 ? [`${offset}`] : [])].join(" + ");
  }

  /** Letters of one length along one axis share a grid. */
  private bind(letter: Letter, axis: number): void {
    const length = letter.size.evaluate(this.sizes);
    const known = [...this.grids].find(([, one]) => one.axis === axis && one.length === length);
    const name = known?.[0] ?? this.names[this.grids.size]!;
    if (!known) this.grids.set(name, { axis, length });
    this.axes.set(letter.key, { axis, name });
  }

  private sum({ constant, terms }: SumNode): string {
    const parts = terms.map(({ coefficient, term }) => {
      const sign = coefficient.s < 0n ? "-" : "+";
      const magnitude = coefficient.abs();
      const code = this.grouped(term);
      return {
        sign,
        code: magnitude.equals(1) ? code : `${fractionInPython(magnitude)} * ${code}`,
      };
    });
    if (constant.n !== 0n) {
      parts.unshift({ sign: constant.s < 0n ? "-" : "+", code: fractionInPython(constant.abs()) });
    }
    return parts
      .map(({ sign, code }, at) =>
        at === 0 ? (sign === "-" ? `-${code}` : code) : ` ${sign} ${code}`,
      )
      .join("");
  }

  private product({ coefficient, factors }: ProductNode): string {
    const powers = factors.map(({ base, exponent }) => {
      const code = this.grouped(base);
      return { code: Math.abs(exponent) === 1 ? code : `${code}**${Math.abs(exponent)}`, exponent };
    });
    const above = powers.filter(({ exponent }) => exponent > 0).map(({ code }) => code);
    const below = powers.filter(({ exponent }) => exponent < 0).map(({ code }) => code);
    const front = coefficient.equals(1) && above.length > 0 ? [] : [fractionInPython(coefficient)];
    return [[...front, ...above].join(" * "), ...below].join(" / ");
  }

  private reduction({ reduction, letter, body, height }: ReduceNode): string {
    // inner reductions have smaller heights: each depth has an axis of its own
    const axis = this.rank - height;
    const before = this.axes.get(letter.key);
    this.bind(letter, axis);
    const code = this.code(body);
    const isOver = body.free.some(({ key }) => key === letter.key);
    if (before) this.axes.set(letter.key, before);
    const length = letter.size.evaluate(this.sizes);
    switch (reduction) {
      case "sum":
        return isOver ? `np.sum(${code}, axis=${axis}, keepdims=True)` : `${length} * (${code})`;
      case "logsumexp":
        return isOver
          ? `logsumexp(${code}, axis=${axis}, keepdims=True)`
          : `(${code} + math.log(${length}))`;
      case "max":
      case "min":
        return isOver ? `np.${reduction}(${code}, axis=${axis}, keepdims=True)` : `(${code})`;
    }
  }

  /** In brackets unless it is one piece. */
  private grouped(node: Expression): string {
    const code = this.code(node);
    return node.kind === "sum" || node.kind === "product" || /^-|^\d+ [*/]/.test(code)
      ? `(${code})`
      : code;
  }
}

function tuple(numbers: readonly number[]): string {
  return numbers.length === 1 ? `(${numbers[0]!},)` : `(${numbers.join(", ")})`;
}

export function fractionInPython(value: Fraction): string {
  const sign = value.s < 0n ? "-" : "";
  return value.d === 1n ? `${sign}${value.n}` : `(${sign}${value.n} / ${value.d})`;
}
