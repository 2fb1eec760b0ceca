/**
 * Claims that look like differences of the loss with one step h, and not like a derivative:
 *
 *   (L(θ + h) − L(θ)) / h = L′ + h/2·L″ + …,   (L(θ + h) − L(θ − h)) / 2h = L′ + h²/6·L‴ + …
 *
 * (W. H. Press et al., Numerical Recipes, 3rd ed. 2007, §5.7), both with the rounding errors of L, which
 * the division by h magnifies. The differences are taken again, with steps of all sizes.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { CheckedPoint } from "../../language/point.js";
import { type Line, lossLines } from "../../numeric/lines.js";
import { arrangement } from "../claims/claims.js";
import { digitsOfAll } from "../claims/digits.js";
import type { Evidence } from "../claims/evidence.js";
import type { Fault } from "../explanations/hypothesis.js";

/** What a claim seems to be. */
export interface GivenDifferences {
  readonly fault: Fault;
  /**
   * Whether the error that the step itself makes was recognised, or the grain of the loss, divided by
   * the step; rounding alone could be others'.
   */
  readonly isSure: boolean;
}

interface Scheme {
  readonly name: string;
  /** The error is of this power of the step. */
  readonly order: number;
  readonly quotient: (line: Line, step: number, loss: number) => number;
}

const SCHEMES: readonly Scheme[] = [
  {
    name: "central differences",
    order: 2,
    quotient: ({ at, here }, step) => (at(here + step) - at(here - step)) / (2 * step),
  },
  {
    name: "one-sided differences",
    order: 1,
    quotient: ({ at, here }, step, loss) => (at(here + step) - loss) / step,
  },
  {
    name: "one-sided differences to the left",
    order: 1,
    quotient: ({ at, here }, step, loss) => (loss - at(here - step)) / step,
  },
];

/** With smaller steps rounding explains whatever is near. */
const STEPS = Array.from({ length: 8 }, (_, k) => 10 ** -(k + 1));
/** The step at which the error of a scheme is measured. */
const PROBE = 1e-3;
/** Differences that are further off, relative to the largest entry, are of no use to anybody. */
const FURTHEST = 1e-2;
/** Rounding errors of both losses, in roundoffs of the loss. */
const LOSS_ROUNDING = 16;
/** What is left of the error when the step is known to a few digits. */
const LEFT = 0.05;
/** Fewer entries fit every step. */
const FEWEST_FITTED = 4;
/** An error that lies so much along the gradient is a factor. */
const ALONG = 0.999999;
const MAX_WORK = 2e6;
const MOST_ENTRIES = 60;
const EVALUATIONS = 60;

/** Steps that are tenths of tenths of one of these, or halves of halves, have multiples of its grain. */
const DECIMAL_STEPS = [1e-6];
const COARSEST_STEPS = [...DECIMAL_STEPS, 2 ** -20];
/** How far from whole what was a multiple may be. */
const UNEVEN = 1e-3;

/** An entry that is claimed, and the line along which its difference is taken. */
interface Sample {
  readonly line: Line;
  readonly given: number;
  readonly right: number;
  /** What the claim's own digits leave open. */
  readonly slack: number;
}

/**
 * The claims by parameters that are wrong, but near enough to be differences, taken together: one
 * program makes them with one step.
 * @param point the first that is claimed at
 * @param options.fromSingles whether the program has singles in it, whose sums are multiples of powers of 2 as well
 */
export function givenDifferences(
  model: Model,
  point: CheckedPoint,
  evidences: readonly Evidence[],
  { fromSingles = false } = {},
): ReadonlyMap<Quantity, GivenDifferences> {
  const near = evidences.filter((one) => !one.ok && isNear(one) && isBeyondUnit(one));
  if (!near.some(({ quantity }) => model.params.includes(quantity))) return new Map();
  const options = {
    seed: 1,
    maxWork: MAX_WORK,
    mostEntries: MOST_ENTRIES,
    evaluations: EVALUATIONS,
  };
  const { loss, parameters } = lossLines(model, point, options);
  const claimed = near.flatMap((evidence) => {
    const own = parameters.find(({ parameter }) => parameter === evidence.quantity);
    return own ? [{ evidence, samples: samplesOf(evidence, own.lines) }] : [];
  });
  const samples = claimed.flatMap((one) => one.samples);
  const roundoff = Math.max(...near.map(({ exhibits }) => exhibits[0]!.precision.roundoff));
  const noise = LOSS_ROUNDING * roundoff * Math.abs(loss);
  const grains = fromSingles ? DECIMAL_STEPS : COARSEST_STEPS;
  const isGrained = grains.some((step) => areMultiples(samples, grainOf(loss) / step));
  const found = stepOf(samples, { loss, noise, isGrained });
  // one program makes them all: where another gradient is right, rounding alone says nothing
  const isBesideRight = evidences.some(({ ok, quantity }) => ok && model.params.includes(quantity));
  if (!found || (isBesideRight && !found.isSure)) return new Map();
  return new Map(
    claimed.map(({ evidence }) => [
      evidence.quantity,
      { fault: differenceFault(found, evidence), isSure: found.isSure },
    ]),
  );
}

function isNear({ exhibits }: Evidence): boolean {
  return exhibits.every(({ claim, right, sizes }) => {
    if (arrangement(claim, sizes) !== "fits") return false;
    const largest = largestOf(right.entries);
    return claim.entries.every((one, k) => Math.abs(one - right.entries[k]!) <= FURTHEST * largest);
  });
}

/** Whether some error is larger than what the last digit counts: smaller ones are those of printing. */
function isBeyondUnit({ exhibits }: Evidence): boolean {
  return exhibits.some(({ claim, right, precision }) =>
    claim.entries.some((one, k) => Math.abs(one - right.entries[k]!) > 2 * precision.slack(one)),
  );
}

function samplesOf({ exhibits }: Evidence, lines: readonly Line[]): Sample[] {
  const { claim, right, precision } = exhibits[0]!;
  return lines.map((line) => {
    const given = claim.entries[line.position]!;
    const slack = precision.slack(given) + 4 * precision.roundoff * Math.abs(given);
    return { line, given, right: right.entries[line.position]!, slack };
  });
}

interface Step {
  readonly scheme: Scheme;
  readonly step: number;
  readonly isSure: boolean;
}

/** What is known of the losses that differences are taken of. */
interface Losses {
  readonly loss: number;
  /** How far rounding may carry the difference of two. */
  readonly noise: number;
  /** Whether the claims are multiples of what such differences are multiples of. */
  readonly isGrained: boolean;
}

/** The largest step whose differences are what is given: a smaller one has more noise, which explains more. */
function stepOf(samples: readonly Sample[], { loss, noise, isGrained }: Losses): Step | undefined {
  const errors = samples.map(({ given, right }) => given - right);
  const largest = largestOf(errors);
  const found = SCHEMES.flatMap((scheme): Step[] => {
    const steps = [...STEPS, ...fittedStep(samples, scheme, loss)].sort((a, b) => b - a);
    for (const step of steps) {
      const quotients = samples.map(({ line }) => scheme.quotient(line, step, loss));
      const truncation = largestOf(quotients.map((one, k) => one - samples[k]!.right));
      const rounding = noise / step;
      const allowed = ({ slack }: Sample): number => rounding + slack + LEFT * truncation;
      const holds = samples.every((one, k) => Math.abs(one.given - quotients[k]!) <= allowed(one));
      if (!holds) continue;
      // smaller errors are explained by nothing as well
      const explained = samples.filter((one) => Math.abs(one.given - one.right) > allowed(one));
      const isBacked = explained.length > 1 && rounding < LEFT * largest;
      const isTold = isGrained || isBacked;
      const isSure = samples.length >= FEWEST_FITTED && isTold;
      return isSure || !isAlong(samples, errors) ? [{ scheme, step, isSure }] : [];
    }
    return [];
  });
  return found.sort((a, b) => b.step - a.step)[0];
}

/** What differences of losses are multiples of, also of one in the next lower power of 2, and half of it. */
function grainOf(loss: number): number {
  return 2 ** (Math.floor(Math.log2(Math.abs(loss))) - 55);
}

/** Whether all numbers are multiples of one, which numbers in full are by chance only, and short ones often. */
function areMultiples(samples: readonly Sample[], unit: number): boolean {
  const areShort = samples.every(({ given }) => isShort(given));
  if (areShort) return false;
  return samples.every(({ given }) => {
    const count = given / unit;
    return Math.abs(count - Math.round(count)) <= UNEVEN && Math.abs(count) < UNEVEN * 2 ** 52;
  });
}

function isShort(given: number): boolean {
  return Math.fround(given) === given || digitsOfAll(Float64Array.of(given)) !== undefined;
}

/** The step at which a scheme's error would come nearest to the error of what is given. */
function fittedStep(samples: readonly Sample[], scheme: Scheme, loss: number): number[] {
  if (samples.length < FEWEST_FITTED) return [];
  let [above, below] = [0, 0];
  for (const { line, given, right } of samples) {
    const error = scheme.quotient(line, PROBE, loss) - right;
    above += (given - right) * error;
    below += error * error;
  }
  const step = PROBE * (above / below) ** (1 / scheme.order);
  return step > 0 && step <= STEPS[0]! ? [step] : [];
}

function isAlong(samples: readonly Sample[], errors: readonly number[]): boolean {
  const rights = samples.map(({ right }) => right);
  const product = rights.reduce((sum, right, k) => sum + right * errors[k]!, 0);
  return Math.abs(product) >= ALONG * Math.hypot(...rights) * Math.hypot(...errors);
}

export function largestOf(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((most, one) => Math.max(most, Math.abs(one)), 0);
}

function differenceFault({ scheme, step, isSure }: Step, { exhibits }: Evidence): Fault {
  const { claim, right } = exhibits[0]!;
  const error = largestOf(claim.entries.map((one, k) => one - right.entries[k]!));
  const digits = Math.floor(-Math.log10(error / largestOf(right.entries)));
  const about = Number(step.toPrecision(1));
  const other = isSure ? "" : "; nor have numbers that were computed in part in single precision";
  return {
    cause: "unknown",
    say: (name) =>
      `${name} looks like ${scheme.name} with a step of about ${about}: ${digits} digits agree with the right gradient, and such differences have no more${other}`,
  };
}
