/** Single passes with mistakes, beside all claims that are wrong: what they explain is kept. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Change } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { merged, NO_CHANGE } from "../pass/changes.js";
import type { Evidence } from "../claims/evidence.js";
import type { Fault } from "../explanations/hypothesis.js";
import type { Hits, Mistakes } from "./hits.js";
import {
  type Match,
  matchOf,
  mayMatch,
  type PartMatch,
  partMatchOf,
  type Results,
  resultsOf,
  SECOND,
} from "./matching.js";
import type { Mutant, Probe } from "../mutants/index.js";
import type { Comparable } from "../alone/normalise.js";
import { once } from "../once.js";

export class Trials {
  /** @param claims those that are wrong */
  constructor(
    private readonly model: Model,
    readonly benches: readonly Bench[],
    readonly claims: readonly Comparable[],
    private readonly hits: Hits,
  ) {}

  /** Undefined where the change cannot be evaluated. */
  evaluate(change: Change, benches = this.benches): Results | undefined {
    const results: ReadonlyMap<Quantity, Float64Array>[] = [];
    for (const bench of benches) {
      const result = bench.evaluate(change);
      if (!result) return undefined;
      results.push(result);
    }
    return results;
  }

  /** @returns the results at the first point */
  try(
    faults: readonly Fault[],
    cost: number,
    change: () => Change,
    isUpToFactor = false,
  ): ReadonlyMap<Quantity, Float64Array> | undefined {
    const [bench, ...others] = this.benches;
    const first = bench!.evaluate(change());
    // most mistakes are ruled out by the first point
    if (!first || !this.claims.some((one) => mayMatch(one, first, bench!))) return first;
    const more = this.evaluate(change(), others);
    if (!more) return undefined;
    const results = [first, ...more];
    // three mistakes at once explain too much
    const mayOverlay = faults.length === 1;
    const match = (claim: Comparable, all: Results, benches: readonly Bench[]) =>
      matchOf(this.model, claim, all, benches, isUpToFactor, mayOverlay);
    const holds: Mistakes["holds"] = (...of) => match(...of) !== undefined;
    const matches = new Map<Evidence, Match>();
    for (const one of this.claims) {
      const own = match(one, results, this.benches);
      if (own) matches.set(one.evidence, own);
    }
    this.hits.keep({ faults, cost, change, holds }, matches, results);
    return first;
  }

  /**
   * Finds the factor of a part by which it explains claims.
   * @param mutant another mistake in the same pass
   */
  probe(probe: Probe, mutant?: Mutant): void {
    const change = once(() =>
      mutant ? (merged(mutant.change(), probe.change()) ?? NO_CHANGE) : probe.change(),
    );
    const bases = mutant && this.evaluate(mutant.change());
    const results = this.evaluate(change());
    if (!results || (mutant && !bases)) return;
    for (const one of this.claims) {
      const part = this.partOf(probe, one, results, this.benches, bases);
      const fault = part && probe.fault(part.factor);
      // three mistakes at once explain too much
      if (!fault || (mutant && part.faults.length > 0)) continue;
      const matches = new Map([[one.evidence, { cost: part.cost, faults: part.faults }]]);
      const holds: Mistakes["holds"] = (claim, all, benches) => {
        const base = mutant && this.evaluate(mutant.change(), benches);
        return this.partOf(probe, claim, all, benches, base) !== undefined;
      };
      const cost = probe.cost + (mutant ? mutant.cost + SECOND : 0);
      const faults = mutant ? [mutant.fault, fault] : [fault];
      this.hits.keep({ faults, cost, change, holds }, matches, undefined);
    }
  }

  /** @param base without the part; the right pass by default */
  private partOf(
    { present }: Probe,
    claim: Comparable,
    results: Results,
    benches: readonly Bench[],
    base: Results | undefined,
  ): PartMatch | undefined {
    const { quantity } = claim.evidence;
    const once = resultsOf(results, quantity);
    const right = benches.map((bench) => bench.adjoints.get(quantity)!);
    const without = (base && resultsOf(base, quantity)) ?? right;
    return once && partMatchOf(this.model, claim, without, once, present);
  }
}
