/** The penalty of one parameter given to another: a bias that is regularised like the weights. */
import { fullAxes } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Backward, Edge } from "../backward.js";
import { adjointName, modelText } from "../words.js";
import { faultAt, type Mutant } from "./mutant.js";

/** λ·θ in ∂loss/∂θ0, where the loss has ½λ·Σθ² and no θ0². */
export function* borrowedPenalties(backward: Backward, to: Quantity): Generator<Mutant> {
  if (to.role !== "parameter") return;
  const { graph } = backward;
  const { letters, indices } = fullAxes(to.shape);
  const own = graph.reference(to, indices);
  const has = new Set(backward.into(to).flatMap((edge) => penaltyOf(backward, edge, own) ?? []));
  for (const edge of backward.edges) {
    if (edge.to === to) continue;
    const body = penaltyOf(backward, edge, own);
    if (!body || has.has(body)) continue;
    has.add(body);
    const term = modelText(backward.withNames(body));
    yield {
      fault: faultAt(
        to,
        "extra-term",
        { term },
        `the right gradient plus ${term}, the derivative of a penalty that ${edge.from.name} has for ${edge.to.name} only: leave it out of ${adjointName(to)}`,
      ),
      cost: 1.5,
      change: () => ({
        removed: new Set(),
        added: [{ from: edge.from, to, clause: { letters, indices, body } }],
      }),
    };
  }
}

/**
 * What a parameter's penalty adds to its derivative, with `own` in the parameter's place: a function of
 * the entry alone, times numbers that are given. Undefined where the contribution is of another kind.
 */
function penaltyOf(
  backward: Backward,
  { to, clause }: Edge,
  own: Expression,
): Expression | undefined {
  if (to.role !== "parameter") return undefined;
  const { graph } = backward;
  const entry = graph.reference(to, clause.indices);
  const all = references([clause.body]);
  const isScale = ({ quantity, indices }: (typeof all)[number]): boolean =>
    indices.length === 0 && (quantity.role === "input" || quantity.role === "adjoint");
  if (!all.some((one) => one === entry)) return undefined;
  if (!all.every((one) => one === entry || isScale(one))) return undefined;
  return graph.transform(clause.body, (node) => (node === entry ? own : undefined));
}
