/** Whole steps: a local derivative left out, or one too many. */
import { fullAxes } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import { sameShape } from "../../expression/size.js";
import type { Backward, Edge } from "../backward.js";
import { adjointName } from "../words.js";
import { faultAt, type Mutant } from "./mutant.js";

/** A step left out altogether: ∂loss/∂to is taken to be ∂loss/∂from. */
export function* stepsLeftOut(backward: Backward, to: Quantity): Generator<Mutant> {
  const { graph } = backward;
  const froms = new Set(backward.into(to).map(({ from }) => from));
  for (const from of froms) {
    if (!sameShape(from.shape, to.shape) || from === backward.model.loss) continue;
    const removed = new Set(backward.into(to).filter((edge) => edge.from === from));
    const { letters, indices } = fullAxes(to.shape);
    const body = graph.reference(backward.adjointOf(from), indices);
    const factor = `d${from.name}/d${to.name}`;
    yield {
      fault: faultAt(
        to,
        "missing-factor",
        { factor },
        `taken to be ${adjointName(from)}: the factor ${factor} is left out; multiply by it`,
      ),
      cost: 1.7,
      change: () => ({ removed, added: [{ from, to, clause: { letters, indices, body } }] }),
    };
  }
}

/** The whole derivative with a factor too many: the derivative of a function, or a quantity. */
export function* extraFactors(
  backward: Backward,
  at: Quantity,
  factors: readonly { readonly body: Expression; readonly name: string; readonly cost: number }[],
): Generator<Mutant> {
  const { graph } = backward;
  const edges = backward.into(at);
  for (const { body, name, cost } of factors) {
    const added: Edge[] = [];
    for (const edge of edges) {
      const along = alongEdge(backward, edge, body, at);
      if (!along) break;
      added.push({
        ...edge,
        clause: { ...edge.clause, body: graph.multiply(edge.clause.body, along) },
      });
    }
    if (added.length !== edges.length || added.length === 0) continue;
    yield {
      fault: faultAt(
        at,
        "extra-factor",
        { factor: name },
        `the right gradient times ${name}: leave that factor out`,
      ),
      cost,
      change: () => ({ removed: new Set(edges), added }),
    };
  }
}

/** A factor over the axes of a quantity, at the indices that an edge reaches. */
function alongEdge(
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
