/** Points that show mistakes: distinct sizes, away from kinks, units alive, some off and some on. */
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../../language/point.js";
import type { EarlierSizes } from "../../numeric/random-sizes.js";
import { unreachedPieces } from "../../numeric/piece-search.js";
import { DEFAULT_SEED, randomPoint } from "../../numeric/random.js";
import { Backward } from "../pass/backward.js";
import { Bench } from "../pass/bench.js";
import { type Catalogue, catalogueOf } from "../mutants/catalogue.js";
import { beyond } from "./beyond.js";
import { distinct, type Shown } from "./exposure.js";
import { knownMistakes, type Mistake } from "./mistakes.js";

/** So many points are tried. */
const CANDIDATES = 6;
/** Seeds of the candidates lie apart, so that points drawn for other seeds are others. */
const STRIDE = 1009;

export interface InformativePointOptions {
  readonly seed?: number | undefined;
  /** A point whose data those of the random ones are like. */
  readonly like?: CheckedPoint | undefined;
  /** Values of named sizes at other points: this one gets others. */
  readonly earlier?: EarlierSizes | undefined;
  /** The quantities whose derivatives will be looked at; the parameters by default. */
  readonly wanted?: readonly Quantity[];
}

/**
 * A random point, the same for the same seed, at which as many known mistakes show as at any of
 * those that were tried. What the model itself fixes, such as a square shape, stays.
 * @throws InputError when no point is found.
 */
export function informativePoint(
  model: Model,
  { seed = DEFAULT_SEED, like, earlier, wanted = model.params }: InformativePointOptions = {},
): Point {
  const options = { seed, like, earlier, candidates: CANDIDATES };
  return mostInformative(Backward.of(model), wanted, options).at;
}

interface Informative {
  readonly at: Point;
  /** The mistakes that show there, each once, and those that show on pieces that none of the points uses. */
  readonly mistakes: readonly Mistake[];
}

/** A bench, and the mistakes for its sizes. */
interface Standing {
  readonly bench: Bench;
  readonly catalogue: Catalogue;
}

function standingAt(
  backward: Backward,
  point: CheckedPoint,
  wanted: readonly Quantity[],
): Standing {
  const bench = new Bench(backward, point, new Set(wanted));
  return { bench, catalogue: catalogueOf(backward, bench, false) };
}

interface Draw {
  readonly seed: number;
  readonly candidates: number;
  readonly like?: CheckedPoint | undefined;
  readonly earlier?: EarlierSizes | undefined;
  /** Of the point; by default small ones that differ. */
  readonly sizes?: SizeValues;
}

/**
 * @param draw how many points are tried, and of which kind
 * @throws InputError when no point is found.
 */
export function mostInformative(
  backward: Backward,
  wanted: readonly Quantity[],
  draw: Draw,
): Informative {
  const first = drawn(backward.model, draw, 0, draw.sizes);
  const { bench, catalogue } = standingAt(backward, first.point, wanted);
  return best(backward, bench, knownMistakes(catalogue, bench, wanted), draw, first);
}

/**
 * The mistakes among those that are given that show at the most informative point of the sizes of a bench.
 * @throws InputError when no point is found.
 */
export function showing(
  backward: Backward,
  bench: Bench,
  mistakes: readonly Mistake[],
  draw: Draw,
): readonly Mistake[] {
  const first = drawn(backward.model, draw, 0, bench.sizes);
  return best(backward, bench, mistakes, draw, first).mistakes;
}

interface Drawn {
  readonly at: Point;
  readonly point: CheckedPoint;
}

function drawn(model: Model, draw: Draw, k: number, sizes: SizeValues | undefined): Drawn {
  const at = randomPoint(model, {
    seed: draw.seed + k * STRIDE,
    sizes: sizes && Object.fromEntries(sizes),
    like: draw.like,
    earlier: draw.earlier,
  });
  return { at, point: readPoint(model, at) };
}

function best(
  backward: Backward,
  bench: Bench,
  known: readonly Mistake[],
  draw: Draw,
  first: Drawn,
): Informative {
  const { model } = backward;
  const shownAt = ({ entries }: CheckedPoint): Shown =>
    bench.visit(entries, () => distinct(known, bench));
  let [bestAt, most] = [first.at, shownAt(first.point)];
  const tried = [first.at];
  // the data of points that are like a given one may be few
  const isGeneric = draw.like === undefined;
  for (let k = 1; k < draw.candidates && !(isGeneric && most.isAll); k++) {
    const { at, point } = drawn(model, draw, k, bench.sizes);
    const shown = shownAt(point);
    tried.push(at);
    if (shown.mistakes.length > most.mistakes.length) [bestAt, most] = [at, shown];
  }
  const pieces = most.silent.length > 0 ? unreachedPieces(model, tried) : [];
  const hidden = pieces.length > 0 ? beyond(backward, bench, most.silent, pieces) : [];
  return { at: bestAt, mistakes: [...most.mistakes, ...hidden] };
}
