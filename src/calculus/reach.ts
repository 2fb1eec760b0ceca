/** How many entries of u one entry of v acts on, as ∂u/∂v tells whatever the numbers are. */
import { solvedFor } from "../expression/contract.js";
import { CONTENT, holds } from "../expression/contents.js";
import type { DeltaNode, Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { everyPlace, type Letter, type Replacements } from "../expression/indices.js";
import { isZero } from "../expression/predicates.js";
import { references } from "../expression/walk.js";

/** What holds of every entry of v; undefined where entries differ, or it is not known. */
export type Reach = "one" | "at most one" | "several" | undefined;

/** With more entries than this in ∂u/∂v they are not looked at one by one. */
const MOST_ENTRIES = 400;

/**
 * @param expression ∂u/∂v
 * @param outer the letters along the axes of u
 * @param inner and along those of v
 */
export function reachOf(
  graph: Graph,
  expression: Expression,
  outer: readonly Letter[],
  inner: readonly Letter[],
): Reach {
  if (termsOf(expression).some((term) => leavesFree(term, outer, inner))) return "several";
  const count = [...outer, ...inner].reduce(
    (total, { size }) => total * (size.constant ?? Infinity),
    1,
  );
  if (count > MOST_ENTRIES) return undefined;
  const rows = everyPlace(outer);
  const deltas = deltasOfProduct(expression);
  const counts = everyPlace(inner).map((place) => {
    if (deltas) return rows.filter((row) => deltas.every((one) => isMet(one, place, row))).length;
    const column = graph.substitute(expression, place);
    return rows.filter((row) => !isZero(graph.substitute(column, row))).length;
  });
  if (counts.every((one) => one > 1)) return "several";
  if (counts.some((one) => one > 1)) return undefined;
  return counts.includes(0) ? "at most one" : "one";
}

function termsOf(node: Expression): readonly Expression[] {
  return node.kind === "sum" ? node.terms.map(({ term }) => term) : [node];
}

/**
 * The deltas of a product that is 0 where one of them is and nowhere else: its other factors are entries of
 * quantities, or functions of one, such as a[i] and 1 − a[i]. Undefined for any other expression.
 */
function deltasOfProduct(expression: Expression): readonly DeltaNode[] | undefined {
  const factors =
    expression.kind === "product" ? expression.factors.map(({ base }) => base) : [expression];
  const isPlain = factors.every((one) => one.kind === "delta" || isOfOneEntry(one));
  return isPlain ? factors.filter((one) => one.kind === "delta") : undefined;
}

/** Whether an expression is made of one entry, which no place of its letters can make another: it is 0 at none. */
function isOfOneEntry(node: Expression): boolean {
  if (node.kind === "reference") return true;
  if (holds(node, CONTENT.delta | CONTENT.reduce | CONTENT.comparison)) return false;
  return references([node]).length === 1;
}

/** Whether a delta is 1 at values of all letters. */
function isMet({ indices }: DeltaNode, ...places: readonly Replacements[]): boolean {
  const [a, b] = indices.map((index) => places.reduce((at, place) => at.substitute(place), index));
  return a!.equals(b!);
}

/** Whether a term stands at every entry of v, and along some axis of u at all of its places. */
function leavesFree(term: Expression, outer: readonly Letter[], inner: readonly Letter[]): boolean {
  const factors = term.kind === "product" ? term.factors.map(({ base }) => base) : [term];
  if (factors.some((one) => one.kind === "reduce" || isZero(one))) return false;
  const deltas = factors.filter((one) => one.kind === "delta");
  const tied = new Set<Letter>();
  for (const delta of deltas) {
    const own = outer.find((one) => {
      const index = tied.has(one) ? undefined : solvedFor(delta, one);
      const [letter, ...others] = index?.letters ?? [];
      const isPlain = letter !== undefined && index?.plain === letter && others.length === 0;
      return isPlain && inner.includes(letter) && letter.size.equals(one.size);
    });
    if (!own) return false;
    tied.add(own);
  }
  return outer.some((one) => !tied.has(one));
}
