/** The sum over all paths in general: for every entry of a quantity, with letters for its indices. */
import { summandsOf } from "../calculus/multiplied-out.js";
import { CONTENT } from "../expression/contents.js";
import { fullAxes } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder, references, writtenLength } from "../expression/walk.js";
import { atIndices, type Route } from "../forms/route.js";
import type { Shortened } from "../forms/known-sums.js";
import { namingSentences } from "../forms/naming.js";
import {
  derivativeAtom,
  distinct,
  enumerated,
  joined,
  said,
  type Sentence,
} from "../language/sentence.js";
import { goneDivisors, whyCancelled } from "./cancellation.js";
import { Checker } from "./checker.js";
import { PointLabels, SO_AT_POINT } from "./labels.js";
import type { PassageData } from "./passage.js";
import { adjointReference, claimsByParts, LONGEST_CLOSED } from "./recursion.js";
import { withSignsExplained } from "./signs.js";
import { RouteOrigins, withClosed, withOrigins } from "./origins.js";
import { chain, chained, type Claim, type Origins, scalar } from "./step.js";
import type { Workbench } from "./workbench.js";

/** Sums over paths of more symbols than this are not written in general. */
const LONGEST = 36;
/** Nor with some of their local derivatives, before what cancels in the others. */
const LONGEST_LOCAL = 60;

/** @param asked what the loss is differentiated by */
export function pathSums(workbench: Workbench, asked: readonly Quantity[]): PassageData {
  const { model } = workbench;
  const sites = workbench.sites(false);
  const labels = new PointLabels(model, workbench.given);
  const steps = asked.flatMap((quantity) => {
    const route = workbench.route(quantity);
    const inlined = (one: Expression): Expression => route.inlined(one);
    const checker = new Checker(model.graph, sites, { inlined });
    const claims = labels.continued(labels.told(sumClaims(route, quantity)), SO_AT_POINT);
    return claims.flatMap((claim) => checker.check(claim) ?? []);
  });
  return { steps: withSignsExplained(chained(steps), model), numbers: undefined };
}

/** With partial derivatives, then with the local derivatives put in; of a number only where entries are summed. */
function sumClaims(route: Route, quantity: Quantity): Claim[] {
  const { letters } = fullAxes(quantity.shape);
  const origins = new RouteOrigins(route, LONGEST_CLOSED);
  const paths = alongPaths(route, quantity, origins);
  const symbolic = paths?.whole;
  if (!symbolic || (letters.length === 0 && !sumsOverEntries(symbolic))) return [];
  const left = adjointReference(route, route.adjoint(quantity));
  const { loss } = route.model;
  const closed = route.closed(quantity, LONGEST_CLOSED);
  const sum: Claim = {
    rule: "sum over paths",
    why: pathSentence(loss, quantity, symbolic, closed?.expression),
    left: scalar(left),
    right: chain(symbolic),
    letters,
  };
  if (!closed) return withOrigins([sum], origins);
  const put = putInAlongPaths(route, paths, closed, origins.about(quantity));
  const line = {
    rule: "local derivatives put in",
    why: joined([PUT_IN, ...put.reasons]),
    left,
    right: put.expression,
    letters,
    written: { isChain: true, origins: put.origins },
  } as const;
  const before = beforeCancelling(route, symbolic, put.expression);
  if (!before) return withOrigins([sum, ...claimsByParts(route, line)], origins);
  const others = enumerated(
    before.left.map(({ numerator, of }) => derivativeAtom(numerator!, of!)),
  );
  const local = said`The local derivatives are put in, ${others} after the others.`;
  const all = [
    sum,
    ...claimsByParts(route, {
      ...line,
      why: local,
      right: before.expression,
      written: { isChain: true },
    }),
    ...claimsByParts(route, { ...line, rule: "cancellation", why: joined(put.reasons) }),
  ];
  return withOrigins(all, origins);
}

const PUT_IN = said`The local derivatives are put in.`;

/** A chain with the local derivatives in their places. */
function putIn(route: Route, one: Expression): Expression {
  return withClosed(route, route.inlined(one), LONGEST_CLOSED);
}

/** A chain with its local derivatives, but for those that something cancels in, which are left as symbols. */
interface BeforeCancelling {
  readonly expression: Expression;
  readonly left: readonly Quantity[];
}

/** Undefined where nothing cancels, and where it is long. */
function beforeCancelling(
  route: Route,
  symbolic: Expression,
  after: Expression,
): BeforeCancelling | undefined {
  const { graph } = route.model;
  const symbols = references([symbolic]);
  const cancelling = symbols.filter((one) => goneDivisors([putIn(route, one)], after).length > 0);
  const left = new Set(cancelling.map(({ quantity }) => quantity));
  if (left.size === 0 || symbols.every(({ quantity }) => left.has(quantity))) return undefined;
  const put = (node: Expression): Expression | undefined =>
    node.kind === "reference" && !left.has(node.quantity) ? putIn(route, node) : undefined;
  const whole = graph.transform(symbolic, put, CONTENT.partial | CONTENT.adjoint);
  const expression = route.putTogether(whole);
  return writtenLength(expression) <= LONGEST_LOCAL ? { expression, left: [...left] } : undefined;
}

/**
 * The sum with the local derivatives put in: way by way, where every way stays one term; and why sums and what is
 * divided by are gone.
 */
function putInAlongPaths(
  route: Route,
  { whole: symbolic, ways }: SumOfPaths,
  closed: Shortened,
  before: Origins,
): Shortened & { readonly origins?: Origins | undefined } {
  const { graph } = route.model;
  const local = references([symbolic]).map((one) => putIn(route, one));
  const withReasons = (expression: Expression, reasons: readonly Sentence[]): Shortened => {
    const gone = goneDivisors(local, expression);
    return { expression, reasons: gone.length > 0 ? [...reasons, whyCancelled(gone)] : reasons };
  };
  const known = route.adjoints.flatMap((one) => one.reasons);
  const whole = withReasons(closed.expression, distinct([...known, ...closed.reasons]));
  if (ways.length < 2) return whole;
  const found = ways.map(({ term, along }) => {
    const named: Quantity[] = [];
    const put = route.putTogether(putIn(route, term), (one) => named.push(one));
    const { expression, reasons } = route.shortened(put);
    const names = namingSentences(route.model, named, expression);
    return { term: along, expression, reasons: [...reasons, ...names] };
  });
  const expression = graph.add(...found.map((one) => one.expression));
  const origins = new Map(
    found.map(({ expression: local, term }) => {
      const own = graph.splitCoefficient(term)[1];
      return [graph.splitCoefficient(local)[1], [...(before.get(own) ?? []), own]] as const;
    }),
  );
  const terms = expression.kind === "sum" ? expression.terms : [];
  const isPathByPath =
    terms.length === found.length && terms.every(({ term }) => origins.get(term));
  if (!isPathByPath) return whole;
  const reasons = distinct([...known, ...found.flatMap((one) => one.reasons)]);
  return { ...withReasons(expression, reasons), origins };
}

/** How many paths there are, as the sum of them is written. */
function pathSentence(
  loss: Quantity,
  of: Quantity,
  symbolic: Expression,
  closed: Expression | undefined,
): Sentence {
  const isSummed = sumsOverEntries(symbolic);
  if (isSummed || nodesIn(symbolic).some(({ kind }) => kind === "sum")) {
    const end = of.shape.length === 0 ? said`${of}` : said`an entry of ${of}`;
    const added = said`Along every path from ${loss} to ${end} the derivatives are multiplied, and the paths are added`;
    return isSummed
      ? said`${added}: the sums run over the entries that they lead through.`
      : said`${added}.`;
  }
  // behind a condition on the indices there are entries that the loss does not depend on
  const isOfAll = closed && nodesIn(closed).every(({ kind }) => kind !== "delta");
  return isOfAll
    ? said`One path leads from ${loss} to every entry of ${of}: its derivatives are multiplied.`
    : said`At most one path leads from ${loss} to an entry of ${of}: its derivatives are multiplied.`;
}

/** Whether paths through all entries of a quantity are added. */
function sumsOverEntries(symbolic: Expression): boolean {
  return nodesIn(symbolic).some(
    (node) =>
      node.kind === "reduce" &&
      references([node.body]).some(({ quantity }) => quantity.role === "partial"),
  );
}

function nodesIn(root: Expression): readonly Expression[] {
  return [...postorder([root], (one: Expression) => one.children)];
}

interface SumOfPaths {
  readonly whole: Expression;
  /** The terms of the chain rule that it is made of: with later adjoints as symbols, and as what these are along paths. */
  readonly ways: readonly { readonly term: Expression; readonly along: Expression }[];
}

/**
 * ∂L/∂v with every later adjoint as the products of partial derivatives that it is the sum of.
 * @param origins learn what the terms of the sums come from
 */
function alongPaths(route: Route, of: Quantity, origins: RouteOrigins): SumOfPaths | undefined {
  const { graph } = route.model;
  const known = new Map<Quantity, Expression>();
  const along = (expression: Expression): Expression =>
    graph.transform(expression, (node) => {
      const inner = node.kind === "reference" ? known.get(node.quantity) : undefined;
      return inner && node.kind === "reference"
        ? atIndices(graph, node.quantity, inner, node.indices)
        : undefined;
    });
  for (const { of: own, quantity, symbolic } of route.adjoints) {
    const whole = symbolic && along(symbolic);
    if (symbolic && whole && whole !== symbolic) origins.follow(own, symbolic, whole, along);
    if (whole && writtenLength(whole) > LONGEST) return undefined;
    if (own !== of) {
      if (whole) known.set(quantity, whole);
      continue;
    }
    const terms = symbolic?.kind === "sum" ? summandsOf(graph, symbolic) : [];
    return whole && { whole, ways: terms.map((term) => ({ term, along: along(term) })) };
  }
  return undefined;
}
