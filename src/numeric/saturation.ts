/**
 * Where operations with asymptotes tell something: tanh(u) is ±1 and its derivative 0 to any number of digits where u
 * is far from 0, and every formula with its derivative as a factor is right there.
 */
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import type { CheckedPoint } from "../language/point.js";
import { sourcesOf } from "./random.js";
import { type Watched, Watcher, watchesOf } from "./watch.js";
import { saturations, type Watch } from "./watches.js";

/** Operands that are no farther from 0 leave differences that doubles show: e⁻²⁰ is 2·10⁻⁹. */
const REACH = 20;

/** Computes what is applied to what saturates, at points of certain sizes. */
export function saturationWatcher(model: Model, { sizes }: Pick<CheckedPoint, "sizes">): Watcher {
  return new Watcher(model, sizes, saturations);
}

/** How far an entry is from where it tells most; a single number that is reduced has no other above it. */
export function distanceOf({ watch, values }: Watched, position: number): number {
  const distance = Math.abs(values[position]!);
  return watch.reduced > 0 && distance === Infinity ? 0 : distance;
}

/** What is saturated in all its entries at a point. */
function saturatedIn(model: Model, point: CheckedPoint): readonly Watch[] {
  if (watchesOf(model, saturations).length === 0) return [];
  const { watched } = saturationWatcher(model, point).at(point.entries);
  const isFar = (one: Watched): boolean =>
    Array.from(one.values).every((_, k) => !(distanceOf(one, k) <= REACH));
  return watched.filter(isFar).map(({ watch }) => watch);
}

/** Whether nothing is saturated in all its entries at a point. */
export function isAlive(model: Model, point: CheckedPoint): boolean {
  return saturatedIn(model, point).length === 0;
}

/**
 * What is saturated in all its entries at all of some points.
 * @param points at least one
 */
export function saturatedAtAll(model: Model, points: readonly CheckedPoint[]): readonly Watch[] {
  const [first, ...others] = points;
  return others.reduce<readonly Watch[]>(
    (left, point) => {
      if (left.length === 0) return left;
      const saturated = saturatedIn(model, point);
      return left.filter((watch) => saturated.includes(watch));
    },
    saturatedIn(model, first!),
  );
}

/** What of a point the operand of something that saturates depends on. */
export function sourcesOfOperand(model: Model, { subject }: Watch): readonly Quantity[] {
  return sourcesOf(
    model,
    references([subject]).map(({ quantity }) => quantity),
  );
}
