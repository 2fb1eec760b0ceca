/** Claims of another shape: a sum that was not taken, or one too many. */
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import type { Backward } from "./backward.js";
import type { Bench } from "./bench.js";
import type { Evidence } from "./evidence.js";
import { constantFactor } from "./factors.js";
import { type Explanation, factorFaults, type Fault } from "./hypothesis.js";

/** Numbers with the lengths of their axes. */
interface Block {
  readonly lengths: readonly number[];
  readonly entries: Float64Array;
}

export function layouts(
  model: Model,
  backward: Backward,
  benches: readonly Bench[],
  evidence: Evidence,
): Explanation[] {
  const { quantity, exhibits } = evidence;
  const found: Explanation[] = [];
  const given = exhibits.map(({ claim }) => claim.entries);
  const propose = (blocks: readonly Block[], faults: readonly Fault[], cost: number): void => {
    for (const order of orders(blocks[0]!.lengths.length)) {
      const turned = blocks.map((block) => permuted(block, order));
      const fits = turned.every(({ lengths }, k) => isSame(lengths, exhibits[k]!.claim.lengths));
      if (!fits) continue;
      const explained = turned.map(({ entries }) => entries);
      const factor = constantFactor(model, evidence, { given, explained });
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
      wholes.map((block) => summed(block, axes)),
      [overSummed(quantity, axes)],
      1.5,
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
  const over = clause.letters.filter((_, axis) => !isKept[axis]).map(({ size }) => size.toString());
  propose(blocks, [notSummed(over, edge!.from)], 1.5);
  const keptAxes = isKept.flatMap((one, axis) => (one ? [axis] : []));
  if (keptAxes.length > 0) {
    const wrongAxis = blocks.map((block) => summed(block, keptAxes));
    propose(wrongAxis, [notSummed(over, edge!.from), overSummed(quantity, [0])], 2);
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
      `${claim} is summed over ${axes.length > 1 ? "all axes" : `axis ${axes[0]! + 1}`} of ${quantity.name} itself: every entry of ${quantity.name} has a derivative of its own`,
  };
}

/** The sets of axes that may be summed over, none left out of the single ones and all. */
function subsets(rank: number): number[][] {
  const single = Array.from({ length: rank }, (_, axis) => [axis]);
  return rank === 2 ? [...single, [0, 1]] : single;
}

/** All orders of up to three axes. */
function orders(rank: number): number[][] {
  if (rank === 0) return [[]];
  if (rank > 3) return [[...Array(rank).keys()]];
  const [first, ...rest] = [...Array(rank).keys()];
  if (rest.length === 0) return [[first!]];
  return orders(rank - 1).flatMap((order) =>
    Array.from({ length: rank }, (_, at) => order.map((axis) => axis + 1).toSpliced(at, 0, first!)),
  );
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  const [left, right] = [a, b].map((all) => all.filter((length) => length > 1));
  return left!.length === right!.length && left!.every((length, k) => length === right![k]);
}

/** With its axes in another order. */
function permuted({ lengths, entries }: Block, order: readonly number[]): Block {
  const strides = lengths.map((_, axis) =>
    lengths.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
  const turned = order.map((axis) => lengths[axis]!);
  const result = entries.map((_, k) => {
    let rest = k;
    let from = 0;
    for (let axis = turned.length - 1; axis >= 0; axis--) {
      from += (rest % turned[axis]!) * strides[order[axis]!]!;
      rest = Math.floor(rest / turned[axis]!);
    }
    return entries[from]!;
  });
  return { lengths: turned, entries: result };
}

/** Summed over some axes. */
function summed({ lengths, entries }: Block, axes: readonly number[]): Block {
  const kept = lengths.filter((_, axis) => !axes.includes(axis));
  const result = new Float64Array(kept.reduce((product, length) => product * length, 1));
  for (const [k, entry] of entries.entries()) {
    let rest = k;
    let to = 0;
    let stride = 1;
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      if (!axes.includes(axis)) {
        to += (rest % lengths[axis]!) * stride;
        stride *= lengths[axis]!;
      }
      rest = Math.floor(rest / lengths[axis]!);
    }
    result[to]! += entry;
  }
  return { lengths: kept, entries: result };
}
