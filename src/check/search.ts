/** The search for explanations: mutants, the least surprising first, are compared with all claims. */
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import type { CheckedPoint } from "../language/point.js";
import { absent } from "./absent.js";
import { additions } from "./additions.js";
import type { Backward, Change } from "./backward.js";
import { Bench } from "./bench.js";
import { borrowedSums } from "./borrowed.js";
import { merged, NO_CHANGE } from "./changes.js";
import { claimwise } from "./claimwise.js";
import { confusions } from "./confusions.js";
import { type Evidence, isNearlyRight, reproduces } from "./evidence.js";
import { type Catalogue, signature } from "./catalogue.js";
import type { Explanation, Fault } from "./hypothesis.js";
import { layouts } from "./layouts.js";
import {
  type Match,
  matchOf,
  mayMatch,
  partMatchOf,
  type Results,
  resultsOf,
  SECOND,
} from "./matching.js";
import { type Mutant, type Probe, probes } from "./mutants/index.js";
import { once } from "./once.js";
import { comparable, type Comparable } from "./normalise.js";
import { overwritten } from "./overwritten.js";

/** What it costs an explanation to leave all other wrong claims unexplained. */
const LONELY = 0.6;
/** What it costs an explanation to make a claim wrong that is right. */
const CONTRADICTED = 0.9;
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
/** So many explanations of a sample are tried on the whole. */
const MOST_CONFIRMED = 6;

/** Mistakes, and the claims that they explain. */
interface Hit {
  readonly faults: readonly Fault[];
  readonly cost: number;
  readonly change: () => Change;
  readonly explained: ReadonlyMap<Quantity, Match>;
  readonly contradicts: boolean;
  /** Whether a claim is explained by the numbers of the change. */
  readonly holds: (claim: Comparable, results: Results, benches: readonly Bench[]) => boolean;
}

export class Search {
  private readonly model: Model;
  private readonly wrong: readonly Evidence[];
  private readonly comparables: readonly Comparable[];
  /** The same with all entries, where large claims are sampled. */
  private readonly whole: () => {
    readonly benches: readonly Bench[];
    readonly comparables: readonly Comparable[];
  };
  private readonly rightOnes: readonly Comparable[];
  private readonly alone = new Map<Quantity, readonly Explanation[]>();
  private readonly hits: Hit[] = [];
  /** What each mutant makes of a claim; nothing where it leaves it as it is. */
  private readonly effects = new Map<Mutant, ReadonlyMap<Quantity, string>>();
  private readonly backward: Backward;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly points: readonly CheckedPoint[],
    private readonly benches: readonly Bench[],
    evidences: readonly Evidence[],
  ) {
    this.backward = catalogue.backward;
    this.model = this.backward.model;
    const wanted = new Set(evidences.map(({ quantity }) => quantity));
    const all = evidences.flatMap((one) => comparable(one, this.benches) ?? []);
    this.whole = once(() => {
      const isSampled = evidences.some(({ quantity }) => this.benches[0]!.isSampled(quantity));
      if (!isSampled) return { benches: this.benches, comparables: all };
      const benches = points.map((point) => new Bench(this.backward, point, wanted, Infinity));
      return { benches, comparables: evidences.flatMap((one) => comparable(one, benches) ?? []) };
    });
    this.wrong = evidences.filter(({ ok }) => !ok);
    this.comparables = all.filter(({ evidence }) => !evidence.ok);
    this.rightOnes = all.filter(({ evidence }) => evidence.ok);
  }

  /**
   * Explanations for each wrong claim, in no order.
   * @param atMost what an explanation may cost; costlier ones are not looked for, but may be found
   */
  run(atMost = Infinity): Map<Quantity, Explanation[]> {
    for (const evidence of this.wrong)
      this.alone.set(evidence.quantity, this.explainAlone(evidence));
    const [bench] = this.benches;
    const relevant = (quantity: Quantity): boolean => bench!.leadsToClaims(quantity);
    const all = this.catalogue.mutants;
    for (const mutant of all) {
      if (mutant.cost > atMost || this.isSettled(mutant.cost)) break;
      const { fault, second, cost, change, isUpToFactor } = mutant;
      const results = this.try(second ? [fault, second] : [fault], cost, change, isUpToFactor);
      if (results) this.effects.set(mutant, effectsOf(results, bench!));
    }
    // what is made once is compiled once
    const parts = [...probes(this.backward, relevant)].map((probe) => ({
      ...probe,
      change: once(probe.change),
    }));
    for (const probe of parts) {
      if (probe.cost <= atMost && !this.isSettled(probe.cost)) this.probe(probe);
    }
    for (const { evidence } of atMost < Infinity ? [] : this.comparables) {
      if (this.best(evidence.quantity) === Infinity) this.pairs(evidence.quantity, all, parts);
    }
    return new Map(
      this.wrong.map(({ quantity }) => [
        quantity,
        [...this.alone.get(quantity)!, ...this.confirmed(quantity)],
      ]),
    );
  }

  /** Explanations that hold for all entries, where only a sample was looked at. */
  private confirmed(quantity: Quantity): Explanation[] {
    const explanations = this.explanationsOf(quantity);
    if (!this.benches[0]!.isSampled(quantity)) return explanations;
    const { benches, comparables } = this.whole();
    const all = comparables.find(({ evidence }) => evidence.quantity === quantity)!;
    return explanations
      .sort((a, b) => a.cost - b.cost)
      .slice(0, MOST_CONFIRMED)
      .filter(({ hit }) => {
        const results = this.evaluate(hit.change(), benches);
        return results && hit.holds(all, results, benches);
      });
  }

  private explainAlone(evidence: Evidence): Explanation[] {
    const { model, backward } = this;
    const { benches, comparables } = this.whole();
    const one = comparables.find((each) => each.evidence.quantity === evidence.quantity);
    const lonely = this.wrong.length > 1 ? LONELY / 2 : 0;
    return [
      ...absent(backward, evidence),
      ...claimwise(model, evidence),
      ...(one
        ? [
            ...additions(model, backward, benches, one),
            ...confusions(model, backward, benches, one),
            ...borrowedSums(model, backward, benches, one),
            ...overwritten(model, backward, benches, one),
          ]
        : layouts(model, backward, benches, evidence)),
    ].map((each) => ({ ...each, cost: each.cost + lonely }));
  }

  private best(quantity: Quantity): number {
    const all = [...this.alone.get(quantity)!, ...this.explanationsOf(quantity)];
    return Math.min(Infinity, ...all.map(({ cost }) => cost));
  }

  /** Whether nothing of this cost could explain any claim more simply. */
  private isSettled(cost: number): boolean {
    return this.comparables.every(({ evidence }) => this.best(evidence.quantity) < cost);
  }

  private explanationsOf(quantity: Quantity): (Explanation & { readonly hit: Hit })[] {
    const others = this.wrong.length - 1;
    return this.hits.flatMap((hit) => {
      const { explained, cost, contradicts } = hit;
      const own = explained.get(quantity);
      if (!own) return [];
      const lonely = others > 0 ? (LONELY * (others + 1 - explained.size)) / others : 0;
      return [
        {
          hit,
          faults: own.faults,
          cost: cost + own.cost + lonely + (contradicts ? CONTRADICTED : 0),
        },
      ];
    });
  }

  private evaluate(change: Change, benches = this.benches): Results | undefined {
    const results: ReadonlyMap<Quantity, Float64Array>[] = [];
    for (const bench of benches) {
      const result = bench.evaluate(change);
      if (!result) return undefined;
      results.push(result);
    }
    return results;
  }

  /** @returns the results at the first point */
  private try(
    faults: readonly Fault[],
    cost: number,
    change: () => Change,
    isUpToFactor = false,
  ): ReadonlyMap<Quantity, Float64Array> | undefined {
    const [bench, ...others] = this.benches;
    const first = bench!.evaluate(change());
    // most mistakes are ruled out by the first point
    if (!first || !this.comparables.some((one) => mayMatch(one, first, bench!))) return first;
    const more = this.evaluate(change(), others);
    if (!more) return undefined;
    const results = [first, ...more];
    // three mistakes at once explain too much
    const kind = { isUpToFactor, mayOverlay: faults.length === 1 };
    const matches = this.comparables.map((one) => this.match(one, results, kind));
    const holds: Hit["holds"] = (one, all, benches) =>
      this.match(one, all, kind, benches) !== undefined;
    this.keep({ faults, cost, change, holds }, matches, results);
    return first;
  }

  private keep(
    hit: Pick<Hit, "faults" | "cost" | "change" | "holds">,
    matches: readonly (Match | undefined)[],
    results: Results | undefined,
  ): void {
    const explained = new Map<Quantity, Match>();
    for (const [k, match] of matches.entries()) {
      if (!match) continue;
      const { evidence } = this.comparables[k]!;
      const faults = [...(match.isAlone ? [] : hit.faults), ...match.faults];
      // two faults that undo each other explain nothing
      if (faults.length > 1 && isNearlyRight(evidence)) continue;
      explained.set(evidence.quantity, { cost: match.cost, faults });
    }
    if (explained.size === 0) return;
    const contradicts = this.rightOnes.some(({ evidence: { quantity, exhibits } }) =>
      exhibits.some((exhibit, k) => {
        const result = results?.[k]!.get(quantity);
        return result && !reproduces(exhibit.claim.entries, result, exhibit);
      }),
    );
    this.hits.push({ ...hit, explained, contradicts });
  }

  private match(
    claim: Comparable,
    results: Results,
    kind: { readonly isUpToFactor: boolean; readonly mayOverlay: boolean },
    benches = this.benches,
  ): Match | undefined {
    return matchOf(this.model, claim, results, benches, kind.isUpToFactor, kind.mayOverlay);
  }

  /**
   * Finds the factor of a part by which it explains claims.
   * @param mutant another mistake in the same pass
   */
  private probe(probe: Probe, mutant?: Mutant): void {
    const change = once(() =>
      mutant ? (merged(mutant.change(), probe.change()) ?? NO_CHANGE) : probe.change(),
    );
    const bases = mutant && this.evaluate(mutant.change());
    const results = this.evaluate(change());
    if (!results || (mutant && !bases)) return;
    const match = (one: Comparable, all: Results, benches: readonly Bench[], base?: Results) => {
      const { quantity } = one.evidence;
      const with1 = resultsOf(all, quantity);
      const right = benches.map((bench) => bench.adjoints.get(quantity)!);
      const without = (base && resultsOf(base, quantity)) ?? right;
      return with1 && partMatchOf(this.model, one, without, with1, probe.present);
    };
    for (const one of this.comparables) {
      const part = match(one, results, this.benches, bases);
      const fault = part && probe.fault(part.factor);
      if (!fault) continue;
      const own = { cost: part.cost, faults: part.faults };
      const matches = this.comparables.map((each) => (each === one ? own : undefined));
      const holds: Hit["holds"] = (claim, all, benches) => {
        const base = mutant && this.evaluate(mutant.change(), benches);
        return match(claim, all, benches, base) !== undefined;
      };
      const cost = probe.cost + (mutant ? mutant.cost + SECOND : 0);
      const faults = mutant ? [mutant.fault, fault] : [fault];
      this.keep({ faults, cost, change, holds }, matches, undefined);
    }
  }

  /** Mutants that change a claim, the first of those that change it alike. */
  private different(quantity: Quantity, all: readonly Mutant[]): Mutant[] {
    const seen = new Set<string>();
    return all.filter((mutant) => {
      const effect = this.effects.get(mutant)?.get(quantity);
      return effect !== undefined && !seen.has(effect) && seen.add(effect);
    });
  }

  /** Two mistakes at once: one that explains other claims and another, then any two. */
  private pairs(quantity: Quantity, all: readonly Mutant[], parts: readonly Probe[]): void {
    const numbers = this.benches[0]!.passLength;
    const claim = this.comparables.find(({ evidence }) => evidence.quantity === quantity)!;
    let budget = Math.min(MOST_PAIRS, PAIR_WORK / (1 + numbers));
    const tryPair = (
      first: { faults: readonly Fault[]; cost: number; change: () => Change },
      second: Mutant,
    ): void => {
      const change = merged(first.change(), second.change());
      if (!change) return;
      budget--;
      // other points and claims do not matter where the first point rules a pair out
      const result = this.benches[0]!.evaluate(change, quantity);
      if (!result || !mayMatch(claim, result, this.benches[0]!)) return;
      const cost = first.cost + second.cost + SECOND;
      this.try([...first.faults, second.fault], cost, () => change);
    };
    const partners = this.hits
      .filter(({ faults, contradicts }) => faults.length === 1 && !contradicts)
      .sort((a, b) => a.cost - b.cost)
      .slice(0, MOST_PARTNERS);
    const distinct = this.different(quantity, all);
    for (const partner of partners) {
      for (const mutant of distinct) if (budget > 0 && !mutant.second) tryPair(partner, mutant);
    }
    if (this.best(quantity) < Infinity) return;
    const usual = distinct.filter(({ cost, second }) => cost <= PAIRED_COST && !second);
    let probed = Math.min(MOST_PROBED, budget);
    for (const mutant of usual.filter(({ cost }) => cost <= PROBED_COST)) {
      for (const probe of parts) if (probed-- > 0) this.probe(probe, mutant);
    }
    if (this.best(quantity) < Infinity) return;
    for (let sum = 1; sum < 2 * usual.length - 2 && budget > 0; sum++) {
      for (let low = 0; low < sum - low && budget > 0; low++) {
        const [first, second] = [usual[low], usual[sum - low]];
        if (first && second) tryPair({ ...first, faults: [first.fault] }, second);
      }
    }
  }
}

/** What a pass makes of the claims that it changes, by quantity. */
function effectsOf(
  results: ReadonlyMap<Quantity, Float64Array>,
  bench: Bench,
): ReadonlyMap<Quantity, string> {
  const found = new Map<Quantity, string>();
  for (const [quantity, entries] of results) {
    const own = signature(entries);
    if (own !== signature(bench.adjoints.get(quantity)!)) found.set(quantity, own);
  }
  return found;
}
