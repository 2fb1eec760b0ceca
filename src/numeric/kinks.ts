/** Which operations are at or near a kink at a point, so that differences cannot judge there. */
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
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

/**
 * The pieces of a model's piecewise functions that points have used: what holds on some of them may be wrong
 * on the others. There are two at each kink, and three at a comparison of equality. Ties are not looked at.
 */
export class UsedPieces {
  private readonly used = new Set<string>();
  private all: readonly string[] = [];
  /** Those of points that were asked for. */
  private readonly known = new WeakMap<Point, readonly string[]>();
  /** What changes with the parameters; undefined until it is asked for. */
  private moving: ReadonlySet<Quantity> | undefined;

  /** @param points that have been used already */
  constructor(
    private readonly model: Model,
    points: readonly Point[] = [],
  ) {
    for (const point of points) this.add(point);
  }

  /** Whether the points so far have used all of them; equality, which is not found by chance, aside. */
  get areAll(): boolean {
    return this.all.every((piece) => this.used.has(piece));
  }

  /**
   * @returns whether the point uses a piece that none before it did
   * @throws InputError when the point does not fit the model.
   */
  add(point: Point): boolean {
    const before = this.used.size;
    for (const piece of this.at(point)) this.used.add(piece);
    return this.used.size > before;
  }

  /**
   * Whether a point would use one.
   * @throws InputError when the point does not fit the model.
   */
  isNewAt(point: Point): boolean {
    return this.at(point).some((piece) => !this.used.has(piece));
  }

  /** Those that others of the same model have not used. */
  beyond(others: UsedPieces): boolean {
    return [...this.used].some((piece) => !others.used.has(piece));
  }

  /** Whether these are all of those that others of the same model are, where parameters decide. */
  include(others: UsedPieces): boolean {
    return [...others.used].every((piece) => this.used.has(piece) || piece.endsWith(OF_DATA));
  }

  /** Names of pieces: the number of the operation, the side, and whether data alone decide. */
  private at(point: Point): readonly string[] {
    let pieces = this.known.get(point);
    if (!pieces) this.known.set(point, (pieces = this.evaluatedAt(point)));
    return pieces;
  }

  private evaluatedAt(point: Point): string[] {
    const { sizes, entries } = readPoint(this.model, point);
    const watcher = new Watcher(this.model, sizes);
    if (!watcher.watches.some(({ kind }) => kind === "kink")) return [];
    const kinks = watcher.at(entries).watched.filter(({ watch }) => watch.kind === "kink");
    const names = kinks.map(
      ({ watch }, position) =>
        (side: string): string =>
          `${position} ${side}${this.isMoving(watch.subject) ? "" : OF_DATA}`,
    );
    this.all = names.flatMap((name) => SIDES.map(name));
    const own = new Set(
      kinks.flatMap(({ values, watch: { operation } }, position) =>
        Array.from(values).flatMap((value) => {
          const side = value < 0 ? SIDES[0] : value > 0 ? SIDES[1] : EQUAL;
          return side === EQUAL && !EQUALITIES.has(operation) ? [] : [names[position]!(side)];
        }),
      ),
    );
    return [...own];
  }

  private isMoving(subject: Expression): boolean {
    this.moving ??= dependents(this.model);
    return references([subject]).some(({ quantity }) => this.moving!.has(quantity));
  }
}

const SIDES = ["below", "above"] as const;
const EQUAL = "equal";
const EQUALITIES: ReadonlySet<string> = new Set(["==", "!="]);
const OF_DATA = " of data";

/** The parameters and what depends on them. */
function dependents({ params, definitions }: Model): ReadonlySet<Quantity> {
  const found = new Set<Quantity>(params);
  for (const { quantity, clauses } of definitions) {
    const used = references(clauses.map(({ body }) => body));
    if (used.some((one) => found.has(one.quantity))) found.add(quantity);
  }
  return found;
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
