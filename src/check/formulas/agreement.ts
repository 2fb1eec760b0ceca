/** Whether values agree, as far as the bounds of their errors can tell. */
import { Fraction } from "fraction.js";
import { squareRoot } from "../../expression/operations/smooth.js";
import type { Arithmetic } from "../../numeric/arithmetic.js";
import { boundedArithmetic, logBelow } from "../../numeric/bounded.js";
import {
  type Bounded,
  isFinite,
  logSum,
  negative,
  NONE,
  sum,
  toNumber,
} from "../../numeric/scaled.js";
import { type Rounded, roundingArithmetic, UNIT_ROUNDOFF } from "../../numeric/rounding.js";

/** `undecided`: the bounds of the errors are too wide for a difference to be seen. */
export type Agreement = "agrees" | "differs" | "undecided";

/** How values compare with right ones. */
export interface Comparison {
  readonly agreement: Agreement;
  /** Digits of the largest right value in which the bounds would show a difference. */
  readonly digits: number;
}

/** A rational number, or the root of one with its sign. */
export interface Constant {
  readonly value: Fraction;
  readonly isRoot: boolean;
}

export function numberOf({ value, isRoot }: Constant): number {
  const number = value.valueOf();
  return isRoot ? Math.sign(number) * Math.sqrt(Math.abs(number)) : number;
}

/** Entries, rows first, with the bounds of their errors. */
export interface Values {
  readonly numbers: Float64Array;
  /** The same as they are told: what rounding leaves of terms that cancel is 0. */
  readonly told: Float64Array;
  /** How many numbers so many digits cannot tell from 0. */
  readonly rests: number;
  /** Whether all numbers are 0, or cannot be told from it. */
  readonly areZero: boolean;
  /** How far any of the numbers may be from the true value. */
  readonly error: number;
  /** With right values of equally many entries, at the given positions of these. */
  compare(right: Values, order?: (position: number) => number): Comparison;
  times(factor: Constant): Values;
}

/** What comparisons at several points say of a statement. */
export type Decision = "right" | "wrong" | "undecided";

/** Right is what differs at no point and agrees at one at least; stops at a difference. */
export function decide(comparisons: Iterable<Comparison>): Decision {
  let decision: Decision = "undecided";
  for (const { agreement } of comparisons) {
    if (agreement === "differs") return "wrong";
    if (agreement === "agrees") decision = "right";
  }
  return decision;
}

/** How an arithmetic's numbers are read and compared. */
export interface Kind<Value> {
  readonly arithmetic: Arithmetic<Value>;
  /** Whether more digits can be had. */
  readonly isPrecise: boolean;
  /** Digits that are told at most. */
  readonly digits: number;
  /** What is computed with, in words. */
  readonly text: string;
  /** Digits of the largest right value that bounds must leave. */
  readonly leastDigits: number;
  readonly number: (value: Value) => number;
  /** Whether a number that is not exact is no more than what rounding leaves of terms that cancel. */
  readonly isRest: (value: Value) => boolean;
  /** A bound of the distance from the true value, before it is read as a double. */
  readonly error: (value: Value) => number;
  readonly isFinite: (value: Value) => boolean;
  /** log₁₀ of the absolute value, rounded down. */
  readonly magnitude: (value: Value) => number;
  /** Whether two numbers may be the same, and log₁₀ of how far apart they may then be. */
  readonly gap: (a: Value, b: Value) => { readonly isAllowed: boolean; readonly allowed: number };
}

/** Bounds hold for one order of operations; the other side may have been computed in another. */
export const TRUST = 4;
/** Significant digits that formulas are compared with. */
export const DIGITS = 40;
/** Digits that doubles can be expected to agree in. */
const DOUBLE_DIGITS = 15;

export const doubles: Kind<Rounded> = {
  arithmetic: roundingArithmetic,
  isPrecise: false,
  digits: DOUBLE_DIGITS,
  text: "double precision",
  leastDigits: 9,
  number: ({ value }) => value,
  // bounds of doubles are too wide to tell small numbers from 0
  isRest: () => false,
  error: ({ error }) => error,
  isFinite: ({ value }) => Number.isFinite(value),
  magnitude: ({ value }) => Math.floor(Math.log10(Math.abs(value))),
  gap: (a, b) => {
    const allowed = TRUST * (a.error + b.error);
    const isAllowed = !(Math.abs(a.value - b.value) > allowed);
    return { isAllowed, allowed: Math.log10(allowed) };
  },
};

/** @param working significant digits of every operation, more than are told. */
export function decimals(working: number): Kind<Bounded> {
  return {
    arithmetic: boundedArithmetic(working),
    isPrecise: true,
    digits: DIGITS,
    text: `${working} digits`,
    leastDigits: 20,
    number: toNumber,
    isRest,
    error: ({ error }) => 10 ** error,
    isFinite,
    magnitude: (one) => (isRest(one) ? -Infinity : Math.floor(one.log)),
    gap: (a, b) => {
      const allowed = logSum(a.error, b.error) + Math.log10(TRUST);
      const isAllowed = logBelow(sum(a, negative(b), working)) <= allowed;
      return { isAllowed, allowed: Math.floor(allowed) + 1 };
    },
  };
}

/** 0, as far as so many digits can tell. */
function isRest(one: Bounded): boolean {
  return one.error > NONE && isFinite(one) && logBelow(one) <= one.error;
}

export class Numbers<Value> implements Values {
  private made: Float64Array | undefined;
  private readonly multiples = new Map<string, Numbers<Value>>();
  /** With values that have been compared with before, entry by entry. */
  private readonly compared = new Map<Values, Comparison>();

  constructor(
    private readonly kind: Kind<Value>,
    readonly entries: readonly Value[],
  ) {}

  get numbers(): Float64Array {
    return (this.made ??= Float64Array.from(this.entries, this.kind.number));
  }

  get told(): Float64Array {
    const { number, isRest } = this.kind;
    return Float64Array.from(this.entries, (one) => (isRest(one) ? 0 : number(one)));
  }

  get rests(): number {
    return this.entries.filter(this.kind.isRest).length;
  }

  get areZero(): boolean {
    return this.entries.every((one) => this.kind.magnitude(one) === -Infinity);
  }

  get error(): number {
    const largest = this.numbers.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    const own = this.entries.reduce((most, one) => Math.max(most, this.kind.error(one)), 0);
    return own + UNIT_ROUNDOFF * largest;
  }

  times(factor: Constant): Numbers<Value> {
    const key = `${factor.isRoot ? "root of " : ""}${factor.value.toFraction()}`;
    let multiple = this.multiples.get(key);
    if (!multiple) this.multiples.set(key, (multiple = this.multiplied(factor)));
    return multiple;
  }

  private multiplied({ value, isRoot }: Constant): Numbers<Value> {
    const { exact, apply, multiply } = this.kind.arithmetic;
    const sign = exact(new Fraction(value.s < 0n ? -1 : 1));
    const times = isRoot ? multiply(sign, apply(squareRoot, [exact(value.abs())])) : exact(value);
    return new Numbers(
      this.kind,
      this.entries.map((one) => multiply(times, one)),
    );
  }

  compare(right: Values, order?: (position: number) => number): Comparison {
    if (order) return this.comparison(right, order);
    let known = this.compared.get(right);
    if (!known) this.compared.set(right, (known = this.comparison(right, (k) => k)));
    return known;
  }

  /** Bounds that leave too few digits of the largest right value, or of 1 where all vanish, decide nothing. */
  private comparison(right: Values, order: (position: number) => number): Comparison {
    if (!(right instanceof Numbers)) throw new TypeError("values of another site");
    const { kind } = this;
    const { entries } = right as Numbers<Value>;
    if (entries.length !== this.entries.length) return { agreement: "differs", digits: 0 };
    const largest = entries.reduce((most, one) => Math.max(most, kind.magnitude(one)), -Infinity);
    const scale = largest === -Infinity ? 0 : largest;
    let digits = kind.digits;
    let agreement: Agreement = "agrees";
    for (const [k, one] of entries.entries()) {
      const own = this.entries[order(k)]!;
      if (!kind.isFinite(own)) return { agreement: "differs", digits };
      const { isAllowed, allowed } = kind.gap(own, one);
      digits = Math.max(0, Math.min(digits, Math.floor(scale - allowed)));
      if (!isAllowed) return { agreement: "differs", digits };
      if (digits < kind.leastDigits) agreement = "undecided";
    }
    return { agreement, digits };
  }
}
