/** The forms of single entries: all paths, and the expression written out. */
import { Fraction } from "fraction.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { isZero } from "../expression/predicates.js";
import type { Quantity } from "../expression/quantity.js";

import type { SizeValues } from "../expression/size.js";
import { postorder, writtenLength } from "../expression/walk.js";
import { type Edge, type Entry, entryKey, type PathGraph, writtenOut } from "../forms/paths.js";
import type { Shortened } from "../forms/known-sums.js";
import { namingSentences } from "../forms/naming.js";
import { atIndices, type Route } from "../forms/route.js";
import {
  capitalised,
  derivativeAtom,
  distinct,
  enumerated,
  joined,
  said,
  type Sentence,
} from "../language/sentence.js";
import { goneDivisors, whyCancelled } from "./cancellation.js";
import { actsOnSeveral } from "./chain-reasons.js";
import { conventionsOf } from "./conventions.js";
import type { PointLabels } from "./labels.js";
import { LONGEST_CLOSED } from "./recursion.js";
import { heldFixed } from "./sentences.js";
import { type Claim, type Listed, listedSum, product, type Rule, scalar } from "./step.js";
import { entryIndices } from "./target.js";
import { shownPaths, type ShownPaths } from "./vanishing-paths.js";

/** Paths that are listed; all are counted. */
const LISTED_PATHS = 24;
/** Sums with more terms than this are not written out. */
const WRITTEN_TERMS = 16;

const WRITTEN_AND_CANCELLED = said`Every sum is written term by term, and equal ones above and below a fraction line cancel.`;

export interface PathSteps extends ShownPaths {
  readonly steps: Claim[];
}

/** Sum over all paths with symbols, every local derivative, then the sum with these put in. */
export function pathSteps(
  route: Route,
  paths: PathGraph,
  entry: readonly number[],
  sizes: SizeValues,
  labels: PointLabels,
): PathSteps {
  const { graph, loss } = route.model;
  const quantity = route.wrt;
  const found = shownPaths(route, paths, { quantity, indices: entry }, LISTED_PATHS);
  const { count, listed, vanishing, told } = found;
  const left = scalar(graph.reference(route.adjoint(quantity).quantity, entryIndices(entry)));
  const name = entryOf(quantity, entry);
  const steps: Claim[] = [];
  const isComplete = count - vanishing === BigInt(listed.length);
  if (isComplete) {
    const products = listed.map((path) =>
      product(
        graph,
        path.map((edge) => partialReference(route, edge)),
      ),
    );
    // a single factor is the derivative itself, before it is put in
    if (count > 0n && listed.some((path) => path.length > 1)) {
      steps.push({
        rule: "sum over paths",
        why:
          count === 1n
            ? said`One path leads from ${loss} to ${name}: its derivatives are multiplied.`
            : joined([
                said`${count.toString()} paths lead from ${loss} to ${name}: along each the derivatives are multiplied, and the paths are added.`,
                ...told,
              ]),
        left,
        right: listedSum(graph, products),
        letters: [],
      });
    }
  }
  const isDirect = listed.every((path) => path.length === 1);
  // of many paths the first one shows how; the local derivatives of all are the same few
  const edges = new Map(
    (isComplete ? listed : listed.slice(0, 1)).flat().map((edge) => [edgeKey(edge), edge]),
  );
  const shown = [...edges.values()].filter(({ of }) => !(of.quantity === loss && isDirect));
  const known = (edge: Edge): Shortened => knownDerivative(route, edge);
  steps.push(...localClaims(route, shown));
  if (isComplete) {
    const products = listed.map((path) =>
      product(
        graph,
        path.map((edge) => known(edge).expression),
      ),
    );
    const put: Claim = {
      rule: "local derivatives put in",
      why:
        listed.length === 0
          ? whyZero(paths, { quantity, indices: entry }, loss, name)
          : joined([
              said`Each partial derivative is replaced by the local derivative found above.`,
              ...leftOut([...edges.values()], known),
            ]),
      left,
      right: listedSum(graph, products),
      letters: [],
    };
    steps.push(put, ...cancelledSum(route, put, products));
  } else {
    steps.push(...writtenSteps(route, paths, entry, sizes, labels, { isShort: true }));
  }
  return { steps, ...found };
}

/** The sum over paths where factors of one path cancel, with what is left of these. */
function cancelledSum(route: Route, line: Claim, products: readonly Listed[]): Claim[] {
  const kept = products.filter((one) => !isZero(one.product));
  const found = kept.map((one) => {
    const isShort = one.factors.length > 1 && writtenLength(one.product) <= LONGEST_CLOSED;
    if (!isShort) return { gone: [], named: [], left: one };
    const named: Quantity[] = [];
    const rest = route.putTogether(one.product, (quantity) => named.push(quantity));
    const gone = goneDivisors(one.factors, rest);
    if (gone.length === 0) return { gone, named: [], left: one };
    return {
      gone,
      named: namingSentences(route.model, named, rest),
      left: inOrderOf(route.model.graph, one, rest),
    };
  });
  const gone = found.flatMap((one) => one.gone);
  if (gone.length === 0) return [];
  const why = joined([whyCancelled(gone), ...distinct(found.flatMap((one) => one.named))]);
  const right = listedSum(
    route.model.graph,
    found.map(({ left }) => left),
  );
  return [{ ...line, rule: "cancellation", why, right }];
}

function whyZero(paths: PathGraph, entry: Entry, loss: Quantity, name: Sentence): Sentence {
  return paths.isUsed(entry)
    ? said`Along every path from ${loss} to ${name} a local derivative is 0: the derivative is 0.`
    : said`No path leads from ${loss} to ${name}: the derivative is 0.`;
}

/** What is left of a product, its factors in the places of those that they were part of; new ones come first. */
function inOrderOf(graph: Graph, { factors }: Listed, rest: Expression): Listed {
  if (rest.kind !== "product") return { product: rest, factors: [rest] };
  const places = new Map<Expression, number>();
  for (const [place, factor] of factors.entries()) {
    const own = factor.kind === "product" ? factor.factors.map(({ base }) => base) : [factor];
    for (const base of own) if (!places.has(base)) places.set(base, place);
  }
  const groups = factors.map((_, place) =>
    graph.monomial(
      new Fraction(1),
      rest.factors.filter(({ base }) => (places.get(base) ?? 0) === place),
    ),
  );
  return { product: rest, factors: [graph.number(rest.coefficient), ...groups] };
}

function edgeKey({ of, wrt }: Edge): string {
  return `${entryKey(of)}/${entryKey(wrt)}`;
}

/** One line for each edge; those between the same quantities stand together. */
function localClaims(route: Route, edges: readonly Edge[]): Claim[] {
  const pairs = new Map<string, Edge[]>();
  for (const edge of edges) {
    const key = `${edge.of.quantity.name}/${edge.wrt.quantity.name}`;
    pairs.set(key, [...(pairs.get(key) ?? []), edge]);
  }
  return [...pairs.values()].flatMap((pair) =>
    pair.flatMap((edge, position): Claim[] => {
      const { expression, reasons } = knownDerivative(route, edge);
      const line: Claim = {
        rule: "local derivative",
        why: joined([
          heldFixed(edge.of.quantity, edge.wrt.quantity),
          ...conventionsOf(route, edge.of.quantity, edge.wrt.quantity),
        ]),
        left: scalar(partialReference(route, edge)),
        right: scalar(localDerivative(route, edge)),
        letters: [],
        ...(position > 0 ? { continues: true } : {}),
      };
      if (reasons.length === 0) return [line];
      return [line, { ...line, why: joined(reasons), right: scalar(expression), continues: true }];
    }),
  );
}

export function partialReference(route: Route, { of, wrt }: Edge): Expression {
  const { quantity } = route.partialOf(of.quantity, wrt.quantity)!;
  return route.model.graph.reference(quantity, entryIndices([...of.indices, ...wrt.indices]));
}

/** ∂of/∂wrt as the general local derivative has it. */
function localDerivative(route: Route, edge: Edge): Expression {
  return route.inlined(partialReference(route, edge));
}

/** The same where a known sum makes it 0, with the reason. */
function knownDerivative(route: Route, edge: Edge): Shortened {
  const expression = localDerivative(route, edge);
  const shorter = route.shortened(expression);
  return isZero(shorter.expression) ? shorter : { expression, reasons: [] };
}

/** What is said of the paths that are left out. */
function leftOut(edges: readonly Edge[], known: (edge: Edge) => Shortened): Sentence[] {
  const zeros = edges.flatMap((edge) => {
    const { expression, reasons } = known(edge);
    if (!isZero(expression)) return [];
    const derivative = derivativeAtom(edge.of.quantity, edge.wrt.quantity);
    return [said`Paths through ${derivative}, which is 0, are left out.`, ...reasons];
  });
  return distinct(zeros);
}

/**
 * The entry in terms of named quantities: first with its sums, then with these written out, unless
 * it is to be short.
 */
export function writtenSteps(
  route: Route,
  paths: PathGraph,
  entry: readonly number[],
  sizes: SizeValues,
  labels: PointLabels,
  { isShort = false } = {},
): Claim[] {
  const { graph } = route.model;
  const quantity = route.wrt;
  const adjoint = route.adjoint(quantity);
  const at = entryIndices(entry);
  const left = scalar(graph.reference(adjoint.quantity, at));
  const name = entryOf(quantity, entry);
  const steps: Claim[] = [];
  const direct = atIndices(graph, quantity, adjoint.body, at);
  const push = (rule: Rule, why: Sentence, right: Expression, isAtPoint = false): void => {
    const before = steps.at(-1)?.right;
    if (before?.kind === "scalar" && before.expression === right) return;
    const line = { rule, why, left, right: scalar(right), letters: [] };
    steps.push(isAtPoint ? { ...line, isAtPoint } : line);
  };
  const users = usersOfEntry(route, paths, entry);
  const why = joined([chainSentence(route, users, name), ...adjoint.reasons]);
  push("chain rule", why, direct);
  const closed = route.closed(quantity, LONGEST_CLOSED);
  if (!closed) return steps;
  const pinned = atIndices(graph, quantity, closed.expression, at);
  const putIn = joined([said`The derivatives of later quantities are put in.`, ...closed.reasons]);
  push("substitution", putIn, pinned);
  const atPoint = labels.withoutSums(pinned);
  const shown = atPoint ?? pinned;
  if (atPoint) steps.push(labels.claim({ ...steps.at(-1)!, right: scalar(atPoint) }));
  const limits = { terms: WRITTEN_TERMS, longest: 2 * LONGEST_CLOSED };
  const written = isShort ? undefined : writtenOut(graph, shown, sizes, limits);
  if (written) {
    const isShortened = cancels(graph, shown, written, sizes, limits);
    const [rule, why] = isShortened
      ? (["sums written out and cancelled", WRITTEN_AND_CANCELLED] as const)
      : (["sums written out", said`Every sum is written term by term.`] as const);
    push(rule, why, written, atPoint !== undefined);
  }
  return steps;
}

/** Whether a sum below a fraction line is gone where all sums are written out. */
function cancels(
  graph: Graph,
  before: Expression,
  after: Expression,
  sizes: SizeValues,
  limits: Parameters<typeof writtenOut>[3],
): boolean {
  const divisors = nodesOf(before).flatMap((node) =>
    node.kind === "product"
      ? node.factors.flatMap(({ base, exponent }) =>
          exponent < 0 && base.kind === "reduce" ? base : [],
        )
      : [],
  );
  const left = new Set(nodesOf(after));
  return divisors.some((one) => {
    const written = one.free.length === 0 ? writtenOut(graph, one, sizes, limits) : undefined;
    return written?.kind === "sum" && !left.has(written);
  });
}

function nodesOf(root: Expression): readonly Expression[] {
  return postorder([root], (one: Expression) => one.children);
}

/** The definitions that use an entry: of a quantity that is used by slices not all that use some entry of it. */
function usersOfEntry(
  route: Route,
  paths: PathGraph,
  indices: readonly number[],
): readonly Quantity[] {
  const { users } = route.adjoint(route.wrt);
  if (users.length < 2) return users;
  const edges = paths.edges({ quantity: route.wrt, indices });
  const found = new Set(edges.map(({ of }) => of.quantity));
  return users.filter((user) => found.has(user));
}

/** What an entry acts on, and what its adjoint is. */
function chainSentence(route: Route, users: readonly Quantity[], name: Sentence): Sentence {
  const { loss } = route.model;
  const named = users.filter((user) => user !== loss);
  if (named.length === 0) return said`The definition of ${loss} is differentiated directly.`;
  const derivatives = named.map((user) => derivativeAtom(loss, user));
  const through = said`${capitalised(name)} acts on ${loss} through ${enumerated(named)}`;
  const times =
    derivatives.length > 1 ? "each times its local derivative" : "times the local derivative";
  const [directly, sum] = users.includes(loss)
    ? [" and directly", ", plus the direct part"]
    : ["", derivatives.length > 1 ? ", added" : ""];
  const product = said`${through}${directly}: ${enumerated(derivatives)}${derivatives.length > 1 ? "," : ""} ${times}${sum}.`;
  const several = named.filter((user) => actsOnSeveral(route, route.wrt, user));
  if (several.length === 0) return product;
  return said`${product} It acts on several entries of ${enumerated(several)}, so the products are summed over them.`;
}

/** How sentences name one entry: its indices stand in the equations. */
function entryOf(quantity: Quantity, entry: readonly number[]): Sentence {
  return entry.length === 0 ? said`${quantity}` : said`this entry of ${quantity}`;
}
