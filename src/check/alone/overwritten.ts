/** Contributions to the same entry assigned instead of added: the last one is what remains. */
import type { Model } from "../../language/model.js";
import type { Backward, Edge } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { permuted } from "./blocks.js";
import { constantFactor } from "../explanations/factors.js";
import type { Evidence } from "../claims/evidence.js";
import { type Explanation, factorFaults } from "../explanations/hypothesis.js";
import type { SizeValues } from "../../expression/size.js";
import { faultAt } from "../mutants/mutant.js";
import type { Comparable } from "./normalise.js";
import { adjointName } from "../explanations/words.js";

/** More contributions than this are not looked at one by one. */
const MOST = 1e5;

/** Sums in another order differ by less. */
const SAME = 1e-10;

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
  const explain = (group: readonly Edge[], remove: Removal): Explanation[] =>
    lastKept(model, backward, benches, evidence, group, remove);
  return [
    ...groups.flatMap((group) => explain(group, earlierInEach)),
    ...(edges.length > 1
      ? [earlierEdges, earlierPlaces, earlierAndStart].flatMap((one) => explain(edges, one))
      : []),
  ];
}

/**
 * Takes contributions of edges that were overwritten from the entries of a derivative.
 * @param contributions of each edge: for every entry those of its sum side by side
 */
type Removal = (entries: Float64Array, contributions: readonly Float64Array[]) => void;

/** The last of some edges' contributions to each entry, beside all that comes through other edges. */
function lastKept(
  model: Model,
  backward: Backward,
  benches: readonly Bench[],
  evidence: Evidence,
  edges: readonly Edge[],
  remove: Removal,
): Explanation[] {
  const { quantity, exhibits } = evidence;
  const isOfSeveral = new Set(edges.map(({ from }) => from)).size > 2;
  const explained = exhibits.map(({ sizes, right }, k) => {
    const contributions = edges.map((edge) => contributionsOf(benches[k]!, edge, sizes));
    const all = contributions.filter((one) => one !== undefined);
    if (all.length < edges.length) return undefined;
    const rest = right.entries.slice();
    remove(rest, all);
    // that one path is left, and several are missing, is told as that
    return isOfSeveral && all.some((own) => isTotal(own, rest)) ? undefined : rest;
  });
  const lists = explained.filter((list) => list !== undefined);
  if (lists.length !== exhibits.length) return [];
  const given = exhibits.map(({ claim }) => claim.entries);
  const factor = constantFactor(model, evidence, { given, explained: lists }, 1e9);
  if (!factor) return [];
  const fault = faultAt(quantity, "not-summed", () => {
    const name = adjointName(quantity);
    const from = [...new Set(edges.map((edge) => adjointName(edge.from)))].join(", ");
    return {
      term: `earlier contributions from ${from}`,
      what: `computed with = where += belongs: of several contributions to the same entry of ${name} only the last one is kept; add them up`,
    };
  });
  const faults = factorFaults(factor);
  return [{ faults: [fault, ...faults], cost: 1.65 + (faults.length > 0 ? factor.cost + 0.5 : 0) }];
}

/** Whether entries are the sums of one line's contributions. */
function isTotal(contributions: Float64Array, entries: Float64Array): boolean {
  const length = contributions.length / entries.length;
  return entries.every((entry, k) => {
    const own = contributions.subarray(k * length, (k + 1) * length);
    const total = own.reduce((sum, one) => sum + one, 0);
    const size = own.reduce((sum, one) => sum + Math.abs(one), 0);
    return Math.abs(entry - total) <= SAME * Math.max(size, Math.abs(entry));
  });
}

/** All but the last contribution of each edge that is not 0: `G[rows] = D`, edge by edge. */
function earlierInEach(entries: Float64Array, contributions: readonly Float64Array[]): void {
  for (const own of contributions) {
    const length = own.length / entries.length;
    for (const k of entries.keys()) {
      const run = own.subarray(k * length, (k + 1) * length);
      const last = run.findLastIndex((one) => one !== 0);
      for (const earlier of run.subarray(0, Math.max(0, last))) entries[k]! -= earlier;
    }
  }
}

/** The same, and what was there before: `G = 0.1 * W; G[rows] = D`. */
function earlierAndStart(entries: Float64Array, contributions: readonly Float64Array[]): void {
  const isStart = (own: Float64Array): boolean => own.length === entries.length;
  const sums = contributions.filter((own) => !isStart(own));
  earlierInEach(entries, sums);
  for (const k of entries.keys()) {
    const isWritten = sums.some((own) => {
      const length = own.length / entries.length;
      return own.subarray(k * length, (k + 1) * length).some((one) => one !== 0);
    });
    if (!isWritten) continue;
    for (const own of contributions.filter(isStart)) entries[k]! -= own[k]!;
  }
}

/** All but the last edge's at each place of the sum: `G[rows[n]] += D[n]` with several rows a sample. */
function earlierEdges(entries: Float64Array, contributions: readonly Float64Array[]): void {
  const [first] = contributions;
  if (!first || contributions.some(({ length }) => length !== first.length)) return;
  const length = first.length / entries.length;
  for (const place of first.keys()) {
    const last = contributions.findLastIndex((own) => own[place] !== 0);
    for (const own of contributions.slice(0, Math.max(0, last))) {
      entries[Math.floor(place / length)]! -= own[place]!;
    }
  }
}

/** All but the last contribution of all edges, the places in the outer loop: `G[rows[n, k]] = D[n, k]`. */
function earlierPlaces(entries: Float64Array, contributions: readonly Float64Array[]): void {
  const length = contributions[0]!.length / entries.length;
  if (contributions.some((own) => own.length !== contributions[0]!.length)) return;
  for (const k of entries.keys()) {
    const inOrder = Array.from({ length }, (_, place) =>
      // the statements in the order of the forward pass
      contributions.toReversed().map((own) => own[k * length + place]!),
    ).flat();
    const last = inOrder.findLastIndex((one) => one !== 0);
    for (const earlier of inOrder.slice(0, Math.max(0, last))) entries[k]! -= earlier;
  }
}

/** For every entry what is added up to it; undefined where that cannot be told apart, or is too much. */
function contributionsOf(
  bench: Bench,
  { clause }: Edge,
  sizes: SizeValues,
): Float64Array | undefined {
  const { letters, indices } = clause;
  const kept = indices.flatMap(({ plain }) => (plain ? [plain.key] : []));
  if (kept.length !== indices.length) return undefined;
  const lengths = letters.map(({ size }) => size.evaluate(sizes));
  if (lengths.reduce((product, length) => product * length, 1) > MOST) return undefined;
  const axisOf = (key: string): number => letters.findIndex((one) => one.key === key);
  const summed = letters.flatMap(({ key }, axis) => (kept.includes(key) ? [] : [axis]));
  const order = [...kept.map(axisOf), ...summed];
  return permuted({ lengths, entries: bench.unsummed(clause) }, order).entries;
}
