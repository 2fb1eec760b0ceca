/** Why a factor is transposed: where its indices stand. */
import type { Size } from "../../expression/size.js";
import { said, type Sentence } from "../../language/sentence.js";
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
  ofOne: "its row index is summed with the factor behind it",
  ofEach: "the row index of each is summed with the factor behind it",
};
const SUMMED_COLUMNS: Because = {
  ofOne: "its column index is summed with the factor before it",
  ofEach: "the column index of each is summed with the factor before it",
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

/** How what is transposed is called where it has no name: each kind once. */
export function unnamedTexts(nodes: readonly MatrixExpression[]): readonly Sentence[] {
  const kinds = nodes.map(unnamedKind);
  return [...new Set(kinds)].map((kind) =>
    kinds.filter((one) => one === kind).length > 1 ? kind.several : kind.one,
  );
}

/** What can be transposed without a name, where one thing is and where several are. */
interface Unnamed {
  readonly one: Sentence;
  readonly several: Sentence;
}

const BRACKETED_VECTOR: Unnamed = {
  one: said`the vector in brackets`,
  several: said`the vectors in brackets`,
};
const BRACKETED_MATRIX: Unnamed = {
  one: said`the matrix in brackets`,
  several: said`the matrices in brackets`,
};
const COLUMN_VEC: Unnamed = { one: said`the column vec`, several: said`the columns vec` };
const UNIT_VECTOR: Unnamed = { one: said`the unit vector`, several: said`the unit vectors` };
const VALUES: Unnamed = {
  one: said`what the function gives`,
  several: said`what the functions give`,
};
const FACTOR: Unnamed = { one: said`one factor`, several: said`some factors` };

function unnamedKind(node: MatrixExpression): Unnamed {
  switch (node.kind) {
    case "vec":
      return COLUMN_VEC;
    case "unit":
      return UNIT_VECTOR;
    case "apply":
      return VALUES;
    case "sum":
    case "hadamard":
    case "product":
    case "kronecker":
    case "scale":
      return isVector(node) ? BRACKETED_VECTOR : BRACKETED_MATRIX;
    default:
      return FACTOR;
  }
}
