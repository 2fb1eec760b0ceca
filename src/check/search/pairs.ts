/** Two mistakes at once, of those that change a claim, each effect once. */
import type { Quantity } from "../../expression/quantity.js";
import type { Change } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { signature } from "../mutants/catalogue.js";
import { merged } from "../pass/changes.js";
import type { Hits } from "./hits.js";
import type { Fault } from "../explanations/hypothesis.js";
import { mayMatch, SECOND } from "./matching.js";
import type { Mutant, Probe } from "../mutants/index.js";
import type { Comparable } from "../alone/normalise.js";
import type { Trials } from "./trials.js";

/** Numbers that may be computed for pairs of mistakes, and how many pairs at most. */
const PAIR_WORK = 1e7;
const MOST_PAIRS = 8000;
/** Only mistakes up to this cost are paired with each other. */
const PAIRED_COST = 2.2;
const MOST_PROBED = 600;
/** Only mistakes up to this cost are paired with parts whose factor has to be found. */
const PROBED_COST = 2.3;
/** So many explanations of other claims are tried as one of two mistakes. */
const MOST_PARTNERS = 6;

/** The first of two mistakes. */
interface First {
  readonly faults: readonly Fault[];
  readonly cost: number;
  readonly change: () => Change;
}

export class Pairs {
  /** What each mutant makes of the claims that it changes, by quantity. */
  private readonly effects = new Map<Mutant, ReadonlyMap<Quantity, string>>();

  constructor(
    private readonly trials: Trials,
    private readonly hits: Hits,
  ) {}

  /** @param results what a pass with a mutant has at the first point */
  note(mutant: Mutant, results: ReadonlyMap<Quantity, Float64Array>): void {
    const bench = this.trials.benches[0]!;
    const found = new Map<Quantity, string>();
    for (const [quantity, entries] of results) {
      const own = signature(entries);
      if (own !== signature(bench.adjoints.get(quantity)!)) found.set(quantity, own);
    }
    this.effects.set(mutant, found);
  }

  /** Tries for one claim: one mistake that explains other claims and another, then any two. */
  explain(claim: Comparable, parts: readonly Probe[]): void {
    const { quantity } = claim.evidence;
    const bench = this.trials.benches[0]!;
    let budget = Math.min(MOST_PAIRS, PAIR_WORK / (1 + bench.passLength));
    const tryPair = (first: First, second: Mutant): void => {
      if (this.tried(claim, bench, first, second)) budget--;
    };
    // three mistakes at once explain too much
    const single = this.different(quantity).filter(({ second }) => !second);
    for (const partner of this.hits.single.slice(0, MOST_PARTNERS)) {
      for (const mutant of single) if (budget > 0) tryPair(partner, mutant);
    }
    if (this.hits.best(quantity) < Infinity) return;
    const usual = single.filter(({ cost }) => cost <= PAIRED_COST);
    let probed = Math.min(MOST_PROBED, budget);
    for (const mutant of usual.filter(({ cost }) => cost <= PROBED_COST)) {
      for (const probe of parts) if (probed-- > 0) this.trials.probe(probe, mutant);
    }
    if (this.hits.best(quantity) < Infinity) return;
    for (let sum = 1; sum < 2 * usual.length - 2 && budget > 0; sum++) {
      for (let low = 0; low < sum - low && budget > 0; low++) {
        const [first, second] = [usual[low], usual[sum - low]];
        if (first && second) tryPair({ ...first, faults: [first.fault] }, second);
      }
    }
  }

  /** @returns whether the two can be made in one pass */
  private tried(claim: Comparable, bench: Bench, first: First, second: Mutant): boolean {
    const change = merged(first.change(), second.change());
    if (!change) return false;
    // other points and claims do not matter where the first point rules a pair out
    const result = bench.evaluate(change, claim.evidence.quantity);
    if (result && mayMatch(claim, result, bench)) {
      const cost = first.cost + second.cost + SECOND;
      this.trials.try([...first.faults, second.fault], cost, () => change);
    }
    return true;
  }

  /** Mutants that change a claim, the first of those that change it alike. */
  private different(quantity: Quantity): Mutant[] {
    const seen = new Set<string>();
    return [...this.effects].flatMap(([mutant, changed]) => {
      const effect = changed.get(quantity);
      if (effect === undefined || seen.has(effect)) return [];
      seen.add(effect);
      return [mutant];
    });
  }
}
