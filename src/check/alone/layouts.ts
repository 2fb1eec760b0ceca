/** Claims of another shape: a sum that was not taken, or one too many. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Backward } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { type Block, isSame, orders, permuted, summed as summedOver } from "./blocks.js";
import type { Evidence } from "../claims/evidence.js";
import { constantFactor } from "../explanations/factors.js";
import { type Explanation, factorFaults, type Fault } from "../explanations/hypothesis.js";
import { adjointName } from "../explanations/words.js";

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
      if (!factor) continue;
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
  const edges = backward.into(quantity);
  const [edge] = edges;
  if (edges.length !== 1) return found;
  const { clause } = edge!;
  const kept = new Set(clause.indices.flatMap((index) => index.letters.map(({ key }) => key)));
  const isKept = clause.letters.map(({ key }) => kept.has(key));
  if (!isKept.includes(false)) return found;
  const blocks = benches.map((bench, k): Block => {
    const lengths = clause.letters.map(({ size }) => size.evaluate(exhibits[k]!.sizes));
    return { lengths, entries: bench.unsummed(clause) };
  });
  const sizesWhere = (kept: boolean): string[] =>
    clause.letters.flatMap(({ size }, axis) => (isKept[axis] === kept ? [size.toString()] : []));
  const over = sizesWhere(false);
  propose(blocks, [notSummed(over, edge!.from)], 1.5);
  const keptAxes = isKept.flatMap((one, axis) => (one ? [axis] : []));
  if (keptAxes.length > 0) {
    const wrongAxis = blocks.map((block) => summedOver(block, keptAxes));
    propose(wrongAxis, alongWrongAxis(over, sizesWhere(true), edge!.from), 2);
  }
  return found;
}

function notSummed(over: readonly string[], from: Quantity): Fault {
  return {
    cause: "not-summed",
    say: (claim) =>
      `${claim} is not summed: it has one entry for each of the ${over.join(" × ")} contributions that come through d${from.name}; add them up`,
  };
}

function overSummed(quantity: Quantity, axes: readonly number[]): Fault {
  return {
    cause: "over-summed",
    say: (claim) =>
      `${claim} is summed over ${axes.length > 1 ? "all axes" : `axis ${axes[0]! + 1}`} of ${quantity.name} itself: every entry of ${quantity.name} has a derivative of its own; do not add them up`,
  };
}

/** Two causes, and one sentence: what should have been summed was not, and the other way round. */
function alongWrongAxis(
  over: readonly string[],
  kept: readonly string[],
  from: Quantity,
): readonly Fault[] {
  const [right, wrong] = [over, kept].map((sizes) => sizes.join(" × "));
  const say = (claim: string): string =>
    `${claim} is summed along the wrong axis: add up what comes through ${adjointName(from)} over ${right!}, not over ${wrong!}`;
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
