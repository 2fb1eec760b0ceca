/** A share and what is left of it taken for one another: z for 1 − z, as at the gates of a GRU. */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

export const COMPLEMENT_MUTANTS: Kind<Edge> = {
  least: 1.95,
  make: ({ backward }, edge) => complementMutants(backward, edge),
};

function* complementMutants(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.withNames(edge.clause.body);
  for (const { base, exponent } of body.kind === "product" ? body.factors : []) {
    const other =
      complementOf(graph, base) ?? (isShared(backward, base) ? rest(graph, base) : base);
    if (other === base || exponent !== 1) continue;
    // of a quantity, z for 1 - z, it is the quantity that is wrong
    const isFunction = [other, base].some(({ kind }) => kind === "apply");
    yield {
      fault: faultAt(edge.to, isFunction ? "wrong-function" : "wrong-variable", () => {
        const [used, right] = [modelText(other), modelText(base)];
        return {
          used,
          instead: right,
          what: `computed with ${used} where ${right} belongs: the two add up to 1`,
        };
      }),
      cost: 1.95,
      change: () => instead(edge, graph.multiply(graph.divide(body, base), other)),
    };
  }
}

/** u for 1 − u, u being a quantity or a function. */
export function complementOf(graph: Graph, node: Expression): Expression | undefined {
  if (node.kind !== "sum" || !node.constant.equals(1)) return undefined;
  const [only, ...others] = node.terms;
  const isPlain = only?.term.kind === "reference" || only?.term.kind === "apply";
  return isPlain && others.length === 0 && only.coefficient.equals(-1) ? only.term : undefined;
}

/** Whether a quantity is one of two shares: some definition has 1 − u, too. */
function isShared({ graph, definitions }: Backward, node: Expression): boolean {
  if (node.kind !== "reference" || node.quantity.role !== "definition") return false;
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return postorder(bodies, (one: Expression) => one.children).some((one) => {
    const term = complementOf(graph, one);
    return term?.kind === "reference" && term.quantity === node.quantity;
  });
}

function rest(graph: Graph, node: Expression): Expression {
  return graph.subtract(graph.one, node);
}
