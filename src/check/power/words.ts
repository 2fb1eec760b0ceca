/** Mistakes in a few words. */
import type { Cause, FaultDetails, HiddenMistake } from "../result.js";
import type { Mistake, MistakeFault } from "./mistakes.js";

export function hiddenMistake(mistake: Mistake, why: string): HiddenMistake {
  const fault = mistake.fault();
  return { ...fault, text: mistakeText(fault), why };
}

/** `the factor sigmoid'(z1) left out of dz1`. */
function mistakeText(fault: MistakeFault): string {
  const at = fault.arisesIn === undefined ? "" : ` in d${fault.arisesIn}`;
  return PHRASES[fault.cause](fault, at);
}

const instead = ({ used = "another", instead = "the right one" }: FaultDetails): string =>
  `${used} for ${instead}`;

const before = ({ term }: FaultDetails): string => (term ? ` before ${term}` : "");

const PHRASES: Readonly<Record<Cause, (details: FaultDetails, at: string) => string>> = {
  sign: ({ term }, at) => (term ? `a wrong sign before ${term}${at}` : `a wrong sign${at}`),
  "constant-factor": (details, at) =>
    `a factor ${details.factor ?? "of its own"}${before(details)}${at}`,
  transposed: ({ instead: right }, at) =>
    right ? `a transposed ${right}${at}` : `a transpose${at}`,
  "missing-factor": (details, at) =>
    `the factor ${details.factor ?? ""}${before(details)} left out${at}`,
  "extra-factor": ({ factor = "" }, at) => `the factor ${factor} too many${at}`,
  "wrong-variable": (details, at) => instead(details) + at,
  "wrong-function": (details, at) => instead(details) + at,
  "missing-term": ({ term = "a term" }, at) => `${term} left out${at}`,
  "extra-term": ({ term = "a term" }, at) => `${term} counted twice${at}`,
  "not-summed": ({ term = "a sum" }, at) => `${term} left out${at}`,
  "over-summed": ({ term = "an axis" }, at) => `a sum over ${term} too many${at}`,
  "other-quantity": ({ is = "another derivative" }, at) => `${is} given${at}`,
  clipped: (_, at) => `clipping${at}`,
  shape: (_, at) => `another shape${at}`,
  unknown: (_, at) => `a mistake${at}`,
};
