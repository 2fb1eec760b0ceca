/** Mutants: the right derivation with one mistake in it. */
import type { Quantity } from "../../expression/quantity.js";
import type { Clause, Definition } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Change, Edge } from "../pass/backward.js";
import type { Factor } from "../explanations/factors.js";
import type { Fault } from "../explanations/hypothesis.js";
import type { Cause, FaultDetails } from "../result.js";
import { adjointName } from "../explanations/words.js";
import { once } from "../once.js";

/** One partial derivative, ∂node/∂child inside a definition, and what stands in its place. */
export interface Site {
  readonly definition: Definition;
  readonly node: Expression;
  readonly child: Expression;
  readonly partial: Expression;
}

export interface Mutant {
  readonly fault: Fault;
  /** The same mistake at another place, where it is made at two. */
  readonly second?: Fault;
  /** How surprising the mistake is; a wrong sign has 1. */
  readonly cost: number;
  /** Computed when asked for: most mutants are too surprising to be tried. */
  readonly change: () => Change;
  /** Whether a constant factor belongs to the mistake, as a mean does to another loss. */
  readonly isUpToFactor?: boolean;
  /** Where it is one slip that is made at several places, such as all steps of a loop: that at each of them. */
  readonly slips?: readonly Mutant[];
  /** Whether it is made at one step of a loop only, where it could be made at all of them. */
  readonly isOneStep?: boolean;
  /** Whether usual data, such as labels that sum to 1, make it no mistake: no check has to show it. */
  readonly isOfData?: boolean;
  /** Tells mistakes that are told alike at one place apart, such as one place before and one place behind. */
  readonly way?: string;
  /** Where the mistake is in one local derivative: that. */
  readonly site?: Site;
}

/** A mistake with a number in it that has to be found: a part with a factor of its own. */
export interface Probe {
  /** What the factor that fits is: a mistake, or a wrong sign with it; none where such a factor means nothing. */
  readonly faults: (factor: Factor) => readonly Fault[];
  readonly cost: number;
  /** Adds the part once. */
  readonly change: () => Change;
  /** How often the part is in the right derivation: once, or not at all. */
  readonly present: 0 | 1;
}

/** How a mistake is told. */
export interface Told extends FaultDetails {
  /** The sentence without its beginning, which says where the mistake is made. */
  readonly what: string;
}

/** The same where the sentence takes long: it is asked for later than the details, and seldom. */
export interface ToldLater extends FaultDetails {
  readonly what: string | (() => string);
}

/** The details of what is told, without the sentence. */
export function detailsOf(tell: () => ToldLater): () => FaultDetails {
  return () => {
    const { what: _, ...details } = tell();
    return details;
  };
}

function sentenceOf({ what }: ToldLater): string {
  return typeof what === "string" ? what : what();
}

/**
 * A fault that is made where ∂loss/∂at is computed; without `at`, inside some expression.
 * @param tell its sentence follows `dz1 is …`
 */
export function faultAt(at: Quantity | undefined, cause: Cause, tell: () => ToldLater): Fault {
  const told = once(tell);
  const details = detailsOf(told);
  const what = once(() => sentenceOf(told()));
  if (!at) return { cause, details, say: (claim) => `${claim} is ${what()}` };
  return {
    cause,
    details,
    arisesIn: at.name,
    say: (claim) => {
      const name = adjointName(at);
      return claim === name
        ? `${claim} is ${what()}`
        : `${claim} follows from ${name}, which is ${what()}`;
    },
  };
}

/** An edge with another body, in place of itself. */
export function instead(edge: Edge, body: Expression, more: Partial<Clause> = {}): Change {
  return {
    removed: new Set([edge]),
    added: [{ ...edge, clause: { ...edge.clause, ...more, body } }],
  };
}
