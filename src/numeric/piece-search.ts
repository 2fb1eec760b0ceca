/** Searches for points on pieces of piecewise functions that random points do not come to. */
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, type Point, pointOf, readPoint } from "../language/point.js";
import { kinksAmong, type Piece, UsedPieces } from "./pieces.js";
import { random, type Random } from "./prng.js";
import { brief } from "./data.js";
import { isAtKink, sourcesOf } from "./random.js";
import { structuresOf } from "./structures.js";
import { isInside, Watcher } from "./watch.js";

/** What numbers are multiplied by: the mildest first. */
const FACTORS = [0.5, 2, -1, 0.125, 8] as const;
/** Entries stay between these. */
const [LEAST, MOST] = [1e-4, 50] as const;
/** Random steps, where no factor leads further. */
const STEPS = 240;
const WIDER = 1.5;
const NARROWER = 0.9;
const NARROWEST = 1e-3;
/** How far beyond the kink a point has to be, and how far it should be. */
const BEYOND = 1e-3;
const WELL_BEYOND = 0.02;
/** Distance from all other kinks. */
const MARGIN = 1e-3;
/** Operations that a search may take, over all pieces and points that it starts from. */
const MOST_WORK = 2e7;
/** Points that it starts from for one piece. */
const STARTS = 2;

type Entries = ReadonlyMap<Quantity, Float64Array>;

export interface PieceSearchOptions {
  /** A point whose inputs and targets those of the points are like: they are kept. */
  readonly like?: CheckedPoint | undefined;
  readonly seed: number;
  /** How many points are wanted at most. */
  readonly most: number;
}

/**
 * Points on pieces that others have not used: numbers of these others are made smaller and larger, change their signs and
 * take random steps, as long as the operand comes nearer to the other side of the kink.
 * @param points with values, whose sizes are kept; at least one
 * @returns points that use one piece more each; the same for the same points and seed
 */
export function pointsOnPieces(
  model: Model,
  points: readonly Point[],
  { like, seed, most }: PieceSearchOptions,
): Point[] {
  const found: Point[] = [];
  const pieces = new UsedPieces(model, points);
  const held = structuresOf(model, like);
  const generator = random(seed);
  let left = MOST_WORK;
  for (const piece of pieces.unused) {
    if (found.length >= most || left <= 0) break;
    if (!pieces.unused.includes(piece)) continue;
    const moving = sourcesOfPiece(model, piece).filter((quantity) => !held.has(quantity));
    if (moving.length === 0) continue;
    for (const start of points.slice(0, STARTS)) {
      const search = new PieceSearch(model, piece, readPoint(model, start), moving, left);
      const point = search.run(generator);
      left = search.left;
      if (!point) continue;
      pieces.add(point);
      found.push(point);
      break;
    }
  }
  return found;
}

/**
 * Pieces that no point has used, although their operands are not bound to labels and the like.
 * @param points whose data are alike; at least one
 */
export function unreachedPieces(model: Model, points: readonly Point[]): readonly Piece[] {
  const { unused } = new UsedPieces(model, points);
  if (unused.length === 0) return [];
  const held = structuresOf(model, readPoint(model, points[0]!));
  return unused.filter((piece) => sourcesOfPiece(model, piece).some((one) => !held.has(one)));
}

function sourcesOfPiece(model: Model, { watch: { subject } }: Piece): readonly Quantity[] {
  return sourcesOf(
    model,
    references([subject]).map(({ quantity }) => quantity),
  );
}

/** A place that the search has come to. */
interface Place {
  readonly entries: Entries;
  /** How far the operand is beyond the kink, at its farthest entry. */
  readonly depth: number;
}

class PieceSearch {
  private readonly watcher: Watcher;
  private best: Place | undefined;
  private fallback: Place | undefined;

  /** @param left operations that it may take */
  constructor(
    private readonly model: Model,
    private readonly piece: Piece,
    private readonly start: CheckedPoint,
    private readonly moving: readonly Quantity[],
    public left: number,
  ) {
    this.watcher = new Watcher(model, start.sizes);
  }

  run(generator: Random): Point | undefined {
    const { start } = this;
    this.best = this.look(start.entries);
    if (!this.best) return undefined;
    const reached = this.byFactors() ?? this.bySteps(generator) ?? this.fallback;
    return reached && pointOf(this.model, { ...start, entries: reached.entries });
  }

  /** Numbers of one quantity, or of all of them, times the factor that leads furthest. */
  private byFactors(): Place | undefined {
    const { moving } = this;
    const groups = [...(moving.length > 1 ? [moving] : []), ...moving.map((one) => [one])];
    for (;;) {
      const { entries, depth } = this.best!;
      for (const group of groups) {
        for (const factor of FACTORS) {
          const scaled = group.map(
            (one) => [one, entries.get(one)!.map((entry) => bounded(entry * factor))] as const,
          );
          const reached = this.visit(new Map([...entries, ...scaled]));
          if (reached) return reached;
        }
      }
      if (this.best!.depth <= depth || this.left <= 0) return undefined;
    }
  }

  /** Random steps, wider after each that leads further and narrower after the others. */
  private bySteps(generator: Random): Place | undefined {
    let width = 1;
    for (let step = 0; step < STEPS && this.left > 0; step++) {
      const { entries, depth } = this.best!;
      const stepped = this.moving.map(
        (one) =>
          [
            one,
            entries.get(one)!.map((entry) => bounded(entry + width * generator.between(-1, 1))),
          ] as const,
      );
      const reached = this.visit(new Map([...entries, ...stepped]));
      if (reached) return reached;
      width = Math.max(NARROWEST, width * (this.best!.depth > depth ? WIDER : NARROWER));
    }
    return undefined;
  }

  /** @returns the place if it is well beyond the kink and away from all others */
  private visit(entries: Entries): Place | undefined {
    const place = this.look(entries);
    if (!place) return undefined;
    if (place.depth > this.best!.depth) this.best = place;
    if (place.depth < BEYOND || !this.isClear(entries)) return undefined;
    if (place.depth >= WELL_BEYOND) return place;
    if (place.depth > (this.fallback?.depth ?? 0)) this.fallback = place;
    return undefined;
  }

  /** Undefined where an operation is outside its domain. */
  private look(entries: Entries): Place | undefined {
    const { watcher, piece } = this;
    this.left -= watcher.work;
    const { watched, isFinite } = watcher.at(entries);
    if (!isFinite || !watched.every((one) => isInside(one))) return undefined;
    let depth = -Infinity;
    for (const value of Array.from(kinksAmong(watched)[piece.position]!.values)) {
      depth = Math.max(depth, piece.side * value);
    }
    return { entries, depth };
  }

  private isClear(entries: Entries): boolean {
    const { watcher, moving } = this;
    const { watched } = watcher.at(entries);
    return !isAtKink(watcher, watched, entries, moving, MARGIN);
  }
}

/** A number with 4 significant digits, neither very small nor very large. */
function bounded(value: number): number {
  if (value === 0) return 0;
  return Math.sign(value) * brief(Math.min(MOST, Math.max(LEAST, Math.abs(value))));
}
