/** The index form: the adjoint of every quantity from the loss back, each in terms of later ones. */
import { hasLogistic } from "../calculus/logistic.js";
import { lettersAlong } from "../calculus/partial.js";
import { meetsOwnStep } from "../calculus/products.js";
import { partsOf } from "../calculus/parts.js";
import { sumsTogether } from "../calculus/sums-together.js";
import { solveDeltas } from "../calculus/solved-deltas.js";
import { CONTENT } from "../expression/contents.js";
import { fullAxes } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { references, writtenLength } from "../expression/walk.js";
import { atIndices, type Route, type RouteAdjoint } from "../forms/route.js";
import { LONGEST_PUT_IN } from "../forms/routes.js";
import {
  derivativeAtom,
  distinct,
  enumerated,
  joined,
  said,
  type Sentence,
} from "../language/sentence.js";
import { type Cancellation, cancellationIn, withCancellation } from "./cancellation.js";
import { whyChain } from "./chain-reasons.js";
import { logisticSentence } from "./functions.js";
import { conventionsIn } from "./conventions.js";
import { type PointLabels, SO_AT_POINT } from "./labels.js";
import type { Deltas } from "./layers.js";
import { meanSentences } from "./means.js";
import {
  chain,
  type Claim,
  type Rule,
  scalar,
  type ScalarSide,
  type Side,
  withoutRepeats,
} from "./step.js";
import { OWN_STEP } from "./sentences.js";
import { adjointEntries } from "./written-entries.js";

/** Gradients of more symbols than this are not written as one expression. */
export const LONGEST_CLOSED = 400;

/** What the steps of adjoints are made from. */
export interface Recursion {
  readonly route: Route;
  readonly loss: Quantity;
  /** Adjoints that are called δ. */
  readonly deltas: Deltas;
  readonly labels: PointLabels;
}

/**
 * The steps of every adjoint: the chain rule with symbols, then the local derivatives put in. What
 * is called δ is written in terms of the next δ, without the derivatives between them.
 */
export function recursionSteps(recursion: Recursion): Claim[] {
  const { route, deltas, labels } = recursion;
  const wanted = putInto(route.adjoints, deltas);
  const whole = new Map<Quantity, Whole>();
  return route.adjoints.flatMap((adjoint) => {
    const { of, quantity } = adjoint;
    const isDelta = deltas.has(of);
    const between =
      isDelta || wanted.has(quantity) ? betweenDeltas(route, adjoint, whole) : undefined;
    if (between && !isDelta) whole.set(quantity, between);
    const cancellation = cancellationIn(route, deltas, adjoint);
    const all =
      stepsToRest(recursion, adjoint, cancellation) ??
      adjointSteps(recursion, adjoint, isDelta ? between : undefined);
    const lines = labels.continued(labels.told(all), SO_AT_POINT);
    const isWritten = isDelta && !cancellation && of !== route.wrt;
    return isWritten ? [...lines, ...adjointEntries(route, adjoint, between ?? adjoint)] : lines;
  });
}

/** The steps of an adjoint in which something cancels; undefined where they are written without. */
function stepsToRest(
  recursion: Recursion,
  adjoint: RouteAdjoint,
  cancellation: Cancellation | undefined,
): readonly Claim[] | undefined {
  const reference = adjointReference(recursion.route, adjoint);
  return (
    cancellation && withCancellation(adjointSteps(recursion, adjoint), cancellation, reference)
  );
}

/** The adjoints that some δ is written in terms of, directly or by way of those between. */
function putInto(adjoints: readonly RouteAdjoint[], deltas: Deltas): ReadonlySet<Quantity> {
  const wanted = new Set<Quantity>();
  // each is in terms of those before it
  for (const { of, quantity, body, symbolic } of adjoints.toReversed()) {
    if (!deltas.has(of) && !wanted.has(quantity)) continue;
    for (const inner of references(symbolic ? [symbolic, body] : [body]))
      wanted.add(inner.quantity);
  }
  return wanted;
}

/** ∂L/∂v at the letters of its axes. */
export function adjointReference(route: Route, { of, quantity }: RouteAdjoint): Expression {
  return route.model.graph.reference(quantity, fullAxes(of.shape).indices);
}

/** An adjoint in terms of the next δ: with partial derivatives, and with local derivatives. */
interface Whole extends Pick<RouteAdjoint, "symbolic" | "full" | "body" | "reasons"> {
  /** Why terms of the adjoints that are put in are not there. */
  readonly inherited: readonly Sentence[];
}

/** Puts what is known of the adjoints between two δ into an adjoint. */
function betweenDeltas(
  route: Route,
  { full, symbolic }: RouteAdjoint,
  known: ReadonlyMap<Quantity, Whole>,
): Whole {
  const { graph } = route.model;
  const putIn = (expression: Expression, part: (whole: Whole) => Expression | undefined) => {
    const put = (node: Expression): Expression | undefined => {
      if (node.kind !== "reference") return undefined;
      const inner = known.get(node.quantity);
      const body = inner && part(inner);
      return body && atIndices(graph, node.quantity, body, node.indices);
    };
    const whole = graph.transform(expression, put, CONTENT.adjoint);
    if (writtenLength(whole) > LONGEST_PUT_IN) return expression;
    const result = whole === expression ? expression : route.putTogether(whole);
    return writtenLength(result) > LONGEST_CLOSED ? expression : result;
  };
  const whole = putIn(full, (one) => one.body);
  const { expression, reasons } = route.shortened(whole);
  const used = whole === full ? [] : references([full]).map(({ quantity }) => known.get(quantity));
  return {
    inherited: distinct(used.flatMap((one) => (one ? [...one.inherited, ...one.reasons] : []))),
    symbolic: symbolic && putIn(symbolic, (one) => one.symbolic),
    full: whole,
    body: expression,
    reasons,
  };
}

/**
 * The steps of one adjoint: its name, where it has one; with symbols; with local derivatives.
 * @param whole the same in terms of the next δ
 */
export function adjointSteps(
  { route, loss, deltas }: Recursion,
  adjoint: RouteAdjoint,
  whole?: Whole,
): Claim[] {
  const { of, symbolic, users } = adjoint;
  const { full, body, reasons } = whole ?? adjoint;
  const { letters } = fullAxes(of.shape);
  const reference = adjointReference(route, adjoint);
  const steps: Claim[] = [];
  const push = (rule: Rule, why: Sentence, right: Side): void => {
    steps.push({ rule, why, left: scalar(reference), right, letters });
  };
  if (deltas.has(of)) {
    const name = derivativeAtom(loss, of, `δ${deltas.get(of) ?? ""}`);
    steps.push({
      rule: "name",
      why: said`The derivative of ${loss} by ${of} is called ${name}.`,
      left: scalar(reference),
      right: { kind: "scalar", expression: reference, isUnnamed: true },
      letters,
    });
  }
  if (symbolic) push("chain rule", whyChain(route, adjoint, symbolic), chain(symbolic));
  if (whole?.symbolic) {
    const between = users.filter((user) => user !== loss && !deltas.has(user));
    const isOfNext = references([whole.symbolic]).some(
      ({ quantity }) => quantity.of !== undefined && quantity.of !== of && deltas.has(quantity.of),
    );
    const how = isOfNext ? ": δ of one layer from δ of the next" : "";
    const why = said`The derivatives by ${enumerated(between)} are put in${how}.`;
    push("recursion", why, chain(whole.symbolic));
  }
  const isChain = symbolic !== undefined;
  if (full !== symbolic && full !== whole?.symbolic) {
    const chainOf = whole?.symbolic ?? symbolic;
    const before = chainOf && references([chainOf]).map(({ quantity }) => quantity);
    const why = joined([
      whyLocal(route, adjoint, before),
      ...putInSilently(route, before ?? [], full),
      ...(whole?.inherited ?? []),
      ...conventionsIn(route, of),
    ]);
    const rule: Rule = isChain ? "local derivatives" : "derivative of the loss";
    const opened = symbolic ? undefined : quotientOf(route, adjoint);
    const sloped = full === adjoint.full ? slopedBody(route, adjoint) : undefined;
    const line = { rule, why, left: reference, right: full, letters };
    const claims = claimsByParts(route, line);
    if (opened && claims.length === 1) {
      push(rule, why, scalar(opened));
      steps.push(...claimsByParts(route, { ...line, why: logisticSentence(route.model) }));
    } else if (sloped && claims.length === 1) {
      const right = solveDeltas(route.model.graph, sloped);
      push(rule, why, scalar(right));
      const isOwnStep = meetsOwnStep(route.model.graph, sloped);
      const putIn = isOwnStep ? joined([SLOPES_PUT_IN, OWN_STEP]) : SLOPES_PUT_IN;
      steps.push(...claimsByParts(route, { ...line, why: putIn }));
    } else {
      steps.push(...claims);
    }
  }
  if (reasons.length > 0) {
    const [rule, why] = ["known sum", joined(reasons)] as const;
    steps.push(...claimsByParts(route, { rule, why, left: reference, right: body, letters }));
  }
  return withoutRepeats(withLastExplained(steps, meanSentences(route, users, of, body)));
}

/** Sentences with the first of the claims of the last rule. */
function withLastExplained(steps: readonly Claim[], sentences: readonly Sentence[]): Claim[] {
  const first = steps.findIndex(({ rule }) => rule === steps.at(-1)!.rule);
  return steps.map((one, place) =>
    place === first ? { ...one, why: joined([one.why, ...sentences]) } : one,
  );
}

/** The derivative of a loss before a quotient of exponentials in it is written as a σ. */
function quotientOf(route: Route, { of, users: [loss] }: RouteAdjoint): Expression | undefined {
  const partial = loss && route.partialOf(loss, of);
  if (!partial) return undefined;
  const { graph } = route.model;
  const indices = [...lettersAlong("p", loss.shape).indices, ...fullAxes(of.shape).indices];
  const opened = route.openedAt(partial.quantity, indices);
  return opened && hasLogistic(graph, opened) ? solveDeltas(graph, opened) : undefined;
}

/** An adjoint before the slopes of activations inside of statements are put in. */
function slopedBody(route: Route, { of, symbolic, users }: RouteAdjoint): Expression | undefined {
  if (symbolic) return route.inlinedWithSlopes(symbolic);
  const [loss] = users;
  const partial = loss && route.partialOf(loss, of);
  if (!partial) return undefined;
  const indices = [...lettersAlong("p", loss.shape).indices, ...fullAxes(of.shape).indices];
  return route.inlinedWithSlopes(route.model.graph.reference(partial.quantity, indices));
}

/** A line about entries, as expressions of letters. */
type EntryLine = Pick<Claim, "rule" | "why" | "letters"> & {
  readonly left: Expression;
  readonly right: Expression;
  /** How its right side is written. */
  readonly written?: Pick<ScalarSide, "origins" | "isChain">;
};

/** A line as one claim, or as one for each part of its letters that has a formula of its own. */
export function claimsByParts(
  route: Route,
  { left, right, letters, written = {}, ...line }: EntryLine,
): Claim[] {
  const { graph } = route.model;
  const whole = sumsTogether(graph, solveDeltas(graph, right));
  const found = partsOf(graph, whole, letters);
  // where both indices of a matrix are split, conditions are shorter
  const isAlongOne = found.every(({ places }) => places.size < 2);
  const parts = isAlongOne ? found : [{ places: new Map(), letters, expression: whole }];
  return parts.map((part, position) => ({
    ...line,
    left: scalar(graph.substitute(left, part.places)),
    right: {
      ...scalar(parts.length > 1 ? route.putTogether(part.expression) : part.expression),
      ...written,
    },
    letters: part.letters,
    ...(position > 0 ? { continues: true } : {}),
  }));
}

/** That derivatives are put in which the line before still has, and which have been found. */
function putInSilently(
  route: Route,
  before: readonly Quantity[],
  after: Expression,
): readonly Sentence[] {
  const left = new Set(references([after]).map(({ quantity }) => quantity));
  const known = new Set(route.adjoints.map(({ quantity }) => quantity));
  const gone = before.flatMap((one) =>
    known.has(one) && !left.has(one) && one.of ? [one.of] : [],
  );
  const quantities = [...new Set(gone)];
  if (quantities.length === 0) return [];
  const which =
    quantities.length === 1
      ? said`The derivative by ${enumerated(quantities)} that was found above is`
      : said`The derivatives by ${enumerated(quantities)} that were found above are`;
  return [said`${which} put in too.`];
}

/** @param before what the line before names, whose local derivatives are put in; undefined where there is none */
function whyLocal(
  route: Route,
  { of, users }: RouteAdjoint,
  before: readonly Quantity[] | undefined,
): Sentence {
  const { loss } = route.model;
  if (users.length === 0) return said`${loss} does not depend on ${of}.`;
  if (!before) {
    return said`Only ${loss} itself uses ${of}: its definition is differentiated directly.`;
  }
  /** What is differentiated, by what it is differentiated by. */
  const pairs = new Map<Quantity, Quantity[]>();
  for (const { role, numerator, of: by } of new Set(before)) {
    if (role !== "partial" || !numerator || !by) continue;
    pairs.set(by, [...(pairs.get(by) ?? []), numerator]);
  }
  const which = route.inOrder([...pairs.keys()]).map((by) => {
    // those that are used first come first
    const all = route.inOrder(pairs.get(by)!).toReversed();
    return said`of ${enumerated(all)} by ${by}`;
  });
  return said`The local derivatives ${enumerated(which)} are put in.`;
}

const SLOPES_PUT_IN = said`The slopes of the activations are put in.`;
