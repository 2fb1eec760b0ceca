/** The sum over all paths in general: for every entry of a quantity, with letters for its indices. */
import { summandsOf } from "../calculus/multiplied-out.js";
import { fullAxes } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder, references, writtenLength } from "../expression/walk.js";
import { atIndices, type Route } from "../forms/route.js";
import type { Shortened } from "../forms/known-sums.js";
import { distinct, joined, said, type Sentence } from "../language/sentence.js";
import { goneDivisors, whyCancelled } from "./cancellation.js";
import { Checker } from "./checker.js";
import type { PassageData } from "./passage.js";
import { adjointReference, claimsByParts, LONGEST_CLOSED } from "./recursion.js";
import { withSignsExplained } from "./signs.js";
import { withClosed } from "./origins.js";
import { chain, chained, type Claim, type Origins, scalar } from "./step.js";
import type { Workbench } from "./workbench.js";

/** Sums over paths of more symbols than this are not written in general. */
const LONGEST = 36;

/** @param asked what the loss is differentiated by */
export function pathSums(workbench: Workbench, asked: readonly Quantity[]): PassageData {
  const { model } = workbench;
  const sites = workbench.sites(false);
  const steps = asked.flatMap((quantity) => {
    const route = workbench.route(quantity);
    const inlined = (one: Expression): Expression => route.inlined(one);
    const checker = new Checker(model.graph, sites, { inlined });
    return sumClaims(route, quantity).flatMap((claim) => checker.check(claim) ?? []);
  });
  return { steps: withSignsExplained(chained(steps), model), numbers: undefined };
}

/** With partial derivatives, then with the local derivatives put in; of a number only where entries are summed. */
function sumClaims(route: Route, quantity: Quantity): Claim[] {
  const { letters } = fullAxes(quantity.shape);
  const symbolic = alongPaths(route, quantity);
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
  if (!closed) return [sum];
  const put = putInAlongPaths(route, symbolic, closed);
  const line = {
    rule: "local derivatives put in",
    why: joined([said`The local derivatives are put in.`, ...put.reasons]),
    left,
    right: put.expression,
    letters,
    written: { isChain: true, origins: put.origins },
  } as const;
  return [sum, ...claimsByParts(route, line)];
}

/**
 * The sum with the local derivatives put in: path by path, where every path stays one term; and why sums and what is
 * divided by are gone.
 */
function putInAlongPaths(
  route: Route,
  symbolic: Expression,
  closed: Shortened,
): Shortened & { readonly origins?: Origins | undefined } {
  const { graph } = route.model;
  const putIn = (one: Expression): Expression =>
    withClosed(route, route.inlined(one), LONGEST_CLOSED);
  const local = references([symbolic]).map(putIn);
  const withReasons = (expression: Expression, reasons: readonly Sentence[]): Shortened => {
    const gone = goneDivisors(local, expression);
    return { expression, reasons: gone.length > 0 ? [...reasons, whyCancelled(gone)] : reasons };
  };
  const known = route.adjoints.flatMap((one) => one.reasons);
  const whole = withReasons(closed.expression, distinct([...known, ...closed.reasons]));
  if (symbolic.kind !== "sum") return whole;
  const found = summandsOf(graph, symbolic).map((term) => ({
    term,
    ...route.shortened(route.putTogether(putIn(term))),
  }));
  const expression = graph.add(...found.map((one) => one.expression));
  const origins = new Map(
    found.map((one) => [graph.splitCoefficient(one.expression)[1], [one.term]] as const),
  );
  const terms = expression.kind === "sum" ? expression.terms : [];
  const isPathByPath =
    terms.length === found.length && terms.every(({ term }) => origins.has(term));
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

/** ∂L/∂v with every later adjoint as the products of partial derivatives that it is the sum of. */
function alongPaths(route: Route, of: Quantity): Expression | undefined {
  const { graph } = route.model;
  const known = new Map<Quantity, Expression>();
  for (const { of: own, quantity, symbolic } of route.adjoints) {
    const whole =
      symbolic &&
      graph.transform(symbolic, (node) => {
        const inner = node.kind === "reference" ? known.get(node.quantity) : undefined;
        return inner && node.kind === "reference"
          ? atIndices(graph, node.quantity, inner, node.indices)
          : undefined;
      });
    if (whole && writtenLength(whole) > LONGEST) return undefined;
    if (own === of) return whole;
    if (whole) known.set(quantity, whole);
  }
  return undefined;
}
