/** The columns of `verify`: what each way of computing may be away from the reference. */
import { Decimal } from "decimal.js";
import type { ParameterDifferences } from "../../numeric/differences.js";
import { compare, type Comparison } from "./comparison.js";
import type { OracleNoise } from "./noise.js";
import type { ParameterReference, reference } from "./reference.js";

/** The compiled program orders its sums differently from the one that is bounded. */
const COMPILED_SLACK = 4;
/** The backprop has formulas of its own: they round as often, but not in the same places. */
const BACKPROP_SLACK = 64;
/** An error estimate of differences is an estimate. */
const DIFFERENCE_SLACK = 10;
/** What is asked for where a model is too large for error bounds, relative to the largest entry. */
export const UNBOUNDED_TOLERANCE = 1e-9;

/** The loss in all four ways. */
export interface LossVerification {
  readonly name: string;
  readonly ok: boolean;
  readonly symbolic: number;
  readonly backprop: number;
  readonly differences: number;
  /** Null where so many digits were too much work. */
  readonly precise: string | null;
}

/** The three columns of one parameter. */
export class Columns {
  private readonly at: ReadonlyMap<number, number>;
  /** For entries that are not in the sample: the largest tolerances met in it. */
  private readonly worst: { readonly bound: number; readonly written: number };
  private readonly loose: number;

  constructor(
    readonly lengths: readonly number[],
    private readonly values: {
      readonly symbolic: readonly number[];
      readonly backprop: readonly number[];
      /** How much the backprop's entries scatter, where that is known. */
      readonly noise?: readonly number[] | undefined;
    },
    private readonly known: ParameterReference,
    private readonly digits: number,
  ) {
    const { positions, bounds, writtenBounds } = known;
    this.at = new Map(positions.map((position, k) => [position, k]));
    this.worst = { bound: largest(bounds ?? []), written: largest(writtenBounds ?? []) };
    this.loose = UNBOUNDED_TOLERANCE * largest(values.symbolic.map(Math.abs));
  }

  symbolic(): Comparison {
    const { positions } = this.known;
    const items = positions.map((position) => ({
      position,
      value: this.values.symbolic[position]!,
      reference: this.target(position, "backprop"),
      tolerance: this.known.precise ? this.compiledTolerance(position) : this.both(position),
      mustBeFinite: true,
    }));
    return compare(this.lengths, items, this.digits);
  }

  backprop(): Comparison {
    const items = this.values.backprop.map((value, position) => ({
      position,
      value,
      reference: this.target(position, "symbolic"),
      tolerance: this.both(position),
    }));
    return compare(this.lengths, items, this.digits);
  }

  differences({ positions, differences }: ParameterDifferences): Comparison {
    const items = positions.map((position, k) => {
      const { value, error, isKink } = differences[k]!;
      const own = this.compiledTolerance(position);
      const tolerance = isKink ? Infinity : DIFFERENCE_SLACK * error + own;
      return { position, value, reference: this.target(position, "symbolic"), tolerance };
    });
    return compare(this.lengths, items, this.digits);
  }

  /** The reference, or another column where an entry has none. */
  private target(position: number, other: "symbolic" | "backprop"): Decimal {
    const k = this.at.get(position);
    const precise = k === undefined ? undefined : this.known.precise?.[k];
    return precise ?? new Decimal(this.values[other][position]!);
  }

  private compiledTolerance(position: number): number {
    const { bounds } = this.known;
    if (!bounds) return this.loose;
    const k = this.at.get(position);
    const { bound } = this.worst;
    return k === undefined
      ? Math.max(COMPILED_SLACK * bound, this.loose)
      : COMPILED_SLACK * bounds[k]!;
  }

  private both(position: number): number {
    const { writtenBounds } = this.known;
    if (!writtenBounds) return this.loose;
    const k = this.at.get(position);
    const written = k === undefined ? this.worst.written : writtenBounds[k]!;
    const noise = this.values.noise?.[position] ?? 0;
    return BACKPROP_SLACK * (written + noise) + this.compiledTolerance(position);
  }
}

export function verifyLoss(
  name: string,
  values: Pick<LossVerification, "symbolic" | "backprop" | "differences">,
  { precise, bound, writtenBound }: ReturnType<typeof reference>["loss"],
  digits: number,
  noise: OracleNoise | undefined,
): LossVerification {
  const target = precise ?? new Decimal(values.backprop);
  const own = COMPILED_SLACK * (bound ?? (UNBOUNDED_TOLERANCE * Math.abs(values.symbolic)) / 4);
  const written = BACKPROP_SLACK * ((writtenBound ?? 0) + (noise?.loss ?? 0)) + own;
  const tolerances = { symbolic: precise ? own : written, differences: own, backprop: written };
  const items = (["symbolic", "differences", "backprop"] as const).map((column) => ({
    position: 0,
    value: values[column],
    reference: target,
    tolerance: tolerances[column],
    mustBeFinite: column !== "backprop",
  }));
  const ok = compare([], items, digits).verdict !== "disagrees";
  const text = precise ? precise.toSignificantDigits(digits).toString() : null;
  return { name, ok, ...values, precise: text };
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
