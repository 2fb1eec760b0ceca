/** Hypotheses: what may have gone wrong, and what the numbers would then be. */
import type { Quantity } from "../../expression/quantity.js";
import { type Factor, isMinus, isUnit } from "./factors.js";
import type { Cause, Diagnosis, FaultDetails, FaultPlace } from "../result.js";
import { adjointName } from "./words.js";
import { ratioOf, type RatioOptions } from "./ratios.js";

export interface Fault extends FaultPlace {
  readonly cause: Cause;
  /** What it is about: made when it is told, since names of expressions take time. */
  readonly details?: () => FaultDetails;
  /** A sentence about the claim with this name, with the repair. */
  readonly say: (claim: string) => string;
}

/** Faults that explain a claim together, and how surprising they are. */
export interface Explanation {
  readonly faults: readonly Fault[];
  readonly cost: number;
}

/**
 * @param claim what the claim is called in sentences
 * @param explanation which one it belongs to, from 1
 */
export function diagnosisOf(
  { cause, details, say, ...place }: Fault,
  claim: string,
  explanation = 1,
): Diagnosis {
  return { cause, ...details?.(), ...place, text: say(claim), explanation };
}

/**
 * The fault, or the two, that a constant factor is; none for the factor 1.
 * @param ideal what the claim ought to be
 */
export function factorFaults(factor: Factor, ideal = "the right gradient"): Fault[] {
  const { value, name, isStep } = factor;
  if (isUnit(factor)) return [];
  if (isStep) {
    return [
      {
        cause: "constant-factor",
        details: () => ({ factor: name }),
        say: (claim) =>
          `${claim} is ${name} times ${ideal}: an update step, -rate * gradient, was given for the gradient`,
      },
    ];
  }
  const sign: Fault = {
    cause: "sign",
    say: (claim) => `${claim} has the wrong sign: multiply by -1`,
  };
  if (isMinus(factor)) return [sign];
  const times = magnitude(factor);
  const constant: Fault = {
    cause: "constant-factor",
    details: () => ({ factor: times }),
    say: (claim) => `${claim} is ${timesText(times)} times ${ideal}: ${repair(times)}`,
  };
  return value < 0 ? [sign, constant] : [constant];
}

/** A factor without its sign. */
export function magnitude({ name }: Pick<Factor, "name">): number | string {
  return typeof name === "number" ? Math.abs(name) : name.replace(/^-/, "");
}

/**
 * A parameter after its update, given for its gradient.
 * @param rate of the step, with its sign: negative
 */
export function updatedFault(quantity: Quantity, rate: number): Fault {
  const is = `${quantity.name} - ${Number(Math.abs(rate).toPrecision(6))} * ${adjointName(quantity)}`;
  return {
    cause: "other-quantity",
    details: () => ({ is }),
    say: (claim) =>
      `${claim} holds ${quantity.name} after an update step, ${is}: give the gradient itself`,
  };
}

/** Numbers with more digits are told as ratios of small numbers, where they are such. */
const MOST_DIGITS = 6;
const TOLD: RatioOptions = {
  mostOver: () => Infinity,
  mostUnder: 12,
  tolerance: 4 * Number.EPSILON,
};

/** `1/3` for 0.3333333333333333. */
export function timesText(factor: number | string): string {
  const text = `${factor}`;
  if (typeof factor === "string" || text.length <= MOST_DIGITS) return text;
  const ratio = ratioOf(factor, TOLD);
  return ratio && ratio.under > 1 ? `${ratio.over}/${ratio.under}` : text;
}

/** A factor 2 comes from elsewhere, too. */
const LEAST_FOR_SIZE = 3;

/** Whether a size over a number is what is left of a mean that was taken over this number: N/32. */
function isTakenFor(over: string, under: string): boolean {
  return (
    /^[\p{L}_][\p{L}\p{N}_]*$/u.test(over) && /^\d+$/.test(under) && Number(under) >= LEAST_FOR_SIZE
  );
}

/** What undoes a factor: `multiply by 5/4` for `4/5`. */
export function repair(magnitude: number | string): string {
  const { isDivision, by, takenFor } = remedyOf(magnitude);
  const remedy = `${isDivision ? "divide" : "multiply"} by ${by}`;
  return takenFor
    ? `${remedy} (the number ${takenFor[1]} seems to stand where ${takenFor[0]} belongs)`
    : remedy;
}

/** What to multiply by, or to divide by, in the model language. */
export interface Remedy {
  readonly isDivision: boolean;
  readonly by: string;
  /** The size that belongs where a number stands, and the number. */
  readonly takenFor?: readonly [size: string, number: string];
}

/** What undoes a factor. */
export function remedyOf(magnitude: number | string): Remedy {
  if (typeof magnitude === "string") {
    if (magnitude.startsWith("-")) {
      const remedy = remedyOf(magnitude.slice(1));
      return { ...remedy, by: `-${remedy.by}` };
    }
    const [over, under, ...others] = magnitude.split("/");
    if (!over || !under || others.length > 0) return { isDivision: true, by: magnitude };
    const divisor = over.includes("*") ? `(${over})` : over;
    const remedy = { isDivision: false, by: over === "1" ? under : `${under}/${divisor}` };
    return isTakenFor(over, under) ? { ...remedy, takenFor: [over, under] } : remedy;
  }
  const told = timesText(magnitude);
  if (told.includes("/")) return remedyOf(told);
  if (Number.isInteger(magnitude)) return { isDivision: true, by: `${magnitude}` };
  const inverse = Number((1 / magnitude).toPrecision(9));
  return `${inverse}`.length <= `${magnitude}`.length
    ? { isDivision: false, by: `${inverse}` }
    : { isDivision: true, by: `${magnitude}` };
}
