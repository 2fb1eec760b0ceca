/** What the sides of equations name. */
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import { type MatrixExpression, operands } from "../forms/matrix/expression.js";
import type { Side } from "./step.js";

/** The quantities that a side of symbols names. */
export function sideQuantities(side: Side): Quantity[] {
  switch (side.kind) {
    case "scalar":
      return references([side.expression]).map(({ quantity }) => quantity);
    case "matrix":
    case "entry":
      return matrixQuantities(side.matrix);
    case "entries":
      return references(side.entries).map(({ quantity }) => quantity);
    case "cases":
      return references(
        side.pieces.flatMap(({ condition, expression }) => [condition, expression]),
      ).map(({ quantity }) => quantity);
    default:
      return [];
  }
}

function matrixQuantities(matrix: MatrixExpression): Quantity[] {
  if (matrix.kind === "quantity" || matrix.kind === "slice") return [matrix.quantity];
  return operands(matrix).flatMap(matrixQuantities);
}
