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
export interface Standing {
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

/**
 * @param options.candidates how many points are tried
 * @param options.sizes of the point; by default small ones that differ
 * @param options.standing what stands at a point of these sizes
 * @throws InputError when no point is found.
 */
export function mostInformative(
  backward: Backward,
  wanted: readonly Quantity[],
  options: {
    readonly seed: number;
    readonly candidates: number;
    readonly like?: CheckedPoint | undefined;
    readonly earlier?: EarlierSizes | undefined;
    readonly sizes?: SizeValues;
    readonly standing?: Standing;
  },
): Informative {
  const { model } = backward;
  const draw = (k: number, sizes: SizeValues | undefined) => {
    const fixed = sizes && Object.fromEntries(sizes);
    const at = randomPoint(model, {
      seed: options.seed + k * STRIDE,
      sizes: fixed,
      like: options.like,
      earlier: options.earlier,
    });
    return { at, point: readPoint(model, at) };
  };
  const first = draw(0, options.sizes);
  const { bench, catalogue } = options.standing ?? standingAt(backward, first.point, wanted);
  const known = knownMistakes(catalogue, bench, wanted);
  const showing = ({ entries }: CheckedPoint): Shown =>
    bench.visit(entries, () => distinct(known, bench));
  let [bestAt, most] = [first.at, showing(first.point)];
  const tried = [first.at];
  // the data of points that are like a given one may be few
  const isGeneric = options.like === undefined;
  for (let k = 1; k < options.candidates && !(isGeneric && most.isAll); k++) {
    const { at, point } = draw(k, bench.sizes);
    const shown = showing(point);
    tried.push(at);
    if (shown.mistakes.length > most.mistakes.length) [bestAt, most] = [at, shown];
  }
  const pieces = most.silent.length > 0 ? unreachedPieces(model, tried) : [];
  const hidden = pieces.length > 0 ? beyond(backward, bench, most.silent, pieces) : [];
  return { at: bestAt, mistakes: [...most.mistakes, ...hidden] };
}
