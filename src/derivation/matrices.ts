/** The matrix form: every adjoint as a sum over indices, then as matrices, with the reasons. */
import { fullAxes } from "../expression/definition.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder, references } from "../expression/walk.js";
import { isRepeating } from "../forms/matrix/broadcast.js";
import { quantityMatrix } from "../forms/matrix/build.js";
import { axesOf, type MatrixForm } from "../forms/matrix/convert.js";
import { isScalar, isVector, type MatrixExpression, operands } from "../forms/matrix/expression.js";
import { withSharedFronts } from "../forms/matrix/fronts.js";
import type { MatrixNames } from "../forms/matrix/names.js";
import { hasSum } from "../forms/matrix/reasons.js";
import { substituteMatrices } from "../forms/matrix/substitute.js";
import { inMatrices } from "../forms/naming.js";
import type { Route, RouteAdjoint } from "../forms/route.js";
import { distinct, joined, said, type Sentence } from "../language/sentence.js";
import { arrayClaims, type MatrixLine } from "./arrays.js";
import { closingSteps, whySubstituted } from "./closing.js";
import { type Cancellation, cancellationIn, withCancellation } from "./cancellation.js";
import { type PointLabels, SO_AT_POINT } from "./labels.js";
import type { Deltas } from "./layers.js";
import { whyMatrix } from "./matrix-sentences.js";
import type { PointNumbers } from "./numbers.js";
import { entryOfWhole } from "./asked-entry.js";
import { productEntryClaims } from "./product-entry.js";
import { adjointReference, adjointSteps, LONGEST_CLOSED, type Recursion } from "./recursion.js";
import { AT_ONCE } from "./sentences.js";
import { type Claim, scalar, type Side } from "./step.js";
import type { Target } from "./target.js";

/** Gradients of more nodes than this are not written as one matrix expression. */
const HEAVIEST_CLOSED = 120;

export interface MatrixOptions {
  readonly names: MatrixNames;
  /** Told of what no matrix form is found for. */
  readonly notes: Sentence[];
  /** Of the point, where there is one. */
  readonly numbers: PointNumbers | undefined;
}

/** A line with what is claimed of it. */
type MatrixForms = MatrixLine & { readonly claims: readonly Claim[] };

/** Index sums and their matrix forms, from the loss back, then the gradient as one expression. */
export function matrixSteps(
  recursion: Recursion,
  asked: Target,
  { names, notes, numbers }: MatrixOptions,
): Claim[] {
  const { route, deltas, labels } = recursion;
  const { graph } = route.model;
  const target = asked.quantity;
  let ownArrays: Claim[] = [];
  /** The adjoints between two δ, in terms of the next δ. */
  const between = new Map<Quantity, MatrixExpression>();
  const closed = new Map<Quantity, MatrixExpression>();
  /** Why sums are left out of these. */
  const leftOut = new Map<Quantity, readonly Sentence[]>();
  const adjointNames = new Set(route.adjoints.map(({ quantity }) => quantity));
  const steps = route.adjoints.flatMap((adjoint) => {
    const index = adjointSteps(recursion, adjoint);
    const form = matrixStep(route, adjoint, names);
    if (!form) {
      notes.push(noForm(adjoint.of));
      return index;
    }
    const substituted = isClosable(adjointNames, adjoint, closed)
      ? substituteMatrices(form.matrix, closed)
      : undefined;
    const inOthers = substituted && names.apply(substituted);
    const shortened = converted(route, adjoint, names);
    const cancellation = cancellationIn(route, deltas, adjoint);
    const rest =
      cancellation && shortened && leftOver(form, shortened.matrix, cancellation, labels);
    // what is left of a cancellation is not followed by what it was before
    const whole = rest?.matrix ?? closedForm(inOthers?.matrix, shortened?.matrix);
    if (whole && whole.weight <= HEAVIEST_CLOSED) closed.set(adjoint.quantity, whole);
    const above = references([adjoint.body]).flatMap((one) => leftOut.get(one.quantity) ?? []);
    const isShortened = whole !== undefined && whole === shortened?.matrix;
    const ownReasons = isShortened ? shortened.reasons : [...above, ...namesTold(inOthers)];
    leftOut.set(adjoint.quantity, distinct(ownReasons));
    const isOne = adjoint.of.shape.every((size) => size.isOne);
    const last = index.at(-1)!;
    const own = index.filter((one) => one.rule === "name" || one.rule === last.rule);
    const kept = labels.told(own);
    // of one entry, where nothing is summed, the index form is the matrix form
    if (isOne && !hasSum(form.matrix)) {
      const reference = adjointReference(route, adjoint);
      return (cancellation && withCancellation(kept, cancellation, reference)) ?? kept;
    }
    const lines = [...kept, ...form.claims];
    if (isOne) return lines;
    const inNext = deltas.size > 0 ? substituteMatrices(form.matrix, between) : undefined;
    const ofNext: Claim[] = [];
    if (inNext && inNext.weight <= HEAVIEST_CLOSED) {
      if (deltas.has(adjoint.of)) ofNext.push(...recursionLine(form, names.apply(inNext), deltas));
      else between.set(adjoint.quantity, inNext);
    }
    const ofLabels = labelLine(rest ?? form, labels, adjoint, names);
    lines.push(...(rest?.claims ?? []), ...(ofLabels?.claims ?? []));
    const arrays = ofLabels
      ? arrayClaims(graph, ofLabels, numbers).map((one) => ({ ...one, isAtPoint: true }))
      : arrayClaims(graph, rest ?? form, numbers);
    if (adjoint.of !== target) return [...lines, ...arrays, ...ofNext];
    ownArrays = arrays;
    return lines;
  });
  const adjoint = route.adjoint(target);
  const whole = closed.get(adjoint.quantity);
  const own = quantityMatrix(adjoint.quantity);
  const isSaid = steps.some(
    ({ left, right }) =>
      left.kind === "matrix" &&
      left.matrix.key === own.key &&
      right.kind === "matrix" &&
      right.matrix.key === whole?.key,
  );
  const isOne = target.shape.every((size) => size.isOne);
  if (whole && !(isSaid || (isOne && !usesAdjoints(route, steps.at(-1)?.right)))) {
    // after the numbers of the line above, the gradient in symbols is the last line
    steps.push(...ownArrays, {
      continues: false,
      rule: "substitution",
      why: whySubstituted({ reasons: leftOut.get(adjoint.quantity) ?? [] }),
      left: { kind: "matrix", matrix: own },
      right: { kind: "matrix", matrix: withSharedFronts(whole) },
      letters: [],
    });
    const expression = route.closed(target, LONGEST_CLOSED)?.expression;
    const left = expression && labels.withoutSums(expression);
    const form = left && names.form(left, axesOf(target.shape));
    const last = steps.at(-1)!;
    if (form) steps.push(labels.claim({ ...last, right: { kind: "matrix", matrix: form.matrix } }));
  }
  const expression = whole && asked.entry && route.closed(target, LONGEST_CLOSED)?.expression;
  if (expression) {
    const kind = isVector(whole) ? "vector" : "matrix";
    steps.push(...entryOfWhole(recursion, asked, { kind, expression }));
  } else if (!whole || asked.entry) {
    steps.push(...closingSteps(recursion, asked, steps));
  }
  return steps;
}

/** δ of one layer from δ of the next: (W₂ᵀ δ₂) ⊙ σ′(z₁); none where nothing lies between two δ. */
function recursionLine({ left, matrix }: MatrixLine, next: MatrixForm, deltas: Deltas): Claim[] {
  const whole = next.matrix;
  const isOfDelta = postorder([whole], operands).some(
    (node) => node.kind === "quantity" && node.quantity.of && deltas.has(node.quantity.of),
  );
  if (!isOfDelta || whole.key === matrix.key) return [];
  return [
    {
      continues: false,
      rule: "recursion",
      why: joined([
        said`What lies between is put in: δ of one layer from δ of the next.`,
        ...namesTold(next),
      ]),
      left,
      right: { kind: "matrix", matrix: whole },
      letters: [],
    },
  ];
}

/** The sentences about names that were put into a form. */
function namesTold(form: MatrixForm | undefined): Sentence[] {
  return (form?.reasons ?? []).flatMap(({ kind, why }) => (kind === "name" ? why : []));
}

/** What is left of an adjoint where derivatives cancel. */
function leftOver(
  { left, entries }: MatrixLine,
  matrix: MatrixExpression,
  { rest, why }: Cancellation,
  labels: PointLabels,
): MatrixForms {
  const claim: Claim = {
    rule: "cancellation",
    why: joined([said`The derivatives found above are put in.`, why, ...labels.sentences(rest)]),
    left,
    right: { kind: "matrix", matrix },
    letters: [],
  };
  return {
    left,
    matrix,
    ...(entries && { entries: { ...entries, expression: rest } }),
    claims: [claim],
  };
}

/** The same without sums over labels that add up to 1 at the point, where there are some. */
function labelLine(
  { left, entries, claims }: MatrixForms,
  labels: PointLabels,
  { of }: RouteAdjoint,
  names: MatrixNames,
): MatrixForms | undefined {
  const rest = entries && labels.withoutSums(entries.expression);
  const form = rest && names.form(rest, axesOf(of.shape));
  const last = claims.at(-1);
  if (!form || !last) return undefined;
  const { matrix } = form;
  const claim = labels.claim({ ...last, right: { kind: "matrix", matrix } }, SO_AT_POINT);
  return { left, matrix, entries: { ...entries, expression: rest }, claims: [claim] };
}

/**
 * The matrices of an adjoint with all later ones put in: among sums over indices more cancels than
 * among matrices, p(s − t/p) being ps − t.
 */
function converted(
  route: Route,
  { of }: RouteAdjoint,
  names: MatrixNames,
): { readonly matrix: MatrixExpression; readonly reasons: readonly Sentence[] } | undefined {
  const whole = route.closed(of, LONGEST_CLOSED);
  const form = whole && names.form(whole.expression, axesOf(of.shape));
  return (
    form && { matrix: form.matrix, reasons: [...inMatrices(whole.reasons), ...namesTold(form)] }
  );
}

/**
 * The shorter one; what is put in stays as it was found where the whole sum is made of the same quantities:
 * then nothing cancels in it, and it would only be put together in another way.
 */
function closedForm(
  putIn: MatrixExpression | undefined,
  converted: MatrixExpression | undefined,
): MatrixExpression | undefined {
  if (!putIn || !converted) return putIn ?? converted;
  const isShorter = converted.weight < putIn.weight;
  return isShorter && String(quantitiesIn(putIn)) !== String(quantitiesIn(converted))
    ? converted
    : putIn;
}

/**
 * The keys of the quantities of an expression, each as often as it stands there; numbers once, which stand before
 * one sum or before each of its terms.
 */
function quantitiesIn(root: MatrixExpression): readonly string[] {
  const numbers = new Set<string>();
  const all = (node: MatrixExpression): readonly string[] => {
    if (node.kind !== "quantity" && node.kind !== "slice") return operands(node).flatMap(all);
    if (!isScalar(node)) return [node.key];
    numbers.add(node.key);
    return [];
  };
  return [...all(root), ...numbers].toSorted();
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

function noForm(of: Quantity): Sentence {
  return said`No matrix form of the derivative with respect to ${of} was found: it stays a sum over indices.`;
}

/**
 * ∂L/∂v = matrix expression, where there is one. Where indices are summed, the entry of the sum comes
 * first, (∂L/∂h)_i = (Wᵀδ)_i, with the reasons; not of what repeats a row or a column, whose entries do not say
 * how often.
 */
function matrixStep(
  route: Route,
  { of, quantity, body, users }: RouteAdjoint,
  names: MatrixNames,
): MatrixForms | undefined {
  const form = names.form(body, axesOf(of.shape));
  if (!form) return undefined;
  const { matrix } = form;
  const left = { kind: "matrix", matrix: quantityMatrix(quantity) } as const;
  const { letters, indices } = fullAxes(of.shape);
  const why = whyMatrix(route, { of, users }, form);
  const whole: Claim = {
    rule: "matrix form",
    why,
    left,
    right: { kind: "matrix", matrix },
    letters: [],
  };
  const line = { left, matrix, entries: { expression: body, letters } };
  if (isScalar(matrix)) return { ...line, claims: [{ ...whole, continues: true }] };
  if (!hasSum(matrix) || placesEntries(matrix) || isRepeating(matrix))
    return { ...line, claims: [whole] };
  const entry = {
    left: scalar(route.model.graph.reference(quantity, indices)),
    indices,
    letters,
  };
  const all = { ...whole, why: AT_ONCE };
  return { ...line, claims: [...productEntryClaims(matrix, entry, why), all] };
}

/** Whether numbers are put to their places by unit vectors: an entry then shows no more than the whole. */
function placesEntries(root: MatrixExpression): boolean {
  return root.kind === "unit" || root.kind === "selection" || operands(root).some(placesEntries);
}
