/** Terms: products of factors under nested Σ's, written flat. */
import { Fraction } from "fraction.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import { times } from "../expression/rational.js";
import type { Size } from "../expression/size.js";

/** coefficient · Σ_summed Π base^exponent; every summed letter has a name of its own. */
export interface FlatTerm {
  readonly coefficient: Fraction;
  readonly factors: readonly { readonly base: Expression; readonly exponent: number }[];
  readonly summed: readonly Letter[];
}

/** The expression as one term; what is no product and no Σ is one factor. */
export function flatten(graph: Graph, root: Expression, fresh: (size: Size) => Letter): FlatTerm {
  let coefficient = new Fraction(1);
  const factors: { base: Expression; exponent: number }[] = [];
  const summed: Letter[] = [];
  const stack: Expression[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.kind === "number") {
      coefficient = times(coefficient, node.value);
    } else if (node.kind === "product") {
      coefficient = times(coefficient, node.coefficient);
      for (const { base, exponent } of node.factors.toReversed()) {
        if (exponent === 1) stack.push(base);
        else factors.push({ base, exponent });
      }
    } else if (node.kind === "reduce" && node.reduction === "sum") {
      const running = fresh(node.letter.size);
      summed.push(running);
      stack.push(graph.substitute(node.body, new Map([[node.letter.key, Index.of(running)]])));
    } else {
      factors.push({ base: node, exponent: 1 });
    }
  }
  return { coefficient, factors, summed };
}

/** The terms after multiplying out one sum among the factors; undefined where there is none. */
export function distribute(
  graph: Graph,
  { coefficient, factors, summed }: FlatTerm,
): Expression[] | undefined {
  const position = factors.findIndex(({ base, exponent }) => base.kind === "sum" && exponent === 1);
  const chosen = factors[position]?.base;
  if (chosen?.kind !== "sum") return undefined;
  const others = factors
    .toSpliced(position, 1)
    .map(({ base, exponent }) => graph.integerPower(base, exponent));
  const summands = chosen.terms.map((one) => graph.scale(one.coefficient, one.term));
  if (chosen.constant.n !== 0n) summands.push(graph.number(chosen.constant));
  return summands.map((summand) =>
    graph.sumOver(summed, graph.multiply(graph.number(coefficient), summand, ...others)),
  );
}
