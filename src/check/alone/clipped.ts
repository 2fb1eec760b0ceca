/** Right gradients that were clipped before they were given: to bounds, to a norm, or to their signs. */
import type { Quantity } from "../../expression/quantity.js";
import { arrangement } from "../claims/claims.js";
import { type Evidence, type Exhibit, reproduces } from "../claims/evidence.js";
import type { Explanation, Fault } from "../explanations/hypothesis.js";

/** What bounds cost, what they cost where they leave one number for all entries, and what a norm costs. */
const BOUNDS = 1.3;
const TWO_BOUNDS = 1.4;
const ONE_NUMBER = 2.4;
const NORM = 1.9;
/** What signs alone cost, and how many of them are no chance. */
const SIGNS = 1.5;
const LEAST_SIGNS = 3;
/** Relative: what rounding may do to a norm or a bound. */
const SAME = 1e-6;
/** Relative to the largest derivative: less is 0 but for rounding, and no bound. */
const LEAST_BOUND = 1e-9;

/** One claim, clipped by itself. */
export function clipped(evidence: Evidence): Explanation[] {
  return explanationsOf([evidence]);
}

/**
 * All wrong claims clipped alike, where that is one mistake: each alone may hold one number only, and one norm may
 * be that of all gradients together.
 */
export function clippedTogether(
  wrong: readonly Evidence[],
  right: readonly Evidence[],
): ReadonlyMap<Quantity, Explanation> {
  if (wrong.length < 2) return new Map();
  const [simplest] = explanationsOf(wrong, right).sort((a, b) => a.cost - b.cost);
  return new Map(simplest ? wrong.map(({ quantity }) => [quantity, simplest]) : []);
}

function explanationsOf(
  wrong: readonly Evidence[],
  right: readonly Evidence[] = [],
): Explanation[] {
  if (!wrong.every(fits)) return [];
  const bounds = toBounds(wrong, right);
  const norm = toNorm([...wrong, ...right]);
  const signs = signsAlone(wrong);
  return [...bounds, ...(norm ? [{ faults: [norm], cost: NORM }] : []), ...signs];
}

function fits({ exhibits }: Evidence): boolean {
  return exhibits.every(({ claim, sizes }) => arrangement(claim, sizes) === "fits");
}

/** Entries beyond a bound are at the bound, all others are right: bounds of one size, or of two. */
function toBounds(wrong: readonly Evidence[], right: readonly Evidence[]): Explanation[] {
  const exhibits = wrong.flatMap((one) => one.exhibits);
  // what is right was not clipped
  const others = right.flatMap((one) => one.exhibits.map(({ claim }) => claim.entries));
  const given = exhibits.map(({ claim }) => claim.entries);
  const bound = largest(given);
  if (bound < LEAST_BOUND * largest(exhibits.map(({ right }) => right.entries))) return [];
  const [low, high] = rangeOf(given);
  return [
    ...(largest(others) <= bound ? inBounds(exhibits, -bound, bound, BOUNDS) : []),
    ...(isWithin(rangeOf(others), low, high) ? inBounds(exhibits, low, high, TWO_BOUNDS) : []),
  ].slice(0, 1);
}

/** @param cost of bounds that somebody chose */
function inBounds(
  exhibits: readonly Exhibit[],
  low: number,
  high: number,
  cost: number,
): Explanation[] {
  const isOneBound = low === -high;
  const clamp = (entry: number): number => Math.max(low, Math.min(high, entry));
  let [below, above, inside] = [0, 0, 0];
  for (const exhibit of exhibits) {
    const { entries } = exhibit.right;
    if (!reproduces(exhibit.claim.entries, entries.map(clamp), exhibit)) return [];
    for (const entry of entries) {
      // what is rounded otherwise is not beyond
      if (entry < low - SAME * Math.abs(low)) below++;
      else if (entry > high + SAME * Math.abs(high)) above++;
      else if (entry > low && entry < high) inside++;
    }
  }
  const clipped = below + above;
  // one number of two digits may be anything
  const digits = clipped + inside > 1 ? 2 : 1;
  const used = [...(below > 0 ? [low] : []), ...(above > 0 ? [high] : [])];
  // one number for all entries says little of them
  const isOne = clipped > 1 && inside === 0 && used.length === 1;
  const isChosen = (bound: number, count: number): boolean =>
    isRound(bound, digits) || (count > 1 && inside > 0);
  const areChosen = isOneBound
    ? isChosen(high, clipped) && high !== 0
    : (below === 0 || isChosen(low, below)) && (above === 0 || isChosen(high, above)) && inside > 1;
  // one entry on one side may be 0 for any reason
  const isOneSided = !isOneBound && used.length === 1;
  // nobody keeps gradients away from 0
  const isAway = isOneSided && (below > 0 ? low > 0 : high < 0);
  const isScant = isOneSided && clipped === 1;
  if (clipped === 0 || isScant || isAway || !areChosen) return [];
  const [from, to] = [low, high].map((one) => chosen(one, digits));
  const sides =
    isOneBound || used.length > 1 ? [from!, to!] : below > 0 ? [from!, "∞"] : ["-∞", to!];
  const fault: Fault = {
    cause: "clipped",
    say: (claim) =>
      `${claim} is the right gradient clipped to [${sides.join(", ")}]: compare the gradient before it is clipped`,
  };
  return [{ faults: [fault], cost: isOne ? ONE_NUMBER : cost }];
}

/** The number that somebody wrote, of which this may be the single. */
function chosen(bound: number, digits: number): number {
  return isRound(bound, digits) ? Number(bound.toPrecision(digits)) : bound;
}

function isRound(bound: number, digits: number): boolean {
  const rounded = Number(bound.toPrecision(digits));
  return rounded === bound || Math.fround(rounded) === bound;
}

/** The signs of the right entries in place of the entries, or as many steps of one size. */
function signsAlone(wrong: readonly Evidence[]): Explanation[] {
  const exhibits = wrong.flatMap((one) => one.exhibits);
  const size = largest(exhibits.map(({ claim }) => claim.entries));
  const [signs, given] = [new Set<number>(), new Set<number>()];
  let [count, isLarger] = [0, true];
  for (const { claim, right } of exhibits) {
    for (const [k, entry] of claim.entries.entries()) {
      if (entry === 0 && right.entries[k] === 0) continue;
      if (Math.abs(entry) !== size || right.entries[k] === 0) return [];
      given.add(Math.sign(entry));
      signs.add(Math.sign(entry) * Math.sign(right.entries[k]!));
      isLarger &&= Math.abs(right.entries[k]!) > size;
      count++;
    }
  }
  const [sign] = signs;
  // what is larger throughout is at its bounds
  const isBounded = isLarger && sign === 1;
  // one number everywhere is no list of signs
  if (signs.size !== 1 || given.size < 2 || size === 0 || count < LEAST_SIGNS || isBounded)
    return [];
  const times = sign! * size === 1 ? "" : ` times ${chosen(sign! * size, 2)}`;
  const fault: Fault = {
    cause: "wrong-function",
    details: () => ({ used: "sign of the gradient", instead: "the gradient" }),
    say: (claim) =>
      `${claim} holds the signs of the right gradient${times}, as a step of signSGD does: compare the gradient itself`,
  };
  return [{ faults: [fault], cost: SIGNS }];
}

/** The right direction at a norm that somebody chose: that of one gradient, or of all of them together. */
function toNorm(all: readonly Evidence[]): Fault | undefined {
  const points = all[0]!.exhibits.map((_, k) => all.map(({ exhibits }) => exhibits[k]!));
  const given = points.map((exhibits) => normOf(exhibits.map(({ claim }) => claim.entries)));
  const norm = Number(Math.max(...given).toPrecision(2));
  const count = points[0]!.reduce((total, { right }) => total + right.entries.length, 0);
  if (norm === 0 || count < 2) return undefined;
  const scaledBy = (exhibits: readonly Exhibit[], k: number): number | undefined => {
    const whole = normOf(exhibits.map(({ right }) => right.entries));
    const scale = whole <= norm * (1 + SAME) ? 1 : given[k]! / whole;
    const isRound = scale === 1 || Math.abs(given[k]! - norm) <= SAME * norm;
    const isScaled = (one: Exhibit): boolean =>
      reproduces(one.claim.entries, one.right.entries, one, scale);
    return isRound && exhibits.every(isScaled) ? scale : undefined;
  };
  const scales = points.map(scaledBy);
  // what is within the norm at a point is right there
  const isNorm = !scales.includes(undefined) && scales.some((scale) => scale !== 1);
  if (!isNorm) return undefined;
  return {
    cause: "clipped",
    say: (claim) =>
      all.length === 1
        ? `${claim} is the right gradient scaled to the norm ${norm}: compare the gradient before it is clipped`
        : `${claim} is the right gradient after all of them together were scaled to the norm ${norm}: compare the gradients before they are clipped`,
  };
}

function normOf(lists: readonly Float64Array[]): number {
  const most = largest(lists);
  if (most === 0) return 0;
  let sum = 0;
  for (const list of lists) for (const entry of list) sum += (entry / most) ** 2;
  return most * Math.sqrt(sum);
}

function largest(lists: readonly Float64Array[]): number {
  let most = 0;
  for (const list of lists) for (const entry of list) most = Math.max(most, Math.abs(entry));
  return most;
}

/** The least and the largest of some numbers, of none an empty range. */
function rangeOf(lists: readonly Float64Array[]): readonly [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (const entry of list) [low, high] = [Math.min(low, entry), Math.max(high, entry)];
  }
  return [low, high];
}

function isWithin([from, to]: readonly [number, number], low: number, high: number): boolean {
  return from >= low && to <= high;
}
