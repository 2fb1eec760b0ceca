/** Letters of ∂u/∂v that deltas tie to each other: no sum over them is written. */
import { type LocalRule, partials } from "../calculus/occurrences.js";
import { localPartial } from "../calculus/partial.js";
import type { Definition } from "../expression/definition.js";
import { isWithin, solvedFor } from "../expression/contract.js";
import type { Expression } from "../expression/expression.js";
import type { Index, Letter } from "../expression/indices.js";
import type { Graph } from "../expression/graph.js";
import { isZero } from "../expression/predicates.js";
import type { Quantity } from "../expression/quantity.js";

/** Outer letters p that in every term are one inner letter q, or a place behind it: δ_pq. */
export function pinnedLetters(
  expression: Expression,
  outer: readonly Letter[],
  inner: readonly Letter[],
): Map<string, Index> {
  const terms = expression.kind === "sum" ? expression.terms.map(({ term }) => term) : [expression];
  const hasConstant = expression.kind === "sum" && expression.constant.n !== 0n;
  const pinned = new Map<string, Index>();
  if (hasConstant || isZero(expression)) return pinned;
  for (const p of outer) {
    const left = inner.filter(
      (q) => ![...pinned.values()].some(({ letters }) => letters.includes(q)),
    );
    const pins = terms.map((term) => pinsOf(term, p, left));
    const common = pins[0]!.find((pin) => pins.every((all) => all.some((one) => one.equals(pin))));
    if (common) pinned.set(p.key, common);
  }
  return pinned;
}

/** What the deltas of a term say that a letter is, where that is one of some letters, at any place. */
function pinsOf(term: Expression, p: Letter, inner: readonly Letter[]): Index[] {
  const factors = term.kind === "product" ? term.factors.map(({ base }) => base) : [term];
  return factors.flatMap((factor) => {
    if (factor.kind !== "delta") return [];
    const pin = solvedFor(factor, p);
    const [q, ...others] = pin?.letters ?? [];
    return pin && q && others.length === 0 && inner.includes(q) && isWithin(pin, p.size) ? pin : [];
  });
}

/** Every function as if its slope were 1: what is left is where a quantity stands. */
const placesAlone: LocalRule = (graph, node) =>
  node.kind === "apply" ? node.children.map((one) => [one, graph.one]) : partials(graph, node);

/** A derivative; of one that is 0 everywhere, such as that of a comparison, where u has v, which ties their letters too. */
export function withTies(
  graph: Graph,
  user: Definition,
  of: Quantity,
  derivative: Expression,
): Expression {
  return isZero(derivative) ? localPartial(graph, user, of, placesAlone).expression : derivative;
}
