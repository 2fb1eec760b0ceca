/** Entries that labels select, as in hinges: overwritten where something is added to them, or left out of a count. */
import type { Expression, ReferenceNode } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { lineText } from "../lines/line-text.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

/** dS[y] = -count for dS[y] -= count, where c = Σ S·Y goes into all margins; and a count without the label's own. */
export const SELECTED_ENTRIES: Kind<Quantity> = {
  least: 1.9,
  make: ({ backward }, quantity) => selectedEntries(backward, quantity),
};

function* selectedEntries(backward: Backward, to: Quantity): Generator<Mutant> {
  const into = backward.into(to);
  for (const edge of into) {
    const selector = selectorOf(backward, edge);
    if (!selector) continue;
    yield* overwritten(backward, to, edge, selector.quantity);
    for (const counted of backward.into(edge.from)) {
      yield* withoutSelected(backward, counted, selector.quantity);
    }
  }
}

/** The labels that a line is multiplied by: Y[i,j] of dc[i]·Y[i,j], which goes into S[i,j]. */
function selectorOf(backward: Backward, { from, to, clause }: Edge): ReferenceNode | undefined {
  if (from.shape.length >= to.shape.length || clause.body.kind !== "product") return undefined;
  const plain = clause.body.factors.flatMap(({ base, exponent }) =>
    exponent === 1 && base.kind === "reference" ? [base] : [],
  );
  return plain.find(
    ({ quantity, indices }) =>
      isGiven(backward, quantity) &&
      sameShape(quantity.shape, to.shape) &&
      indices.every(({ key }, axis) => key === clause.indices[axis]!.key),
  );
}

function isGiven({ model }: Backward, quantity: Quantity): boolean {
  return model.inputs.includes(quantity) || model.targets.includes(quantity);
}

/** What else is added to the entries is lost where the labels are 1. */
function* overwritten(
  backward: Backward,
  to: Quantity,
  selecting: Edge,
  labels: Quantity,
): Generator<Mutant> {
  const { graph } = backward;
  const others = backward.into(to).filter((one) => one !== selecting);
  const kept = others.map((one): Edge => {
    const rest = graph.subtract(graph.one, graph.reference(labels, one.clause.indices));
    return { ...one, clause: { ...one.clause, body: graph.multiply(rest, one.clause.body) } };
  });
  if (others.length === 0) return;
  yield {
    fault: faultAt(to, "missing-term", () => {
      const [own, ...rest] = [selecting, ...others].map((one) => lineText(backward, one));
      const term = rest.join(" + ");
      const { name } = labels;
      return {
        term,
        what: `overwritten where ${name} is 1: there it holds ${own!} alone; add that to what the entry has, ${term}`,
      };
    }),
    cost: 1.9,
    change: () => ({ removed: new Set(others), added: kept }),
  };
}

/** A sum over the entries that the labels do not select. */
function* withoutSelected(backward: Backward, edge: Edge, labels: Quantity): Generator<Mutant> {
  const { graph } = backward;
  const { body } = edge.clause;
  const entry = references([body]).find(({ quantity }) => sameShape(quantity.shape, labels.shape));
  const isThere = references([body]).some(({ quantity }) => quantity === labels);
  if (!entry || isThere) return;
  const selected: Expression = graph.reference(labels, entry.indices);
  yield {
    fault: faultAt(edge.to, "missing-term", () => {
      const { name } = labels;
      return {
        term: `the entries where ${name} is 1`,
        what: `summed without the entries where ${name} is 1: the sum is over all of them, ${lineText(backward, edge)}`,
      };
    }),
    cost: 2,
    change: () => instead(edge, graph.multiply(graph.subtract(graph.one, selected), body)),
  };
}
