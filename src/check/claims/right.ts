/** The right derivatives at a point, and how far rounding may carry a computation away from them. */
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import type { CheckedPoint } from "../../language/point.js";
import { InputError } from "../../language/source.js";
import { FixedPointError } from "../../expression/operations/fixed-point.js";
import { doubleArithmetic } from "../../numeric/arithmetic.js";
import { decimalArithmetic } from "../../numeric/decimal.js";
import { FIXED_ROUNDOFF, fixedArithmetic, fixedToNumber } from "../../numeric/fixed.js";
import { assemble } from "../../numeric/machine.js";
import { runProgram } from "../../numeric/interpret.js";
import { random } from "../../numeric/prng.js";
import { type NumericProgram, numericProgram } from "../../numeric/program.js";
import { roundingArithmetic, UNIT_ROUNDOFF } from "../../numeric/rounding.js";
import { stochasticArithmetic } from "../../numeric/stochastic.js";
import { work } from "../../numeric/work.js";
import { once } from "../once.js";
import { inferPrecision } from "./company.js";
import type { Precision } from "./precision.js";

/** ∂loss/∂quantity at a point. Entries rows first. */
export interface Right {
  readonly entries: Float64Array;
  /** Error of each entry per unit roundoff, when computed in rounded arithmetic. */
  readonly spread: Float64Array;
  /** How far an entry may move because the point was rounded when it was printed. */
  readonly blur: Float64Array;
}

export interface RightDerivatives {
  readonly of: ReadonlyMap<Quantity, Right>;
  /** Whether the entries were computed with many digits; else in double precision. */
  readonly isPrecise: boolean;
}

/** Significant digits of the right derivatives. */
const DIGITS = 50;
/** Operations that are done in decimals, and with error bounds, before quicker ways are taken. */
const MOST_DECIMAL_WORK = 3e5;
const MOST_BOUNDED_WORK = 5e6;
const MOST_INTERPRETED = 1e4;
/** A transcendental function counts for so many multiplications of decimals. */
const COSTLY = 80;

/**
 * @param wanted parameters and other quantities of the model
 * @throws InputError where a derivative is not finite at the point.
 */
export function rightDerivatives(
  model: Model,
  point: CheckedPoint,
  wanted: readonly Quantity[],
): RightDerivatives {
  const program = numericProgram(model, wanted);
  const { sizes } = point;
  const run = once(() => machine(model, program, sizes));
  const isPrecise = work(program.definitions, sizes, COSTLY) <= MOST_DECIMAL_WORK;
  const isBounded = work(program.definitions, sizes, 4) <= MOST_BOUNDED_WORK;
  const bounds = once(() => bounded(program, point));
  const entries = isPrecise ? precise(program, point, bounds) : run()(point.entries);
  // people do not rewrite for stability: what they wrote may lose more than what we compute
  const isOther = isPrecise && !program.isAsWritten;
  const spreadsOf = (one: NumericProgram, bounds: Entries): Entries =>
    isPrecise ? seen(one, point, entries, bounds) : bounds;
  const spreads = isBounded ? [spreadsOf(program, bounds())] : [disturbed(run(), point)];
  if (isBounded && isOther) {
    const written = numericProgram(model, wanted, [], { asWritten: true });
    spreads.push(spreadsOf(written, bounded(written, point)));
  }
  const blurs = blurred(run, point);
  const of = new Map<Quantity, Right>();
  for (const quantity of wanted) {
    const right = entries.get(quantity)!;
    if (!right.every(Number.isFinite)) {
      throw new InputError(
        `the derivative of ${model.loss.name} by ${quantity.name} is not finite at this point`,
        { hint: "some function has no derivative there; check at another point" },
      );
    }
    const spread = right.map((_, k) =>
      Math.max(...spreads.map((one) => finiteOr0(one.get(quantity)![k]!))),
    );
    const blur = blurs?.get(quantity) ?? new Float64Array(right.length);
    const left = isPrecise ? right.map((entry, k) => withoutRests(entry, spread[k]!)) : right;
    of.set(quantity, { entries: left, spread: evened(left, spread), blur });
  }
  return { of, isPrecise };
}

/** Relative to how errors spread: what so many digits leave of terms that cancel. */
const REST = 10 ** -(DIGITS - 10);

/** An entry, or the 0 that it would be with all digits. */
function withoutRests(entry: number, spread: number): number {
  return Math.abs(entry) <= REST * spread ? 0 : entry;
}

function finiteOr0(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function adjointsOf<Result>(
  { adjoints }: NumericProgram,
  read: (adjoint: Quantity, quantity: Quantity) => Result,
): Map<Quantity, Result> {
  return new Map([...adjoints].map(([quantity, adjoint]) => [quantity, read(adjoint, quantity)]));
}

type Entries = ReadonlyMap<Quantity, Float64Array>;

/** To all digits of a double: in fixed point where that is known to be enough, else in decimals. */
function precise(program: NumericProgram, point: CheckedPoint, bounds: () => Entries): Entries {
  return inFixedPoint(program, point, bounds) ?? decimal(program, point);
}

function decimal(program: NumericProgram, point: CheckedPoint): Entries {
  const entries = runProgram(program, point, decimalArithmetic(DIGITS));
  return adjointsOf(program, (adjoint) =>
    Float64Array.from(entries.get(adjoint)!, (value) => value.toNumber()),
  );
}

/** The part of a double's last digit that may be missing. */
const MISSING = 2 ** -10;
/** The largest bound of rounding errors, per unit roundoff and beside an entry, with which no more is missing. */
const MOST_CANCELLED = (MISSING * UNIT_ROUNDOFF) / FIXED_ROUNDOFF;

/** Undefined where numbers are not of ordinary size, or too much of them cancels. */
function inFixedPoint(
  program: NumericProgram,
  point: CheckedPoint,
  bounds: () => Entries,
): Entries | undefined {
  try {
    const values = runProgram(program, point, fixedArithmetic);
    const entries = adjointsOf(program, (adjoint) =>
      Float64Array.from(values.get(adjoint)!, fixedToNumber),
    );
    const isSure = [...bounds()].every(([quantity, errors]) =>
      entries
        .get(quantity)!
        .every((entry, k) => entry === 0 || errors[k]! <= MOST_CANCELLED * Math.abs(entry)),
    );
    return isSure ? entries : undefined;
  } catch (error) {
    if (!(error instanceof FixedPointError)) throw error;
    return undefined;
  }
}

type Machine = (entries: Entries) => Map<Quantity, Float64Array>;

/** In double precision: interpreted where generating code would take longer. */
function machine(model: Model, program: NumericProgram, sizes: SizeValues): Machine {
  if (work(program.definitions, sizes) <= MOST_INTERPRETED) {
    return (entries) => {
      const values = runProgram(program, { sizes, entries }, doubleArithmetic);
      return adjointsOf(program, (adjoint) => Float64Array.from(values.get(adjoint)!));
    };
  }
  const given = [...model.inputs, ...model.targets, ...model.params];
  const { arrays, locate, run } = assemble(program, [], given, sizes);
  const arrayOf = (quantity: Quantity): Float64Array => arrays.get(locate(quantity).array)!;
  return (entries) => {
    for (const quantity of given) arrayOf(quantity).set(entries.get(quantity)!);
    run(new Float64Array(0), new Float64Array(0));
    return adjointsOf(program, (adjoint) => arrayOf(adjoint).slice());
  };
}

/** Running error bounds, per unit roundoff. */
function bounded(program: NumericProgram, point: CheckedPoint): Entries {
  const entries = runProgram(program, point, roundingArithmetic);
  return adjointsOf(program, (adjoint) =>
    Float64Array.from(entries.get(adjoint)!, ({ error }) => error / UNIT_ROUNDOFF),
  );
}

/** The relative size of disturbances: far above rounding, small enough that errors stay linear. */
const DISTURBANCE = 2 ** -30;
const SAMPLES = 5;
/** Rounding inside adds to what rounding of the point alone would do. */
const INSIDE = 8;

/** For models too large to bound step by step: what random changes of the point lead to. */
function disturbed(run: Machine, { entries }: CheckedPoint): Map<Quantity, Float64Array> {
  const disturb = (entry: number, random: number): number => entry * (1 + random * DISTURBANCE);
  return changes(run, entries, () => disturb, INSIDE / DISTURBANCE);
}

/** Rounding may do so many times what it is seen to do in a few runs, in one order of operations. */
const UNSEEN = 3;

/**
 * What rounding of every operation is seen to do, per unit roundoff, and never more than its bound, which
 * adds up errors that mostly cancel.
 * @param right the derivatives, without rounding errors
 * @param bounds running error bounds
 */
function seen(
  program: NumericProgram,
  point: CheckedPoint,
  right: Entries,
  bounds: Entries,
): Entries {
  const runs = runProgram(program, point, stochasticArithmetic(DISTURBANCE, SAMPLES, random(1)));
  return adjointsOf(program, (adjoint, quantity) => {
    const samples = runs.get(adjoint)!;
    const entries = right.get(quantity)!;
    return bounds.get(quantity)!.map((bound, k) => {
      const errors = samples[k]!.map((entry) => Math.abs(entry - entries[k]!));
      const most = (UNSEEN * Math.max(...errors)) / DISTURBANCE;
      return Number.isFinite(most) ? Math.min(bound, most) : bound;
    });
  });
}

/** Digits from which on the numbers of a point were hardly chosen, but rounded. */
const ROUNDED_DIGITS = 6;
const REACH = 2;

/** Undefined where the point was not rounded. */
function blurred(run: () => Machine, { entries }: CheckedPoint): Entries | undefined {
  const precisions = new Map(
    [...entries].map(([quantity, list]) => [
      quantity,
      inferPrecision({ entries: list, isSingle: false }),
    ]),
  );
  const isRounded = ({ kind, digits }: Precision): boolean =>
    kind === "printed" && digits >= ROUNDED_DIGITS;
  if (![...precisions.values()].some(isRounded)) return undefined;
  const disturb = (quantity: Quantity) => {
    const precision = precisions.get(quantity)!;
    return isRounded(precision)
      ? (entry: number, random: number): number => entry + (random * precision.slack(entry)) / 2
      : (entry: number): number => entry;
  };
  return changes(run(), entries, disturb, REACH);
}

/** The largest changes of the derivatives, times a factor, when a point is disturbed at random. */
function changes(
  run: Machine,
  entries: Entries,
  disturb: (quantity: Quantity) => (entry: number, random: number) => number,
  factor: number,
): Map<Quantity, Float64Array> {
  const right = run(entries);
  const generator = random(1);
  const result = new Map([...right].map(([one, list]) => [one, new Float64Array(list.length)]));
  for (let sample = 0; sample < SAMPLES; sample++) {
    const moved = new Map(
      [...entries].map(([quantity, list]) => {
        const move = disturb(quantity);
        return [quantity, list.map((entry) => move(entry, generator.between(-1, 1)))];
      }),
    );
    for (const [quantity, list] of run(moved)) {
      const [base, largest] = [right.get(quantity)!, result.get(quantity)!];
      for (let k = 0; k < list.length; k++) {
        largest[k] = Math.max(largest[k]!, factor * Math.abs(list[k]! - base[k]!));
      }
    }
  }
  return result;
}

/**
 * No entry is thought to be much more certain than the others of its array: its own computation
 * may have been spared an error by luck. The middle one of the relative spreads is the least.
 */
function evened(entries: Float64Array, spread: Float64Array): Float64Array {
  const relative = entries
    .map((entry, k) => spread[k]! / Math.abs(entry))
    .filter((one) => Number.isFinite(one))
    .sort();
  const middle = relative[relative.length >> 1] ?? 0;
  return spread.map((one, k) => Math.max(one, middle * Math.abs(entries[k]!)));
}
