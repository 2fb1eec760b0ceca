/** Contributions to the same entry assigned instead of added: the last one is what remains. */
import type { Model } from "../language/model.js";
import type { Backward, Edge } from "./backward.js";
import type { Bench } from "./bench.js";
import { permuted } from "./blocks.js";
import { constantFactor } from "./factors.js";
import type { Evidence } from "./evidence.js";
import { type Explanation, factorFaults } from "./hypothesis.js";
import type { SizeValues } from "../expression/size.js";
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
  const edges = backward.into(quantity);
  const groups = edges.length > 1 ? [...edges.map((edge) => [edge]), edges] : [edges];
  return groups.flatMap((group) => lastKept(model, backward, benches, evidence, group) ?? []);
}

/** The last of each edge's contributions to each entry, beside all that comes through other edges. */
function lastKept(
  model: Model,
  backward: Backward,
  benches: readonly Bench[],
  evidence: Evidence,
  edges: readonly Edge[],
): Explanation | undefined {
  const { quantity, exhibits } = evidence;
  const explained = exhibits.map(({ sizes, right }, k) => {
    const rest = right.entries.slice();
    const isDone = edges.every((edge) => withoutEarlier(rest, benches[k]!, edge, sizes));
    return isDone ? rest : undefined;
  });
  const lists = explained.filter((list) => list !== undefined);
  if (lists.length !== exhibits.length) return undefined;
  const given = exhibits.map(({ claim }) => claim.entries);
  const factor = constantFactor(model, evidence, { given, explained: lists }, 1e9);
  if (!factor) return undefined;
  const name = adjointName(quantity);
  const from = [...new Set(edges.map((edge) => adjointName(edge.from)))].join(", ");
  const fault = faultAt(
    quantity,
    "not-summed",
    { term: `earlier contributions from ${from}` },
    `computed with = where += belongs: of several contributions to the same entry of ${name} only the last one is kept; add them up`,
  );
  const faults = factorFaults(factor);
  return { faults: [fault, ...faults], cost: 1.65 + (faults.length > 0 ? factor.cost + 0.5 : 0) };
}

/**
 * Takes all but the last of an edge's contributions that are not 0 from the entries of a derivative.
 * @returns false where the contributions cannot be told apart, or are too many
 */
function withoutEarlier(
  entries: Float64Array,
  bench: Bench,
  { clause }: Edge,
  sizes: SizeValues,
): boolean {
  const { letters, indices } = clause;
  const kept = indices.flatMap(({ plain }) => (plain ? [plain.key] : []));
  if (kept.length !== indices.length || kept.length === letters.length) return false;
  const lengths = letters.map(({ size }) => size.evaluate(sizes));
  if (lengths.reduce((product, length) => product * length, 1) > MOST) return false;
  const axisOf = (key: string): number => letters.findIndex((one) => one.key === key);
  const summed = letters.flatMap(({ key }, axis) => (kept.includes(key) ? [] : [axis]));
  const order = [...kept.map(axisOf), ...summed];
  const contributions = permuted({ lengths, entries: bench.unsummed(clause) }, order).entries;
  const length = contributions.length / entries.length;
  for (const k of entries.keys()) {
    const run = contributions.subarray(k * length, (k + 1) * length);
    const last = run.findLastIndex((one) => one !== 0);
    for (const earlier of run.subarray(0, Math.max(0, last))) entries[k]! -= earlier;
  }
  return true;
}
