/** Matrix expressions as syntax of the model language, so that they can be read back and checked. */
import type { Fraction } from "fraction.js";
import type { Quantity } from "../../expression/quantity.js";
import {
  binary,
  call,
  EVERYTHING,
  indexed,
  minus,
  named,
  numeral,
  transposed,
} from "../../language/compose.js";
import { BINARY_OPERATORS, type Position, type Syntax } from "../../language/syntax.js";
import {
  type ApplyNode,
  type HadamardNode,
  isScalar,
  type MatrixExpression,
  type Over,
  type ProductNode,
  type ScaleNode,
  type SliceNode,
  type SumNode,
} from "./expression.js";
import { divisorIn, unstretched } from "./broadcast.js";
import { stackOf } from "./stacked.js";
import { asWritten, decimal, lengthsIn } from "./decimals.js";
import { summedTogether } from "./products.js";
import { at, range, sizeSyntax } from "./sizes.js";
import { turned, untransposed } from "./turned.js";

/** The name of a quantity; undefined where it has none in the text that is written. */
export type NameOf = (quantity: Quantity) => string | undefined;

/** Raised inside, where the language has no word for something. */
class Unwritable extends Error {}

/**
 * @param decimals numbers that the model writes with a point: 5/4 is then 1/0.8
 * @returns an expression of the same value, a column where the matrix is one column; undefined where
 * the language has no word for a part of it.
 */
export function matrixSyntax(
  matrix: MatrixExpression,
  nameOf: NameOf,
  decimals: readonly Fraction[] = [],
): Syntax | undefined {
  try {
    return new Writer(nameOf, lengthsIn(matrix), decimals).write(matrix);
  } catch (error) {
    if (error instanceof Unwritable) return undefined;
    throw error;
  }
}

class Writer {
  /** @param lengths of the axes of all parts */
  constructor(
    private readonly nameOf: NameOf,
    private readonly lengths: ReadonlySet<number>,
    private readonly decimals: readonly Fraction[],
  ) {}

  /** Recursive: conversions bound the depth of what they make. */
  write(node: MatrixExpression): Syntax {
    switch (node.kind) {
      case "quantity":
        return this.name(node.quantity);
      case "slice":
        return this.slice(node);
      case "number":
        return this.fraction(node.value);
      case "size":
        return sizeSyntax(node.size);
      case "constant":
        return named(node.name);
      case "ones":
      case "zeros":
        return filled(node.kind, node);
      case "identity":
        return call("identity", sizeSyntax(node.rows));
      case "unit":
        return indexed(call("identity", sizeSyntax(node.rows)), [EVERYTHING, at(node.index)]);
      case "selection": {
        const columns = range(node.from, node.columns);
        return indexed(call("identity", sizeSyntax(node.rows)), [EVERYTHING, columns]);
      }
      case "sum":
        return this.sum(node);
      case "scale":
        return this.scale(node);
      case "product":
        return this.product(node);
      case "hadamard":
        return this.hadamard(node);
      case "apply":
        return this.apply(node);
      case "transpose":
        return turned(this.write(node.of));
      case "diag":
        return call("diag", this.column(node.of));
      case "diagonal":
        return call("diag", this.write(node.of));
      case "trace":
        return this.trace(node.of);
      case "norm": {
        const squares = call("sum", binary(".^", this.write(node.of), numeral(2)));
        return node.squared ? squares : call("sqrt", squares);
      }
      case "kronecker":
        return node.factors
          .map((factor) => this.write(factor))
          .reduce((left, right) => call("kron", left, right));
      case "reduction":
        return this.along(node.reduction, node.over, node.of);
      case "softmax": {
        const name = node.log ? "logsoftmax" : "softmax";
        const { of, over } = node;
        const isColumn = of.columns.isOne;
        if (over === "all") {
          if (!isColumn && !of.rows.isOne) throw new Unwritable();
          return call(name, this.write(of), numeral(isColumn ? 1 : 2));
        }
        return call(name, this.write(of), numeral(over === "column" ? 1 : 2));
      }
      case "vec":
      case "commutation":
        throw new Unwritable();
    }
  }

  private name(quantity: Quantity): Syntax {
    const name = this.nameOf(quantity);
    if (name === undefined) throw new Unwritable();
    return named(name);
  }

  /** A vector as a column. */
  private column(node: MatrixExpression): Syntax {
    return node.rows.isOne ? transposed(this.write(node)) : this.write(node);
  }

  /** What picks one index of an axis drops the axis, so that a row comes as a column. */
  private slice(node: SliceNode): Syntax {
    const positions = node.axes.map((along, axis): Position => {
      if (along.kind === "at") return at(along.index);
      const isAll = along.from.constant === 0 && along.count.equals(node.quantity.shape[axis]!);
      return isAll ? EVERYTHING : range(along.from, along.count);
    });
    const part = indexed(this.name(node.quantity), positions);
    const isRow = node.axes[0]?.kind === "at" && node.axes[1]?.kind === "range";
    return isRow ? transposed(part) : part;
  }

  // ————— sums and products —————

  private sum(node: SumNode): Syntax {
    const together = summedTogether(node);
    if (together) return this.write(together);
    const stack = stackOf(node);
    if (stack) {
      // a number at the end would be read as the dimension
      const isPlain = stack.dimension === 1 && stack.blocks.at(-1)!.kind !== "number";
      const along = isPlain ? [] : [numeral(stack.dimension)];
      return call("concat", ...stack.blocks.map((block) => this.write(block)), ...along);
    }
    const isConstant = (term: MatrixExpression): boolean =>
      term.kind === "ones" || (term.kind === "scale" && term.of?.kind === "ones");
    const stretches = node.terms.some(({ term }) => !isConstant(term));
    const variable = node.terms.map(({ term }) => term).filter((term) => !isConstant(term));
    const narrow = new Map(unstretched(variable).map((one, k) => [variable[k]!, one]));
    const summands = node.terms.map(({ coefficient, term: whole }) => {
      const term = narrow.get(whole) ?? whole;
      const isNegative = coefficient.s < 0n;
      const magnitude = coefficient.abs();
      // a number is added to every entry: 1 - a
      if (isConstant(term) && stretches) {
        const isNumber = term.kind === "ones";
        const scalar = term.kind === "scale" ? { ...term, of: undefined } : undefined;
        const syntax = scalar ? this.times(magnitude, scalar) : this.fraction(magnitude);
        return { isNegative, isNumber, syntax };
      }
      const isNumber = term.kind === "number";
      return { isNegative, isNumber, syntax: this.times(magnitude, term) };
    });
    summands.sort(
      (a, b) =>
        Number(a.isNegative) - Number(b.isNegative) || Number(b.isNumber) - Number(a.isNumber),
    );
    const [first, ...rest] = summands;
    return rest.reduce(
      (left, { isNegative, syntax }) => binary(isNegative ? "-" : "+", left, syntax),
      first!.isNegative ? minus(first!.syntax) : first!.syntax,
    );
  }

  private times(magnitude: Fraction, node: MatrixExpression): Syntax {
    if (node.kind === "number") return this.fraction(magnitude.mul(node.value));
    return node.kind === "scale"
      ? this.scale({ ...node, coefficient: node.coefficient.mul(magnitude) })
      : this.multiplied(magnitude, this.factors(node), []);
  }

  /** `2 * a * B / N`: scalars first, then the matrix, then what divides. */
  private scale({ coefficient, numerator, denominator, of }: ScaleNode): Syntax {
    const over = [...numerator.map((one) => this.write(one)), ...(of ? this.factors(of) : [])];
    const under = denominator.map((one) => this.write(one));
    const syntax = this.multiplied(coefficient.abs(), over, under);
    return coefficient.s < 0n ? minus(syntax) : syntax;
  }

  /** A matrix product as a list: behind a scalar it needs no brackets. */
  private factors(node: MatrixExpression): readonly Syntax[] {
    const isChain =
      node.kind === "product" &&
      node.factors.every(({ kind }) => kind !== "ones" && kind !== "diag");
    return isChain ? node.factors.map((factor) => this.write(factor)) : [this.write(node)];
  }

  /** A factor of ones on the right or the left is a sum along the rows or down the columns. */
  private product({ factors }: ProductNode): Syntax {
    const [first, last] = [factors[0]!, factors.at(-1)!];
    const isSummed = (node: MatrixExpression): boolean => node.kind === "ones";
    const [left, right] = [
      isSummed(first) && first.rows.isOne,
      isSummed(last) && last.columns.isOne,
    ];
    const inner = factors.slice(left ? 1 : 0, right ? -1 : undefined);
    const [only] = inner;
    if (!only) return sizeSyntax(first.columns);
    const chain = this.chain(inner);
    if (left && right) return call("sum", chain);
    const [isRow, isColumn] = [only.rows.isOne, inner.at(-1)!.columns.isOne];
    if (right) return isRow ? call("sum", chain) : this.sumAlong(2, inner);
    if (left) return isColumn ? call("sum", chain) : transposed(this.sumAlong(1, inner));
    return chain;
  }

  /** The trace of AᵀB, and of B₂AᵀB₁, is the sum of A ⊙ B, which people write. */
  private trace(of: MatrixExpression): Syntax {
    const factors = of.kind === "product" ? of.factors : [];
    const k = factors.findIndex(({ kind }) => kind === "transpose");
    if (k < 0) return call("trace", this.write(of));
    const others = [...factors.slice(k + 1), ...factors.slice(0, k)];
    const [one, chain] = [turned(this.write(factors[k]!)), this.chain(others)];
    // the derivative that comes in stands first, as in other products of entries
    const isBehind = others.some(
      (node) => node.kind === "quantity" && node.quantity.role === "adjoint",
    );
    return call("sum", isBehind ? binary(".*", chain, one) : binary(".*", one, chain));
  }

  /** A sum of a transpose along one dimension is a sum along the other. */
  private sumAlong(dimension: 1 | 2, factors: readonly MatrixExpression[]): Syntax {
    const chain = this.chain(factors);
    const plain = untransposed(chain);
    return plain
      ? call("sum", plain, numeral(3 - dimension))
      : call("sum", chain, numeral(dimension));
  }

  /** A diagonal matrix scales the rows or the columns of its neighbour. */
  private chain(factors: readonly MatrixExpression[]): Syntax {
    const [first, ...rest] = factors;
    const last = factors.at(-1)!;
    if (first?.kind === "diag" && rest.length > 0) {
      const divisor = divisorIn(first.of);
      if (divisor) return binary("./", this.chain(rest), this.column(divisor));
      return binary(".*", this.column(first.of), this.chain(rest));
    }
    if (last.kind === "diag" && factors.length > 1) {
      const [all, divisor] = [this.chain(factors.slice(0, -1)), divisorIn(last.of)];
      if (divisor) return binary("./", all, transposed(this.column(divisor)));
      return binary(".*", all, transposed(this.column(last.of)));
    }
    return factors.map((factor) => this.write(factor)).reduce((a, b) => binary("*", a, b));
  }

  private hadamard(node: HadamardNode): Syntax {
    const isNumber = isScalar(node);
    const [times, over, raise] = isNumber
      ? (["*", "/", "^"] as const)
      : ([".*", "./", ".^"] as const);
    const narrow = unstretched(node.factors.map(({ base }) => base));
    const powers = (isDivisor: boolean): Syntax[] =>
      node.factors
        .map(({ exponent }, k) => ({ exponent, base: narrow[k]! }))
        .filter(({ exponent }) => exponent < 0 === isDivisor)
        .map(({ base, exponent }) => {
          const power = Math.abs(exponent);
          const syntax = this.write(base);
          return power === 1 ? syntax : binary(raise, syntax, numeral(power));
        });
    const [above, below] = [powers(false), powers(true)];
    const numerator = above.length === 0 ? numeral(1) : above.reduce((a, b) => binary(times, a, b));
    return below.reduce((a, b) => binary(over, a, b), numerator);
  }

  /** A number, factors and divisors in one chain. */
  private multiplied(
    magnitude: Fraction,
    over: readonly Syntax[],
    under: readonly Syntax[],
  ): Syntax {
    const short = decimal(magnitude, over.length > 0, this.lengths);
    if (short !== undefined) {
      const product = [numeral(short), ...over].reduce((a, b) => binary("*", a, b));
      return under.reduce((a, b) => binary("/", a, b), product);
    }
    const own = over.length > 0 ? asWritten(magnitude, this.decimals) : undefined;
    if (own) {
      const product = [...(own.over === 1 ? [] : [numeral(own.over)]), ...over];
      const divisors = [...(own.under === 1 ? [] : [numeral(own.under)]), ...under];
      const all = product.reduce((a, b) => binary("*", a, b));
      return divisors.reduce((a, b) => binary("/", a, b), all);
    }
    const [n, d] = [magnitude.n, magnitude.d];
    const factors = n === 1n && over.length > 0 ? over : [numeral(n), ...over];
    const divisors = d === 1n ? under : [numeral(d), ...under];
    const product = factors.reduce((a, b) => binary("*", a, b));
    return divisors.reduce((a, b) => binary("/", a, b), product);
  }

  private fraction(value: Fraction): Syntax {
    const magnitude = this.multiplied(value.abs(), [], []);
    return value.s < 0n ? minus(magnitude) : magnitude;
  }

  private apply({ operation, args }: ApplyNode): Syntax {
    const written = args.map((arg) => this.write(arg));
    const operator = BINARY_OPERATORS.find((one) => one === operation.name);
    return operator ? binary(operator, written[0]!, written[1]!) : call(operation.name, ...written);
  }

  private along(name: string, over: Over, of: MatrixExpression): Syntax {
    const inner = this.write(of);
    if (over === "all") return call(name, inner);
    if (over === "row") return call(name, inner, numeral(2));
    return transposed(call(name, inner, numeral(1)));
  }
}

function filled(name: string, { rows, columns }: MatrixExpression): Syntax {
  const sizes = columns.isOne ? [rows] : [rows, columns];
  return call(name, ...sizes.map(sizeSyntax));
}
