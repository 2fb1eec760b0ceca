/** Factors of a quantity in a line that leads to it. */
import type { Expression } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import type { Backward, Edge } from "../../pass/backward.js";

/** A factor over the axes of a quantity, at the indices that an edge reaches. */
export function alongEdge(
  { graph }: Backward,
  edge: Edge,
  body: Expression,
  at: Quantity,
): Expression | undefined {
  const axes = body.free;
  const { indices } = edge.clause;
  const replacements = new Map(
    axes.map((letter) => {
      const axis = Number(letter.name.slice(1));
      return [letter.key, indices[axis]!] as const;
    }),
  );
  return indices.length === at.shape.length ? graph.substitute(body, replacements) : undefined;
}
