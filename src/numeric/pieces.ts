/** The pieces of piecewise functions that points use. */
import { PerGraph } from "../expression/per-graph.js";
import type { Quantity } from "../expression/quantity.js";
import { signs } from "../expression/signs.js";
import { references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import { type Point, readPoint } from "../language/point.js";
import { classesOf } from "./classes.js";
import { type Watched, Watcher, watchesOf } from "./watch.js";
import type { Watch } from "./watches.js";

/** Where an operation's operand is on one side of a kink. */
export interface Piece {
  /** What is 0 at the kink. */
  readonly watch: Watch;
  /** Its number among the kinks that are watched. */
  readonly position: number;
  readonly side: Side;
  /** Whether data alone decide, and no parameter. */
  readonly isOfData: boolean;
}
/** −1 where what is 0 at the kink is negative; 0 at an equality. */
export type Side = -1 | 0 | 1;

/** What is watched for kinks, in the order of pieces. */
export function kinksAmong(watched: readonly Watched[]): readonly Watched[] {
  return watched.filter(({ watch: { kind } }) => kind === "kink");
}

/**
 * The pieces of a model's piecewise functions that points have used: what holds on some of them may be wrong
 * on the others. There are two at each kink, less what the signs of squares and the like rule out, and equality of what
 * numbers classes. Ties are not looked at.
 */
export class UsedPieces {
  private readonly used = new Set<string>();
  private readonly all: readonly Piece[];
  /** Those of points that were asked for. */
  private readonly asked = new WeakMap<Point, readonly string[]>();

  /** @param points that have been used already */
  constructor(
    private readonly model: Model,
    points: readonly Point[] = [],
  ) {
    this.all = piecesOf(model);
    for (const point of points) this.add(point);
  }

  /** Those that no point has used so far; equality, which is not found by chance, aside. */
  get unused(): readonly Piece[] {
    return this.all.filter(({ position, side }) => !this.used.has(nameOf(position, side)));
  }

  /** Whether the points so far have used all of them. */
  get areAll(): boolean {
    return this.unused.length === 0;
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
    const ofData = this.all.filter(({ isOfData }) => isOfData).map(({ position }) => position);
    const spared = new Set(ofData.flatMap((one) => [-1, 0, 1].map((side) => nameOf(one, side))));
    return [...others.used].every((name) => this.used.has(name) || spared.has(name));
  }

  private at(point: Point): readonly string[] {
    if (this.all.length === 0) return [];
    let pieces = this.asked.get(point);
    if (!pieces) this.asked.set(point, (pieces = this.evaluatedAt(point)));
    return pieces;
  }

  private evaluatedAt(point: Point): string[] {
    const { sizes, entries } = readPoint(this.model, point);
    const kinks = kinksAmong(new Watcher(this.model, sizes).at(entries).watched);
    return kinks.flatMap(({ watch, values }, position) => {
      const sides = new Set(Array.from(values, Math.sign));
      if (!EQUALITIES.has(watch.operation)) sides.delete(0);
      return [...sides].map((side) => nameOf(position, side));
    });
  }
}

/** Of the operation with this number, on this side. */
function nameOf(position: number, side: number): string {
  return `${position} ${side}`;
}

const EQUALITIES: ReadonlySet<string> = new Set(["==", "!="]);

const known = new PerGraph(() => new Map<Model, readonly Piece[]>());

/** All pieces of a model that the signs of what is squared and the like do not rule out. */
function piecesOf(model: Model): readonly Piece[] {
  const models = known.of(model.graph);
  const before = models.get(model);
  if (before) return before;
  const kinks = watchesOf(model).filter(({ kind }) => kind === "kink");
  const signOf = signs(kinks.length > 0 ? model.definitions : []);
  const moving = dependents(model);
  const classes = classesOf(model);
  const all = kinks.flatMap((watch, position) => {
    const { subject } = watch;
    const sign = signOf(subject);
    const used = references([subject]).map(({ quantity }) => quantity);
    const isOfData = !used.some((one) => moving.has(one));
    const all: readonly Side[] = EQUALITIES.has(watch.operation)
      ? used.some((one) => classes.has(one))
        ? [0]
        : []
      : [-1, 1];
    const sides = all.filter((side) => sign === undefined || side === sign);
    return sides.map((side): Piece => ({ watch, position, side, isOfData }));
  });
  models.set(model, all);
  return all;
}

/** The parameters and what depends on them. */
function dependents({ params, definitions }: Model): ReadonlySet<Quantity> {
  const found = new Set<Quantity>(params);
  for (const { quantity, clauses } of definitions) {
    const used = references(clauses.map(({ body }) => body));
    if (used.some((one) => found.has(one.quantity))) found.add(quantity);
  }
  return found;
}
