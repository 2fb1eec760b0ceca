/** Hand-written gradients: judged to the precision that they were given with, and explained. */
import type { Quantity } from "../expression/quantity.js";
import { type Model, requireModel } from "../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../language/point.js";
import { InputError } from "../language/source.js";
import { kinkReport, kinkText } from "../numeric/kinks.js";
import { DEFAULT_SEED } from "../numeric/random.js";
import { Backward } from "./pass/backward.js";
import { Bench } from "./pass/bench.js";
import { catalogueOf } from "./mutants/catalogue.js";
import { type Claim, type Claims, isPromise, readClaims } from "./claims/claims.js";
import { turnOf } from "./pass/users.js";
import { diagnoseGiven } from "./search/diagnose.js";
import type { Evidence, Exhibit } from "./claims/evidence.js";
import { rightFormula } from "./formulas/right-formula.js";
import { askedPoints } from "./power/points.js";
import { inferPrecision } from "./claims/precision.js";
import { powerOf } from "./power/power.js";
import type { CheckedClaim, CheckResult, Diagnosis, Power } from "./result.js";
import { rightDerivatives } from "./claims/right.js";
import { judged } from "./claims/judged.js";
import type { Verdict } from "./claims/verdict.js";
import { readCoarsely } from "./search/coarse.js";

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
  readonly onStage?: ((what: string) => void) | undefined;
}

/** A point and what is claimed there. */
export interface Testimony {
  readonly at: Point;
  readonly point: CheckedPoint;
  readonly claims: readonly Claim[];
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
    const points = at === undefined ? askedPoints(model, seed) : [at];
    const testimonies = points.map((point) => {
      const answer = claims(structuredClone(point));
      if (isPromise(answer)) {
        throw new InputError("the function returns a promise, which check does not wait for", {
          hint: "await checkAsync(model, function)",
        });
      }
      return testify(model, point, answer);
    });
    return examine(model, testimonies, onStage);
  }
  if (at === undefined) {
    throw new InputError("gradients as values need the point that they were computed at", {
      hint: "give it as { at: point }, or give a function of the point",
    });
  }
  return examine(model, [testify(model, at, claims)], onStage);
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
  const testimonies: Testimony[] = [];
  for (const point of at === undefined ? askedPoints(model, seed) : [at]) {
    testimonies.push(testify(model, point, await claims(structuredClone(point))));
  }
  return examine(model, testimonies, onStage);
}

/**
 * Reads what is claimed at a point.
 * @throws InputError for a point that does not fit the model, and for what are no claims.
 */
export function testify(model: Model, at: Point, claims: unknown): Testimony {
  return { at, point: readPoint(model, at), claims: readClaims(model, claims) };
}

/**
 * Judges what was claimed at one point or several.
 * @param testimonies at least one
 * @throws InputError where different quantities are claimed at different points, and where the model
 * has no finite derivative.
 */
export function examine(
  model: Model,
  testimonies: readonly Testimony[],
  onStage?: CheckOptions["onStage"],
): CheckResult {
  const [first] = testimonies;
  onStage?.("right gradients");
  const wanted = first!.claims.map(({ quantity }) => quantity);
  const notes: string[] = [];
  const exhibits = new Map<Quantity, Exhibit[]>(wanted.map((one) => [one, []]));
  for (const { point, claims } of testimonies) {
    const right = rightDerivatives(model, point, wanted);
    if (!right.isPrecise && notes.length === 0) {
      notes.push("the model is large: the right gradients were computed in double precision");
    }
    for (const quantity of wanted) {
      const claim = claims.find((one) => one.quantity === quantity);
      if (!claim || claims.length !== wanted.length) {
        throw differentQuantities(wanted, claims);
      }
      exhibits.get(quantity)!.push({
        claim,
        precision: inferPrecision(claim, claims),
        sizes: point.sizes,
        right: right.of.get(quantity)!,
      });
    }
  }
  const exact = wanted.map((quantity) => judged(quantity, exhibits.get(quantity)!));
  const isExact = exact.every(({ evidence }) => evidence.ok);
  const kinks = isExact ? [] : testimonies.flatMap(({ at }) => kinkNotes(model, at));
  const backward = Backward.of(model);
  const points = testimonies.map(({ point }) => point);
  const benches = points.map((point) => new Bench(backward, point, new Set(wanted)));
  const catalogue = catalogueOf(backward, benches[0]!, kinks.length > 0);
  const given = testimonies.map(({ claims }) => claims);
  const read = readCoarsely(catalogue, points, benches, given, exact);
  const evidences = read.map(({ evidence }) => evidence);
  const ok = evidences.every((one) => one.ok);
  if (!ok) notes.push(...kinks);
  onStage?.(ok ? "power of the check" : "what explains the wrong gradients");
  const diagnoses = ok
    ? new Map<Quantity, readonly Diagnosis[]>()
    : diagnoseGiven(catalogue, points, benches, evidences);
  const checks = read.map(({ evidence, verdicts }) =>
    checkedClaim(backward, evidence, verdicts, diagnoses.get(evidence.quantity) ?? []),
  );
  const power = powerOf(catalogue, benches, evidences);
  notes.push(...powerNotes(checks, power));
  return { ok, checks, power, notes: [...new Set(notes)] };
}

/** What a right verdict is not worth: mistakes that the points of the check hide. */
function powerNotes(checks: readonly CheckedClaim[], { hidden, total }: Power): string[] {
  const right = checks.filter(({ ok }) => ok).map(({ name }) => name);
  if (hidden.length === 0 || right.length === 0) return [];
  const names =
    right.length > 3
      ? `${right.length} gradients are`
      : `${right.join(", ")} ${right.length > 1 ? "are" : "is"}`;
  return [
    `${names} judged right where ${hidden.length} of ${total} known mistakes would not show: check at another point too`,
  ];
}

function differentQuantities(first: readonly Quantity[], other: readonly Claim[]): InputError {
  const [one, two] = [first, other.map(({ quantity }) => quantity)].map((list) =>
    list.map(({ name }) => name).join(", "),
  );
  return new InputError("different quantities are given at different points", {
    hint: `first ${one!}, then ${two!}`,
  });
}

/** Where a convention decides what is right. */
function kinkNotes(model: Model, at: Point): string[] {
  const { kinks, count } = kinkReport(model, at, { within: 1e-12, limit: 2 });
  const more = count > kinks.length ? [`${count - kinks.length} more kinks are as near`] : [];
  return [
    ...kinks.map((kink) => `the point is at a kink, ${kinkText(kink)}: here ${kink.convention}`),
    ...more,
  ];
}

/** The right statement of a derivative behind those that it needs; nothing where the language has none. */
function rightStatements(model: Model, quantity: Quantity): Pick<CheckedClaim, "right" | "matrix"> {
  const right = rightFormula(model, quantity);
  if (!right) return {};
  const all = [...right.before, right];
  return { right: all.map(({ text }) => text), matrix: all.map(({ matrix }) => matrix) };
}

function checkedClaim(
  backward: Backward,
  { quantity, ok, exhibits }: Evidence,
  verdicts: readonly (Verdict | undefined)[],
  diagnosis: readonly Diagnosis[],
): CheckedClaim {
  // the point that shows most: a wrong shape, else the first that is wrong, else the first
  const misshapen = verdicts.indexOf(undefined);
  const wrong = verdicts.findIndex((verdict) => !verdict?.ok);
  const shown = misshapen >= 0 ? misshapen : Math.max(0, wrong);
  const { claim, precision, sizes } = exhibits[shown]!;
  const verdict = verdicts[shown];
  return {
    name: quantity.name,
    ok,
    maxError: verdict ? verdict.maxError : null,
    worst: verdict?.worst ?? { entry: [], given: null, expected: null },
    diagnosis,
    digitsAgreed: verdict?.digitsAgreed ?? 0,
    digitsExpected: verdict?.digitsExpected ?? 0,
    precision: precision.text,
    point: shown + 1,
    turn: turnOf(backward, quantity),
    ...(ok ? {} : rightStatements(backward.model, quantity)),
    shape: {
      given: claim.lengths,
      expected: quantity.shape.map((size) => size.evaluate(sizes)),
    },
  };
}
