/** Which operations are at or near a kink at a point, so that differences cannot judge there. */
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../language/point.js";
import { nearKinks, nudged } from "./random.js";
import { entryAt, type Watched, Watcher } from "./watch.js";

export interface Kink {
  /** The statement in which the operation stands. */
  readonly statement: string;
  readonly operation: string;
  /** The quantity that is the operation's operand, where it is one and nothing else. */
  readonly quantity: string | undefined;
  /** The entry, from 1: of the quantity if there is one, else along the operand's own axes. */
  readonly entry: readonly number[];
  /** How far the operand is from the kink; for ties the gap between the largest two. */
  readonly distance: number;
  /** Which derivative is taken there. */
  readonly convention: string;
}

export interface KinkReport {
  /** The nearest first, at most `limit` of them. */
  readonly kinks: readonly Kink[];
  /** How many there are. */
  readonly count: number;
}

/**
 * Kinks that changes of the parameters can reach.
 * @param within distance up to which a kink is near
 * @throws InputError when the point does not fit the model.
 */
export function kinkReport(
  model: Model,
  point: Point,
  { within = 1e-6, limit = 20 }: { within?: number; limit?: number } = {},
): KinkReport {
  const { sizes, entries } = readPoint(model, point);
  const watcher = new Watcher(model, sizes);
  const here = watcher.at(entries).watched;
  if (here.every((one) => nearKinks(one, within).length === 0)) return { kinks: [], count: 0 };
  const moved = watcher.at(nudged(entries, model.params)).watched;
  const kinks = here.flatMap((one, position) =>
    nearKinks(one, within)
      .filter((k) => one.values[k] !== moved[position]!.values[k])
      .map((k) => describe(one, k)),
  );
  kinks.sort((a, b) => a.distance - b.distance);
  return { kinks: kinks.slice(0, limit), count: kinks.length };
}

/** Whether a kink may lie where an entry of a parameter moves by up to a reach to either side. */
export type KinkSearch = (parameter: Quantity, position: number, reach: number) => boolean;

/**
 * Searches for kinks along lines through a point. A kink is within reach where its distance changes
 * by as much as it is: exactly so where the operand is linear in the entry.
 */
export function kinkSearch(model: Model, { sizes, entries }: CheckedPoint): KinkSearch {
  const watcher = new Watcher(model, sizes);
  if (!watcher.watches.some(({ kind }) => kind === "kink" || kind === "tie")) return () => false;
  const distances = (at: ReadonlyMap<Quantity, Float64Array>): ArrayLike<number>[] =>
    watcher
      .at(at)
      .watched.filter(({ watch: { kind } }) => kind === "kink" || kind === "tie")
      .map(({ values }) => values);
  const here = distances(entries);
  return (parameter, position, reach) =>
    [-reach, reach].some((step) => {
      const own = entries.get(parameter)!.slice();
      own[position]! += step;
      const moved = distances(new Map([...entries, [parameter, own]]));
      return here.some((values, which) =>
        Array.from(values).some((distance, k) => {
          const change = Math.abs(moved[which]![k]! - distance);
          return change > 0 && change >= Math.abs(distance);
        }),
      );
    });
}

function describe({ watch, lengths, values }: Watched, position: number): Kink {
  const { subject, letters } = watch;
  const along = entryAt(lengths, position);
  const isQuantity = subject.kind === "reference" && watch.kind === "kink";
  const entry = isQuantity
    ? subject.indices.map((index) => {
        const axis = letters.findIndex(({ key }) => key === index.plain?.key);
        return axis >= 0 ? along[axis]! : (index.offset.constant ?? 0) + 1;
      })
    : along;
  return {
    statement: watch.statement.name,
    operation: watch.operation,
    quantity:
      isQuantity && subject.indices.every((i) => i.plain ?? i.letters.length === 0)
        ? subject.quantity.name
        : undefined,
    entry,
    distance: Math.abs(values[position]!),
    convention: watch.convention ?? "",
  };
}

/** `relu at z1[2]`, `max in L`. */
export function kinkText({ statement, operation, quantity, entry }: Kink): string {
  const at = entry.length > 0 ? `[${entry.join(",")}]` : "";
  if (quantity !== undefined) return `${operation} at ${quantity}${at}`;
  return `${operation} in ${statement}${entry.length > 0 ? ` at ${at}` : ""}`;
}
