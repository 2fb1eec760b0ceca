/** Terms that are the same but for the names and the order of their sums: Σ_j d_j Σ_k a_jk b_k and Σ_j b_j Σ_k d_k a_kj. */
import type { Expression, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, letter, type Letter } from "../expression/indices.js";
import { ONE } from "../expression/rational.js";
import { flatten } from "./term.js";

/** Longer sums are left as they are: every term is compared with every other one. */
const MOST_TERMS = 8;
/** Sums over one letter are one object already; of more than these the names are not exchanged. */
const LETTERS = { fewest: 2, most: 3 };

/** The sum with terms that are equal as one; undefined where all are different. */
export function withEqualSums(graph: Graph, { constant, terms }: SumNode): Expression | undefined {
  if (terms.length > MOST_TERMS) return undefined;
  const kept: { coefficient: SumNode["constant"]; term: Expression; looks: Set<Expression> }[] = [];
  for (const { coefficient, term } of terms) {
    const looks = looksOf(graph, term);
    const same = kept.find((one) => looks.some((look) => one.looks.has(look)));
    if (same) same.coefficient = same.coefficient.add(coefficient);
    else kept.push({ coefficient, term, looks: new Set(looks) });
  }
  if (kept.length === terms.length) return undefined;
  return graph.combine([{ coefficient: constant, term: graph.one }, ...kept]);
}

/** A term without its sums, under every order of its summed letters; none where it has too few or too many. */
function looksOf(graph: Graph, term: Expression): Expression[] {
  let count = 0;
  const { factors, summed } = flatten(graph, term, (size) => letter(`s${count++}`, size));
  if (summed.length < LETTERS.fewest || summed.length > LETTERS.most) return [];
  const product = graph.monomial(ONE, factors);
  return ordersOf(summed).map((order) =>
    graph.substitute(
      product,
      new Map(order.map((one, place) => [one.key, Index.of(letter(`t${place}`, one.size))])),
    ),
  );
}

function ordersOf(letters: readonly Letter[]): readonly (readonly Letter[])[] {
  if (letters.length < 2) return [letters];
  return letters.flatMap((first) =>
    ordersOf(letters.filter((one) => one !== first)).map((rest) => [first, ...rest]),
  );
}
