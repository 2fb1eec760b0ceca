/** Random points at which no parameter is without effect: a layer whose every relu is off shows nothing. */
import { PerGraph } from "../expression/per-graph.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../language/point.js";
import { InputError } from "../language/source.js";
import { doubleArithmetic } from "./arithmetic.js";
import { runProgram } from "./interpret.js";
import { numericProgram, type NumericProgram } from "./program.js";
import { DEFAULT_SEED, randomPoint, type RandomPointOptions } from "./random.js";
import { work } from "./work.js";

/** So many points are tried. */
const CANDIDATES = 8;
/** Seeds of the candidates lie apart, so that points drawn for other seeds are others. */
const STRIDE = 1013;
const SEEDS = 2 ** 32;
/** Of larger models the first point is taken: so many units are not all off. */
const MAX_WORK = 1e5;

/**
 * The point that is shown where none is given, the same for the same seed: that of the seed itself, unless the
 * gradients of some parameters are 0 there. Then a few others of the same sizes are tried; the one with the fewest
 * such parameters counts, the first of several.
 * @throws InputError when no point is found, and for sizes that the model does not have or allow.
 */
export function livelyPoint(model: Model, options: RandomPointOptions = {}): Point {
  const seed = options.seed ?? DEFAULT_SEED;
  let best = randomPoint(model, { ...options, seed });
  const checked = readPoint(model, best);
  const program = programOf(model);
  if (work(program.definitions, checked.sizes) > MAX_WORK) return best;
  let least = deadIn(program, model, checked);
  const sizes = Object.fromEntries(checked.sizes);
  for (let k = 1; k < CANDIDATES && least > 0; k++) {
    const other = found(model, { ...options, seed: (seed + k * STRIDE) % SEEDS, sizes });
    if (!other) continue;
    const dead = deadIn(program, model, readPoint(model, other));
    if (dead < least) [best, least] = [other, dead];
  }
  return best;
}

/** Undefined where no point is found with this seed: one of another seed is known then. */
function found(model: Model, options: RandomPointOptions): Point | undefined {
  try {
    return randomPoint(model, options);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const programs = new PerGraph(() => new Map<Model, NumericProgram>());

function programOf(model: Model): NumericProgram {
  const models = programs.of(model.graph);
  let program = models.get(model);
  if (!program) models.set(model, (program = numericProgram(model, model.params)));
  return program;
}

/** How many parameters have gradients of nothing but 0. */
function deadIn(program: NumericProgram, model: Model, at: CheckedPoint): number {
  const values = runProgram(program, at, doubleArithmetic);
  return model.params.filter((one) =>
    values.get(program.adjoints.get(one)!)!.every((slope) => slope === 0),
  ).length;
}
