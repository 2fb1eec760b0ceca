/** The value of a penalty in place of its derivative: λ/2·Σw² added to every entry of ∂loss/∂w. */
import { fullAxes, fullBody } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Backward } from "../pass/backward.js";
import { modelText } from "../explanations/words.js";
import { faultAt, type Mutant } from "./mutant.js";

export function* penaltyValues(backward: Backward, to: Quantity): Generator<Mutant> {
  if (to.role !== "parameter") return;
  const { graph, model } = backward;
  for (const from of new Set(backward.into(to).map((edge) => edge.from))) {
    const definition = backward.definitions.find(({ quantity }) => quantity === from);
    const body = definition && from.shape.length === 0 && fullBody([], definition.clauses);
    const penalty = body && penaltyIn(backward, body, to);
    if (!penalty) continue;
    const used = modelText(penalty);
    const seed = from === model.loss ? graph.one : graph.reference(backward.adjointOf(from), []);
    const removed = new Set(backward.into(to).filter((edge) => edge.from === from));
    const clause = { ...fullAxes(to.shape), body: graph.multiply(seed, penalty) };
    yield {
      fault: faultAt(
        to,
        "wrong-function",
        { used, instead: `the derivative of ${used}` },
        `computed with the value ${used} where the derivative of it belongs`,
      ),
      cost: 2.1,
      change: () => ({ removed, added: [{ from, to, clause }] }),
    };
  }
}

/** The terms of a parameter alone; undefined where others, or data, are in them. */
function penaltyIn(
  backward: Backward,
  body: Expression,
  parameter: Quantity,
): Expression | undefined {
  const own = termsOf(backward.graph, body).filter((term) =>
    references([term]).some(({ quantity }) => quantity === parameter),
  );
  const isAlone = references(own).every(
    ({ quantity, indices }) => quantity === parameter || indices.length === 0,
  );
  return isAlone && own.length > 0 ? backward.graph.add(...own) : undefined;
}

/** The terms of a sum, and of a sum in brackets: λ/2·(Σ W1² + Σ W2²) has two. */
function termsOf(graph: Graph, body: Expression): Expression[] {
  if (body.kind === "sum") {
    return body.terms.flatMap(({ coefficient, term }) =>
      termsOf(graph, term).map((one) => graph.scale(coefficient, one)),
    );
  }
  const inner =
    body.kind === "product"
      ? body.factors.find(({ base, exponent }) => base.kind === "sum" && exponent === 1)
      : undefined;
  if (!inner) return [body];
  const outer = graph.divide(body, inner.base);
  return termsOf(graph, inner.base).map((one) => graph.multiply(outer, one));
}
