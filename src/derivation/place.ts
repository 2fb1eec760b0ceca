/** Where a claim stands, in the names of the model: for messages. */
import type { Index } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { shapeText, type SizeValues } from "../expression/size.js";
import type { MatrixExpression } from "../forms/matrix/expression.js";
import { entryAt } from "../numeric/watch.js";
import type { Claim, Side } from "./step.js";

/** The shape of a side that has one of its own. */
export function sideShape(side: Side): string | undefined {
  if (side.kind === "array" || side.kind === "entries") return `${side.rows}×${side.columns}`;
  return side.kind === "matrix" ? shapeText([side.matrix.rows, side.matrix.columns]) : undefined;
}

/** `∂L/∂W1`, also for a step whose left side is one entry of it. */
export function leftName({ left }: Claim): string {
  if (left.kind === "matrix") return matrixName(left.matrix);
  if (left.kind === "scalar" && left.expression.kind === "reference") {
    return quantityName(left.expression.quantity);
  }
  return "the left side";
}

/**
 * `∂L/∂W1[2,1]`: one entry of the left side, counted from 1.
 * @param values of the claim's letters, counted from 0
 * @param position row-major, for matrices
 */
export function entryPlace(
  claim: Claim,
  sizes: SizeValues,
  values: readonly number[],
  position: number,
): string {
  const { left, letters } = claim;
  const name = leftName(claim);
  if (left.kind === "scalar" && left.expression.kind === "reference") {
    const known = new Map(letters.map(({ key }, axis) => [key, values[axis]!]));
    const entry = left.expression.indices.map((index) => valueOf(index, known, sizes) + 1);
    return entry.length > 0 ? `${name}[${entry.join(",")}]` : name;
  }
  const lengths =
    left.kind === "matrix"
      ? [left.matrix.rows, left.matrix.columns].map((size) => size.evaluate(sizes))
      : letters.map(({ size }) => size.evaluate(sizes));
  return lengths.every((length) => length === 1)
    ? name
    : `${name}, entry [${entryAt(lengths, position).join(",")}]`;
}

function valueOf(
  { offset, terms }: Index,
  letters: ReadonlyMap<string, number>,
  sizes: SizeValues,
): number {
  return terms.reduce(
    (sum, { letter, coefficient }) => sum + coefficient.evaluate(sizes) * letters.get(letter.key)!,
    offset.evaluate(sizes),
  );
}

function quantityName({ name, numerator, of }: Quantity): string {
  return numerator && of ? `∂${numerator.name}/∂${of.name}` : name;
}

function matrixName(matrix: MatrixExpression): string {
  switch (matrix.kind) {
    case "quantity":
      return quantityName(matrix.quantity);
    case "transpose":
      return `${matrixName(matrix.of)}ᵀ`;
    case "vec":
      return `vec(${matrixName(matrix.of)})`;
    default:
      return "the left side";
  }
}
