/**
 * Penalties where the loss has none: that of one parameter given to another, as to a bias, or one that
 * is added with every example that has the entry. Penalties in place of their derivatives.
 */
import { fullAxes, fullBody } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { has } from "../../../expression/predicates.js";
import type { Quantity } from "../../../expression/quantity.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName, modelText } from "../../explanations/words.js";
import { listed } from "../../../language/words.js";
import { faultAt, type Mutant, type Probe } from "../mutant.js";
import type { Kind } from "../family.js";

/** λ·θ in ∂loss/∂θ0, where the loss has ½λ·Σθ² and no θ0². */
export const BORROWED_PENALTIES: Kind<Quantity> = {
  least: 1.5,
  make: ({ backward }, quantity) => borrowedPenalties(backward, quantity),
};

function* borrowedPenalties(backward: Backward, to: Quantity): Generator<Mutant> {
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
    const alike = backward.outOf(edge.from).filter((one) => penaltyOf(backward, one, own) === body);
    yield {
      fault: faultAt(to, "extra-term", () => {
        const term = modelText(backward.withNames(body));
        const owners = backward.model.params.flatMap((one) =>
          alike.some((other) => other.to === one) ? [one.name] : [],
        );
        return {
          term,
          what: `the right gradient plus ${term}, the derivative of a penalty that ${edge.from.name} has for ${listed(owners)}: leave it out of ${adjointName(to)}`,
        };
      }),
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
      faults: ({ name, value }) => {
        if (value <= 0) return [];
        const fault = faultAt(to, "extra-term", () => {
          const term = `${name} * ${modelText(own)} for each ${modelText(mask)}`;
          return {
            term,
            what: `the right gradient plus ${term}: the loss has no such penalty, leave it out`,
          };
        });
        return [fault];
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
export function penaltyOf(
  backward: Backward,
  { to, clause }: Edge,
  own: Expression,
): Expression | undefined {
  if (to.role !== "parameter") return undefined;
  const { graph } = backward;
  const entry = graph.reference(to, clause.indices);
  const all = references([clause.body]);
  const isScale = ({ quantity, indices }: (typeof all)[number]): boolean =>
    indices.length === 0 && (quantity.role === "adjoint" || isGiven(backward, quantity));
  if (!all.some((one) => one === entry)) return undefined;
  if (!all.every((one) => one === entry || isScale(one))) return undefined;
  return graph.transform(clause.body, (node) => (node === entry ? own : undefined));
}

/** λ/2·Σw² added to every entry of ∂loss/∂w. */
export const PENALTY_VALUES: Kind<Quantity> = {
  least: 2.1,
  make: ({ backward }, quantity) => penaltyValues(backward, quantity),
};

export function* penaltyValues(backward: Backward, to: Quantity): Generator<Mutant> {
  if (to.role !== "parameter") return;
  const { graph, model } = backward;
  for (const from of new Set(backward.into(to).map((edge) => edge.from))) {
    const own = termsIn(backward, from).filter((term) =>
      references([term]).some(({ quantity }) => quantity === to),
    );
    if (own.length === 0 || !own.every((term) => isPenaltyOf(backward, term, to))) continue;
    const penalty = graph.add(...own);
    const seed = from === model.loss ? graph.one : graph.reference(backward.adjointOf(from), []);
    const removed = new Set(backward.into(to).filter((edge) => edge.from === from));
    const clause = { ...fullAxes(to.shape), body: graph.multiply(seed, penalty) };
    yield {
      fault: faultAt(to, "wrong-function", () => {
        const used = modelText(penalty);
        return {
          used,
          instead: `the derivative of ${used}`,
          what: `computed with the value ${used} where the derivative of it belongs`,
        };
      }),
      cost: 2.1,
      change: () => ({ removed, added: [{ from, to, clause }] }),
    };
  }
}

/**
 * Whether the loss has a penalty of a parameter.
 * @param number the loss, or a term of it that has a name
 */
export function hasPenalty(
  backward: Backward,
  parameter: Quantity,
  number: Quantity = backward.model.loss,
): boolean {
  return termsIn(backward, number).some((term) => {
    const [, named] = backward.graph.splitCoefficient(term);
    return (
      isPenaltyOf(backward, term, parameter) ||
      (named.kind === "reference" && hasPenalty(backward, parameter, named.quantity))
    );
  });
}

/** Whether a term is of a parameter and of no other quantities than numbers that are given, such as λ. */
export function isPenaltyOf(backward: Backward, term: Expression, parameter: Quantity): boolean {
  const all = references([term]).map(({ quantity }) => quantity);
  return (
    all.includes(parameter) &&
    all.every((one) => one === parameter || (isGiven(backward, one) && one.shape.length === 0))
  );
}

/** Whether a penalty may be computed with it: what is compared with a target is an error, and no penalty. */
function isGiven(backward: Backward, quantity: Quantity): boolean {
  return quantity.role !== "target" && backward.isData(quantity);
}

/** The terms of a quantity that is a number; none of others, and of what is given. */
export function termsIn({ graph, definitions }: Backward, number: Quantity): Expression[] {
  const definition = definitions.find(({ quantity }) => quantity === number);
  const body = definition && number.shape.length === 0 && fullBody([], definition.clauses);
  return body ? termsOf(graph, body) : [];
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
