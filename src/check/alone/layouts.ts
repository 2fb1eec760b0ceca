/** Claims of another shape: a sum that was not taken, or one too many. */
import type { Expression } from "../../expression/expression.js";
import type { Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Backward } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { type Block, isSame, orders, permuted, summed as summedOver } from "./blocks.js";
import type { Evidence } from "../claims/evidence.js";
import { ARBITRARY, constantFactor } from "../explanations/factors.js";
import { type Explanation, factorFaults, type Fault } from "../explanations/hypothesis.js";
import { adjointName, modelText } from "../explanations/words.js";
import { once } from "../once.js";

export function layouts(
  model: Model,
  backward: Backward,
  benches: readonly Bench[],
  evidence: Evidence,
): Explanation[] {
  const { quantity, exhibits } = evidence;
  const found: Explanation[] = [];
  const given = exhibits.map(({ claim }) => claim.entries);
  const propose = (
    blocks: readonly Block[],
    faults: readonly Fault[],
    cost: number,
    summed?: readonly number[],
  ): void => {
    for (const order of orders(blocks[0]!.lengths.length)) {
      const turned = blocks.map((block) => permuted(block, order));
      const fits = turned.every(({ lengths }, k) => isSame(lengths, exhibits[k]!.claim.lengths));
      if (!fits) continue;
      const explained = turned.map(({ entries }) => entries);
      const factor = constantFactor(model, evidence, {
        given,
        explained,
        ...(summed ? { summed } : {}),
      });
      // sums of one's own choice times a number of one's own choice explain too much
      if (!factor || factor.cost === ARBITRARY) continue;
      const more = factorFaults(factor);
      found.push({ faults: [...faults, ...more], cost: cost + factor.cost });
      return;
    }
  };
  const wholes = exhibits.map(({ right, sizes }): Block => {
    const lengths = quantity.shape.map((size) => size.evaluate(sizes));
    return { lengths, entries: right.entries };
  });
  for (const axes of subsets(quantity.shape.length)) {
    propose(
      wholes.map((block) => summedOver(block, axes)),
      [overSummed(quantity, axes)],
      1.5,
      wholes.map(({ entries }) => entries.reduce((most, one) => Math.max(most, Math.abs(one)), 0)),
    );
  }
  for (const { blocks, factor } of withoutFactors(backward, benches, evidence)) {
    propose(blocks, [factorLeftOut(factor)], 1.3);
  }
  for (const { blocks, summed, kept, from } of unsummed(backward, benches, evidence)) {
    const over = summed.map(({ size }) => size.toString());
    const via = from.map(adjointName).join(", ");
    propose(blocks, [notSummed(over, via)], 1.5);
    const ofSummed = summed.map((_, k) => kept.length + k);
    for (const [k, axis] of summed.length > 1 ? ofSummed.entries() : []) {
      // summed over the batch, and not over the positions
      const others = blocks.map((block) => summedOver(block, ofSummed.toSpliced(k, 1)));
      propose(others, [notSummed([over[k]!], via)], 1.6);
      const one = blocks.map((block) => summedOver(block, [axis]));
      if (summed.length > 2) propose(one, [notSummed(over.toSpliced(k, 1), via)], 1.6);
    }
    if (kept.length > 0) {
      const wrongAxis = blocks.map((block) => summedOver(block, [...kept.keys()]));
      propose(
        wrongAxis,
        alongWrongAxis(
          over,
          kept.map(({ size }) => size.toString()),
          via,
        ),
        2,
      );
    }
  }
  return found;
}

/** A derivative without a factor that gives it some of its axes. */
interface WithoutFactor {
  /** For each point. */
  readonly blocks: readonly Block[];
  readonly factor: Expression;
}

/** Of one line: dz for dz·xᵀ, and its sum over the examples for Xᵀ·dZ. */
function* withoutFactors(
  backward: Backward,
  benches: readonly Bench[],
  { quantity, exhibits }: Evidence,
): Generator<WithoutFactor> {
  const { graph } = backward;
  const [edge, ...others] = backward.into(quantity);
  if (!edge || others.length > 0) return;
  const { clause } = edge;
  const keys = new Set(clause.indices.flatMap(({ letters }) => letters.map(({ key }) => key)));
  const factors = clause.body.kind === "product" ? clause.body.factors : [];
  for (const { base, exponent } of factors) {
    const rest = graph.divide(clause.body, base);
    const left = new Set(rest.free.map(({ key }) => key));
    const lost = base.free.filter(({ key }) => keys.has(key) && !left.has(key));
    const isAdjoint = base.kind === "reference" && base.quantity.of !== undefined;
    if (exponent !== 1 || isAdjoint || lost.length === 0 || left.size === 0) continue;
    const letters = clause.letters.filter((one) => !lost.some(({ key }) => key === one.key));
    const summed = letters.flatMap(({ key }, axis) => (keys.has(key) ? [] : [axis]));
    const blocks = benches.map((bench, k) => {
      const lengths = letters.map(({ size }) => size.evaluate(exhibits[k]!.sizes));
      const entries = bench.unsummed({ ...clause, letters, body: rest });
      return summedOver({ lengths, entries }, summed);
    });
    yield { blocks, factor: backward.withNames(base) };
  }
}

function factorLeftOut(of: Expression): Fault {
  const factor = once(() => modelText(of));
  return {
    cause: "missing-factor",
    details: () => ({ factor: factor() }),
    say: (claim) =>
      `${claim} is computed without the factor ${factor()}, along whose entries it has an axis: multiply each by each`,
  };
}

/** What is added up to a derivative, before the sums of its lines, and all lines together. */
interface Unsummed {
  /** For each point: the axes that stay, and behind them those that are summed. */
  readonly blocks: readonly Block[];
  readonly kept: readonly Letter[];
  readonly summed: readonly Letter[];
  /** Where it comes from. */
  readonly from: readonly Quantity[];
}

/** Nothing where the lines sum over nothing, or not over the same axes. */
function unsummed(
  backward: Backward,
  benches: readonly Bench[],
  { quantity, exhibits }: Evidence,
): Unsummed[] {
  const edges = backward.into(quantity);
  const lines = edges.map(({ clause: { letters, indices } }) => {
    const keys = indices.flatMap((index) => index.letters.map(({ key }) => key));
    const kept = [...new Set(keys)].flatMap((key) => letters.find((one) => one.key === key) ?? []);
    const summed = letters.filter(({ key }) => !keys.includes(key));
    return { letters, kept, summed };
  });
  const [first] = lines;
  if (!first || first.summed.length === 0) return [];
  const lengthsOf = (own: readonly Letter[], k: number): number[] =>
    own.map(({ size }) => size.evaluate(exhibits[k]!.sizes));
  const blocks = benches.map((bench, k): Block | undefined => {
    const parts = lines.map(({ letters, kept, summed }, n) => {
      const block = { lengths: lengthsOf(letters, k), entries: bench.unsummed(edges[n]!.clause) };
      return permuted(
        block,
        [...kept, ...summed].map((one) => letters.indexOf(one)),
      );
    });
    const { lengths } = parts[0]!;
    if (!parts.every((one) => one.lengths.join() === lengths.join())) return undefined;
    const entries = parts[0]!.entries.map((_, at) =>
      parts.reduce((total, one) => total + one.entries[at]!, 0),
    );
    return { lengths, entries };
  });
  if (!blocks.every((block) => block !== undefined)) return [];
  const from = [...new Set(edges.map((edge) => edge.from))];
  return [{ blocks, kept: first.kept, summed: first.summed, from }];
}

function notSummed(over: readonly string[], via: string): Fault {
  return {
    cause: "not-summed",
    say: (claim) =>
      `${claim} is not summed: it has one entry for each of the ${over.join(" × ")} contributions that come through ${via}; add them up`,
  };
}

function overSummed(quantity: Quantity, axes: readonly number[]): Fault {
  return {
    cause: "over-summed",
    say: (claim) =>
      `${claim} is summed over ${axes.length > 1 ? "all axes" : `axis ${axes[0]! + 1}`} of ${quantity.name} itself: every entry of ${quantity.name} has a derivative of its own, which is not added to others`,
  };
}

/** Two causes, and one sentence: what should have been summed was not, and the other way round. */
function alongWrongAxis(
  over: readonly string[],
  kept: readonly string[],
  via: string,
): readonly Fault[] {
  const [right, wrong] = [over, kept].map((sizes) => sizes.join(" × "));
  const say = (claim: string): string =>
    `${claim} is summed along the wrong axis: add up what comes through ${via} over ${right!}, not over ${wrong!}`;
  return [
    { cause: "not-summed", say },
    { cause: "over-summed", say },
  ];
}

/** The sets of axes that may be summed over, none left out of the single ones and all. */
function subsets(rank: number): number[][] {
  const single = Array.from({ length: rank }, (_, axis) => [axis]);
  return rank === 2 ? [...single, [0, 1]] : single;
}
