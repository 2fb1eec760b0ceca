/** The point that a command works at: the one that was given, or a random one. */
import type { Model } from "../language/model.js";
import type { Point } from "../language/point.js";
import { InputError } from "../language/source.js";
import { livelyPoint } from "../numeric/lively.js";
import { DEFAULT_SEED } from "../numeric/random.js";
import type { Inputs } from "./input.js";
import { type JsonDocument, withPlaces } from "./json.js";
import { jsonPieces, type Streams, warn, writeOutput } from "./output.js";
import type { CommonOptions } from "./options.js";

/** Of two numbers that are normalised every one is 1 or −1, whatever they are. */
const LEAST_SIZE = 3;

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
  const seed = options.seed ?? DEFAULT_SEED;
  // loads decimals, which a point that is given does without
  const { withDistributions } = await import("../numeric/distributions.js");
  const point = inModel(model, () =>
    livelyPoint(model, { seed, leastSize: LEAST_SIZE, like: withDistributions(model, seed) }),
  );
  if (Object.keys(point).length > 0) {
    await warn(
      streams,
      `no --at: a random point is used, drawn with --seed ${seed}; --save-point FILE writes it`,
    );
  }
  savePoint(options, point);
  return chosen(model, point, undefined);
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
