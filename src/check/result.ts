/** What a check answers: the shape of `check --json`. */
import type { Worst } from "./claims/verdict.js";

export const CAUSES = [
  "sign",
  "constant-factor",
  "transposed",
  "missing-factor",
  "extra-factor",
  "wrong-variable",
  "wrong-function",
  "missing-term",
  "extra-term",
  "not-summed",
  "over-summed",
  "other-quantity",
  "clipped",
  "shape",
  "unknown",
] as const;
export type Cause = (typeof CAUSES)[number];

/** What a fault is about; which members there are depends on its cause. */
export interface FaultDetails {
  /** constant-factor: given = factor · right. missing-factor, extra-factor: the factor. */
  readonly factor?: number | string;
  /** wrong-variable: what was used, and what belongs there. */
  readonly used?: string;
  readonly instead?: string;
  /** missing-term, extra-term. */
  readonly term?: string;
  /** other-quantity: what the numbers are the derivative by. */
  readonly is?: string;
}

/** Where in the pass a fault is made. */
export interface FaultPlace {
  /** The quantity whose derivative the fault first spoils, where that is not the claimed one. */
  readonly arisesIn?: string;
  /** Whether that quantity itself was computed otherwise, in the forward pass. */
  readonly isForward?: true;
  /** The quantities whose derivatives all have the fault, where it arises in their lines or in one before. */
  readonly firstIn?: readonly string[];
}

/** One fault. Faults of the same explanation hold together; the simplest explanation is 1. */
export interface Diagnosis extends FaultDetails, FaultPlace {
  readonly cause: Cause;
  readonly text: string;
  readonly explanation: number;
}

export interface CheckedClaim {
  readonly name: string;
  readonly ok: boolean;
  /** The largest |given − expected|, relative to the largest expected entry; null where the shapes differ. */
  readonly maxError: number | null;
  /** Of a wrong claim the wrong entry with the largest error. */
  readonly worst: Worst;
  /** Empty for a right gradient. */
  readonly diagnosis: readonly Diagnosis[];
  /** Digits that agree in the worst entry, and that the precision of the numbers lets expect. */
  readonly digitsAgreed: number;
  readonly digitsExpected: number;
  /** The precision that the numbers seem to have been given with. */
  readonly precision: string;
  /** Which of the points of the check the numbers told here belong to, from 1. */
  readonly point: number;
  /** Of a wrong gradient: the right statement, behind the statements that it needs. */
  readonly right?: readonly string[];
  /** The same as they stand in books: `∂L/∂W1 = ∂L/∂z1 · xᵀ`. */
  readonly matrix?: readonly string[];
  /** Lengths along the axes. */
  readonly shape: { readonly given: readonly number[]; readonly expected: readonly number[] };
}

/** A known mistake that the numbers of a check cannot show. */
export interface HiddenMistake extends FaultDetails, FaultPlace {
  readonly cause: Cause;
  /** What the mistake is: `the factor sigmoid'(z1) left out of dz1`. */
  readonly text: string;
  /** Why it does not show at the points of the check: `x is 0`. */
  readonly why: string;
}

/** What a check can see: how many of the known mistakes would change what was claimed. */
export interface Power {
  readonly exposed: number;
  readonly total: number;
  /** The others, the most usual first. */
  readonly hidden: readonly HiddenMistake[];
}

export interface CheckResult {
  readonly ok: boolean;
  /** In the order in which they were given. */
  readonly checks: readonly CheckedClaim[];
  /** Their names in the order in which the backward pass has all of each: a mistake shows in the first that it spoils. */
  readonly order: readonly string[];
  readonly power: Power;
  /** What limits the verdict, in sentences. */
  readonly notes: readonly string[];
}
