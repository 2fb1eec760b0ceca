/** Which mistakes explain which claims, and how surprising each explanation is. */
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Backward, Change } from "../pass/backward.js";
import { computedFrom } from "../pass/users.js";
import type { Bench } from "../pass/bench.js";
import {
  digitsOf,
  type Evidence,
  isNearlyRight,
  reproduces,
  saysLittle,
} from "../claims/evidence.js";
import type { Explanation, Fault } from "../explanations/hypothesis.js";
import { adjointName } from "../explanations/words.js";
import type { Match, Results } from "./matching.js";
import type { Comparable } from "../alone/normalise.js";

/** What it costs an explanation to leave all other wrong claims unexplained. */
export const LONELY = 0.6;
/** What it costs an explanation to make a claim wrong that is right, and each of a few more. */
const CONTRADICTED = 0.9;
const MORE_CONTRADICTED = 0.1;
const MOST_CONTRADICTED = 3;

/** What it costs an explanation to make so many claims other than they are. */
export function contradicting(count: number): number {
  if (count === 0) return 0;
  return CONTRADICTED + MORE_CONTRADICTED * (Math.min(count, MOST_CONTRADICTED) - 1);
}

/**
 * What it costs to explain only some of the wrong claims; ∞ for none of them.
 * @param count how many claims are wrong
 */
export function lonely(count: number, explained: number): number {
  if (explained === 0) return Infinity;
  return count > 1 ? (LONELY * (count - explained)) / (count - 1) : 0;
}

/** Two mistakes must explain so many digits: some 10⁴ pairs are tried, with some ten factors each. */
const LEAST_DIGITS = 7;

/** One mistake of a pass, and what it changes by itself. */
export interface Slip {
  readonly fault: Fault;
  readonly change: () => Change;
}

/** Mistakes in one pass. */
export interface Mistakes {
  readonly slips: readonly Slip[];
  /** Whether one has a factor that depends on sizes: what it changes by itself is that of the first point. */
  readonly isOfSizes?: boolean;
  readonly cost: number;
  readonly change: () => Change;
  /** Whether a claim is explained by the numbers of the change. */
  readonly holds: (claim: Comparable, results: Results, benches: readonly Bench[]) => boolean;
}

/** Mistakes, and the claims that they explain. */
export interface Hit extends Mistakes {
  readonly faults: readonly Fault[];
  readonly explained: ReadonlyMap<Quantity, Match>;
  /** Claims that are right and would be wrong. */
  readonly contradicted: readonly Quantity[];
  /** Claims that are wrong and would be so in another way. */
  readonly altered: readonly Quantity[];
}

/** What a hit is for one of its claims. */
export interface HitExplanation extends Explanation {
  readonly hit: Hit;
  /** What the mistakes cost, whichever claims they explain. */
  readonly price: number;
}

export class Hits {
  private readonly all: Hit[] = [];

  /**
   * @param backward the pass that mistakes are made in
   * @param count how many claims are wrong
   * @param wrong those of them that have the shape of what they claim
   * @param right claims that an explanation must leave as they are
   */
  constructor(
    private readonly backward: Backward,
    private readonly count: number,
    private readonly wrong: readonly Comparable[],
    private readonly right: readonly Comparable[],
  ) {}

  /** Single mistakes that contradict no claim, the least surprising first. */
  get single(): Hit[] {
    return this.all
      .filter(({ faults, contradicted }) => faults.length === 1 && contradicted.length === 0)
      .sort((a, b) => a.cost - b.cost);
  }

  /**
   * Keeps mistakes that explain a claim.
   * @param matches what explains each claim beside them, if they do
   * @param results at each point, to be compared with the claims that are right
   */
  keep(mistakes: Mistakes, matches: ReadonlyMap<Evidence, Match>, results: Results): void {
    const explained = new Map<Quantity, Match>();
    let digits = 0;
    for (const [evidence, match] of matches) {
      const own = match.isAlone ? [] : this.concerning(evidence.quantity, mistakes);
      const faults = [...own, ...match.faults];
      // two faults that undo each other explain nothing
      if (faults.length > 1 && (isNearlyRight(evidence) || areUndone(own, match.faults))) continue;
      if (saysLittle(evidence) || areToldAlike(faults)) continue;
      explained.set(evidence.quantity, { cost: match.cost, faults });
      digits += digitsOf(evidence);
    }
    const isPair = [...explained.values()].some(({ faults }) => faults.length > 1);
    if (explained.size === 0 || (isPair && digits < LEAST_DIGITS)) return;
    const contradicted = changedBy(this.right, results);
    // what is computed from a quantity is wrong with it
    const faults = mistakes.slips.map(({ fault }) => fault);
    if (contradicted.length > 0 && faults.some((one) => one.isForward)) return;
    const altered = changedBy(this.wrong, results).filter((one) => !explained.has(one));
    this.all.push({ ...mistakes, faults, explained, contradicted, altered });
  }

  /** What was found for one claim, in no order. */
  of(quantity: Quantity): HitExplanation[] {
    return this.all.flatMap((hit) => {
      const { explained, cost, contradicted } = hit;
      const own = explained.get(quantity);
      if (!own) return [];
      const alone = lonely(this.count, 1 + alike(explained, own));
      const [other] = contradicted;
      const price = cost + contradicting(contradicted.length);
      const faults = other ? own.faults.map((one) => onlyIn(quantity, one, other)) : own.faults;
      return [{ hit, faults, price, cost: price + own.cost + alone }];
    });
  }

  /** What the simplest explanation of a claim costs; ∞ where there is none. */
  best(quantity: Quantity): number {
    return Math.min(Infinity, ...this.of(quantity).map(({ cost }) => cost));
  }

  /**
   * The faults of a pass that a derivative is computed from, by what each of them changes: one that is made in several
   * places is told of the first. What is computed otherwise in the forward pass reaches what is computed from it.
   */
  private concerning(quantity: Quantity, { slips }: Mistakes): readonly Fault[] {
    if (slips.length < 2) return slips.map(({ fault }) => fault);
    const leading = this.leadingIn(slips, quantity);
    const lines = this.backward.edges.filter(({ to }) => leading.has(to));
    const concerns = (one: Slip): boolean => {
      const { removed, added, redefined = [] } = one.change();
      if ([...removed, ...added].some(({ to }) => leading.has(to))) return true;
      const moved = new Set(
        redefined.flatMap((own) => [own.quantity, ...computedFrom(this.backward, own.quantity)]),
      );
      return (
        moved.size > 0 &&
        lines.some(({ clause }) =>
          references([clause.body]).some((read) => moved.has(read.quantity)),
        )
      );
    };
    const all = slips.filter(concerns);
    return (all.length > 0 ? all : slips).map(({ fault }) => fault);
  }

  /** What a derivative is computed from in a pass with mistakes: in a line with one it may be another than it is. */
  private leadingIn(slips: readonly Slip[], quantity: Quantity): ReadonlySet<Quantity> {
    const right = this.backward.leadingTo(new Set([quantity]));
    const added = slips.flatMap(({ change }) => change().added.filter(({ to }) => right.has(to)));
    const read = references(added.map(({ clause }) => clause.body));
    return this.backward.leadingTo(
      new Set([quantity, ...read.flatMap(({ quantity: { of } }) => of ?? [])]),
    );
  }
}

/** The claims whose derivatives come out other than the right ones, and other than what is claimed. */
function changedBy(claims: readonly Comparable[], results: Results): Quantity[] {
  return claims.flatMap(({ evidence: { quantity, exhibits } }) => {
    const isChanged = exhibits.some((exhibit, k) => {
      const { claim, right } = exhibit;
      const result = results[k]!.get(quantity);
      const isAny = (entries: ArrayLike<number>): boolean => reproduces(entries, result!, exhibit);
      return result && !isAny(claim.entries) && !isAny(right.entries);
    });
    return isChanged ? [quantity] : [];
  });
}

/** Whether two mistakes have one sentence: who does what it says once does not come to the right numbers. */
function areToldAlike(faults: readonly Fault[]): boolean {
  return faults.length > 1 && new Set(faults.map(({ say }) => say(""))).size < faults.length;
}

/** Whether a claim has the inverse of a factor that a mistake puts in: it says that other paths have it. */
function areUndone(mistakes: readonly Fault[], factors: readonly Fault[]): boolean {
  return mistakes.some((one) => {
    const factor = factorIn(one);
    return factor !== undefined && factors.some((other) => areInverse(factor, factorIn(other)));
  });
}

function factorIn({ cause, details }: Fault): number | string | undefined {
  if (cause === "sign") return -1;
  return cause === "constant-factor" ? details?.().factor : undefined;
}

function areInverse(a: number | string, b: number | string | undefined): boolean {
  if (typeof a === "number" && typeof b === "number") return Math.abs(a * b - 1) < 1e-9;
  return a === `1/${b}` || b === `1/${a}`;
}

/** A mistake in a derivative that a right claim is computed from too: it is made for the wrong claim only. */
function onlyIn(quantity: Quantity, fault: Fault, right: Quantity): Fault {
  const { arisesIn, firstIn: _, ...rest } = fault;
  if (arisesIn === undefined || arisesIn === quantity.name) return fault;
  const at = adjointName({ name: arisesIn });
  return {
    ...rest,
    say: (claim) => `in ${claim}, ${fault.say(at)}; ${adjointName(right)} has ${at} right`,
  };
}

/** How many other claims are explained with no more mistakes: one number is some multiple of any other. */
function alike(explained: ReadonlyMap<Quantity, Match>, own: Match): number {
  return [...explained.values()].filter(
    (one) => one !== own && one.faults.length <= own.faults.length,
  ).length;
}
