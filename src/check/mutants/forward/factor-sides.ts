/** An elementwise factor on the other side of a matrix product: r .* (U*h) for U*(r .* h), as in GRUs. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression, ProductNode, ReferenceNode } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index, type Letter } from "../../../expression/indices.js";
import { has } from "../../../expression/predicates.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { inPlaceOf } from "../forward-fault.js";
import type { Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import { inPasses } from "./in-passes.js";
import type { Kind } from "../family.js";

export const OTHER_SIDES: Kind<Definition> = {
  least: 2.1,
  make: ({ backward }, definition) => otherSides(backward, definition),
};

function* otherSides(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph } = backward;
  const bodies = definition.clauses.map(({ body }) => body);
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    for (const result of [...outwards(graph, node), ...inwards(graph, node)]) {
      const other = rewritten(graph, definition, (one) => (one === node ? result : undefined));
      yield* inPasses(backward, definition, other, {
        cause: "wrong-variable",
        tell: () => {
          const told = inPlaceOf(modelText(result), modelText(node));
          return {
            ...told,
            what: `${told.what}: the factor stands on the other side of the product`,
          };
        },
        cost: 2.1,
      });
    }
  }
}

/** r[i]·Σ_j U[i,j]·h[j] for Σ_j U[i,j]·r[j]·h[j]. */
function outwards(graph: Graph, node: Expression): Expression[] {
  if (node.kind !== "reduce" || node.reduction !== "sum" || node.body.kind !== "product") return [];
  const { letter, body } = node;
  const vectors = vectorsAlong(body, letter);
  if (vectors.length < 2) return [];
  return vectors.filter(isComputed).flatMap((factor) =>
    node.free
      .filter((kept) => kept.size.equals(letter.size))
      .map((kept) => {
        const outside = graph.reference(factor.quantity, [Index.of(kept)]);
        return graph.multiply(outside, graph.reduce("sum", letter, graph.divide(body, factor)));
      }),
  );
}

/** Σ_j U[i,j]·r[j]·h[j] for r[i]·Σ_j U[i,j]·h[j]. */
function inwards(graph: Graph, node: Expression): Expression[] {
  if (node.kind !== "product") return [];
  return node.factors.flatMap(({ base: sum, exponent }) => {
    if (sum.kind !== "reduce" || sum.reduction !== "sum" || exponent !== 1) return [];
    const { letter, body } = sum;
    return sum.free
      .filter((kept) => kept.size.equals(letter.size))
      .flatMap((kept) =>
        vectorsAlong(node, kept)
          .filter(isComputed)
          .map((factor) => {
            const inside = graph.reference(factor.quantity, [Index.of(letter)]);
            const whole = graph.reduce("sum", letter, graph.multiply(body, inside));
            return graph.multiply(graph.divide(graph.divide(node, factor), sum), whole);
          }),
      );
  });
}

/** Gates are computed; what they multiply may be given. */
function isComputed({ quantity }: ReferenceNode): boolean {
  return quantity.role === "definition";
}

/** The factors of a product that are vectors along a letter. */
function vectorsAlong({ factors }: ProductNode, letter: Letter): ReferenceNode[] {
  return factors.flatMap(({ base, exponent }) =>
    exponent === 1 && base.kind === "reference" && base.indices.length === 1 && has(base, letter)
      ? [base]
      : [],
  );
}
