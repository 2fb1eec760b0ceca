/**
 * Sums along the way back taken for something simpler: a sum of adjoints for the ±1 that it usually is,
 * a count for whether there is any, a sum with weights for a mean with them.
 */
import { fullAxes } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index, letter, type Letter } from "../../../expression/indices.js";
import type { Quantity } from "../../../expression/quantity.js";
import { maximum } from "../../../expression/operations/piecewise.js";
import { has } from "../../../expression/predicates.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName, modelText } from "../../explanations/words.js";
import { alongEdge } from "./along.js";
import { lineText } from "./line-text.js";
import { factorsIn, summedLetters } from "./line-sums.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import { isPiecewiseConstant } from "../piecewise.js";
import type { Kind } from "../family.js";

/** One sum of a line: the factors that run along with it. */
interface Sum {
  readonly over: Letter;
  readonly inside: readonly Expression[];
}

export const REDUCTION_MUTANTS: Kind<Edge> = {
  least: 1.85,
  make: ({ backward }, edge) => reductionMutants(backward, edge),
};

function* reductionMutants(backward: Backward, edge: Edge): Generator<Mutant> {
  const body = backward.withNames(edge.clause.body);
  for (const sum of sumsIn(backward.graph, edge, body)) {
    yield* unitSum(backward, edge, body, sum);
    for (const factor of sum.inside) {
      yield* anyForCount(backward, edge, body, sum, factor);
      yield* weightedMean(backward, edge, body, sum, factor);
    }
  }
}

function sumsIn(graph: Graph, edge: Edge, body: Expression): Sum[] {
  const factors = factorsIn(graph, body);
  return summedLetters(edge).map((over) => ({
    over,
    inside: factors.filter((factor) => has(factor, over)),
  }));
}

/** p·Σ dy as p, −p or ±p/N: log-softmax's derivative for labels whose adjoints sum to −1, or to −1/N. */
function* unitSum(
  { graph }: Backward,
  edge: Edge,
  body: Expression,
  { over, inside }: Sum,
): Generator<Mutant> {
  const [adjoint] = inside;
  if (inside.length !== 1 || adjoint?.kind !== "reference" || !adjoint.quantity.of) return;
  const rest = graph.divide(body, adjoint);
  if (references([rest]).length === 0) return;
  const letters = edge.clause.letters.filter((one) => one !== over);
  const counts = letters.filter(({ size }) => size.constant === undefined);
  const shares = counts.map(({ size }) => graph.integerPower(graph.size(size), -1));
  const units = [graph.one, ...shares].flatMap((one) => [one, graph.negate(one)]);
  for (const unit of units) {
    yield {
      fault: faultAt(edge.to, "missing-factor", () => {
        const axis = adjoint.indices.findIndex(({ plain }) => plain?.key === over.key) + 1;
        const factor = `sum(${modelText(adjoint)}, ${axis})`;
        const used = modelText(unit).replace("1 ./ ", "1/");
        return {
          factor,
          what: `computed with ${used} for ${factor} in ${modelText(rest)}: multiply by that sum`,
        };
      }),
      cost: 1.9,
      isOfData: true,
      change: () => instead(edge, graph.multiply(rest, unit), { letters }),
    };
  }
}

/** −1 for minus the number of violated margins: what a mask selects counts once, or once where there is any. */
function* anyForCount(
  backward: Backward,
  edge: Edge,
  body: Expression,
  sum: Sum,
  mask: Expression,
): Generator<Mutant> {
  const { graph } = backward;
  const { over, inside } = sum;
  if (!isPiecewiseConstant(graph, mask)) return;
  const others = othersAlong(graph, edge, body, over, mask);
  const along = others?.along ?? graph.one;
  // margins .* (1 - Y) selects, too
  const selected = graph.multiply(mask, along, ...inside.filter(isData));
  const count = graph.apply(maximum, summedOver(graph, over, selected), graph.one);
  const siblings = others
    ? backward.into(edge.to).filter(({ from }) => from === edge.from)
    : [edge];
  const beside = siblings
    .filter((one) => one !== edge)
    .map((one): Edge => {
      const rest = others && alongEdge(backward, one, others.own, edge.to);
      return withBody(one, graph.multiply(one.clause.body, rest ?? graph.one));
    });
  const once = withBody(edge, graph.divide(graph.multiply(body, along), count));
  const always = others ? undefined : constantSum(backward, edge, body, sum);
  for (const single of always ? [once, always] : [once]) {
    yield {
      fault: faultAt(edge.to, "not-summed", () => {
        const counted = modelText(summedOver(graph, over, selected));
        return {
          term: modelText(mask),
          what: `computed with 1 where the number ${counted} belongs: every entry that is selected counts`,
        };
      }),
      cost: 1.85,
      change: () => ({ removed: new Set(siblings), added: [single, ...beside] }),
    };
  }
}

/** A sum of masks, data and adjoints that are constants as if one entry counted always; undefined for any other. */
function constantSum(
  backward: Backward,
  edge: Edge,
  body: Expression,
  { over, inside }: Sum,
): Edge | undefined {
  const { graph } = backward;
  const constants = inside.map((factor) => {
    if (factor.kind === "reference" && factor.quantity.of) {
      return constantAdjoint(backward, factor.quantity.of);
    }
    return isPiecewiseConstant(graph, factor) || isData(factor) ? graph.one : undefined;
  });
  const known = constants.filter((one) => one !== undefined);
  if (known.length < constants.length) return undefined;
  const rest = graph.multiply(graph.divide(body, graph.multiply(...inside)), ...known);
  const letters = edge.clause.letters.filter((one) => one !== over);
  return { ...edge, clause: { ...edge.clause, letters, body: rest } };
}

/** A derivative that is the same number everywhere: 1/N of a mean. */
function constantAdjoint(backward: Backward, quantity: Quantity): Expression | undefined {
  const [edge, ...others] = backward.into(quantity);
  const isPlain = edge?.clause.letters.length === quantity.shape.length;
  const isConstant = isPlain && others.length === 0 && references([edge.clause.body]).length === 0;
  return isConstant && edge.clause.body.free.length === 0 ? edge.clause.body : undefined;
}

function withBody(edge: Edge, body: Expression): Edge {
  return { ...edge, clause: { ...edge.clause, body } };
}

/**
 * 1 − Y, where Y selects the entry that a sum is subtracted at, such as the score of the right class: its
 * own margin is at the kink, and nobody counts it. Undefined where nothing is selected.
 */
function othersAlong(
  graph: Graph,
  { clause, to }: Edge,
  body: Expression,
  over: Letter,
  mask: Expression,
): { readonly along: Expression; readonly own: Expression } | undefined {
  const factors = body.kind === "product" ? body.factors.map(({ base }) => base) : [];
  const selector = factors.find(
    (factor) =>
      factor.kind === "reference" &&
      !factor.quantity.of &&
      factor.indices.length === clause.indices.length &&
      factor.indices.every((index, axis) => index.equals(clause.indices[axis]!)),
  );
  const at = clause.indices.flatMap(({ plain }) => (plain && !has(mask, plain) ? [plain] : []));
  const [selected] = at;
  if (selector?.kind !== "reference" || at.length !== 1 || !selected?.size.equals(over.size)) {
    return undefined;
  }
  const others = (one: Expression): Expression => graph.subtract(graph.one, one);
  return {
    along: others(graph.substitute(selector, new Map([[selected.key, Index.of(over)]]))),
    own: others(graph.reference(selector.quantity, fullAxes(to.shape).indices)),
  };
}

/** Σ w·d / Σ w for Σ w·d: divided by the members of a class or a cluster, or by one more. */
function* weightedMean(
  backward: Backward,
  edge: Edge,
  body: Expression,
  { over }: Sum,
  weight: Expression,
): Generator<Mutant> {
  const { graph } = backward;
  if (weight.kind !== "reference" || weight.quantity.of || weight.free.length < 2) return;
  const total = summedOver(graph, over, weight);
  for (const [divisor, cost] of [
    [total, 2.1],
    [graph.add(graph.one, total), 2.2],
  ] as const) {
    yield {
      fault: faultAt(edge.to, "extra-factor", () => {
        const factor = modelText(graph.integerPower(divisor, -1));
        const isAll = backward.into(edge.to).length === 1;
        const sum = isAll ? adjointName(edge.to) : lineText(backward, edge);
        const what = `a mean where ${sum} is a sum, divided by ${modelText(divisor)}: leave ${factor} out`;
        return { factor, what: isAll ? what : `computed with ${what}` };
      }),
      cost,
      change: () => instead(edge, graph.divide(body, divisor)),
    };
  }
}

function summedOver(graph: Graph, over: Letter, body: Expression): Expression {
  const bound = letter("members", over.size);
  return graph.sum(bound, graph.substitute(body, new Map([[over.key, Index.of(bound)]])));
}

/** Whether an expression is made of what is given alone. */
function isData(node: Expression): boolean {
  return references([node]).every(
    ({ quantity: { role } }) => role === "input" || role === "target",
  );
}
