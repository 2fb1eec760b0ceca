/**
 * Whether doubles are what a program computes in which some of the data are singles: then what is made of
 * these alone is rounded to singles, and errors of that size are in everything that it goes into.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { CheckedPoint } from "../../language/point.js";
import { random } from "../../numeric/prng.js";
import { numericProgram, type NumericProgram } from "../../numeric/program.js";
import { runPromoting } from "../../numeric/promotion.js";
import { work } from "../../numeric/work.js";
import type { Evidence } from "../claims/evidence.js";
import { DOUBLE_PRECISION } from "../claims/precision.js";
import { tolerance } from "../claims/verdict.js";
import { Displacement } from "./displacement.js";

/** Runs that show what rounding does. */
const SAMPLES = 4;
/** Rounding may do so many times what it is seen to do in them: people sum in another order. */
const MOST_SEEN = 8;
/**
 * The middle one of the errors is such a part of that at least, since some operations on singles are exact: small
 * terms that were forgotten are smaller, and errors of doubles 10⁻⁹ of it.
 */
const LEAST_SEEN = 0.1;
/** Operations that all runs may take together. */
const MOST_WORK = 2e6;

/**
 * Whether the claims have the errors of such a program, for some choice of what the singles are: none
 * beyond what its rounding does, none where no single goes into, and all of them where singles do.
 * @param evidences those that are right where errors of singles are allowed
 */
export function arePromoted(
  model: Model,
  points: readonly CheckedPoint[],
  evidences: readonly Evidence[],
): boolean {
  const wanted = evidences.map(({ quantity }) => quantity);
  const program = numericProgram(model, wanted, [], { asWritten: true });
  const runs = (1 + SAMPLES) * points.length;
  const once = points.reduce((total, { sizes }) => total + work(program.definitions, sizes), 0);
  const most = Math.floor(MOST_WORK / (runs * once));
  return choices(model)
    .slice(0, most)
    .some((singles) => fits(program, points, evidences, singles));
}

/** What may be singles: the data, the parameters, any one of them, all but one, and then any. */
function choices({ inputs, targets, params }: Model): ReadonlySet<Quantity>[] {
  const all = [...inputs, ...targets, ...params];
  const usual = [[...inputs, ...targets], inputs, params, ...all.map((one) => [one])];
  const allBut = all.map((one) => all.filter((other) => other !== one));
  const more = all.length <= MOST_VARIED ? subsets(all) : [];
  const found = new Map<string, ReadonlySet<Quantity>>();
  for (const list of [...usual, ...allBut, ...more]) {
    if (list.length > 0)
      found.set(all.map((one) => Number(list.includes(one))).join(""), new Set(list));
  }
  return [...found.values()];
}

const MOST_VARIED = 6;

function subsets(all: readonly Quantity[]): Quantity[][] {
  return all.reduce<Quantity[][]>(
    (lists, one) => [...lists, ...lists.map((list) => [...list, one])],
    [[]],
  );
}

function fits(
  program: NumericProgram,
  points: readonly CheckedPoint[],
  evidences: readonly Evidence[],
  singles: ReadonlySet<Quantity>,
): boolean {
  const generator = random(1);
  const shares: number[][] = [];
  const displacement = new Displacement();
  for (const [k, point] of points.entries()) {
    const rounded = runPromoting(program, point, singles);
    const samples = Array.from({ length: SAMPLES }, () =>
      runPromoting(program, point, singles, generator),
    );
    for (const { quantity, exhibits } of evidences) {
      const { claim, right } = exhibits[k]!;
      const { entries: there, isSingle } = rounded.get(quantity)!;
      if (isSingle && claim.entries.some((one) => Math.fround(one) !== one)) return false;
      const lists = samples.map((one) => one.get(quantity)!.entries);
      const seen = there.map((value, n) =>
        Math.max(...lists.map((list) => Math.abs(list[n]! - value))),
      );
      const usual = middle([...seen].map((one, n) => one / Math.abs(there[n]!)));
      const own: number[] = [];
      for (const [n, given] of claim.entries.entries()) {
        const [error, offRight] = [there, right.entries].map((list) => Math.abs(given - list[n]!));
        const allowed = Math.max(seen[n]!, usual * Math.abs(there[n]!));
        const inDoubles = tolerance(DOUBLE_PRECISION, right, n, given);
        if (!(error! <= MOST_SEEN * allowed + inDoubles)) return false;
        if (allowed <= inDoubles) continue;
        own.push(offRight! / allowed);
        const exact = right.entries[n]!;
        displacement.note((given - exact) / allowed, (there[n]! - exact) / allowed);
      }
      if (own.length > 0) shares.push(own);
    }
  }
  const isEverywhere = shares.every((own) => Math.max(...own) >= LEAST_SEEN);
  const areExact = points.every(({ entries }) =>
    [...singles].every((one) => entries.get(one)!.every((entry) => Math.fround(entry) === entry)),
  );
  // the rounding of the data is seen, unless these are singles already
  return isEverywhere && (areExact || displacement.isSeen) && middle(shares.flat()) >= LEAST_SEEN;
}

function middle(list: readonly number[]): number {
  const sorted = list.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
