/** One derivative in one form: the steps, each checked, and the numbers at a point. */
import type { Expression } from "../expression/expression.js";
import { entryCount, type SizeValues } from "../expression/size.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder } from "../expression/walk.js";
import type { Route } from "../forms/route.js";
import type { Model } from "../language/model.js";
import { nest, readPoint } from "../language/point.js";
import { said, type Sentence } from "../language/sentence.js";
import { InputError } from "../language/source.js";
import type { Nested } from "../numeric/evaluator.js";
import type { Known } from "../numeric/known.js";
import { domainFault } from "../numeric/random.js";
import { Checker } from "./checker.js";
import { withClosing } from "./closing.js";
import { pathSteps, writtenSteps } from "./entries.js";
import { PointLabels } from "./labels.js";
import { jacobianSteps } from "./jacobians.js";
import { type AdjointNames, type Deltas, deltasOf } from "./layers.js";
import { matrixSteps } from "./matrices.js";
import { PointNumbers } from "./numbers.js";
import type { GivenEnvironment } from "./points.js";
import { RouteOrigins, withOrigins } from "./origins.js";
import { partClaims } from "./parts.js";
import { LONGEST_CLOSED, type Recursion, recursionSteps } from "./recursion.js";
import { PUT_IN, sizesTaken } from "./sentences.js";
import { withSignsExplained } from "./signs.js";
import { chained, type Claim, type Step } from "./step.js";
import { entryIndices, entryName, parseTarget, type Target } from "./target.js";
import { type DerivedEntries, valuesOf } from "./valuation.js";
import type { ShownPaths } from "./vanishing-paths.js";
import type { Workbench } from "./workbench.js";
import { writtenSizes } from "./written-sizes.js";

export const FORMS = ["paths", "scalar", "index", "matrix", "jacobian"] as const;
export type Form = (typeof FORMS)[number];

/** The forms of single entries: their sums are written out, so that all sizes are numbers. */
const WRITTEN_OUT: ReadonlySet<Form> = new Set(["paths", "scalar"]);

/** The forms that step from layer to layer. */
const WITH_DELTAS: ReadonlySet<Form> = new Set(["index", "matrix"]);

/** The forms whose lines are about whole matrices. */
const OF_MATRICES: ReadonlySet<Form> = new Set(["matrix", "jacobian"]);

export interface DerivationRequest {
  /** A quantity, `W1`, or an entry counted from 1, `W1[2,1]`. */
  readonly wrt: string;
  readonly form: Form;
  /** Whether adjoints are called δ, which is so where it is left out. */
  readonly adjoints?: AdjointNames | undefined;
}

/**
 * @throws InputError where something of a request is missing or no form is of that name, in programs
 * whose types nobody checks
 */
export function requireRequest(value: unknown): asserts value is DerivationRequest {
  const { wrt, form } = (value ?? {}) as { readonly wrt?: unknown; readonly form?: unknown };
  if (typeof wrt !== "string") {
    throw new InputError("nothing is named that the loss is differentiated by", {
      hint: 'write derive(model, { wrt: "W1", form: "index" })',
    });
  }
  if (FORMS.some((one) => one === form)) return;
  const fault = typeof form === "string" ? `there is no form ${form}` : "no form is named";
  throw new InputError(fault, { hint: `forms are ${FORMS.join(", ")}` });
}

/** The paths to one entry. */
export interface EntryPaths extends ShownPaths {
  readonly entry: readonly number[];
}

export interface DerivationData {
  readonly model: Model;
  readonly form: Form;
  readonly target: Target;
  readonly route: Route;
  readonly steps: readonly Step[];
  /** Where the steps begin with what a document has elsewhere: a sentence that says where. */
  readonly opening?: Sentence;
  /** For the form of paths. */
  readonly paths: readonly EntryPaths[];
  /** What was left out. */
  readonly notes: readonly Sentence[];
  /** Quantities whose adjoints are called δ, with the numbers of their layers. */
  readonly deltas: ReadonlyMap<Quantity, string | undefined>;
  /** The point's numbers, where one is known. */
  readonly numbers: PointNumbers | undefined;
  /** The derivative at the point: a number for an entry, else in the shape of the quantity. */
  readonly value: Nested | undefined;
}

/** Entries of one quantity that the forms of single entries are written for. */
export const MOST_ENTRIES = 12;

/**
 * Derives ∂loss/∂wrt.
 * @param together what else a document differentiates by: δ has one meaning in all of it
 * @throws InputError for names and indices that the model does not have and points that do not fit;
 * DerivationError when a step does not hold.
 */
export function deriveSteps(
  workbench: Workbench,
  { wrt, form, adjoints }: DerivationRequest,
  together: readonly Quantity[] = [],
): DerivationData {
  const { model, at } = workbench;
  const target = parseTarget(model, wrt);
  const route = workbench.route(target.quantity);
  const isWrittenOut = WRITTEN_OUT.has(form);
  const sites = workbench.sites(isWrittenOut);
  const { sizes, given: atPoint } = workbench;
  const notes: Sentence[] = [];
  const paths: EntryPaths[] = [];
  const inlined = (one: Expression): Expression => route.inlined(one);
  const numbers = atPoint && new PointNumbers(model.graph, atPoint.printed, inlined);
  const isAlone = together.every((one) => one === target.quantity);
  const deltas: Deltas = WITH_DELTAS.has(form)
    ? deltasOf(model, isAlone ? target.quantity : undefined, adjoints)
    : new Map();
  const context: FormContext = {
    workbench,
    recursion: { route, loss: model.loss, deltas, labels: new PointLabels(model, atPoint) },
    numbers,
    model,
    route,
    target,
    sizes,
    notes,
    paths,
  };
  const origins = new RouteOrigins(route, LONGEST_CLOSED);
  const own = withOrigins(STEPS[form](context), origins);
  const claims = [...partClaims(model, own, OF_MATRICES.has(form)), ...own];
  const { derived } = context;
  const { definitions } = model;
  const checker = new Checker(model.graph, sites, { inlined, derived, definitions });
  const steps = checked(checker, claims);
  if (isWrittenOut && at === undefined && sizes.size > 0) {
    const edges = paths.flatMap(({ listed }) => listed.flat());
    const taken = writtenSizes({ sizes, target, steps, edges });
    if (taken.length > 0) {
      notes.unshift(said`Written out for ${sizesTaken(taken)}; a point fixes other sizes.`);
    }
  }
  if (atPoint)
    steps.push(...checked(checker, numberSteps(route, target, claims, atPoint, isWrittenOut)));
  const value = atPoint && valueAt(route, target, atPoint);
  if (value !== undefined && ![value].flat(2).every(Number.isFinite)) {
    throw new InputError(
      `the derivative of ${model.loss.name} by ${wrt} is not finite at the point`,
      { hint: domainFault(model, readPoint(model, at)) },
    );
  }
  return {
    model,
    form,
    target,
    route,
    steps: withSignsExplained(chained(steps), model),
    paths,
    notes,
    deltas,
    numbers,
    value,
  };
}

function checked(checker: Checker, claims: readonly Claim[]): Step[] {
  return claims.flatMap((claim) => checker.check(claim) ?? []);
}

interface FormContext {
  readonly workbench: Workbench;
  readonly recursion: Recursion;
  /** Of the point, where there is one. */
  readonly numbers: PointNumbers | undefined;
  readonly model: Model;
  readonly route: Route;
  readonly target: Target;
  readonly sizes: SizeValues;
  readonly notes: Sentence[];
  readonly paths: EntryPaths[];
  /** Entries of quantities that only this form uses. */
  derived?: DerivedEntries;
}

const STEPS: Readonly<Record<Form, (context: FormContext) => Claim[]>> = {
  paths: (context) =>
    entriesOf(context).flatMap((entry) => {
      const { steps, ...shown } = pathSteps(
        context.route,
        context.workbench.paths,
        entry,
        context.sizes,
        context.recursion.labels,
      );
      context.paths.push({ entry, ...shown });
      return steps;
    }),
  scalar: (context) =>
    entriesOf(context).flatMap((entry) =>
      writtenSteps(
        context.route,
        context.workbench.paths,
        entry,
        context.sizes,
        context.recursion.labels,
      ),
    ),
  index: ({ recursion, target }) => withClosing(recursion, target, recursionSteps(recursion)),
  matrix: ({ workbench: { matrixNames: names }, recursion, target, notes, numbers }) =>
    matrixSteps(recursion, target, { names, notes, numbers }),
  jacobian: (context) => {
    const { recursion, target, notes } = context;
    const { steps, entriesOf } = jacobianSteps(recursion, target, notes);
    context.derived = entriesOf;
    return steps;
  },
};

/**
 * The names to derive one by one for a form: the entries of a quantity in the forms of single
 * entries, else the quantity itself.
 */
export function entriesToDerive(
  workbench: Workbench,
  { wrt, form }: DerivationRequest,
): { names: readonly string[]; note: Sentence | undefined } {
  const target = parseTarget(workbench.model, wrt);
  const isOne = target.entry !== undefined || target.quantity.shape.length === 0;
  if (isOne || !WRITTEN_OUT.has(form)) return { names: [wrt], note: undefined };
  const { sizes } = workbench;
  const notes: Sentence[] = [];
  const entries = entriesOf({ target, sizes, notes });
  return { names: entries.map((entry) => entryName(target.quantity, entry)), note: notes[0] };
}

/** The entry that was asked for, or the first entries of the quantity. */
function entriesOf({
  target,
  sizes,
  notes,
}: Pick<FormContext, "target" | "sizes" | "notes">): (readonly number[])[] {
  const { quantity, entry } = target;
  if (entry) return [inRange(target, sizes)];
  const lengths = quantity.shape.map((size) => size.evaluate(sizes));
  const total = entryCount(quantity.shape).evaluate(sizes);
  const entries = Array.from({ length: Math.min(total, MOST_ENTRIES) }, (_, position) => {
    let rest = position;
    return lengths
      .toReversed()
      .map((length) => {
        const index = rest % length;
        rest = Math.floor(rest / length);
        return index;
      })
      .reverse();
  });
  if (total > entries.length) {
    notes.push(
      said`${entries.length} of ${total} entries of ${quantity} are written, … ${total - entries.length} more.`,
    );
  }
  return entries;
}

function inRange({ quantity, entry }: Target, sizes: SizeValues): readonly number[] {
  for (const [axis, size] of quantity.shape.entries()) {
    const length = size.evaluate(sizes);
    if (entry![axis]! >= length) {
      throw new InputError(
        `${entryName(quantity, entry!)}: index ${entry![axis]! + 1} is not within 1…${length}`,
      );
    }
  }
  return entry!;
}

/**
 * The last expression of an entry with the point's numbers, and the result.
 * @param isWrittenOut whether sums that are left count as numbers
 */
function numberSteps(
  route: Route,
  target: Target,
  claims: readonly Claim[],
  at: GivenEnvironment,
  isWrittenOut: boolean,
): Claim[] {
  const last = claims.findLast(
    ({ letters, right }) => letters.length === 0 && right.kind === "scalar",
  );
  const isEntry = target.entry !== undefined || target.quantity.shape.length === 0;
  if (!isEntry || last?.right.kind !== "scalar") return [];
  const { left } = last;
  const value = entryAt(route, target, at);
  const result: Claim = {
    rule: "result",
    why: said`The value of the derivative at the point.`,
    left,
    right: { kind: "value", value },
    letters: [],
    isAtPoint: true,
  };
  const { expression, terms, origins } = last.right;
  if (expression.kind === "number") return [];
  // where sums stand for whole axes, the numbers would be theirs; a single one is the value
  const hasNumbers = expression.height === 0 || (isWrittenOut && !sumsExponentials(expression));
  const isOne = expression.kind === "reference" || expression.kind === "reduce";
  if (!hasNumbers || isOne) return [result];
  const numbers: Claim = {
    rule: "numbers",
    why: PUT_IN,
    left,
    right: { kind: "numbers", expression, terms, origins },
    letters: [],
    isAtPoint: true,
  };
  return [numbers, result];
}

/** Whether a sum of exponentials is written as such, over its index. */
function sumsExponentials(expression: Expression): boolean {
  return postorder([expression], (one: Expression) => one.children).some(
    (node) => node.kind === "reduce" && node.reduction === "logsumexp",
  );
}

/** The derivative by one entry, or by a scalar. */
function entryAt(route: Route, { quantity, entry = [] }: Target, at: GivenEnvironment): Known {
  const { graph } = route.model;
  const adjoint = route.adjoint(quantity).quantity;
  return valuesOf(graph, at.printed, graph.reference(adjoint, entryIndices(entry)))[0]!;
}

function valueAt(route: Route, target: Target, at: GivenEnvironment): Nested {
  const { quantity, entry } = target;
  if (entry) return entryAt(route, target, at).value;
  const values = at.printed.entries.get(route.adjoint(quantity).quantity)!;
  return nest(
    quantity.shape,
    at.sizes,
    values.map(({ value }) => value),
  );
}
