/**
 * The engine against itself. Four computations of every gradient, side by side: the symbolic one,
 * compiled; the matrix backprop, which shares only the parser; finite differences, which share only
 * the loss; and the symbolic one with many digits, which the other three are compared with.
 */
import { backprop as matrixBackprop } from "../../backprop/model.js";
import { type Model, requireModel } from "../../language/model.js";
import { type Point, readPoint } from "../../language/point.js";
import { InputError } from "../../language/source.js";
import { evaluator } from "../../numeric/evaluator.js";
import { differences } from "../../numeric/differences.js";
import { type Kink, kinkReport } from "../../numeric/kinks.js";
import { livelyPoint } from "../../numeric/lively.js";
import { domainFault, DEFAULT_SEED } from "../../numeric/random.js";
import { Columns, type LossVerification, UNBOUNDED_TOLERANCE, verifyLoss } from "./columns.js";
import type { Comparison } from "./comparison.js";
import { flat, type OracleNoise, oracleNoise } from "./noise.js";
import { reference } from "./reference.js";
import { type StepDifferences, stepDifferences } from "./step-differences.js";

export interface ParameterVerification {
  readonly name: string;
  readonly shape: readonly number[];
  readonly ok: boolean;
  readonly symbolic: Comparison;
  readonly backprop: Comparison;
  readonly differences: Comparison;
}

/** What `verify` finds; plain data. */
export interface Verification {
  readonly ok: boolean;
  /** Significant digits of the reference. */
  readonly digits: number;
  readonly loss: LossVerification;
  readonly parameters: readonly ParameterVerification[];
  /** Operations at a kink, where differences cannot judge and a convention holds. */
  readonly kinks: readonly Kink[];
  /** What was left out, and why. */
  readonly notes: readonly string[];
  /** Differences with one step, where a step was given. */
  readonly stepDifferences?: StepDifferences;
}

export interface VerifyOptions {
  /** Draws the point where none is given, and the entries where there are too many. */
  readonly seed?: number | undefined;
  /** Significant digits of the reference, from 20 to 1000; 50 by default. */
  readonly digits?: number | undefined;
  /**
   * A step ε, above 0 and at most 0.01: central differences with it stand beside the gradients, with
   * the error that it explains.
   */
  readonly step?: number | undefined;
  /** Told before each of the ways what it is. */
  readonly onStage?: ((what: string) => void) | undefined;
}

/**
 * Verifies the gradients of a model at a point; without one, at a seeded random point at which no
 * parameter's gradient is all 0, if one is found.
 *
 * No tolerance is guessed. The compiled gradient and the backprop may be away from the reference by
 * what rounding can do at this point, entry by entry: a running error analysis of the same program
 * (and of the statements as written, for the backprop) bounds it, so that cancellation is allowed
 * for and nothing else. Where the backprop is still further away, the expressions may have been
 * simplified before it was bounded: then the backprop is asked again with its inputs moved by a few
 * units of their last places, and may be away by what that moves it. Finite differences are judged by their own estimate of their error. Where
 * that cannot be, at a kink, or where a statement as written overflows, the verdict is "not judged".
 * Models too large for all that are sampled, and the notes say so.
 *
 * @throws InputError when the point does not fit the model, the loss is not finite there, or the
 * step is not above 0 or too large.
 */
export function verify(model: Model, point?: Point, options: VerifyOptions = {}): Verification {
  requireModel(model);
  const { seed = DEFAULT_SEED, digits = 50, step } = options;
  if (!Number.isInteger(digits) || digits < 20 || digits > 1000) {
    throw new InputError(`the reference has 20 to 1000 digits, not ${digits}`);
  }
  const given = point ?? livelyPoint(model, { seed });
  options.onStage?.("symbolic gradient and matrix backprop");
  const checked = readPoint(model, given);
  const compiled = evaluator(model)(given);
  const oracle = matrixBackprop(model, given);
  if (!Number.isFinite(compiled.loss) && !Number.isFinite(oracle.loss)) {
    throw new InputError(`the loss ${model.loss.name} is ${compiled.loss} at this point`, {
      hint: domainFault(model, checked),
    });
  }
  options.onStage?.(`${digits} digits`);
  const known = reference(model, checked, digits, seed);
  options.onStage?.("finite differences");
  const differenced = differences(model, given, { seed, noise: finite(known.loss.bound) });
  const stepped =
    step === undefined
      ? undefined
      : stepDifferences(
          model,
          checked,
          new Map(model.params.map((one) => [one, flat(compiled.gradients[one.name]!)])),
          { step, seed },
        );
  const kinks = kinkReport(model, given);

  const judge = (noise?: OracleNoise) => ({
    parameters: model.params.map((parameter, which): ParameterVerification => {
      const { name, shape } = parameter;
      const columns = new Columns(
        shape.map((size) => size.evaluate(checked.sizes)),
        {
          symbolic: flat(compiled.gradients[name]!),
          backprop: flat(oracle.gradients[name]!),
          noise: noise?.gradients.get(name),
        },
        known.parameters.get(parameter)!,
        digits,
      );
      const symbolic = columns.symbolic();
      const backprop = columns.backprop();
      const differences = columns.differences(differenced.parameters[which]!);
      const own = flat(compiled.gradients[name]!);
      const others = flat(oracle.gradients[name]!);
      // a number that only the engine lacks is an error of the engine
      const isLost = own.some((value, k) => !Number.isFinite(value) && Number.isFinite(others[k]));
      const ok =
        !isLost &&
        [symbolic, backprop, differences].every(({ verdict }) => verdict !== "disagrees");
      return { name, shape: columns.lengths, ok, symbolic, backprop, differences };
    }),
    loss: verifyLoss(
      model.loss.name,
      { symbolic: compiled.loss, backprop: oracle.loss, differences: differenced.loss },
      known.loss,
      digits,
      noise,
    ),
  });
  let { parameters, loss } = judge();
  const isDoubted = !loss.ok || parameters.some(({ backprop }) => backprop.verdict === "disagrees");
  if (isDoubted && kinks.count === 0) ({ parameters, loss } = judge(oracleNoise(model, checked)));
  return {
    ok: loss.ok && parameters.every(({ ok }) => ok) && stepped?.ok !== false,
    digits,
    loss,
    parameters,
    kinks: kinks.kinks,
    notes: [
      ...(parameters.some(({ symbolic }) => symbolic.unjudged > 0)
        ? [domainFault(model, checked) ?? "numbers overflow at this point"]
        : []),
      ...notes(parameters, known.isBounded, loss.precise !== null, digits),
      ...(stepped ? stepNotes(stepped) : []),
    ],
    ...(stepped && { stepDifferences: stepped }),
  };
}

function notes(
  parameters: readonly ParameterVerification[],
  isBounded: boolean,
  isPrecise: boolean,
  digits: number,
): string[] {
  const found: string[] = [];
  const columns = [
    ["symbolic", "the symbolic gradient is not finite"],
    ["backprop", "the matrix backprop overflows"],
    ["differences", "differences cannot judge at a kink"],
  ] as const;
  for (const { name, ...comparisons } of parameters) {
    for (const [column, why] of columns) {
      const { unjudged, compared } = comparisons[column];
      if (unjudged > 0)
        found.push(`${name}: ${why}: ${unjudged} of ${compared} entries not judged`);
    }
    const { verdict, worst } = comparisons.backprop;
    if (verdict === "disagrees" && worst && !Number.isFinite(worst.value)) {
      found.push(`${name}: a statement, as it is written, is not defined at this point`);
    }
  }
  const sampled = (column: "symbolic" | "differences", what: string): void => {
    for (const { name, shape, [column]: comparison } of parameters) {
      const total = shape.reduce((product, length) => product * length, 1);
      if (comparison.compared < total) {
        found.push(`${name}: ${what} compared for ${comparison.compared} of ${total} entries`);
      }
    }
  };
  if (isPrecise) sampled("symbolic", `${digits} digits`);
  else
    found.push(`${digits} digits are too much work here; the columns are compared with each other`);
  sampled("differences", "differences");
  if (!isBounded) {
    found.push(
      `too large for rounding bounds; ${UNBOUNDED_TOLERANCE} of the largest entry is asked for`,
    );
  }
  return found;
}

function stepNotes({ step, parameters }: StepDifferences): string[] {
  return parameters.flatMap(({ name, total, entries }) => {
    const unjudged = entries.filter(({ verdict }) => verdict === "not judged").length;
    const judged = `${name}: differences with the step ${step}`;
    return [
      ...(unjudged > 0
        ? [
            `${judged} judge ${entries.length - unjudged} of ${entries.length} entries: a kink or the end of a domain is near, or the step is too large or too small`,
          ]
        : []),
      ...(entries.length < total
        ? [`${judged} taken for ${entries.length} of ${total} entries`]
        : []),
    ];
  });
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
