/** Why a factor is transposed: where its indices stand. */
import type { Size } from "../../expression/size.js";
import { isVector, type MatrixExpression } from "./expression.js";

/** A transpose, with its own rows and columns. */
interface Transpose {
  readonly of: MatrixExpression;
  readonly rows: Size;
  readonly columns: Size;
}

/** A reason, said of one thing or of each of several. */
export interface Because {
  readonly ofOne: string;
  readonly ofEach: string;
}

const COLUMN_OF_RESULT: Because = {
  ofOne: "its index is the column index of the result",
  ofEach: "the index of each is the column index of the result",
};
const ROW_OF_RESULT: Because = {
  ofOne: "its index is the row index of the result",
  ofEach: "the index of each is the row index of the result",
};
const TURNED: Because = {
  ofOne: "its row index is the column index of the result",
  ofEach: "the row index of each is the column index of the result",
};
const SUMMED: Because = {
  ofOne: "its index is summed: a row times a column is that sum",
  ofEach: "the index of each is summed: a row times a column is that sum",
};
const SUMMED_ROWS: Because = {
  ofOne: "the summed index is its row index",
  ofEach: "the summed index is the row index of each",
};
const SUMMED_COLUMNS: Because = {
  ofOne: "the summed index is its column index",
  ofEach: "the summed index is the column index of each",
};
const SUMMED_TWICE: Because = {
  ofOne:
    "its row index is summed with the factor behind it and its column index with the one before it",
  ofEach:
    "the row index of each is summed with the factor behind it and its column index with the one before it",
};

/** Of what is transposed outside a product. */
export function placedBecause({ of, rows }: Transpose): Because {
  if (!isVector(of)) return TURNED;
  return rows.isOne ? COLUMN_OF_RESULT : ROW_OF_RESULT;
}

/** Of a factor between others. */
export function factorBecause(
  { of, rows, columns }: Transpose,
  before: MatrixExpression | undefined,
  after: MatrixExpression | undefined,
): Because {
  const [isRowSummed, isColumnSummed] = [after && !columns.isOne, before && !rows.isOne];
  if (isVector(of)) {
    if (isRowSummed || isColumnSummed) return SUMMED;
    return rows.isOne ? COLUMN_OF_RESULT : ROW_OF_RESULT;
  }
  if (isRowSummed && isColumnSummed) return SUMMED_TWICE;
  return isRowSummed ? SUMMED_ROWS : SUMMED_COLUMNS;
}
