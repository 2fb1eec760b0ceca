/** Contributions to the same entry assigned instead of added: the last one is what remains. */
import type { Model } from "../language/model.js";
import type { Backward, Edge } from "./backward.js";
import type { Bench } from "./bench.js";
import { permuted } from "./blocks.js";
import { constantFactor } from "./factors.js";
import type { Evidence } from "./evidence.js";
import { type Explanation, factorFaults } from "./hypothesis.js";
import { faultAt } from "./mutants/mutant.js";
import type { Comparable } from "./normalise.js";
import { adjointName } from "./words.js";

/** More contributions than this are not looked at one by one. */
const MOST = 1e5;

/** Rows of an embedding that occur twice: `G[rows] = D` keeps the last, `np.add.at` adds. */
export function overwritten(
  model: Model,
  backward: Backward,
  benches: readonly Bench[],
  { evidence }: Comparable,
): Explanation[] {
  const { quantity } = evidence;
  if (benches.some((bench) => bench.isSampled(quantity))) return [];
  return backward
    .into(quantity)
    .flatMap((edge) => lastKept(model, backward, benches, evidence, edge) ?? []);
}

/** The last of an edge's contributions to each entry, beside all that comes through other edges. */
function lastKept(
  model: Model,
  backward: Backward,
  benches: readonly Bench[],
  evidence: Evidence,
  edge: Edge,
): Explanation | undefined {
  const { quantity, exhibits } = evidence;
  const { letters, indices } = edge.clause;
  const kept = indices.flatMap(({ plain }) => (plain ? [plain.key] : []));
  if (kept.length !== indices.length || kept.length === letters.length) return undefined;
  const axisOf = (key: string): number => letters.findIndex((one) => one.key === key);
  const summed = letters.flatMap(({ key }, axis) => (kept.includes(key) ? [] : [axis]));
  const order = [...kept.map(axisOf), ...summed];
  const explained = exhibits.map(({ sizes, right }, k) => {
    const lengths = letters.map(({ size }) => size.evaluate(sizes));
    if (lengths.reduce((product, length) => product * length, 1) > MOST) return undefined;
    const block = permuted({ lengths, entries: benches[k]!.unsummed(edge.clause) }, order);
    return withLast(block.entries, right.entries);
  });
  const lists = explained.filter((list) => list !== undefined);
  if (lists.length !== exhibits.length) return undefined;
  const given = exhibits.map(({ claim }) => claim.entries);
  const factor = constantFactor(model, evidence, { given, explained: lists }, 1e9);
  if (!factor) return undefined;
  const name = adjointName(quantity);
  const fault = faultAt(
    quantity,
    "not-summed",
    { term: `earlier contributions from ${adjointName(edge.from)}` },
    `computed with = where += belongs: of several contributions to the same entry of ${name} only the last one is kept; add them up`,
  );
  const faults = factorFaults(factor);
  return { faults: [fault, ...faults], cost: 1.8 + (faults.length > 0 ? factor.cost + 0.5 : 0) };
}

/** Entries without all but the last of the contributions to them that are not 0. */
function withLast(contributions: Float64Array, right: Float64Array): Float64Array {
  const length = contributions.length / right.length;
  return right.map((entry, k) => {
    const run = contributions.subarray(k * length, (k + 1) * length);
    const last = run.findLastIndex((one) => one !== 0);
    return run.reduce((rest, one, at) => (at < last ? rest - one : rest), entry);
  });
}
