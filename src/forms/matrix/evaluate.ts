/**
 * Matrix expressions evaluated as matrix algebra in double precision, independently of the
 * interpreter of index expressions: whatever matrix line is printed can be checked on both sides.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Size, SizeValues } from "../../expression/size.js";
import type { MatrixExpression, Over, SliceNode } from "./expression.js";

/** A matrix, rows first. A vector is n×1, a scalar 1×1. */
interface Dense {
  readonly rows: number;
  readonly columns: number;
  readonly entries: ArrayLike<number>;
}

export interface MatrixValues {
  /** Entries of a whole quantity, rows first. */
  readonly lookup: (quantity: Quantity) => ArrayLike<number>;
  readonly sizes: SizeValues;
}

/**
 * @returns the entries, rows first
 * @throws RangeError where the shapes of values disagree
 */
export function evaluateMatrix(root: MatrixExpression, values: MatrixValues): ArrayLike<number> {
  return new Evaluation(values).value(root).entries;
}

function dense(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
): Dense {
  const entries = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      entries[row * columns + column] = entry(row, column);
    }
  }
  return { rows, columns, entries };
}

const scalar = (value: number): Dense => ({ rows: 1, columns: 1, entries: [value] });

function at({ columns, entries }: Dense, row: number, column: number): number {
  return entries[row * columns + column]!;
}

function map({ rows, columns, entries }: Dense, f: (value: number) => number): Dense {
  return { rows, columns, entries: Float64Array.from(entries, f) };
}

function total({ entries }: Dense): number {
  return Array.from(entries).reduce((sum, entry) => sum + entry, 0);
}

function transposed(matrix: Dense): Dense {
  return dense(matrix.columns, matrix.rows, (row, column) => at(matrix, column, row));
}

function checkInner(columns: number, rows: number): void {
  if (columns !== rows) throw new RangeError(`${columns} columns times ${rows} rows`);
}

function diagonalMatrix(entries: ArrayLike<number>): Dense {
  const n = entries.length;
  return dense(n, n, (row, column) => (row === column ? entries[row]! : 0));
}

function multiplied(a: Dense, b: Dense): Dense {
  checkInner(a.columns, b.rows);
  return dense(a.rows, b.columns, (row, column) => {
    let sum = 0;
    for (let k = 0; k < a.columns; k++) sum += at(a, row, k) * at(b, k, column);
    return sum;
  });
}

function elementwise(a: Dense, b: Dense, f: (a: number, b: number) => number): Dense {
  if (a.rows !== b.rows || a.columns !== b.columns) {
    throw new RangeError(`${a.rows}×${a.columns} with ${b.rows}×${b.columns}`);
  }
  return dense(a.rows, a.columns, (row, column) => f(at(a, row, column), at(b, row, column)));
}

function kroneckered(a: Dense, b: Dense): Dense {
  return dense(
    a.rows * b.rows,
    a.columns * b.columns,
    (row, column) =>
      at(a, Math.floor(row / b.rows), Math.floor(column / b.columns)) *
      at(b, row % b.rows, column % b.columns),
  );
}

const REDUCERS = {
  max: (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b)),
  min: (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b)),
  logsumexp: (values: readonly number[]): number => {
    const top = values.reduce((a, b) => Math.max(a, b));
    return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
  },
};

/** One value for each row, each column, or everything. */
function reduced(matrix: Dense, over: Over, reduce: (values: readonly number[]) => number): Dense {
  const { rows, columns, entries } = matrix;
  if (over === "all") return scalar(reduce(Array.from(entries)));
  const row = (index: number): number[] =>
    Array.from({ length: columns }, (_, column) => at(matrix, index, column));
  const column = (index: number): number[] =>
    Array.from({ length: rows }, (_, row) => at(matrix, row, index));
  return over === "row"
    ? dense(rows, 1, (index) => reduce(row(index)))
    : dense(1, columns, (_, index) => reduce(column(index)));
}

class Evaluation {
  private readonly known = new Map<MatrixExpression, Dense>();

  constructor(private readonly values: MatrixValues) {}

  /** Recursive: conversions bound the depth of what they make. */
  value(node: MatrixExpression): Dense {
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

  private compute(node: MatrixExpression): Dense {
    const [rows, columns] = [this.size(node.rows), this.size(node.columns)];
    switch (node.kind) {
      case "quantity":
        return this.whole(node.quantity);
      case "slice":
        return this.slice(node);
      case "number":
        return scalar(node.value.valueOf());
      case "size":
        return scalar(this.size(node.size));
      case "constant":
        return scalar(node.name === "pi" ? Math.PI : Math.E);
      case "ones":
        return dense(rows, columns, () => 1);
      case "zeros":
        return dense(rows, columns, () => 0);
      case "identity":
        return dense(rows, columns, (row, column) => (row === column ? 1 : 0));
      case "unit": {
        const index = this.size(node.index);
        return dense(rows, 1, (row) => (row === index ? 1 : 0));
      }
      case "selection": {
        const from = this.size(node.from);
        return dense(rows, columns, (row, column) => (row === from + column ? 1 : 0));
      }
      case "sum":
        return node.terms
          .map(({ coefficient, term }) => {
            const factor = coefficient.valueOf();
            return map(this.value(term), (entry) => factor * entry);
          })
          .reduce((a, b) => elementwise(a, b, (x, y) => x + y));
      case "scale": {
        const product = (nodes: readonly MatrixExpression[]): number =>
          nodes.reduce((result, one) => result * at(this.value(one), 0, 0), 1);
        const factor =
          (node.coefficient.valueOf() * product(node.numerator)) / product(node.denominator);
        return node.of ? map(this.value(node.of), (entry) => factor * entry) : scalar(factor);
      }
      case "product":
        return this.product(node.factors);
      case "hadamard":
        return node.factors
          .map(({ base, exponent }) => map(this.value(base), (entry) => entry ** exponent))
          .reduce((a, b) => elementwise(a, b, (x, y) => x * y));
      case "apply": {
        const args = node.args.map((arg) => this.value(arg));
        const entry = (arg: Dense, row: number, column: number): number =>
          arg.rows === 1 && arg.columns === 1 ? at(arg, 0, 0) : at(arg, row, column);
        return dense(rows, columns, (row, column) =>
          node.operation.value(...args.map((arg) => entry(arg, row, column))),
        );
      }
      case "transpose":
        return transposed(this.value(node.of));
      case "diag": {
        return diagonalMatrix(this.value(node.of).entries);
      }
      case "diagonal": {
        const matrix = this.value(node.of);
        return dense(rows, 1, (row) => at(matrix, row, row));
      }
      case "trace": {
        const matrix = this.value(node.of);
        return scalar(total(dense(matrix.rows, 1, (row) => at(matrix, row, row))));
      }
      case "norm": {
        const squares = total(map(this.value(node.of), (entry) => entry * entry));
        return scalar(node.squared ? squares : Math.sqrt(squares));
      }
      case "kronecker":
        return node.factors.map((factor) => this.value(factor)).reduce(kroneckered);
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
        return dense(rows, columns, (row, column) => (to(column) === row ? 1 : 0));
      }
      case "reduction":
        return reduced(this.value(node.of), node.over, REDUCERS[node.reduction]);
      case "softmax": {
        const of = this.value(node.of);
        const logs = reduced(of, node.over, REDUCERS.logsumexp);
        return dense(rows, columns, (row, column) => {
          const log = at(logs, node.over === "row" ? row : 0, node.over === "column" ? column : 0);
          const difference = at(of, row, column) - log;
          return node.log ? difference : Math.exp(difference);
        });
      }
    }
  }

  private whole(quantity: Quantity): Dense {
    const [rows = 1, columns = 1] = quantity.shape.map((size) => this.size(size));
    const entries = this.values.lookup(quantity);
    if (entries.length !== rows * columns) {
      throw new RangeError(`${quantity.name}: ${entries.length} entries for ${rows}×${columns}`);
    }
    return { rows, columns, entries };
  }

  /** Diagonal factors scale rows or columns: they are not written out as n×n. */
  private product(factors: readonly MatrixExpression[]): Dense {
    const [first, ...rest] = factors;
    let result = this.value(first!.kind === "diag" ? first.of : first!);
    let isDiagonal = first!.kind === "diag";
    for (const factor of rest) {
      const other = this.value(factor.kind === "diag" ? factor.of : factor);
      const [a, b] = [result.entries, other.entries];
      if (isDiagonal && factor.kind === "diag") {
        result = dense(a.length, 1, (row) => a[row]! * b[row]!);
      } else if (isDiagonal) {
        checkInner(a.length, other.rows);
        result = dense(
          other.rows,
          other.columns,
          (row, column) => a[row]! * at(other, row, column),
        );
      } else if (factor.kind === "diag") {
        const left = result;
        checkInner(left.columns, b.length);
        result = dense(
          left.rows,
          left.columns,
          (row, column) => at(left, row, column) * b[column]!,
        );
      } else {
        result = multiplied(result, other);
      }
      isDiagonal &&= factor.kind === "diag";
    }
    return isDiagonal ? diagonalMatrix(result.entries) : result;
  }

  private slice({ quantity, axes }: SliceNode): Dense {
    const whole = this.whole(quantity);
    const [row = { from: 0, count: 1 }, column = { from: 0, count: 1 }] = axes.map((along) =>
      along.kind === "at"
        ? { from: this.size(along.index), count: 1 }
        : { from: this.size(along.from), count: this.size(along.count) },
    );
    return dense(row.count, column.count, (i, j) => at(whole, row.from + i, column.from + j));
  }
}
