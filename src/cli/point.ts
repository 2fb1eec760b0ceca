/** The point that a command works at: the one that was given, or a random one. */
import type { Model } from "../language/model.js";
import type { Point } from "../language/point.js";
import { InputError } from "../language/source.js";
import { livelyPoint } from "../numeric/lively.js";
import { DEFAULT_SEED, type RandomPointOptions } from "../numeric/random.js";
import { randomSizes } from "../numeric/random-sizes.js";
import type { Inputs } from "./input.js";
import { type JsonDocument, withPlaces } from "./json.js";
import { jsonPieces, type Streams, warn, writeOutput } from "./output.js";
import type { CommonOptions } from "./options.js";

/** The least size at a point that is shown: of two numbers that are normalised every one is 1 or −1, whatever they are. */
const LEAST_SHOWN = 3;

/** A point, and how errors about it find their place. */
export interface ChosenPoint {
  readonly point: Point;
  /** Runs something with the point; errors about it name the file, line and column. */
  readonly use: <Result>(action: (point: Point) => Result) => Result;
}

/** Draws a random point where none is given, and says so. */
export async function choosePoint(
  model: Model,
  options: CommonOptions,
  inputs: Inputs,
  streams: Streams,
): Promise<ChosenPoint> {
  const given = await givenPoint(model, options, inputs);
  if (given) {
    savePoint(options, given.point);
    return given;
  }
  const { seed, point } = await drawnPoint(model, options, { leastSize: LEAST_SHOWN });
  if (Object.keys(point).length > 0) {
    await warn(
      streams,
      `no --at: a random point is used, drawn with --seed ${seed}; --save-point FILE writes it`,
    );
  }
  savePoint(options, point);
  return chosen(model, point, undefined);
}

/** A random point, the same for the same seed. */
async function drawnPoint(
  model: Model,
  { seed = DEFAULT_SEED }: CommonOptions,
  sizes: Pick<RandomPointOptions, "leastSize" | "sizes">,
): Promise<{ readonly seed: number; readonly point: Point }> {
  // loads decimals, which a point that is given does without
  const { withDistributions } = await import("../numeric/distributions.js");
  const point = inModel(model, () =>
    livelyPoint(model, { ...sizes, seed, like: withDistributions(model, seed) }),
  );
  return { seed, point };
}

/**
 * For a command that is at no single point where none is given: `--save-point` then writes a random one of the sizes
 * that the command takes.
 * @param given the point of `--at`
 */
export async function savePointOf(
  model: Model,
  options: CommonOptions,
  given: ChosenPoint | undefined,
): Promise<void> {
  if (options.savePoint === undefined) return;
  if (given) {
    savePoint(options, given.point);
    return;
  }
  const taken = inModel(model, () => randomSizes(model, options.seed ?? DEFAULT_SEED));
  const { point } = await drawnPoint(model, options, { sizes: Object.fromEntries(taken) });
  savePoint(options, point);
}

function savePoint({ savePoint: file }: CommonOptions, point: Point): void {
  if (file !== undefined) writeOutput(file, [...jsonPieces(point), "\n"].join(""));
}

/** The point of `--at`, if there is one. */
export async function givenPoint(
  model: Model,
  { at }: Pick<CommonOptions, "at">,
  inputs: Inputs,
): Promise<ChosenPoint | undefined> {
  if (at === undefined) return undefined;
  const document = await inputs.point(at);
  // Whatever it is, the library checks it before it is used.
  return chosen(model, document.value as Point, document);
}

function chosen(model: Model, point: Point, document: JsonDocument | undefined): ChosenPoint {
  return {
    point,
    use: (action) => inModel(model, () => withPlaces(document, () => action(point))),
  };
}

/** Runs an action; its input errors that name no place name at least the model. */
export function inModel<Result>(model: Model, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof InputError) || error.place) throw error;
    throw new InputError(`${model.program.source.name}: ${error.message}`, { hint: error.hint });
  }
}
