/** Two mistakes at once, of those that change a claim, each effect once. */
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import { once } from "../once.js";
import type { Backward, Change } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { merged } from "../pass/changes.js";
import { composed } from "../pass/composed.js";
import type { Mutant, Probe } from "../mutants/index.js";
import type { Comparable } from "../alone/normalise.js";
import type { Budget } from "./budget.js";
import { type Couple, type Effect, type Effects, nearest, nearestParts, some } from "./effects.js";
import type { Hit, Hits, Slip } from "./hits.js";
import { type Match, mayMatch, SECOND } from "./matching.js";
import type { Trials } from "./trials.js";

/** Only mistakes up to this cost are paired with each other, or with parts whose factor has to be found. */
const PAIRED_COST = 2.45;
const PROBED_COST = 2.3;
/** So many explanations of other claims are tried as one of two mistakes, each with so many others. */
const MOST_PARTNERS = 6;
const MOST_BESIDE = 250;
/** So many mistakes that explain other claims are tried in place of a contrived explanation of one. */
const MOST_EXACT = 2;
/** So many pairs are tried because they are expected to come nearest. */
const MOST_NEAREST = 1000;
/** So many of them are tried in order, with so much of what a claim may take; the others by what they share. */
const NEAREST_FIRST = 200;
const IN_ORDER = 2 / 3;
/** Behind the first pair that explains a claim so many more may be simpler. */
const MORE = 50;
/** How much of what is left is for one way of finding pairs. */
const SHARE = 3 / 4;
/** What a pair takes beyond its pass, in operations, and what it takes to expect how near it comes. */
const COMPOSING = 300;
/** The same where lines need not be composed. */
const MAKING = 30;
const COMPARING = 0.03;

const MOST_FAULTS = 2;

/** So many mistakes are made upon a first one rather than each with it. */
const WORTH_MOVING = 4;

/** The first of two mistakes. */
interface First {
  readonly slips: readonly Slip[];
  readonly cost: number;
  readonly change: () => Change;
}

/** A mistake, and those that are tried beside it, in this order. */
interface Group {
  readonly first: First;
  readonly seconds: readonly Effect[];
}

/** Is done with a claim when no more operations than `stop` are left. */
type Task = (claim: Comparable, stop: number) => void;

export class Pairs {
  private readonly bench: Bench;
  /** The mistakes of pairs that explain a claim. */
  private readonly found: First[] = [];

  /**
   * @param effects of the single mistakes
   * @param budget for all claims together
   */
  constructor(
    private readonly backward: Backward,
    private readonly trials: Trials,
    private readonly hits: Hits,
    private readonly effects: Effects,
    private readonly budget: Budget,
  ) {
    this.bench = trials.benches[0]!;
  }

  /**
   * Tries, for claims that nothing explains: a mistake that explains another claim and a second one, the
   * two that are expected to come nearest, and a part with a factor of its own beside a mistake; where there are
   * loops, also two of which one is made at one step only.
   * @param claims that nothing explains
   * @param contrived claims with an explanation that surprises; a mistake that explains others, and a second one,
   * may surprise less
   */
  explain(
    claims: readonly Comparable[],
    contrived: readonly Comparable[],
    parts: readonly Probe[],
  ): void {
    const single = this.hits.single.filter(({ isOfSizes }) => !isOfSizes);
    const partners = single.map(asPartner);
    const exact = single.filter(isExact).slice(0, MOST_EXACT);
    this.forEach(apartFrom(exact, contrived), (claim, stop) =>
      this.beside(exact.map(asPartner), claim, stop),
    );
    this.forEachOpen(claims, (claim, stop) => this.beside(partners, claim, stop));
    // the code of a loop is the same at all steps
    this.forEachOpen(claims, (claim, stop) => this.nearestTwo(claim, false, stop));
    // what explains one claim may be half of what explains another
    this.forEachOpen(claims, (claim, stop) => this.beside(this.found, claim, stop));
    this.forEachOpen(claims, (claim, stop) => this.withParts(claim, parts, stop));
    this.forEachOpen(claims, (claim, stop) => this.nearestTwo(claim, true, stop));
  }

  /** The same for claims that nothing explains when their turn comes. */
  private forEachOpen(claims: readonly Comparable[], task: Task): void {
    const open = claims.filter((claim) => !this.isExplained(claim));
    this.forEach(open, (claim, stop) => {
      if (!this.isExplained(claim)) task(claim, stop);
    });
  }

  /** Gives each claim an equal share of what is left, some of which stays for what comes behind. */
  private forEach(claims: readonly Comparable[], task: Task): void {
    for (const [k, claim] of claims.entries()) {
      const { left } = this.budget;
      if (left <= 0) return;
      task(claim, left - (SHARE * left) / (claims.length - k));
    }
  }

  /** A pair with a third fault beside it is not yet what explains a claim: another pair may do so by itself. */
  private isExplained({ evidence }: Comparable): boolean {
    return this.hits.of(evidence.quantity).some(({ faults }) => faults.length <= MOST_FAULTS);
  }

  private usual(claim: Comparable, cost: number): Effect[] {
    return this.effects.on(claim.evidence.quantity).filter(({ mutant }) => mutant.cost <= cost);
  }

  private beside(partners: readonly First[], claim: Comparable, stop: number): void {
    const { quantity } = claim.evidence;
    const all = this.effects.on(quantity);
    const opening = once(() => all.filter(({ mutant }) => this.opensWay(mutant, quantity)));
    for (const partner of partners.slice(0, MOST_PARTNERS)) {
      if (this.budget.left <= stop) return;
      const first = partner.change();
      const own = this.bench.evaluate(first, quantity)?.get(quantity);
      // what does not come to the claim may do so by a line that takes another derivative
      const single = own ? all : opening();
      const isApart = ({ mutant }: Effect): boolean => merged(first, mutant.change()) !== undefined;
      const [apart, shared] = separated(single, isApart);
      const near = own ? this.nearestBeside(own, shared, claim) : shared;
      this.try(claim, [{ first: partner, seconds: [...apart, ...near] }], stop);
    }
  }

  /** Whether a mistake has a claim computed from a derivative that it is not computed from otherwise. */
  private opensWay({ change }: Mutant, quantity: Quantity): boolean {
    const leading = this.backward.leadingTo(new Set([quantity]));
    return change().added.some(({ clause }) =>
      references([clause.body]).some(({ quantity: { of } }) => of && !leading.has(of)),
    );
  }

  /** In the lines of a mistake, which then have to be composed, those that are expected to come nearest go first. */
  private nearestBeside(
    own: Float64Array,
    single: readonly Effect[],
    claim: Comparable,
  ): readonly Effect[] {
    const entries = single.map((one) => one.entries);
    const couples = this.nearest(claim, [some(own)], entries, MOST_BESIDE);
    return couples.map(([, k]) => single[k]!);
  }

  /** @param atOneStep whether a mistake may be made at one step of a loop only */
  private nearestTwo(claim: Comparable, atOneStep: boolean, stop: number): void {
    const all = this.usual(claim, PAIRED_COST);
    const inCode = all.filter(({ mutant }) => !mutant.isOneStep);
    if (atOneStep && inCode.length === all.length) return;
    const usual = atOneStep ? all : inCode;
    const entries = usual.map((one) => one.entries);
    const couples = this.nearest(claim, entries, entries, MOST_NEAREST);
    const groupOf = (first: number, seconds: readonly number[]): Group => ({
      first: firstOf(usual[first]!.mutant),
      seconds: seconds.map((k) => usual[k]!),
    });
    const { left } = this.budget;
    const inOrder = couples.slice(0, NEAREST_FIRST).map(([i, j]) => groupOf(i, [j]));
    this.try(claim, inOrder, left - IN_ORDER * (left - stop));
    if (this.isExplained(claim)) return;
    const others = grouped(couples.slice(NEAREST_FIRST));
    this.try(
      claim,
      others.map((one) => groupOf(...one)),
      stop,
    );
  }

  private nearest(
    { evidence: { quantity, exhibits } }: Comparable,
    firsts: readonly Float64Array[],
    seconds: readonly Float64Array[],
    count: number,
  ): Couple[] {
    const given = some(exhibits[0]!.claim.entries);
    const terms = this.bench.contributions(quantity).map(some);
    this.budget.spend(COMPARING * firsts.length * seconds.length);
    return nearest(given, terms, firsts, seconds, count);
  }

  /** Those that are expected to come nearest go first. */
  private withParts(claim: Comparable, parts: readonly Probe[], stop: number): void {
    const { quantity, exhibits } = claim.evidence;
    const usual = this.usual(claim, PROBED_COST);
    const changing = parts.flatMap((part) => {
      const entries = this.bench.evaluate(part.change(), quantity)?.get(quantity);
      return entries ? [{ part, entries: some(entries) }] : [];
    });
    this.budget.spend(COMPARING * usual.length * changing.length);
    const couples = nearestParts(
      some(exhibits[0]!.claim.entries),
      some(this.bench.adjoints.get(quantity)!),
      usual.map((one) => one.entries),
      changing.map((one) => one.entries),
      MOST_NEAREST,
    );
    for (const [i, j] of couples) {
      if (this.budget.left <= stop || this.isExplained(claim)) return;
      const { mutant } = usual[i]!;
      const base = this.bench.evaluate(mutant.change(), quantity);
      if (base) this.trials.probeBeside(mutant, base, changing[j]!.part, claim);
    }
  }

  private try(claim: Comparable, groups: readonly Group[], stop: number): void {
    let isExplained = this.isExplained(claim);
    let more = Infinity;
    for (const { first, seconds } of groups) {
      for (const { mutant } of this.likely(claim, first, seconds, stop)) {
        if (this.budget.left <= stop || more-- <= 0) return;
        this.tryPair(claim, first, mutant);
        if (isExplained || !this.isExplained(claim)) continue;
        isExplained = true;
        more = MORE;
        this.found.push(first, firstOf(mutant));
      }
    }
  }

  /**
   * Those of some mistakes that may explain a claim beside a first one: where they are many, and in other lines, they
   * are made in the pass that has the first, of which only what they change is computed again.
   */
  private likely(
    claim: Comparable,
    { change }: First,
    seconds: readonly Effect[],
    stop: number,
  ): readonly Effect[] {
    const first = change();
    const isApart = ({ mutant }: Effect): boolean => merged(first, mutant.change()) !== undefined;
    const [apart, shared] = separated(seconds, isApart);
    if (apart.length < WORTH_MOVING || this.budget.left <= stop) return seconds;
    const { quantity } = claim.evidence;
    const mayExplain = ({ mutant }: Effect): boolean => {
      if (this.budget.left <= stop) return false;
      this.budget.spend(MAKING);
      const result = this.bench.evaluate(mutant.change(), quantity);
      return result !== undefined && mayMatch(claim, result, this.bench);
    };
    return [...(this.bench.upon(first, () => apart.filter(mayExplain)) ?? []), ...shared];
  }

  private tryPair(claim: Comparable, first: First, second: Mutant): void {
    this.budget.spend(COMPOSING);
    const change = composed(this.backward, first.change(), second.change());
    if (!change) return;
    // other points and claims do not matter where the first point rules a pair out
    const result = this.bench.evaluate(change, claim.evidence.quantity);
    if (!result || !mayMatch(claim, result, this.bench)) return;
    const cost = first.cost + second.cost + SECOND;
    this.trials.try([...first.slips, second], cost, () => change);
  }
}

/** Whether a mistake explains claims with nothing beside it. */
function isExact({ explained, faults }: Hit): boolean {
  const isAlone = (match: Match): boolean => match.faults.length <= faults.length;
  return [...explained.values()].every(isAlone);
}

/** The claims that none of some mistakes explains. */
function apartFrom(others: readonly Hit[], claims: readonly Comparable[]): Comparable[] {
  if (others.length === 0) return [];
  return claims.filter(({ evidence: { quantity } }) =>
    others.every(({ explained }) => !explained.has(quantity)),
  );
}

/** A mistake that explains another claim: a part with the factor that was found for it. */
function asPartner({ slips, cost }: Hit): First {
  return { slips, cost, change: slips[0]!.change };
}

function firstOf(mutant: Mutant): First {
  return { ...mutant, slips: [mutant] };
}

/**
 * Couples by the one of the two that stands in more of them, in the order in which the first of each group stood.
 */
function grouped(couples: readonly Couple[]): (readonly [number, readonly number[]])[] {
  const counts = new Map<number, number>();
  for (const k of couples.flat()) counts.set(k, (counts.get(k) ?? 0) + 1);
  const groups = new Map<number, number[]>();
  for (const [i, j] of couples) {
    const [first, second] = counts.get(i)! >= counts.get(j)! ? [i, j] : [j, i];
    const group = groups.get(first);
    if (group) group.push(second);
    else groups.set(first, [second]);
  }
  return [...groups];
}

function separated<One>(all: readonly One[], isFirst: (one: One) => boolean): [One[], One[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
