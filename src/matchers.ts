/** The matcher `toBeGradientOf`, for every test runner with the `expect` of Jest. */
import { check, type CheckOptions, type CheckResult, type Claims } from "./check/check.js";
import { type Model, requireModel } from "./language/model.js";
import type { Point } from "./language/point.js";
import { InputError } from "./language/source.js";
import { checkReport } from "./render/terminal/report.js";

/** What the matcher adds to an `expect`. */
export interface GradientMatchers<Result> {
  /**
   * Gradients of a model's loss: values, with the point that they were computed at, or a function of
   * the point, which is asked at seeded random points or at `{ at: point }`. A failure prints what
   * `chainrule check` does.
   * @throws Error for what cannot be judged, with or without `not`.
   */
  toBeGradientOf(model: Model, at?: Point | CheckOptions): Result;
}

/** The first explanation for each name, or `right`. */
type Causes = Readonly<Record<string, string>>;

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  /** What runners print as a difference; what `not` expects has no value. */
  readonly actual: Causes;
  readonly expected: Causes | undefined;
}

/**
 * @param received gradients by name, or a function of the point that gives them
 * @param at the point of the gradients; options of `check` for a function
 */
export function toBeGradientOf(
  received: unknown,
  model: Model,
  at?: Point | CheckOptions,
): MatcherResult {
  const isFunction = typeof received === "function";
  const result = judged(() => {
    requireModel(model, "expect(…).toBeGradientOf(model)");
    return isFunction
      ? check(model, received as (point: Point) => Claims, optionsOf(at))
      : check(model, received as Claims, { at: pointOf(model, at) });
  });
  const [subject, where] = isFunction ? ["function", ""] : ["gradients", ", point"];
  const not = result.ok ? ".not" : "";
  return {
    pass: result.ok,
    message: () =>
      `expect(${subject})${not}.toBeGradientOf(model${where})\n\n${checkReport(result)}`,
    actual: causes(result, (cause) => cause),
    expected: result.ok ? undefined : causes(result, () => "right"),
  };
}

/** Input errors as errors of the test: their whole report, and a stack that starts in the test. */
function judged(action: () => CheckResult): CheckResult {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const failure = new Error(`toBeGradientOf: ${error.report}`);
    Error.captureStackTrace(failure, toBeGradientOf);
    throw failure;
  }
}

const OPTIONS: ReadonlySet<string> = new Set<keyof CheckOptions>(["at", "seed"]);

function optionsOf(value: unknown = {}): CheckOptions {
  if (typeof value !== "object" || value === null) {
    throw new InputError(`a function has options, not ${String(value)}`, { hint: OPTIONS_HINT });
  }
  const other = Object.keys(value).find((name) => !OPTIONS.has(name));
  if (other === undefined) return value;
  throw new InputError(`a function has the options at and seed, not ${other}`, {
    hint: OPTIONS_HINT,
  });
}

const OPTIONS_HINT = "{ at: point } asks it at one point, nothing at random ones";

/** Whatever it is, the check reads it as a point. */
function pointOf(model: Model, value: unknown): Point {
  const hint = "expect(gradients).toBeGradientOf(model, point)";
  if (value === undefined) {
    throw new InputError("gradients as values need the point that they were computed at", { hint });
  }
  if (typeof value === "object" && value !== null && "at" in value && !model.scope.has("at")) {
    throw new InputError("gradients as values take the point itself, not { at: point }", { hint });
  }
  return value as Point;
}

function causes({ checks }: CheckResult, ofWrong: (cause: string) => string): Causes {
  return Object.fromEntries(
    checks.map(({ name, diagnosis: [first] }) => [name, first ? ofWrong(first.cause) : "right"]),
  );
}
