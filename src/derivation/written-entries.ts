/** The lines of an adjoint entry by entry, with every sum over an index written term by term. */
import { summandsOf } from "../calculus/multiplied-out.js";
import { CONTENT, holds } from "../expression/contents.js";
import { fullAxes } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { everyPlace, Index } from "../expression/indices.js";
import { isZero } from "../expression/predicates.js";
import { postorder } from "../expression/walk.js";
import { writtenOut } from "../forms/paths.js";
import type { Route, RouteAdjoint } from "../forms/route.js";
import { said } from "../language/sentence.js";
import {
  type Claim,
  listedSum,
  product,
  scalar,
  type ScalarSide,
  type Side,
  withoutRepeats,
} from "./step.js";

/** Adjoints of more entries than this are not written entry by entry. */
const MOST_ENTRIES = 6;
/** Sums of more terms, or of more symbols in all, are not written out. */
const WRITTEN = { terms: 6, longest: 60 };

const ENTRY_BY_ENTRY = said`Entry by entry.`;

/** An adjoint at the letters of its axes: with partial derivatives, and with these put in. */
export type AdjointLine = Pick<RouteAdjoint, "symbolic" | "body">;

/**
 * Every entry of an adjoint in terms of later ones: with partial derivatives, then with the local
 * derivatives put in, term by term, then put together; none where there are many, or where an entry is another one.
 */
export function adjointEntries(
  route: Route,
  { of, quantity }: RouteAdjoint,
  { symbolic, body }: AdjointLine,
): Claim[] {
  const { graph } = route.model;
  const { letters, indices } = fullAxes(of.shape);
  const count = letters.reduce((total, { size }) => total * (size.constant ?? Infinity), 1);
  const isPlain = body.kind === "reference" || !holds(body, CONTENT.reference);
  if (letters.length === 0 || count > MOST_ENTRIES || !symbolic || isPlain) return [];
  if (![symbolic, body].every(isOfKnownLength)) return [];
  const claims = everyPlace(letters).flatMap((place) => {
    const at = (one: Expression): Expression => graph.substitute(one, place);
    const chain = termsOf(graph, at(symbolic));
    const local = writtenOut(graph, at(body), new Map(), WRITTEN);
    if (!chain || !local) return [];
    // no path leads through entries by which the local derivative is 0
    const paths = chain.filter((term) => !isZero(route.inlined(term)));
    const put = localSum(route, paths);
    const isPutTogether = paths.length > 1 && put.expression !== local;
    const left = scalar(
      graph.reference(
        quantity,
        indices.map((one) => one.substitute(place)),
      ),
    );
    const last = isPutTogether
      ? [put, scalar(local)]
      : [put.expression === local ? put : scalar(local)];
    return withoutRepeats(
      [sumOf(graph, paths), ...last].map((right) => ({
        rule: "entry by entry",
        why: ENTRY_BY_ENTRY,
        left,
        right,
        letters: [],
      })),
    );
  });
  return claims.map((one, position) => (position > 0 ? { ...one, continues: true } : one));
}

/** A sum of products of derivatives with the local derivatives put in, term by term: they keep their places. */
function localSum(route: Route, paths: readonly Expression[]): ScalarSide {
  const { graph } = route.model;
  const put = paths.map((term) => ({ term, local: route.inlined(term) }));
  const expression = graph.add(...put.map(({ local }) => local));
  const origins = new Map(
    put.map(({ term, local }) => [graph.splitCoefficient(local)[1], [term]] as const),
  );
  const terms = expression.kind === "sum" ? expression.terms : [];
  const isTermByTerm = terms.length === put.length && terms.every(({ term }) => origins.get(term));
  return isTermByTerm
    ? { kind: "scalar", expression, origins }
    : listedSum(
        graph,
        put.map(({ local }) => product(graph, [local])),
      );
}

/** Whether every sum runs along an axis whose size is a number. */
function isOfKnownLength(root: Expression): boolean {
  if (!holds(root, CONTENT.reduce)) return true;
  return postorder([root], (one: Expression) => one.children).every(
    (node) => node.kind !== "reduce" || node.letter.size.constant !== undefined,
  );
}

/** One summand for each path; in the order of all sums where these are what is added. */
function sumOf(graph: Graph, terms: readonly Expression[]): Side {
  const expression = graph.add(...terms);
  const added = expression.kind === "sum" ? summandsOf(graph, expression) : [expression];
  const areAlike = added.length < terms.length;
  return areAlike
    ? listedSum(
        graph,
        terms.map((one) => product(graph, [one])),
      )
    : scalar(expression);
}

/**
 * The terms of a sum of products in which sums over an index may be factors, each product whole;
 * undefined where there are many.
 */
function termsOf(graph: Graph, root: Expression): readonly Expression[] | undefined {
  const parts = root.kind === "sum" ? summandsOf(graph, root) : [root];
  const terms: Expression[] = [];
  for (const part of parts) {
    const factors = part.kind === "product" ? part.factors : [{ base: part, exponent: 1 }];
    // a sum that is divided by is no sum of paths
    const sum = factors.find(
      ({ base, exponent }) => base.kind === "reduce" && exponent === 1,
    )?.base;
    if (sum?.kind !== "reduce") {
      terms.push(part);
      continue;
    }
    const length = sum.letter.size.constant!;
    const isSum = sum.reduction === "sum" && length <= WRITTEN.terms;
    if (!isSum) return undefined;
    const rest = graph.divide(part, sum);
    for (let value = 0; value < length; value++) {
      const at = new Map([[sum.letter.key, Index.number(value)]]);
      const inner = termsOf(graph, graph.multiply(rest, graph.substitute(sum.body, at)));
      if (!inner || terms.length + inner.length > WRITTEN.terms) return undefined;
      terms.push(...inner);
    }
  }
  return terms;
}
