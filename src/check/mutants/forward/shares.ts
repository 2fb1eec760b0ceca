/** A share and its complement changed over: z .* h + (1 - z) .* g for (1 - z) .* h + z .* g, as GRUs have either. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Quantity } from "../../../expression/quantity.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { complementOf } from "../lines/complements.js";
import type { Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import { inPasses } from "./in-passes.js";

const COST = 2;

export const SWAPPED_SHARES: Kind<Definition> = {
  least: COST,
  make: ({ backward }, definition) => swappedShares(backward, definition),
};

function* swappedShares(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph } = backward;
  for (const quantity of sharesIn(graph, definition)) {
    const other = rewritten(graph, definition, (node) =>
      node.kind === "reference" && node.quantity === quantity
        ? graph.subtract(graph.one, node)
        : undefined,
    );
    yield* inPasses(backward, definition, other, {
      cause: "wrong-variable",
      tell: () => {
        const [used, instead] = [`1 - ${quantity.name}`, quantity.name];
        return {
          used,
          instead,
          what: `${used} in place of ${instead}, and ${instead} in place of ${used}: the two are changed over`,
        };
      },
      cost: COST,
    });
  }
}

/** What is computed and stands beside its complement: u with 1 − u, or q + u·(p − q). */
function sharesIn(graph: Graph, { clauses }: Definition): Set<Quantity> {
  const nodes = postorder(
    clauses.map(({ body }) => body),
    (one: Expression) => one.children,
  );
  const shares = nodes.flatMap((node) => complementOf(graph, node) ?? blendedBy(node));
  const references = shares.flatMap((one) => (one.kind === "reference" ? [one] : []));
  const computed = references.filter(({ quantity }) => quantity.role === "definition");
  return new Set(computed.map(({ quantity }) => quantity));
}

/** The u of q + u·(p − q). */
function blendedBy(node: Expression): Expression[] {
  if (node.kind !== "sum") return [];
  const rests = new Map(node.terms.map(({ coefficient, term }) => [term, coefficient]));
  const hasBlend = (difference: Expression): boolean =>
    difference.kind === "sum" &&
    difference.terms.some(({ coefficient, term }) => rests.get(term)?.equals(coefficient.neg()));
  return node.terms.flatMap(({ term }) => {
    if (term.kind !== "product" || term.factors.length !== 2) return [];
    const [a, b] = [term.factors[0]!.base, term.factors[1]!.base];
    return [...(hasBlend(b) ? [a] : []), ...(hasBlend(a) ? [b] : [])];
  });
}
