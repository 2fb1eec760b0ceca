/**
 * Matrix expressions evaluated as matrix algebra in any arithmetic, independently of the interpreter
 * of index expressions: whatever matrix line is printed can be checked on both sides.
 */
import { Fraction } from "fraction.js";
import { logarithm } from "../../expression/operations/powers.js";
import { exponential, squareRoot } from "../../expression/operations/smooth.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Size, SizeValues } from "../../expression/size.js";
import type { Arithmetic } from "../../numeric/arithmetic.js";
import {
  at,
  checkInner,
  type Dense,
  dense,
  elementwise,
  map,
  reduced,
  scalar,
  transposed,
} from "./dense.js";
import type { MatrixExpression, SliceNode } from "./expression.js";

export interface MatrixValues<Value> {
  readonly arithmetic: Arithmetic<Value>;
  /** Entries of a whole quantity, rows first. */
  readonly lookup: (quantity: Quantity) => readonly Value[];
  readonly sizes: SizeValues;
}

/**
 * @returns the entries, rows first
 * @throws RangeError where the shapes of values disagree; what the arithmetic throws
 */
export function evaluateMatrix<Value>(
  root: MatrixExpression,
  values: MatrixValues<Value>,
): readonly Value[] {
  return new Evaluation(values).value(root).entries;
}

class Evaluation<Value> {
  private readonly known = new Map<MatrixExpression, Dense<Value>>();
  private readonly zero: Value;
  private readonly one: Value;

  constructor(private readonly values: MatrixValues<Value>) {
    this.zero = this.whole(0);
    this.one = this.whole(1);
  }

  /** Recursive: conversions bound the depth of what they make. */
  value(node: MatrixExpression): Dense<Value> {
    let value = this.known.get(node);
    if (!value) {
      value = this.compute(node);
      if (value.rows !== this.size(node.rows) || value.columns !== this.size(node.columns)) {
        throw new RangeError(`${node.kind}: ${value.rows}×${value.columns} is not its shape`);
      }
      this.known.set(node, value);
    }
    return value;
  }

  private size(size: Size): number {
    return size.evaluate(this.values.sizes);
  }

  private compute(node: MatrixExpression): Dense<Value> {
    const { arithmetic } = this.values;
    const { zero, one } = this;
    const [rows, columns] = [this.size(node.rows), this.size(node.columns)];
    switch (node.kind) {
      case "quantity":
        return this.quantity(node.quantity);
      case "slice":
        return this.slice(node);
      case "number":
        return scalar(arithmetic.exact(node.value));
      case "size":
        return scalar(this.whole(this.size(node.size)));
      case "constant":
        return scalar(arithmetic.constant(node.name));
      case "ones":
        return dense(rows, columns, () => one);
      case "zeros":
        return dense(rows, columns, () => zero);
      case "identity":
        return dense(rows, columns, (row, column) => (row === column ? one : zero));
      case "unit": {
        const index = this.size(node.index);
        return dense(rows, 1, (row) => (row === index ? one : zero));
      }
      case "selection": {
        const from = this.size(node.from);
        return dense(rows, columns, (row, column) => (row === from + column ? one : zero));
      }
      case "sum":
        return node.terms
          .map(({ coefficient, term }) => {
            const factor = arithmetic.exact(coefficient);
            return map(this.value(term), (entry) => arithmetic.multiply(factor, entry));
          })
          .reduce((a, b) => elementwise(a, b, arithmetic.add));
      case "scale": {
        const values = (nodes: readonly MatrixExpression[]): Value[] =>
          nodes.map((node) => at(this.value(node), 0, 0));
        const factor = [
          ...values(node.numerator),
          ...values(node.denominator).map((value) => arithmetic.integerPower(value, -1)),
        ].reduce(arithmetic.multiply, arithmetic.exact(node.coefficient));
        return node.of
          ? map(this.value(node.of), (entry) => arithmetic.multiply(factor, entry))
          : scalar(factor);
      }
      case "product":
        return this.product(node.factors);
      case "hadamard":
        return node.factors
          .map(({ base, exponent }) => this.power(this.value(base), exponent))
          .reduce((a, b) => elementwise(a, b, arithmetic.multiply));
      case "apply": {
        const args = node.args.map((arg) => this.value(arg));
        const entry = (arg: Dense<Value>, row: number, column: number): Value =>
          arg.rows === 1 && arg.columns === 1 ? at(arg, 0, 0) : at(arg, row, column);
        return dense(rows, columns, (row, column) =>
          arithmetic.apply(
            node.operation,
            args.map((arg) => entry(arg, row, column)),
          ),
        );
      }
      case "transpose":
        return transposed(this.value(node.of));
      case "diag": {
        return this.diagonalMatrix(this.value(node.of).entries);
      }
      case "diagonal": {
        const matrix = this.value(node.of);
        return dense(rows, 1, (row) => at(matrix, row, row));
      }
      case "trace": {
        const matrix = this.value(node.of);
        return scalar(this.total(dense(matrix.rows, 1, (row) => at(matrix, row, row)).entries));
      }
      case "norm": {
        const squares = this.total(this.power(this.value(node.of), 2).entries);
        return scalar(node.squared ? squares : arithmetic.apply(squareRoot, [squares]));
      }
      case "kronecker":
        return node.factors
          .map((factor) => this.value(factor))
          .reduce((a, b) => this.kroneckered(a, b));
      case "vec": {
        const matrix = this.value(node.of);
        const { entries } = node.order === "rows" ? matrix : transposed(matrix);
        return { rows, columns, entries };
      }
      case "commutation": {
        const [m, n] = [this.size(node.m), this.size(node.n)];
        // A[i,j] stands at i + j·m in columns, at i·n + j in rows; Aᵀ[j,i] the other way round
        const to = (from: number): number =>
          node.order === "columns"
            ? Math.floor(from / m) + (from % m) * n
            : Math.floor(from / n) + (from % n) * m;
        return dense(rows, columns, (row, column) => (to(column) === row ? one : zero));
      }
      case "reduction":
        return reduced(this.value(node.of), node.over, this.reducers[node.reduction]);
      case "softmax": {
        const of = this.value(node.of);
        const logs = reduced(of, node.over, this.reducers.logsumexp);
        return dense(rows, columns, (row, column) => {
          const log = at(logs, node.over === "row" ? row : 0, node.over === "column" ? column : 0);
          const difference = this.subtract(at(of, row, column), log);
          return node.log ? difference : arithmetic.apply(exponential, [difference]);
        });
      }
    }
  }

  private whole(value: number): Value {
    return this.values.arithmetic.exact(new Fraction(value));
  }

  private subtract(a: Value, b: Value): Value {
    const { add, multiply } = this.values.arithmetic;
    return add(a, multiply(this.whole(-1), b));
  }

  private total(entries: readonly Value[]): Value {
    return entries.reduce(this.values.arithmetic.add);
  }

  private power(matrix: Dense<Value>, exponent: number): Dense<Value> {
    if (exponent === 1) return matrix;
    return map(matrix, (entry) => this.values.arithmetic.integerPower(entry, exponent));
  }

  private multiplied(a: Dense<Value>, b: Dense<Value>): Dense<Value> {
    const { add, multiply } = this.values.arithmetic;
    checkInner(a.columns, b.rows);
    return dense(a.rows, b.columns, (row, column) => {
      let sum = multiply(at(a, row, 0), at(b, 0, column));
      for (let k = 1; k < a.columns; k++) {
        sum = add(sum, multiply(at(a, row, k), at(b, k, column)));
      }
      return sum;
    });
  }

  private kroneckered(a: Dense<Value>, b: Dense<Value>): Dense<Value> {
    const entry = (row: number, column: number): Value =>
      this.values.arithmetic.multiply(
        at(a, Math.floor(row / b.rows), Math.floor(column / b.columns)),
        at(b, row % b.rows, column % b.columns),
      );
    return dense(a.rows * b.rows, a.columns * b.columns, entry);
  }

  private diagonalMatrix(entries: readonly Value[]): Dense<Value> {
    const n = entries.length;
    return dense(n, n, (row, column) => (row === column ? entries[row]! : this.zero));
  }

  private readonly reducers = {
    max: (values: readonly Value[]): Value =>
      values.reduce((a, b) => this.values.arithmetic.larger(a, b)),
    min: (values: readonly Value[]): Value =>
      values.reduce((a, b) => this.values.arithmetic.smaller(a, b)),
    logsumexp: (values: readonly Value[]): Value => {
      const { add, apply } = this.values.arithmetic;
      const top = this.reducers.max(values);
      const powers = values.map((value) => apply(exponential, [this.subtract(value, top)]));
      return add(top, apply(logarithm, [this.total(powers)]));
    },
  };

  private quantity(quantity: Quantity): Dense<Value> {
    const [rows = 1, columns = 1] = quantity.shape.map((size) => this.size(size));
    const entries = this.values.lookup(quantity);
    if (entries.length !== rows * columns) {
      throw new RangeError(`${quantity.name}: ${entries.length} entries for ${rows}×${columns}`);
    }
    return { rows, columns, entries };
  }

  /** Diagonal factors scale rows or columns: they are not written out as n×n. */
  private product(factors: readonly MatrixExpression[]): Dense<Value> {
    const { multiply } = this.values.arithmetic;
    const [first, ...rest] = factors;
    let result = this.value(first!.kind === "diag" ? first.of : first!);
    let isDiagonal = first!.kind === "diag";
    for (const factor of rest) {
      const other = this.value(factor.kind === "diag" ? factor.of : factor);
      const [a, b] = [result.entries, other.entries];
      if (isDiagonal && factor.kind === "diag") {
        result = dense(a.length, 1, (row) => multiply(a[row]!, b[row]!));
      } else if (isDiagonal) {
        checkInner(a.length, other.rows);
        result = dense(other.rows, other.columns, (row, column) =>
          multiply(a[row]!, at(other, row, column)),
        );
      } else if (factor.kind === "diag") {
        const left = result;
        checkInner(left.columns, b.length);
        result = dense(left.rows, left.columns, (row, column) =>
          multiply(at(left, row, column), b[column]!),
        );
      } else {
        result = this.multiplied(result, other);
      }
      isDiagonal &&= factor.kind === "diag";
    }
    return isDiagonal ? this.diagonalMatrix(result.entries) : result;
  }

  private slice({ quantity, axes }: SliceNode): Dense<Value> {
    const whole = this.quantity(quantity);
    const [row = { from: 0, count: 1 }, column = { from: 0, count: 1 }] = axes.map((along) =>
      along.kind === "at"
        ? { from: this.size(along.index), count: 1 }
        : { from: this.size(along.from), count: this.size(along.count) },
    );
    return dense(row.count, column.count, (i, j) => at(whole, row.from + i, column.from + j));
  }
}
