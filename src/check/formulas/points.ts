/** The points at which formulas are decided: several, with several values of every named size. */
import type { SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../../language/point.js";
import { InputError } from "../../language/source.js";
import { kinkReport } from "../../numeric/kinks.js";
import { pointsAlive } from "../../numeric/alive-search.js";
import { UsedPieces } from "../../numeric/pieces.js";
import { pointsOnPieces } from "../../numeric/piece-search.js";
import { randomPoint } from "../../numeric/random.js";
import { FOR_ALIVE, FOR_PIECES } from "../power/points.js";
import { SizesSoFar } from "../../numeric/sizes-so-far.js";
import type { Draws } from "./own-kinks.js";
import { type Site, SiteMaker } from "./site.js";

export interface Sites {
  /** What decides: random points, then the given one where it is at no kink. */
  readonly judges: readonly Site[];
  /** The first random points again, in doubles, for trying many things quickly. */
  readonly quick: readonly Site[];
  /** The given point. */
  readonly given: Site | undefined;
  /** Kinks that the given point is at. */
  readonly kinks: ReturnType<typeof kinkReport>;
  /** How further points are drawn. */
  readonly draws: Draws;
  /** The random points. */
  readonly points: readonly Point[];
  /** The same points, where the model's data are those of another model. */
  readonly of: (model: Model) => Sites;
  /** The points in doubles alone, for another model. */
  readonly quickOf: (model: Model) => readonly Site[];
  /** The same with further random points, which come first. */
  readonly with: (further: readonly Point[]) => Sites;
}

/** How many random points decide, of models of ordinary size and of large ones. */
const POINTS = 4;
const FEW_POINTS = 2;
const QUICK_POINTS = 2;
/** Further points are drawn until every named size has had two values. */
const MOST_DRAWN = 24;
/** And so many until every piece of a piecewise function has been used. */
const DRAWN_FOR_PIECES = 20;
/** After so many draws the entries are larger: some pieces begin far out. */
const PLAINLY_DRAWN = 12;
const WIDE = 4;
const AT_KINK = 1e-12;

/**
 * @param at a point that must decide too
 * @param digits significant digits of every operation, at points where that is affordable; without them, doubles
 * @param instead points in place of the random ones
 * @param like has data like those of further points, where none is given
 * @throws InputError where it does not fit the model, or no point is found.
 */
export function chooseSites(
  model: Model,
  at: Point | undefined,
  seed: number,
  digits: number | undefined,
  instead?: readonly Point[],
  like?: Point,
): Sites {
  const kinks =
    at === undefined
      ? { kinks: [], count: 0 }
      : kinkReport(model, at, { within: AT_KINK, limit: 2 });
  const points = instead ?? drawPoints(model, seed, at && readPoint(model, at));
  const places = { at, points, kinks, draws: { seed, like: at ?? like } };
  return sitesAt(model, places, new SiteMaker(model, digits));
}

type Places = Pick<Sites, "points" | "kinks" | "draws"> & { readonly at: Point | undefined };

function sitesAt(model: Model, places: Places, maker: SiteMaker): Sites {
  const { at, points, kinks, draws } = places;
  const given = at && maker.precise(at);
  const [first] = points;
  const isLarge = first !== undefined && !maker.isAffordable(first);
  const chosen = isLarge ? points.slice(0, FEW_POINTS) : points;
  const random = chosen.map((point) => maker.precise(point));
  const judges = given && (kinks.count === 0 || random.length === 0) ? [...random, given] : random;
  const looked = random.length > 0 ? ofTwoSizes(model, chosen) : [at!];
  const tried = isLarge ? chosen.slice(0, QUICK_POINTS) : looked;
  const quickOf = (of: SiteMaker): readonly Site[] => tried.map((point) => of.quick(point));
  const quick = quickOf(maker);
  return {
    judges,
    quick,
    given,
    kinks,
    points,
    draws,
    of: (other) => sitesAt(other, places, maker.for(other)),
    quickOf: (other) => quickOf(maker.for(other)),
    with: (further) => sitesAt(model, { ...places, points: [...further, ...points] }, maker),
  };
}

/** Two points, of different sizes if there are such: at one size N and 2 may be the same. */
function ofTwoSizes(model: Model, points: readonly Point[]): readonly Point[] {
  const [first, ...others] = points;
  const sizesAt = (point: Point): SizeValues => readPoint(model, point).sizes;
  const own = sizesAt(first!);
  const isOther = (point: Point): boolean => {
    const sizes = sizesAt(point);
    return model.sizes.every((name) => sizes.get(name) !== own.get(name));
  };
  const second = others.find(isOther) ?? others[0];
  return second ? [first!, second] : [first!];
}

/**
 * Random points, with data like the given ones; none where there are none, and a given one decides. Those at which
 * functions are not flat come first, then those that use pieces of piecewise functions which no point before them did.
 */
function drawPoints(model: Model, seed: number, given: CheckedPoint | undefined): Point[] {
  const points: Point[] = [];
  let telling = 0;
  const sizes = new SizesSoFar(model, given ? [given] : []);
  const { earlier } = sizes;
  const pieces = new UsedPieces(model);
  const isEnough = (drawn: number): boolean =>
    points.length >= POINTS &&
    sizes.fixed.length === 0 &&
    (pieces.areAll || drawn >= DRAWN_FOR_PIECES);
  for (let k = 0; k < MOST_DRAWN && !isEnough(k); k++) {
    try {
      const spread = k < PLAINLY_DRAWN ? 1 : WIDE;
      const point = randomPoint(model, {
        seed: (seed + k) % 2 ** 32,
        like: given,
        earlier,
        spread,
      });
      const checked = readPoint(model, point);
      const isSized = sizes.isNewAt(checked);
      const isTelling = pieces.add(point);
      if (isTelling) points.splice(telling++, 0, point);
      else if (points.length < POINTS || isSized) points.push(point);
      else continue;
      sizes.add(checked);
    } catch (error) {
      if (!(error instanceof InputError) || !given || points.length > 0) throw error;
      return [];
    }
  }
  points.splice(
    telling,
    0,
    ...pointsOnPieces(model, points, { like: given, seed, most: FOR_PIECES }),
  );
  // what is tried quickly is tried where functions are not flat
  return [...pointsAlive(model, points, { like: given, seed, most: FOR_ALIVE }), ...points];
}
