/** Searches for points at which nothing is saturated, where random points are far out on an asymptote. */
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, type Point, pointOf, readPoint } from "../language/point.js";
import { leastStep } from "./least-step.js";
import { random, type Random } from "./prng.js";
import { isAtKink } from "./random.js";
import {
  distanceOf,
  isAlive,
  saturatedAtAll,
  saturationWatcher,
  sourcesOfOperand,
} from "./saturation.js";
import { structuresOf } from "./structures.js";
import { isInside, type Watched, Watcher } from "./watch.js";
import type { Watch } from "./watches.js";

/** Points that are enough where nothing is saturated at them, and that are searched for otherwise. */
const ENOUGH = 2;
/** Operands are brought to numbers of this size: at 0 itself slopes have special values. */
const [LEAST, MOST] = [0.3, 1.5] as const;
/** And are left where they are no farther; rounding may take them a little farther. */
const SETTLED = 3;
const NEAR = 5;
/** Entries of all operands that are brought there together, and of which single ones are chosen. */
const MOST_TOGETHER = 12;
/** Numbers that are moved one by one; of more of them all of a quantity are, by as much or in proportion. */
const MOST_SINGLE = 48;
const ROUNDS = 40;
/** What would have to move farther depends on nothing that moves, or on what is saturated itself. */
const FURTHEST = 1e6;
const HALVINGS = 8;
/** Slopes are taken over this distance, relative. */
const STEP = 2 ** -24;
/** Numbers of points have as few digits as leave their operands there. */
const DIGITS = [4, 6, 8, 10, 12, 15, 17] as const;
const LARGEST = 1e9;
/** Distance from kinks. */
const MARGIN = 1e-3;
/** Operations that a search may take. */
const MOST_WORK = 2e7;

type Entries = ReadonlyMap<Quantity, Float64Array>;

export interface AliveSearchOptions {
  /** A point whose inputs and targets those of the points are like: they are kept. */
  readonly like?: CheckedPoint | undefined;
  readonly seed: number;
  /** How many points are wanted at most. */
  readonly most: number;
}

/**
 * Points at which what is saturated at others is not: everything together, as far as that is found, else one by one.
 * @param points whose sizes are kept; at least one
 * @returns none where others tell enough already; the same for the same points and seed
 */
export function pointsAlive(
  model: Model,
  points: readonly Point[],
  { like, seed, most }: AliveSearchOptions,
): Point[] {
  const checked = points.map((point) => readPoint(model, point));
  if (checked.filter((point) => isAlive(model, point)).length >= ENOUGH) return [];
  const generator = random(seed);
  const held = structuresOf(model, like);
  const search = new AliveSearch(model, held, generator);
  const found: CheckedPoint[] = [];
  for (const start of ofOtherSizes(checked).slice(0, ENOUGH)) {
    const together = search.from(start, undefined);
    if (together) found.push(together);
  }
  if (found.length === 0) {
    for (const watch of saturatedAtAll(model, checked)) {
      if (found.length >= most) break;
      if (!saturatedAtAll(model, [...checked, ...found]).includes(watch)) continue;
      const alone = search.from(checked[0]!, watch);
      if (alone) found.push(alone);
    }
  }
  return found.slice(0, most).map((point) => pointOf(model, point));
}

/**
 * What is saturated at all points although its operand is not bound to labels and the like.
 * @param points whose data are alike; at least one
 */
export function neverAlive(model: Model, points: readonly Point[]): readonly Watch[] {
  const checked = points.map((point) => readPoint(model, point));
  const saturated = saturatedAtAll(model, checked);
  if (saturated.length === 0) return [];
  const held = structuresOf(model, checked[0]);
  return saturated.filter((one) => sourcesOfOperand(model, one).some((each) => !held.has(each)));
}

/** The first point of each choice of sizes, then the others. */
function ofOtherSizes(points: readonly CheckedPoint[]): readonly CheckedPoint[] {
  const sizesOf = ({ sizes }: CheckedPoint): string => [...sizes.values()].join();
  const first = points.filter(
    (one, k) => points.findIndex((other) => sizesOf(other) === sizesOf(one)) === k,
  );
  return [...first, ...points.filter((one) => !first.includes(one))];
}

/** An entry of an operand, and the number that it is to come near. */
interface Aim {
  /** The operand's number among all that saturate. */
  readonly operand: number;
  readonly position: number;
  readonly target: number;
}

/** Numbers that are moved together. */
interface Direction {
  readonly quantity: Quantity;
  readonly along: Float64Array;
}

/** Where an approach has come to, and the numbers that are brought near 0 there. */
interface Place {
  readonly entries: Entries;
  readonly values: readonly number[];
}

/** Gauss–Newton steps of least length (J. Nocedal, S. J. Wright, Numerical Optimization, 2nd ed. 2006, §10.3). */
class Approach {
  /** Operations that were made. */
  work = 0;

  constructor(
    private readonly watcher: Watcher,
    private readonly aims: readonly Aim[],
    private readonly moving: readonly Quantity[],
  ) {}

  /** Undefined where some number is not finite. */
  start(entries: Entries): Place | undefined {
    this.work += this.watcher.work;
    const { watched } = this.watcher.at(entries);
    const values = this.aims.map(({ operand, position }) => watched[operand]!.values[position]!);
    return values.every(Number.isFinite) ? { entries, values } : undefined;
  }

  /** As far along a step as brings the numbers nearer to where they are to come; undefined where none does, or all are there. */
  step(place: Place): Place | undefined {
    const { entries } = place;
    const rests = this.restsAt(place);
    const directions = directionsOf(entries, this.moving);
    const slopes = this.slopesAt(place, directions);
    const steps = slopes && leastStep(slopes, rests, FURTHEST);
    if (!steps || rests.every((rest) => rest === 0)) return undefined;
    for (let k = 0; k <= HALVINGS; k++) {
      const part = steps.map((one) => one * 2 ** -k);
      const there = this.start(movedBy(entries, directions, part));
      if (there && sizeOf(this.restsAt(there)) < sizeOf(rests)) return there;
    }
    return undefined;
  }

  /** What is missing of each number to where it is to come; nothing where it is near 0. */
  private restsAt({ values }: Place): readonly number[] {
    return values.map((value, k) =>
      Math.abs(value) <= SETTLED ? 0 : this.aims[k]!.target - value,
    );
  }

  private slopesAt(
    { entries, values }: Place,
    directions: readonly Direction[],
  ): (readonly number[])[] | undefined {
    const slopes: (readonly number[])[] = [];
    for (const direction of directions) {
      const reach = STEP * Math.max(1, largestOf(entries.get(direction.quantity)!));
      const there = this.start(movedBy(entries, [direction], [reach]));
      if (!there) return undefined;
      slopes.push(there.values.map((value, k) => (value - values[k]!) / reach));
    }
    return slopes;
  }
}

class AliveSearch {
  private left = MOST_WORK;

  constructor(
    private readonly model: Model,
    private readonly held: ReadonlyMap<Quantity, unknown>,
    private readonly generator: Random,
  ) {}

  /** @param only one of what saturates; else all of it */
  from(start: CheckedPoint, only: Watch | undefined): CheckedPoint | undefined {
    const { model, held } = this;
    const watcher = saturationWatcher(model, start);
    const { watched } = watcher.at(start.entries);
    const sourcesOf = ({ watch }: Watched): readonly Quantity[] =>
      only && watch !== only
        ? []
        : sourcesOfOperand(model, watch).filter((quantity) => !held.has(quantity));
    const operands = watched.flatMap((one, k) => (sourcesOf(one).length > 0 ? k : []));
    const moving = [...new Set(operands.flatMap((k) => sourcesOf(watched[k]!)))];
    for (const aims of this.aims(watched, operands)) {
      if (this.left <= 0) break;
      const entries = this.approach(watcher, start, aims, moving);
      const point = this.rounded(watcher, start, entries, aims, moving);
      if (point) return point;
    }
    return undefined;
  }

  /** All entries where these are few, then one of each operand: the first, the last, and the nearest. */
  private *aims(watched: readonly Watched[], operands: readonly number[]): Generator<Aim[]> {
    const of = (choose: (values: Watched) => readonly number[]): Aim[] =>
      operands.flatMap((operand) => {
        const one = watched[operand]!;
        const open = choose(one).filter((k) => Math.abs(one.values[k]!) !== Infinity);
        return open.map((position) => ({ operand, position, target: this.target(one) }));
      });
    const all = of(({ values }) => Array.from(values, (_, k) => k));
    if (all.length <= MOST_TOGETHER) yield all;
    yield of(() => [0]);
    yield of(({ values }) => [values.length - 1]);
    yield of((one) => [nearestIn(one)]);
  }

  private target({ watch }: Watched): number {
    const size = this.generator.between(LEAST, MOST);
    return watch.reduced > 0 || this.generator.next() < 0.5 ? size : -size;
  }

  /**
   * One operand after the other, those before it kept: what is behind something saturated does not move with it.
   * @returns what the search has come to, near or not
   */
  private approach(
    watcher: Watcher,
    { entries }: CheckedPoint,
    aims: readonly Aim[],
    moving: readonly Quantity[],
  ): Entries {
    let reached = entries;
    for (const last of new Set(aims.map(({ operand }) => operand))) {
      const soFar = aims.filter(({ operand }) => operand <= last);
      const approach = new Approach(watcher, soFar, moving);
      let place = approach.start(reached);
      for (let round = 0; place && round < ROUNDS && this.left > approach.work; round++) {
        reached = place.entries;
        place = approach.step(place);
      }
      this.left -= approach.work;
    }
    return reached;
  }

  /** With as few digits as the operands need to stay where they are; undefined where some operation is not defined. */
  private rounded(
    watcher: Watcher,
    start: CheckedPoint,
    entries: Entries,
    aims: readonly Aim[],
    moving: readonly Quantity[],
  ): CheckedPoint | undefined {
    const conditions = new Watcher(this.model, start.sizes);
    for (const digits of DIGITS) {
      const short = moving.map((one) => [one, entries.get(one)!.map(roundedTo(digits))] as const);
      const all = new Map([...entries, ...short]);
      const { watched } = watcher.at(all);
      const isNear = aims.every(({ operand, position }) => {
        return distanceOf(watched[operand]!, position) <= NEAR;
      });
      if (!isNear) continue;
      this.left -= conditions.work;
      const { watched: found, isFinite } = conditions.at(all);
      const isDefined = isFinite && found.every((one) => isInside(one));
      if (!isDefined || isAtKink(conditions, found, all, moving, MARGIN)) return undefined;
      return { ...start, entries: all };
    }
    return undefined;
  }
}

function nearestIn(one: Watched): number {
  let nearest = 0;
  for (let k = 1; k < one.values.length; k++) {
    if (distanceOf(one, k) < distanceOf(one, nearest)) nearest = k;
  }
  return nearest;
}

function roundedTo(digits: number): (entry: number) => number {
  return (entry) => Number(entry.toPrecision(digits));
}

function largestOf(numbers: Float64Array): number {
  return numbers.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
}

/** Logarithms, so that an operand that is far off does not outweigh all others. */
function sizeOf(rests: readonly number[]): number {
  return rests.reduce((sum, rest) => sum + Math.log1p(Math.abs(rest)), 0);
}

function directionsOf(entries: Entries, moving: readonly Quantity[]): readonly Direction[] {
  const count = moving.reduce((sum, one) => sum + entries.get(one)!.length, 0);
  return moving.flatMap((quantity): Direction[] => {
    const own = entries.get(quantity)!;
    if (count > MOST_SINGLE) {
      return [own.map(() => 1), own].map((along) => ({ quantity, along }));
    }
    return Array.from(own, (_, k) => ({ quantity, along: own.map((_, j) => (j === k ? 1 : 0)) }));
  });
}

function movedBy(
  entries: Entries,
  directions: readonly Direction[],
  steps: readonly number[],
): Entries {
  const moved = new Map(entries);
  for (const [k, { quantity, along }] of directions.entries()) {
    const bounded = (entry: number): number => Math.max(-LARGEST, Math.min(LARGEST, entry));
    const before = moved.get(quantity)!;
    moved.set(
      quantity,
      before.map((entry, j) => bounded(entry + steps[k]! * along[j]!)),
    );
  }
  return moved;
}
