/** What a line of the backward pass sums over, and the factors that may stand inside of a sum. */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Letter } from "../../../expression/indices.js";
import { references } from "../../../expression/walk.js";
import type { Edge } from "../../pass/backward.js";

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

/**
 * The factors of a product that may be left out: what depends on a quantity and is no adjoint. What is left
 * runs along the letters that are summed over; along the result's axes it may be the same everywhere.
 */
export function losable(graph: Graph, { clause: { body, indices } }: Edge): Expression[] {
  if (body.kind !== "product") return [];
  const kept = new Set(indices.flatMap(({ plain }) => plain?.key ?? []));
  return body.factors.flatMap(({ base, exponent }) => {
    const isAdjoint = base.kind === "reference" && base.quantity.of !== undefined;
    if (isAdjoint || references([base]).length === 0) return [];
    const factor = graph.integerPower(base, exponent);
    const left = new Set(graph.divide(body, factor).free.map(({ key }) => key));
    return factor.free.every(({ key }) => left.has(key) || kept.has(key)) ? [factor] : [];
  });
}
