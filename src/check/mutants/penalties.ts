/**
 * Penalties where the loss has none: that of one parameter given to another, as to a bias, or one that
 * is added with every example that has the entry.
 */
import { fullAxes } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import { has } from "../../expression/predicates.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Backward, Edge } from "../pass/backward.js";
import { adjointName, modelText } from "../explanations/words.js";
import { faultAt, type Mutant, type Probe } from "./mutant.js";

/** λ·θ in ∂loss/∂θ0, where the loss has ½λ·Σθ² and no θ0². */
export function* borrowedPenalties(backward: Backward, to: Quantity): Generator<Mutant> {
  if (to.role !== "parameter") return;
  const { graph } = backward;
  const { letters, indices } = fullAxes(to.shape);
  const own = graph.reference(to, indices);
  const known = new Set(backward.into(to).flatMap((edge) => penaltyOf(backward, edge, own) ?? []));
  for (const edge of backward.edges) {
    if (edge.to === to) continue;
    const body = penaltyOf(backward, edge, own);
    if (!body || known.has(body)) continue;
    known.add(body);
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

/** λ·n·θ, n being how many examples have the row: a step for each rating decays its user each time. */
export function* countedPenalties({ graph }: Backward, edge: Edge): Generator<Probe> {
  const { to, clause } = edge;
  if (to.role !== "parameter") return;
  const kept = new Set(clause.indices.flatMap(({ plain }) => plain?.key ?? []));
  const own = graph.reference(to, clause.indices);
  const isKept = ({ key }: { readonly key: string }): boolean => kept.has(key);
  for (const mask of references([clause.body])) {
    const { quantity, free } = mask;
    const isGiven = quantity.role === "input" || quantity.role === "target";
    // one axis is the parameter's, the others are summed
    if (!isGiven || !free.some(isKept) || free.every(isKept)) continue;
    const letters = clause.letters.filter((one) => isKept(one) || has(mask, one));
    const counted = graph.multiply(mask, own);
    yield {
      fault: ({ name, value }) => {
        if (value <= 0) return undefined;
        const term = `${name} * ${modelText(own)} for each ${modelText(mask)}`;
        return faultAt(
          to,
          "extra-term",
          { term },
          `the right gradient plus ${term}: the loss has no such penalty, leave it out`,
        );
      },
      cost: 2.2,
      change: () => ({
        removed: new Set(),
        added: [{ ...edge, clause: { ...clause, letters, body: counted } }],
      }),
      present: 0,
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
