/** Points at which what decides between two pieces of a model is exactly 0. */
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { type CheckedPoint, type Point, pointOf } from "../../language/point.js";
import { entryCount } from "../../expression/size.js";
import { Watcher, watchesOf } from "../../numeric/watch.js";
import type { Watch } from "../../numeric/watches.js";

/** Entries are rounded to so many parts of 1, so that sums of their products are exact. */
const PARTS = 64;
/** Parameters that are moved, their entries, and the steps to where the kink is. */
const MOST_PARAMETERS = 8;
const MOST_ENTRIES = 3;
const STEPS = 6;
/** Operations of larger models take too long. */
const MOST_WORK = 2e5;

/** A point at a kink, and two beside it. */
export interface PlaceAtKink {
  readonly at: Point;
  readonly beside: readonly Point[];
}

type Entries = ReadonlyMap<Quantity, Float64Array>;

/**
 * Points near a given one at which an entry of what a kink is watched by is 0 in doubles: one parameter is moved, or all
 * of a linear layer are 0.
 * @param watch a kink of the model
 */
export function* placesAtKink(
  model: Model,
  near: CheckedPoint,
  watch: Watch,
): Generator<PlaceAtKink> {
  const position = watchesOf(model).indexOf(watch);
  const watcher = new Watcher(model, near.sizes);
  if (position < 0 || watcher.work > MOST_WORK) return;
  const valuesAt = (entries: Entries): ArrayLike<number> =>
    watcher.at(entries).watched[position]!.values;
  const point = (entries: Entries): Point => pointOf(model, { ...near, entries });
  const start = roundedFor(model, near.entries);
  const params = [...model.params].sort((a, b) => lengthOf(near, a) - lengthOf(near, b));
  for (const param of params.slice(0, MOST_PARAMETERS)) {
    for (let k = 0; k < Math.min(MOST_ENTRIES, lengthOf(near, param)); k++) {
      const by = (step: number, entries: Entries): Entries => moved(entries, param, k, step);
      const found = movedToZero(start, by, valuesAt);
      if (found) {
        yield { at: point(found), beside: [-1, 1].map((side) => point(by(side / PARTS, found))) };
        break;
      }
    }
  }
  const layer = parametersOf(model, watch);
  if (layer.length === 0) return;
  const scaled = (factor: number): Point =>
    point(
      new Map([
        ...start,
        ...layer.map((one) => [one, start.get(one)!.map((value) => value * factor)] as const),
      ]),
    );
  yield { at: scaled(0), beside: [-1 / PARTS, 1 / PARTS].map(scaled) };
}

/** Undefined where the entry decides nothing, or its zero is no number of doubles. */
function movedToZero(
  start: Entries,
  by: (step: number, entries: Entries) => Entries,
  valuesAt: (entries: Entries) => ArrayLike<number>,
): Entries | undefined {
  const [before, after] = [valuesAt(start), valuesAt(by(1, start))];
  const entry = Array.from(before).findIndex((value, k) => value !== after[k]);
  if (entry < 0) return undefined;
  let [entries, slope] = [start, after[entry]! - before[entry]!];
  for (let k = 0; k < STEPS; k++) {
    const value = valuesAt(entries)[entry]!;
    if (value === 0) return entries;
    const step = -value / slope;
    if (!Number.isFinite(step) || step === 0) return undefined;
    const next = by(step, entries);
    const change = valuesAt(next)[entry]! - value;
    if (change !== 0) slope = change / step;
    entries = next;
  }
  return undefined;
}

function moved(entries: Entries, param: Quantity, position: number, step: number): Entries {
  const own = entries.get(param)!;
  return new Map([...entries, [param, own.with(position, own[position]! + step)]]);
}

/** Targets stay what they are: they may sum to 1. */
function roundedFor({ params, inputs }: Model, entries: Entries): Entries {
  const rounded = [...params, ...inputs].map((quantity) => {
    const own = entries.get(quantity)!;
    return [quantity, own.map((value) => Math.round(value * PARTS) / PARTS)] as const;
  });
  return new Map([...entries, ...rounded]);
}

/** The parameters that the statement uses whose value is watched. */
function parametersOf({ params, definitions }: Model, { subject }: Watch): readonly Quantity[] {
  const direct = references([subject]).map(({ quantity }) => quantity);
  const statements = definitions.filter(({ quantity }) => direct.includes(quantity));
  const bodies = statements.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  const used = new Set([...direct, ...references(bodies).map(({ quantity }) => quantity)]);
  return params.filter((one) => used.has(one));
}

function lengthOf({ sizes }: CheckedPoint, { shape }: Quantity): number {
  return entryCount(shape).evaluate(sizes);
}
