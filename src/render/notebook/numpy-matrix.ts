/**
 * Matrix expressions as NumPy, as people write them: `X.T @ (P - Y) / N`, with the terms and factors of each in the
 * order in which the text has them.
 */
import type { Fraction } from "fraction.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Size, SizeValues } from "../../expression/size.js";
import {
  type Along,
  type HadamardNode,
  isScalar,
  type MatrixExpression,
  type ProductNode,
  type ReductionNode,
  type ScaleNode,
  type SliceNode,
  type SoftmaxNode,
  type SumNode,
} from "../../forms/matrix/expression.js";
import { arranged, factorsInOrder, termsInOrder } from "../formula/matrix-parts.js";
import type { Order } from "../notation/order.js";
import {
  array,
  asColumn,
  called,
  divided,
  entrywise,
  kronecker,
  type Lengths,
  matrix,
  negative,
  type Piece,
  power,
  product,
  reduced,
  scalar,
  sum,
  Tie,
  times,
  transposed,
  vector,
  withAxes,
  within,
} from "./arrays.js";
import { operationInNumpy, UntranslatableError } from "./functions.js";

/** What the leaves of matrices are in the code. */
export interface NumpyNames {
  /** The variable of a quantity, or of the derivative of the loss by it. */
  readonly variable: (quantity: Quantity) => string;
  /** A size by its name, where it has one. */
  readonly size: (size: Size) => string;
  readonly sizes: SizeValues;
}

export class NumpyMatrixWriter {
  /** @param order of the line that is written */
  constructor(
    private readonly names: NumpyNames,
    private readonly order: Order,
  ) {}

  /** @throws UntranslatableError */
  piece(node: MatrixExpression): Piece {
    const lengths = this.lengths(node);
    switch (node.kind) {
      case "quantity":
        return this.quantity(node.quantity);
      case "slice":
        return this.slice(node);
      case "number":
        return fraction(node.value);
      case "size":
        return scalar(this.names.size(node.size));
      case "constant":
        return scalar(node.name === "pi" ? "math.pi" : "math.e");
      case "ones":
      case "zeros":
        return filled(node.kind, lengths);
      case "identity":
        return matrix(`np.eye(${lengths.rows})`, lengths);
      case "unit":
        return vector(`np.eye(${lengths.rows})[${this.number(node.index)}]`, lengths);
      case "selection": {
        const from = this.number(node.from);
        return matrix(`np.eye(${lengths.rows})[:, ${from}:${from + lengths.columns}]`, lengths);
      }
      case "sum":
        return this.sum(node);
      case "scale":
        return this.scale(node);
      case "product":
        return this.product(node);
      case "hadamard":
        return this.hadamard(node);
      case "apply": {
        const args = node.args.map((one) => this.stretched(one));
        const applied = entrywise(args, (operands) => operationInNumpy(node.operation, operands));
        return filledTo(lengths, applied);
      }
      case "transpose":
        return isScalar(node.of) ? this.piece(node.of) : transposed(this.piece(node.of));
      case "diag":
        return matrix(`np.diag(${withAxes(this.piece(node.of), 1).code})`, lengths);
      case "diagonal":
        return vector(`np.diag(${withAxes(this.piece(node.of), 2).code})`, lengths);
      case "trace":
        return scalar(`np.trace(${withAxes(this.piece(node.of), 2).code})`);
      case "norm":
        return node.squared
          ? scalar(`np.sum(${power(this.piece(node.of), scalar("2")).code})`)
          : scalar(`np.linalg.norm(${this.piece(node.of).code})`);
      case "kronecker":
        return node.factors.map((one) => this.piece(one)).reduce(kronecker);
      case "vec": {
        const of = this.piece(node.of);
        if (of.axes < 2) return asColumn(of);
        const order = node.order === "columns" ? 'order="F"' : "";
        return vector(`${within(of, Tie.atom)}.ravel(${order})`, lengths);
      }
      case "reduction":
        return this.reduction(node);
      case "softmax":
        return this.softmax(node);
      case "commutation":
        throw new UntranslatableError("the permutation of a transpose");
    }
  }

  private lengths({ rows, columns }: MatrixExpression): Lengths {
    return { rows: this.number(rows), columns: this.number(columns) };
  }

  private number(size: Size): number {
    return size.evaluate(this.names.sizes);
  }

  private quantity(quantity: Quantity): Piece {
    if (quantity.role !== "adjoint" && quantity.of) {
      throw new UntranslatableError("a Jacobian that is not put in");
    }
    const shape = quantity.shape.map((size) => this.number(size));
    return array(this.names.variable(quantity), shape);
  }

  private slice({ quantity, axes, ...node }: SliceNode): Piece {
    const along = (axis: Along, place: number): string => {
      if (axis.kind === "at") return `${this.number(axis.index)}`;
      const [from, count] = [this.number(axis.from), this.number(axis.count)];
      const isWhole = count === this.number(quantity.shape[place]!);
      return isWhole ? ":" : `${from}:${from + count}`;
    };
    const code = `${this.names.variable(quantity)}[${axes.map(along).join(", ")}]`;
    const ranges = axes.filter(({ kind }) => kind === "range").length;
    const lengths = { rows: this.number(node.rows), columns: this.number(node.columns) };
    if (ranges === 0) return scalar(code);
    return ranges === 1 ? vector(code, lengths) : matrix(code, lengths);
  }

  // ————— sums and products —————

  private sum(node: SumNode): Piece {
    const order = this.order.ofSum(node);
    const placed = termsInOrder(node, order);
    const written = placed.terms.map(({ coefficient, term, unit }) => {
      const isNumber = term.kind === "ones" || term.kind === "number";
      const magnitude = coefficient.abs();
      return {
        sign: coefficient.s < 0n ? ("-" as const) : ("+" as const),
        isConstant: isNumber || term.kind === "identity",
        piece: isNumber ? fraction(magnitude) : this.multiple(magnitude, term),
        ...(unit === undefined ? {} : { unit }),
      };
    });
    const terms = arranged(node, placed, written, order);
    const result = sum(terms.map(({ sign, piece }) => ({ isNegative: sign === "-", piece })));
    return filledTo(this.lengths(node), result);
  }

  private multiple(magnitude: Fraction, term: MatrixExpression): Piece {
    if (term.kind === "scale") {
      const { of } = term;
      const isSame = of?.kind === "ones";
      return this.scale({ ...term, coefficient: magnitude, of: isSame ? undefined : of });
    }
    const piece = this.stretched(term);
    return magnitude.equals(1) ? piece : scaled({ above: [], below: [], magnitude }, piece);
  }

  private scale({ coefficient, numerator, denominator, of }: ScaleNode): Piece {
    const front = {
      magnitude: coefficient.abs(),
      above: numerator.map((one) => this.piece(one)),
      below: denominator.map((one) => this.piece(one)),
    };
    const whole = scaled(front, of && this.piece(of));
    return coefficient.s < 0n ? negative(whole) : whole;
  }

  /** Products with ones are sums. */
  private product({ factors }: ProductNode): Piece {
    const isOnes = (node: MatrixExpression | undefined): boolean => node?.kind === "ones";
    const [first, last] = [factors[0]!, factors.at(-1)!];
    const isDown = isOnes(first) && first.rows.isOne && !first.columns.isOne;
    const isAlong = isOnes(last) && last.columns.isOne && !last.rows.isOne;
    const inner = factors.slice(isDown ? 1 : 0, isAlong ? -1 : undefined);
    if (inner.length === 0) return this.folded(factors);
    const [only] = inner;
    if (isDown !== isAlong && inner.length === 1 && only?.kind === "transpose") {
      return transposed(reduced("np.sum", this.piece(only.of), isAlong ? 0 : 1));
    }
    const of = this.folded(inner);
    if (isDown && isAlong) return reduced("np.sum", of);
    if (isDown) return reduced("np.sum", of, 0);
    return isAlong ? reduced("np.sum", of, 1) : of;
  }

  private folded(factors: readonly MatrixExpression[]): Piece {
    return factors.map((one) => this.piece(one)).reduce(product);
  }

  /** A column or a row that is repeated, once: it is stretched by what it stands beside. */
  private stretched(node: MatrixExpression): Piece {
    if (node.kind === "ones") return scalar("1");
    if (node.kind !== "product") return this.piece(node);
    const { factors } = node;
    const [first, last] = [factors[0]!, factors.at(-1)!];
    const isRow = first.kind === "ones" && first.columns.isOne;
    const isColumn = last.kind === "ones" && last.rows.isOne;
    if (isRow === isColumn) return this.piece(node);
    const rest = isRow ? factors.slice(1) : factors.slice(0, -1);
    const [rows, columns] = [rest[0]!.rows, rest.at(-1)!.columns];
    return this.product({ ...node, factors: rest, rows, columns });
  }

  private hadamard({ factors, ...node }: HadamardNode): Piece {
    const sorted = factorsInOrder(factors, ({ base }) => base, this.order);
    const part = (isDivisor: boolean): Piece[] =>
      sorted
        .filter(({ exponent }) => exponent < 0 === isDivisor)
        .map(({ base, exponent }) => raised(this.stretched(base), Math.abs(exponent)));
    const [above, below] = [part(false), part(true)];
    const over = above.length === 0 ? scalar("1") : above.reduce(times);
    const whole = below.length === 0 ? over : divided(over, below.reduce(times));
    return filledTo({ rows: this.number(node.rows), columns: this.number(node.columns) }, whole);
  }

  private reduction({ reduction, over, of }: ReductionNode): Piece {
    const name = reduction === "logsumexp" ? reduction : `np.${reduction}`;
    const inner = this.piece(of);
    return over === "all" ? reduced(name, inner) : reduced(name, inner, over === "row" ? 1 : 0);
  }

  private softmax({ log, over, of }: SoftmaxNode): Piece {
    const inner = this.piece(of);
    const name = log ? "logsoftmax" : "softmax";
    if (inner.axes === 1) return called(name, inner, inner.code, "axis=0");
    if (over === "all") throw new UntranslatableError(`${name} of all entries`);
    return called(name, inner, inner.code, `axis=${over === "row" ? 1 : 0}`);
  }
}

function filled(kind: "ones" | "zeros", lengths: Lengths): Piece {
  const { rows, columns } = lengths;
  if (rows > 1 && columns > 1) return matrix(`np.${kind}((${rows}, ${columns}))`, lengths);
  return rows * columns === 1
    ? scalar(kind === "ones" ? "1" : "0")
    : vector(`np.${kind}(${rows * columns})`, lengths);
}

/** What was not repeated beside anything, repeated. */
function filledTo(lengths: Lengths, piece: Piece): Piece {
  const isFull = piece.rows === lengths.rows && piece.columns === lengths.columns;
  return isFull ? piece : times(piece, filled("ones", lengths));
}

/** Fractions with a longer denominator are written as decimals where they are some. */
const LONGEST_DENOMINATOR = 100n;

function fraction({ s, n, d }: Fraction): Piece {
  const sign = s < 0n ? "-" : "";
  const isDecimal = d > LONGEST_DENOMINATOR && 10n ** 15n % d === 0n;
  if (isDecimal) {
    return scalar(`${sign}${Number(n) / Number(d)}`, sign === "" ? Tie.atom : Tie.negative);
  }
  if (d !== 1n) return scalar(`${sign}${n} / ${d}`, Tie.product);
  return scalar(`${sign}${n}`, sign === "" ? Tie.atom : Tie.negative);
}

function raised(base: Piece, exponent: number): Piece {
  return exponent === 1 ? base : power(base, scalar(`${exponent}`));
}

/** Numbers in front of a matrix: 2 / N * A, but A / N. */
function scaled(
  front: {
    readonly magnitude: Fraction;
    readonly above: readonly Piece[];
    readonly below: readonly Piece[];
  },
  of: Piece | undefined,
): Piece {
  const { n, d } = front.magnitude;
  const number = (value: bigint): Piece[] => (value === 1n ? [] : [scalar(`${value}`)]);
  const below = [...number(d), ...front.below];
  const above = [...number(n), ...front.above];
  const over = (top: Piece): Piece =>
    below.length === 0 ? top : divided(top, below.reduce(times));
  if (!of) return over(above.length === 0 ? scalar("1") : above.reduce(times));
  return above.length === 0 ? over(of) : times(over(above.reduce(times)), of);
}
