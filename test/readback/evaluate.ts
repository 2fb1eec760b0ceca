/** A read formula with numbers: every shape must agree, and nothing is stretched but numbers. */
import { ELEMENTWISE, OF_MATRICES } from "./functions.js";
import {
  build,
  entryOf,
  isScalar,
  kronecker,
  mapped,
  type Matrix,
  product,
  scalar,
  type Shape,
  shapeText,
  transposed,
  zipped,
} from "./matrix.js";
import { type Letters, Lookup, type World } from "./lookup.js";
import { commutation, filled, isDiagonal, kroneckerFactor, merged } from "./combine.js";
import { shapeOf, UNKNOWN } from "./shapes.js";
import { UnreadableError } from "./tokens.js";
import type { Chain, Node, Reduction, Relation, Sum } from "./tree.js";

const COMPARE: Readonly<Record<Relation, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "=": (a, b) => a === b,
  "\\le": (a, b) => a <= b,
  "\\ge": (a, b) => a >= b,
  "\\ne": (a, b) => a !== b,
};

export class Evaluator extends Lookup {
  /** The largest number that was added up so far: what cancels leaves its rounding. */
  magnitude = 0;

  /** @param unfolded the shape of what vec stands before, where the formula does not tell it */
  constructor(
    world: World,
    private readonly unfolded?: Shape,
  ) {
    super(world);
  }

  /** A whole number: an index, a size, a bound. */
  integer(node: Node, letters: Letters): number {
    const value = this.number(node, letters);
    if (!Number.isInteger(value)) throw new UnreadableError(`${value} is no index`);
    return value;
  }

  matrix(node: Node, letters: Letters, want: Shape = UNKNOWN): Matrix {
    switch (node.kind) {
      case "number":
        return scalar(node.value);
      case "letter":
        return scalar(letters.get(node.letter)!);
      case "size":
        return scalar(this.world.size(node.name));
      case "reference":
        return this.reference(node, letters);
      case "partial":
        return this.partial(node, letters);
      case "sum":
        return this.sum(node, letters, want);
      case "chain":
        return this.chain(node, letters, want);
      case "reduction":
        return scalar(this.reduction(node, letters));
      case "fraction": {
        const [over, under] = [node.over, node.under].map((one) => this.number(one, letters));
        return scalar(over! / under!);
      }
      case "power":
        return this.power(this.matrix(node.base, letters), this.number(node.exponent, letters));
      case "entrywise power": {
        const exponent = this.number(node.exponent, letters);
        return mapped(this.matrix(node.base, letters, want), (value) => value ** exponent);
      }
      case "transpose": {
        const turned = { rows: want.columns, columns: want.rows };
        return transposed(this.matrix(node.of, letters, turned));
      }
      case "call":
        return this.call(node, letters, want);
      case "ones": {
        if (want.rows === undefined || (want.columns ?? 1) !== 1) {
          throw new UnreadableError(`how long is 1? ${shapeText(want)} is wanted`);
        }
        return build(want.rows, 1, () => 1);
      }
      case "identity": {
        const size = this.integer(node.size, letters);
        return build(size, size, (i, j) => (i === j ? 1 : 0));
      }
      case "unit": {
        if (want.rows === undefined) throw new UnreadableError("how long is this unit vector?");
        const index = this.index(node.index, letters, want.rows);
        return build(want.rows, 1, (i) => (i === index ? 1 : 0));
      }
      case "commutation":
        return commutation(this.integer(node.rows, letters), this.integer(node.columns, letters));
      case "indicator": {
        const holds = COMPARE[node.relation];
        return this.entrywise([node.left, node.right], letters, want, (a, b) =>
          holds(a, b) ? 1 : 0,
        );
      }
      case "norm": {
        const of = this.matrix(node.of, letters);
        if ((of.columns > 1 && of.rows > 1) !== node.isFrobenius) {
          throw new UnreadableError(`which norm of a matrix ${shapeText(of)}?`);
        }
        return scalar(Math.hypot(...of.data));
      }
      case "slice":
        return this.sliced(this.matrix(node.of, letters), node.positions, letters);
      case "array":
        return build(node.rows.length, node.rows[0]!.length, (i, j) =>
          this.number(node.rows[i]![j]!, letters),
        );
      case "cases": {
        const chosen = node.cases.find(({ when }) => !when || this.number(when, letters) === 1);
        if (!chosen) throw new UnreadableError("no case holds");
        return this.matrix(chosen.value, letters, want);
      }
      case "shaped": {
        const [rows, columns] = [node.rows, node.columns].map((one) => this.integer(one, letters));
        const of = this.matrix(node.of, letters, { rows, columns });
        if (of.rows !== rows || of.columns !== columns) {
          throw new UnreadableError(`${rows}×${columns} stands under ${shapeText(of)}`);
        }
        return of;
      }
    }
  }

  /** @throws UnreadableError for what is more than a number. */
  number(node: Node, letters: Letters): number {
    const value = this.matrix(node, letters, { rows: 1, columns: 1 });
    if (!isScalar(value)) throw new UnreadableError(`${shapeText(value)} where a number stands`);
    return value.data[0]!;
  }

  shape(node: Node, letters: Letters): Shape {
    return shapeOf(node, (inner) => this.matrix(inner, letters));
  }

  // ————— sums and products —————

  private sum({ terms }: Sum, letters: Letters, want: Shape): Matrix {
    const shapes = terms.map(({ node }) => this.shape(node, letters));
    const isPlain = terms.map(({ node }) => node.kind === "number" || node.kind === "fraction");
    const known = merged([...shapes.filter((_, at) => !isPlain[at]), want]);
    const total = terms.map(({ sign, node }, at): Matrix => {
      const value = this.matrix(node, letters, known);
      // numbers alone are added to every entry: 1 − a
      const full = isPlain[at] ? filled(known, value) : value;
      for (const one of full.data) this.magnitude = Math.max(this.magnitude, Math.abs(one));
      return sign === 1 ? full : mapped(full, (one) => -one);
    });
    return total.reduce((a, b) => zipped(a, b, (x, y) => x + y));
  }

  private chain({ first, rest }: Chain, letters: Letters, want: Shape): Matrix {
    const joins = [...new Set(rest.map(({ join }) => join).filter((join) => join !== "product"))];
    const parts: Node[][] = [[first]];
    for (const { join, node } of rest) {
      if (join === "product") parts.at(-1)!.push(node);
      else parts.push([node]);
    }
    if (joins.length === 0) return this.product(parts[0]!, letters, want);
    const several = parts.find(
      (part) => part.filter((node) => !isScalar(this.shape(node, letters))).length > 1,
    );
    if (several) throw new UnreadableError(`a product beside ${joins[0]!} without brackets`);
    if (joins.length > 1 && !(joins.length === 2 && rest.at(-1)!.join === "quotient")) {
      throw new UnreadableError(`${joins.join(" and ")} without brackets`);
    }
    if (joins[0] === "kronecker") {
      const known = parts.map((part) => this.productShape(part, letters));
      return parts
        .map((part, at) => this.product(part, letters, kroneckerFactor(known, at, want)))
        .reduce(kronecker);
    }
    const isPlain = parts.map((part) => part.length === 1 && part[0]!.kind === "number");
    const shapes = parts.map((part) => this.productShape(part, letters));
    const known = merged([...shapes.filter((_, at) => !isPlain[at]), want]);
    const joined = rest.filter(({ join }) => join !== "product").map(({ join }) => join);
    return parts
      .map((part, at) => {
        const value = this.product(part, letters, known);
        return isPlain[at] ? filled(known, value) : value;
      })
      .reduce((a, b, at) =>
        zipped(a, b, joined[at - 1] === "quotient" ? (x, y) => x / y : (x, y) => x * y),
      );
  }

  private productShape(factors: readonly Node[], letters: Letters): Shape {
    const [first, ...rest] = factors;
    if (rest.length === 0) return this.shape(first!, letters);
    const chain: Chain = {
      kind: "chain",
      first: first!,
      rest: rest.map((node) => ({ join: "product", node })),
    };
    return this.shape(chain, letters);
  }

  /** Factors from the left; a vector of ones is as long as its neighbours ask. */
  private product(factors: readonly Node[], letters: Letters, want: Shape): Matrix {
    if (factors.length === 1) return this.matrix(factors[0]!, letters, want);
    const shapes = factors.map((node) => this.shape(node, letters));
    const inner = shapes.map((shape) => !isScalar(shape));
    let result: Matrix | undefined;
    for (const [at, node] of factors.entries()) {
      const next = shapes.find((_, other) => other > at && inner[other]);
      const before = result && !isScalar(result) ? result.columns : undefined;
      const hasBefore = shapes.some((_, other) => other < at && inner[other]);
      const value = this.matrix(node, letters, {
        rows: inner[at] ? (before ?? (hasBefore ? undefined : want.rows)) : 1,
        columns: inner[at] ? (next ? next.rows : want.columns) : 1,
      });
      result = result ? product(result, value) : value;
    }
    return result!;
  }

  private reduction({ reduction, letter, from, to, body }: Reduction, letters: Letters): number {
    const [first, last] = [this.integer(from, letters), this.integer(to, letters)];
    const values = Array.from({ length: Math.max(0, last - first + 1) }, (_, k) =>
      this.number(body, new Map([...letters, [letter, first + k]])),
    );
    if (reduction === "sum") {
      for (const one of values) this.magnitude = Math.max(this.magnitude, Math.abs(one));
      return values.reduce((a, b) => a + b, 0);
    }
    return Math[reduction](...values);
  }

  private power(base: Matrix, exponent: number): Matrix {
    if (isScalar(base)) return scalar(base.data[0]! ** exponent);
    if (exponent === -1 && isDiagonal(base)) {
      return build(base.rows, base.columns, (i, j) => (i === j ? 1 / entryOf(base, i, i) : 0));
    }
    throw new UnreadableError(`a matrix ${shapeText(base)} to the power ${exponent}`);
  }

  // ————— functions —————

  private call(
    { name, along, args }: Extract<Node, { kind: "call" }>,
    letters: Letters,
    want: Shape,
  ): Matrix {
    const special = OF_MATRICES[name];
    if (special) {
      const inner = this.innerShape(name, this.shape(args[0]!, letters), want);
      return special(this.matrix(args[0]!, letters, inner), along);
    }
    const apply = ELEMENTWISE[name];
    if (!apply) throw new UnreadableError(`the function ${name} is not known`);
    const isOverAll = (name === "max" || name === "min") && args.length === 1;
    if (isOverAll) return scalar(apply(...this.matrix(args[0]!, letters).data));
    const value = this.entrywise(args, letters, want, apply);
    if (along === "scalar" && !isScalar(value)) {
      throw new UnreadableError(`e to the power of a matrix ${shapeText(value)}`);
    }
    return value;
  }

  /** What the surroundings of a function say about its argument. */
  private innerShape(name: string, known: Shape, want: Shape): Shape {
    if (/softmax$/.test(name)) return want;
    if (name === "vec") {
      const { unfolded } = this;
      const fits = unfolded?.rows !== undefined && unfolded.columns !== undefined;
      return fits && unfolded.rows * unfolded.columns === want.rows ? unfolded : UNKNOWN;
    }
    if (name !== "diag") return UNKNOWN;
    return known.rows === 1 ? { rows: 1, columns: want.rows } : { rows: want.rows, columns: 1 };
  }

  /** Operands of one shape, or numbers. */
  private entrywise(
    args: readonly Node[],
    letters: Letters,
    want: Shape,
    apply: (...values: readonly number[]) => number,
  ): Matrix {
    const shapes = args.map((arg) => this.shape(arg, letters)).filter((one) => !isScalar(one));
    const known = shapes.length > 0 ? merged([...shapes, want]) : { rows: 1, columns: 1 };
    const values = args.map((arg) => {
      const isNumber = isScalar(this.shape(arg, letters));
      return this.matrix(arg, letters, isNumber ? { rows: 1, columns: 1 } : known);
    });
    const [rows, columns] = [known.rows!, known.columns!];
    for (const one of values) {
      if (!isScalar(one))
        zipped(
          one,
          build(rows, columns, () => 0),
          (x) => x,
        );
    }
    return build(rows, columns, (i, j) =>
      apply(...values.map((one) => (isScalar(one) ? one.data[0]! : entryOf(one, i, j)))),
    );
  }
}
