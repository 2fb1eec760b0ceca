/** What a check of formulas answers: the shape of `check --formulas --json`. */
import type { CheckedClaim, CheckResult, Diagnosis } from "../result.js";

/** Another statement of the file. */
export interface LineReference {
  readonly line: number;
  readonly name: string;
}

/** How a wrong statement is put right. */
export interface Remedy {
  /** The statement with as little changed as makes it right. */
  readonly repair?: string;
  /** The right statement, in terms of those above it, behind what else it needs. */
  readonly right?: readonly string[];
  /** The same as they stand in books: `∂L/∂W1 = ∂L/∂z1 · xᵀ`. */
  readonly matrix?: readonly string[];
}

/** What errors of rounding are too large for; it is not `ok`, and not wrong either. */
export interface Undecided {
  readonly undecided?: true;
}

export interface FormulaCheck extends CheckedClaim, Remedy, Undecided {
  /** Where the statement stands, from 1. */
  readonly line: number;
  /** The statement as it was written. */
  readonly statement: string;
  /** What it holds, where that was recognised: `∂L/∂z2`. */
  readonly holds?: string;
  /** The statement that it is wrong because of, itself being right; and further ones. */
  readonly followsFrom?: LineReference;
  readonly alsoFrom?: readonly LineReference[];
}

/** One statement, whether or not it claims anything. */
export interface FormulaLine extends LineReference, Remedy, Undecided {
  readonly statement: string;
  readonly holds?: string;
  /** The derivative that it claims, or that the lines below need it to be. */
  readonly intended?: string;
  readonly ok: boolean;
  /** Of a wrong one that claims nothing: the statements that it is wrong because of, or else its own mistake. */
  readonly followsFrom?: LineReference;
  readonly alsoFrom?: readonly LineReference[];
  readonly diagnosis?: readonly Diagnosis[];
}

/** Its power is that of the points at which the formulas were decided. */
export interface FormulaResult extends CheckResult {
  readonly checks: readonly FormulaCheck[];
  /** Every statement, in order. */
  readonly lines: readonly FormulaLine[];
  /** The first statement that is wrong by itself. */
  readonly firstWrong?: LineReference & Remedy & { readonly diagnosis: readonly Diagnosis[] };
}
