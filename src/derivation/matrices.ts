/** The matrix form: every adjoint as a sum over indices, then as matrices, with the reasons. */
import { fullAxes } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import { quantityMatrix } from "../forms/matrix/build.js";
import { matrixForm } from "../forms/matrix/convert.js";
import type { MatrixExpression } from "../forms/matrix/expression.js";
import { substituteMatrices } from "../forms/matrix/substitute.js";
import type { Route, RouteAdjoint } from "../forms/route.js";
import { adjointSteps, closingSteps } from "./recursion.js";
import type { Claim, Side } from "./step.js";
import type { Target } from "./target.js";

/** Gradients of more nodes than this are not written as one matrix expression. */
const HEAVIEST_CLOSED = 120;

/** Index sums and their matrix forms, from the loss back, then the gradient as one expression. */
export function matrixSteps(
  route: Route,
  loss: Quantity,
  target: Target,
  notes: string[],
): Claim[] {
  const closed = new Map<Quantity, MatrixExpression>();
  const adjointNames = new Set(route.adjoints.map(({ quantity }) => quantity));
  const steps = route.adjoints.flatMap((adjoint) => {
    const index = adjointSteps(route, adjoint, loss);
    const form = matrixStep(route, adjoint, adjoint.body);
    if (!form) {
      notes.push(noForm(adjoint.of));
      return index;
    }
    const whole =
      isClosable(adjointNames, adjoint, closed) && substituteMatrices(form.matrix, closed);
    if (whole && whole.weight <= HEAVIEST_CLOSED) closed.set(adjoint.quantity, whole);
    // of one entry: the index form is the matrix form
    const isOne = adjoint.of.shape.every((size) => size.isOne);
    return isOne ? [index.at(-1)!] : [index.at(-1)!, form.claim];
  });
  const adjoint = route.adjoint(target.quantity);
  const whole = closed.get(adjoint.quantity);
  const last = steps.at(-1)?.right;
  const isSaid =
    last?.kind === "matrix" ? last.matrix.key === whole?.key : !usesAdjoints(route, last);
  if (whole && !isSaid) {
    steps.push({
      rule: "substitution",
      why: "The adjoints found above are put in, so that no derivative is left.",
      left: { kind: "matrix", matrix: quantityMatrix(adjoint.quantity) },
      right: { kind: "matrix", matrix: whole },
      letters: [],
      entries: { expression: adjoint.body, letters: fullAxes(target.quantity.shape).letters },
    });
  }
  if (!whole || target.entry) steps.push(...closingSteps(route, target));
  return steps;
}

/** Whether a line still names an adjoint. */
function usesAdjoints({ adjoints }: Route, side: Side | undefined): boolean {
  if (side?.kind !== "scalar") return true;
  const known = new Set(adjoints.map(({ quantity }) => quantity));
  return references([side.expression]).some(({ quantity }) => known.has(quantity));
}

/** Whether every adjoint that an adjoint uses has a matrix form of its own. */
function isClosable(
  adjoints: ReadonlySet<Quantity>,
  { body }: RouteAdjoint,
  closed: ReadonlyMap<Quantity, MatrixExpression>,
): boolean {
  return references([body]).every(
    ({ quantity }) => !adjoints.has(quantity) || closed.has(quantity),
  );
}

function noForm({ name }: Quantity): string {
  return `The derivative by ${name} has no matrix form: it stays a sum over indices.`;
}

/** ∂L/∂v = matrix expression, where there is one. */
function matrixStep(
  route: Route,
  { of, quantity }: RouteAdjoint,
  body: Expression,
): { claim: Claim; matrix: MatrixExpression } | undefined {
  const [row, column] = axisLetters(of);
  const form = matrixForm(route.model.graph, body, { row, column });
  if (!form) return undefined;
  const { matrix, reasons } = form;
  const claim: Claim = {
    rule: "matrix form",
    why:
      reasons.map(({ text }) => sentence(text)).join(" ") ||
      "The same for all entries at once: no index is summed.",
    left: { kind: "matrix", matrix: quantityMatrix(quantity) },
    right: { kind: "matrix", matrix },
    letters: [],
    entries: { expression: body, letters: fullAxes(of.shape).letters },
  };
  return { claim, matrix };
}

/** The letters along rows and columns; none along an axis of size 1. */
function axisLetters({ shape }: Quantity): [Letter | undefined, Letter | undefined] {
  const { indices } = fullAxes(shape);
  return [indices[0]?.plain, indices[1]?.plain];
}

function sentence(text: string): string {
  const end = /[.!?]$/.test(text) ? "" : ".";
  // a name keeps its own case: W2, but also w
  return /^[a-z]{2,} /.test(text) ? `${text[0]!.toUpperCase()}${text.slice(1)}${end}` : text + end;
}
