/** Hand-written gradients: judged to the precision that they were given with, and explained. */
import { type Model, requireModel } from "../language/model.js";
import type { Point } from "../language/point.js";
import { InputError } from "../language/source.js";
import { DEFAULT_SEED } from "../numeric/random.js";
import { accept } from "./accepted.js";
import { type Claims, isPromise } from "./claims/claims.js";
import { hear, type Hearing, type OnStage, testify } from "./hearing.js";
import { interview, tell } from "./interview.js";
import { askedPoints } from "./power/points.js";
import { refuse } from "./refused.js";
import type { CheckResult } from "./result.js";

export type { Claims, NestedClaim } from "./claims/claims.js";
export type {
  Cause,
  CheckedClaim,
  CheckResult,
  Diagnosis,
  HiddenMistake,
  Power,
} from "./result.js";

export interface CheckOptions {
  /** Where the gradients were computed. A function may be asked at points of our own instead. */
  readonly at?: Point | undefined;
  /** Draws those points. */
  readonly seed?: number | undefined;
  /** Told before each piece of work what it is. */
  readonly onStage?: OnStage | undefined;
}

/**
 * Checks gradients that somebody computed.
 * @param claims values by name (`W1`, `dW1`, `dLOSS_dW1`, `grad_W1`), for parameters and other
 * quantities, some or all; or a function of the point that returns these
 * @throws InputError for values without a point, for unknown names, for what is not numbers, and
 * where the model has no finite derivative.
 */
export function check(
  model: Model,
  claims: Claims | ((point: Point) => Claims),
  { at, seed = DEFAULT_SEED, onStage }: CheckOptions = {},
): CheckResult {
  requireModel(model);
  if (typeof claims === "function") {
    const asking = interviewed(model, { at, seed, onStage });
    let asked = asking.next();
    while (asked.done !== true) {
      const { value: point } = asked;
      const answer = claims(structuredClone(point));
      if (isPromise(answer)) {
        throw new InputError("the function returns a promise, which check does not wait for", {
          hint: "await checkAsync(model, function)",
        });
      }
      asked = tell(asking, () => testify(model, point, answer));
    }
    return examine(asked.value, onStage);
  }
  if (at === undefined) {
    throw new InputError("gradients as values need the point that they were computed at", {
      hint: "give it as { at: point }, or give a function of the point",
    });
  }
  return examine(hear(model, [testify(model, at, claims)], onStage), onStage);
}

/**
 * `check` for a function that answers later. It is asked one point after the other.
 * @throws InputError as `check` does, and whatever the function rejects with.
 */
export async function checkAsync(
  model: Model,
  claims: (point: Point) => Claims | PromiseLike<Claims>,
  { at, seed = DEFAULT_SEED, onStage }: CheckOptions = {},
): Promise<CheckResult> {
  requireModel(model);
  const asking = interviewed(model, { at, seed, onStage });
  let asked = asking.next();
  while (asked.done !== true) {
    const { value: point } = asked;
    const answer = await claims(structuredClone(point));
    asked = tell(asking, () => testify(model, point, answer));
  }
  return examine(asked.value, onStage);
}

/** A function is asked at the point that is given, or at points of our own. */
function interviewed(
  model: Model,
  { at, seed = DEFAULT_SEED, onStage }: CheckOptions,
): ReturnType<typeof interview> {
  const points = at === undefined ? askedPoints(model, seed) : [at];
  return interview(model, points, { isDecided: at !== undefined, onStage });
}

function examine(hearing: Hearing, onStage: OnStage | undefined): CheckResult {
  return hearing.isRight ? accept(hearing, onStage) : refuse(hearing, onStage);
}
