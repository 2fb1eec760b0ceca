/** Factors of a term: matrix expressions whose axes are letters. */
import type { Letter } from "../../expression/indices.js";
import type { MatrixExpression } from "./expression.js";
import { ones, product, scale, transpose } from "./build.js";
import { Fraction } from "fraction.js";

/** `matrix[row, column]`: a vector has one letter, a column `row`, a row `column`; a scalar none. */
export interface Factor {
  readonly row?: Letter | undefined;
  readonly column?: Letter | undefined;
  readonly matrix: MatrixExpression;
}

export function same(a: Letter | undefined, b: Letter | undefined): boolean {
  return a?.key === b?.key;
}

export function lettersOf({ row, column }: Factor): Letter[] {
  return [row, column].filter((one) => one !== undefined);
}

export function touches(factor: Factor, letter: Letter): boolean {
  return same(factor.row, letter) || same(factor.column, letter);
}

export function isEdge({ row, column }: Factor): boolean {
  return row !== undefined && column !== undefined;
}

/** The other letter of a factor that touches one. */
export function otherLetter(factor: Factor, letter: Letter): Letter | undefined {
  return same(factor.row, letter) ? factor.column : factor.row;
}

/** The matrix with the given letters along its rows and columns: itself or its transpose. */
export function oriented(factor: Factor, row?: Letter, column?: Letter): MatrixExpression {
  const isAsked = same(factor.row, row) && same(factor.column, column);
  return isAsked ? factor.matrix : transpose(factor.matrix);
}

export function asColumn(vector: Factor): MatrixExpression {
  return vector.row ? vector.matrix : transpose(vector.matrix);
}

export function asRow(vector: Factor): MatrixExpression {
  return vector.column ? vector.matrix : transpose(vector.matrix);
}

/** The one with the fewest transposes, the shortest among these, the first among these. */
export function simplest<Candidate extends { readonly matrix: MatrixExpression }>(
  candidates: readonly Candidate[],
): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>((best, one) => {
    if (!best) return one;
    const [a, b] = [one.matrix, best.matrix];
    return (a.transposes - b.transposes || a.weight - b.weight) < 0 ? one : best;
  }, undefined);
}

/** A factor spread over the axes that are asked for and that it lacks: b·1ᵀ, 1·bᵀ, s·1. */
export function stretched(
  factor: Factor,
  row: Letter | undefined,
  column: Letter | undefined,
): MatrixExpression {
  const { matrix } = factor;
  const lacksRow = row !== undefined && !factor.row;
  const lacksColumn = column !== undefined && !factor.column;
  const [rows, columns] = [row?.size, column?.size];
  if (!factor.row && !factor.column) {
    if (!row && !column) return matrix;
    const one = ones(rows ?? matrix.rows, columns ?? matrix.columns);
    return scale(new Fraction(1), [{ base: matrix, exponent: 1 }], one);
  }
  if (lacksRow) return product(ones(rows!, matrix.rows), matrix);
  if (lacksColumn) return product(matrix, ones(matrix.columns, columns!));
  return matrix;
}
