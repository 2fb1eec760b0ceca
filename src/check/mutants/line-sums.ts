/** What a line of the backward pass sums over, and the factors that may stand inside of a sum. */
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import type { Letter } from "../../expression/indices.js";
import type { Edge } from "../pass/backward.js";

/** The letters that do not run along the result. */
export function summedLetters({ clause: { letters, indices } }: Edge): Letter[] {
  const kept = new Set(indices.flatMap((index) => index.letters.map(({ key }) => key)));
  return letters.filter(({ key }) => !kept.has(key));
}

/** The factors of a product without its coefficient; anything else is its only factor. */
export function factorsIn(graph: Graph, body: Expression): readonly Expression[] {
  return body.kind === "product"
    ? body.factors.map(({ base, exponent }) => graph.integerPower(base, exponent))
    : [body];
}
