/** What checks found: put together, remembered by the equation, and what has to be said of them. */
import type { Piece } from "../calculus/cases.js";
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import { postorder, references } from "../expression/walk.js";
import { type MatrixExpression, operands } from "../forms/matrix/expression.js";
import type { Environment } from "./points.js";
import type { Sample } from "./sampling.js";
import type { Claim, Side, StepCheck } from "./step.js";

/** Two findings about one equation as one. */
export function together(a: StepCheck, b: StepCheck): StepCheck {
  const notes = [...new Set([...(a.notes ?? []), ...(b.notes ?? [])])];
  return {
    points: a.points + b.points,
    maxError: Math.max(a.maxError, b.maxError),
    ...((a.exact ?? b.exact) ? { exact: true } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/**
 * One text for one equation of a model; undefined for numbers of a point, and where a side has
 * symbols of its own, such as Jacobians.
 */
export function equationKey({ left, right, letters, isAtPoint }: Claim): string | undefined {
  if (isAtPoint === true) return undefined;
  const [a, b] = [sideKey(left), sideKey(right)];
  if (a === undefined || b === undefined) return undefined;
  return `${a} = ${b} for ${letters.map(({ key }) => key).join(" ")}`;
}

function sideKey(side: Side): string | undefined {
  const ids = (expressions: readonly Expression[]): string =>
    expressions.map(({ id }) => id).join(",");
  switch (side.kind) {
    case "scalar":
      return `scalar ${ids([side.expression])}`;
    case "entries":
      return `entries ${side.rows}×${side.columns} ${ids(side.entries)}`;
    case "cases":
      return `cases ${ids(piecesOf(side.pieces))}`;
    case "entry":
    case "matrix":
      return quantitiesOf(side).some(({ role }) => role === "jacobian")
        ? undefined
        : `${side.kind} ${side.matrix.key}`;
    default:
      return undefined;
  }
}

export function sampleNotes(sampled: Sample | undefined): string[] {
  return sampled ? [`at ${sampled.entries.length} of ${sampled.total} entries`] : [];
}

/** Which numbers on a side are not the backprop's, although it has some. */
export function unjudgedNotes({ left, right }: Claim, { name, unjudged }: Environment): string[] {
  if (unjudged.values.size + unjudged.adjoints.size === 0) return [];
  const used = new Set([left, right].flatMap(quantitiesOf));
  const names = [...used].flatMap((one) => {
    if (one.role === "adjoint" && one.of && one.numerator) {
      return unjudged.adjoints.has(one.of.name) ? [`∂${one.numerator.name}/∂${one.of.name}`] : [];
    }
    return unjudged.values.has(one.name) ? [one.name] : [];
  });
  const listed = [...new Set(names)].join(", ");
  return listed === ""
    ? []
    : [
        `at ${name} with the engine's own ${listed}: the matrix backprop's is not finite or precise`,
      ];
}

/** The quantities that a side names. */
export function quantitiesOf(side: Side): Quantity[] {
  switch (side.kind) {
    case "scalar":
    case "numbers":
      return references([side.expression]).map(({ quantity }) => quantity);
    case "entries":
      return references(side.entries).map(({ quantity }) => quantity);
    case "cases":
      return references(piecesOf(side.pieces)).map(({ quantity }) => quantity);
    case "entry":
    case "matrix":
      return matrixQuantities(side.matrix);
    default:
      return [];
  }
}

function piecesOf(pieces: readonly Piece[]): Expression[] {
  return pieces.flatMap(({ expression, condition }) => [expression, condition]);
}

function matrixQuantities(matrix: MatrixExpression): Quantity[] {
  if (matrix.kind === "quantity" || matrix.kind === "slice") return [matrix.quantity];
  return operands(matrix).flatMap(matrixQuantities);
}

/** The largest count of entries among the matrices that a claim is computed with. */
export function mostEntries({ left, right }: Claim, sizes: SizeValues): number {
  const matrices = [left, right].flatMap((side) =>
    side.kind === "matrix" || side.kind === "entry" ? postorder([side.matrix], operands) : [],
  );
  const counts = matrices.map(
    ({ rows, columns }) => rows.evaluate(sizes) * columns.evaluate(sizes),
  );
  return Math.max(0, ...counts);
}

/** What is found of a claim that the given point is too large for. */
export function withoutGiven(check: StepCheck): StepCheck {
  const note = "not at the given point: its matrices would be too large";
  return { ...check, notes: [...(check.notes ?? []), note] };
}
