/** What shapes say together, and special matrices. */
import { build, type Matrix, type Shape } from "./matrix.js";

/** A number in every entry. */
export function filled({ rows, columns }: Shape, value: Matrix): Matrix {
  if (rows === undefined || columns === undefined) return value;
  return build(rows, columns, () => value.data[0]!);
}

/** What several shapes of one thing say together. */
export function merged(shapes: readonly Shape[]): Shape {
  const [rows, columns] = (["rows", "columns"] as const).map(
    (axis) => shapes.find((shape) => shape[axis] !== undefined)?.[axis],
  );
  return { rows, columns };
}

/** The shape of one factor of A ⊗ B ⊗ … where the others and the whole are known. */
export function kroneckerFactor(known: readonly Shape[], at: number, want: Shape): Shape {
  const along = (axis: "rows" | "columns"): number | undefined => {
    if (known[at]![axis] !== undefined) return known[at]![axis];
    const others = known.filter((_, other) => other !== at).map((shape) => shape[axis]);
    const whole = want[axis];
    if (whole === undefined || others.includes(undefined)) return undefined;
    return others.reduce<number>((rest, length) => rest / length!, whole);
  };
  return { rows: along("rows"), columns: along("columns") };
}

export function isDiagonal(a: Matrix): boolean {
  return a.rows === a.columns && a.data.every((v, at) => v === 0 || at % (a.columns + 1) === 0);
}

/** Positions rows first, in the order of columns. */
export function columnsFirst({ rows, columns }: Matrix): number[] {
  return Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [at % rows, Math.floor(at / rows)];
    return row * columns + column;
  });
}

/** K with K vec(A) = vec(Aᵀ) for A of m×n. */
export function commutation(m: number, n: number): Matrix {
  return build(m * n, m * n, (row, column) => {
    const [i, j] = [column % m, Math.floor(column / m)];
    return row === j + i * n ? 1 : 0;
  });
}
