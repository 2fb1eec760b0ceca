/** Two mistakes at once, of those that change a claim, each effect once. */
import type { Quantity } from "../../expression/quantity.js";
import type { Backward, Change } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { composed } from "../pass/composed.js";
import type { Fault } from "../explanations/hypothesis.js";
import type { Mutant, Probe } from "../mutants/index.js";
import type { Comparable } from "../alone/normalise.js";
import { type Couple, type Effect, Effects, nearest, some } from "./effects.js";
import type { Hits } from "./hits.js";
import { mayMatch, SECOND } from "./matching.js";
import type { Trials } from "./trials.js";

/** Numbers that may be computed for pairs of mistakes in one check, and how many pairs at most. */
const PAIR_WORK = 1e7;
const MOST_PAIRS = 8000;
/** A step of the pass takes as long as so many numbers: it is compiled anew where a mistake is in it. */
const STEP = 30;
/** What is tried for each of so many claims; where more are open, they share it. */
const MOST_OPEN = 3;
/** Only mistakes up to this cost are paired with each other: where all pairs are tried, and where the nearest are. */
const PAIRED_COST = 2.2;
const NEAREST_COST = 2.45;
const MOST_PROBED = 600;
/** Only mistakes up to this cost are paired with parts whose factor has to be found. */
const PROBED_COST = 2.3;
/** So many explanations of other claims are tried as one of two mistakes, each with so many others. */
const MOST_PARTNERS = 6;
const MOST_BESIDE = 250;
/** So many pairs are tried because they are expected to come nearest. */
const MOST_NEAREST = 1000;
/** Behind the first pair that explains a claim so many more may be simpler. */
const MORE = 50;

/** The first of two mistakes. */
interface First {
  readonly faults: readonly Fault[];
  readonly cost: number;
  readonly change: () => Change;
}

export class Pairs {
  private readonly bench: Bench;
  private readonly effects: Effects;
  /** The mistakes of pairs that explain a claim. */
  private readonly found: First[] = [];
  /** How many more pairs may be tried. */
  private left: number;

  constructor(
    private readonly backward: Backward,
    private readonly trials: Trials,
    private readonly hits: Hits,
  ) {
    this.bench = trials.benches[0]!;
    this.effects = new Effects(this.bench.adjoints);
    const passWork = this.bench.passLength + STEP * backward.edges.length;
    this.left = Math.min(MOST_PAIRS, PAIR_WORK / passWork);
  }

  /** @param results what a pass with a mutant has at the first point */
  note(mutant: Mutant, results: ReadonlyMap<Quantity, Float64Array>): void {
    // two mistakes, as one that is made at two places is, and one more explain too much
    if (!mutant.second) this.effects.note(mutant, results);
  }

  /**
   * Tries for the claims that nothing explains: a mistake that explains another claim and a second one, the
   * two that are expected to come nearest, a part with a factor of its own beside a mistake, and any two.
   */
  explain(claims: readonly Comparable[], parts: readonly Probe[]): void {
    const open = (): Comparable[] => claims.filter((claim) => !this.isExplained(claim));
    const partners = this.hits.single;
    const share = (count: number): number =>
      Math.ceil(count * Math.min(1, MOST_OPEN / claims.length));
    for (const claim of open()) this.beside(partners, claim, share(MOST_BESIDE));
    for (const claim of open()) {
      if (!this.isExplained(claim)) this.nearestTwo(claim, share(MOST_NEAREST));
    }
    // what explains one claim may be half of what explains another
    for (const claim of open()) this.beside(this.found, claim, share(MOST_BESIDE));
    const probed = MOST_PROBED / open().length;
    for (const claim of open()) {
      if (!this.isExplained(claim)) this.withParts(claim, parts, probed);
    }
    for (const claim of open()) {
      if (!this.isExplained(claim)) this.anyTwo(claim, this.left / open().length);
    }
  }

  private isExplained({ evidence }: Comparable): boolean {
    return this.hits.best(evidence.quantity) < Infinity;
  }

  private usual(claim: Comparable, cost: number): Effect[] {
    return this.effects.on(claim.evidence.quantity).filter(({ mutant }) => mutant.cost <= cost);
  }

  private beside(partners: readonly First[], claim: Comparable, count: number): void {
    const { quantity } = claim.evidence;
    const single = this.effects.on(quantity);
    const entries = single.map((one) => one.entries);
    for (const partner of partners.slice(0, MOST_PARTNERS)) {
      const own = this.bench.evaluate(partner.change(), quantity)?.get(quantity);
      if (!own) continue;
      const couples = this.nearest(claim, [some(own)], entries, count);
      this.try(
        claim,
        couples.map(([, k]) => [partner, single[k]!.mutant]),
      );
    }
  }

  private nearestTwo(claim: Comparable, count: number): void {
    // the code of a loop is the same at all steps
    const usual = this.usual(claim, NEAREST_COST).filter(({ mutant }) => !mutant.isOneStep);
    const entries = usual.map((one) => one.entries);
    const couples = this.nearest(claim, entries, entries, count);
    this.try(
      claim,
      couples.map(([i, j]) => [firstOf(usual[i]!.mutant), usual[j]!.mutant]),
    );
  }

  private nearest(
    { evidence: { quantity, exhibits } }: Comparable,
    firsts: readonly Float64Array[],
    seconds: readonly Float64Array[],
    count: number,
  ): Couple[] {
    const given = some(exhibits[0]!.claim.entries);
    const right = some(this.bench.adjoints.get(quantity)!);
    return nearest(given, right, firsts, seconds, count);
  }

  private withParts(claim: Comparable, parts: readonly Probe[], count: number): void {
    const { quantity } = claim.evidence;
    let left = count;
    for (const { mutant } of this.usual(claim, PROBED_COST)) {
      if (left <= 0) return;
      const base = this.bench.evaluate(mutant.change(), quantity);
      if (!base) continue;
      for (const part of parts) {
        if (left-- > 0) this.trials.probeBeside(mutant, base, part, claim);
      }
    }
  }

  /** The least surprising first. */
  private anyTwo(claim: Comparable, count: number): void {
    const usual = this.usual(claim, PAIRED_COST).map(({ mutant }) => mutant);
    this.try(claim, inOrder(usual), count);
  }

  /** @param count of pairs at most */
  private try(
    claim: Comparable,
    pairs: Iterable<readonly [First, Mutant]>,
    count = Infinity,
  ): void {
    let isExplained = this.isExplained(claim);
    let left = Math.min(count, this.left);
    for (const [first, second] of pairs) {
      if (left <= 0) return;
      if (!this.tried(claim, first, second)) continue;
      this.left--;
      left--;
      if (isExplained || !this.isExplained(claim)) continue;
      isExplained = true;
      left = Math.min(left, MORE);
      this.found.push(first, firstOf(second));
    }
  }

  /** @returns whether the two can be made in one pass */
  private tried(claim: Comparable, first: First, second: Mutant): boolean {
    const change = composed(this.backward, first.change(), second.change());
    if (!change) return false;
    // other points and claims do not matter where the first point rules a pair out
    const result = this.bench.evaluate(change, claim.evidence.quantity);
    if (result && mayMatch(claim, result, this.bench)) {
      const cost = first.cost + second.cost + SECOND;
      this.trials.try([...first.faults, second.fault], cost, () => change);
    }
    return true;
  }
}

function firstOf(mutant: Mutant): First {
  return { ...mutant, faults: [mutant.fault] };
}

/** All pairs, those of mistakes that stand early in the list first. */
function* inOrder(mutants: readonly Mutant[]): Generator<readonly [First, Mutant]> {
  for (let sum = 1; sum < 2 * mutants.length - 2; sum++) {
    for (let low = 0; low < sum - low; low++) {
      const [first, second] = [mutants[low], mutants[sum - low]];
      if (first && second) yield [firstOf(first), second];
    }
  }
}
