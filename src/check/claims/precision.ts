/** The precision of numbers that were given: all digits of a double, a single's, or digits as printed. */
import type { Claim } from "./claims.js";
import { digitsOf, type Format, MOST_READ, type RoundedFormat, someOf } from "./digits.js";
import { beforeSingle, isPrintedOf, SINGLES } from "./narrow.js";

export interface Precision {
  readonly kind: "float64" | "float32" | "printed";
  /** Significant digits of the longest number. */
  readonly digits: number;
  /** In words, for reports. */
  readonly text: string;
  /** Unit roundoff of the arithmetic that the numbers were computed in. */
  readonly roundoff: number;
  /** The smallest number that does not lose digits. */
  readonly smallest: number;
  /** How far an entry may lie from the number that was meant because it was printed so. */
  readonly slack: (entry: number) => number;
  /** Whether that is half a unit of the last digit, as rounding to the nearest allows. */
  readonly isHalf?: boolean;
  /** Whether all were rounded to one side, by less than a unit. */
  readonly isOneSided?: boolean;
}

/** What is read of a claim. */
export type Given = Pick<Claim, "entries" | "isSingle">;

/** A way to read the numbers of a claim. */
export type Reading = (claim: Given) => Precision;

export const DOUBLE = { roundoff: 2 ** -53, smallest: 2 ** -1022 };
export const SINGLE = { roundoff: 2 ** -24, smallest: 2 ** -126 };
/**
 * IEEE 754 binary16, and bfloat16, the first half of a single's bits: numbers of eleven and of eight bits. Sums of
 * them are kept in singles, so that errors on the way hardly ever are as large together as the last rounding allows.
 */
export const HALF = { roundoff: 2 ** -13, smallest: 2 ** -14 };
export const BRAIN = { roundoff: 2 ** -11, smallest: 2 ** -126 };

export const exactly = (): number => 0;

/** Numbers that keep all digits of a double. */
export const DOUBLE_PRECISION: Precision = {
  kind: "float64",
  digits: 17,
  text: "double precision",
  ...DOUBLE,
  slack: exactly,
};

/** Prints of so many significant digits are read to a whole unit of the last one: they may be cut off instead of rounded. */
const LONG_PRINT = 4;

/** Half a unit, and what numbers half-way between two miss. */
const HALF_UNIT = 0.5 * (1 + 1e-9);

/** What formats allow numbers that were printed so: those with so many decimals, or so many significant digits, or either. */
export interface Printed {
  readonly format: Format;
  readonly mayBeFixed: boolean;
  readonly mayBeFloating: boolean;
  /** Whether a 0 is no more than 0. */
  readonly isZeroExact: boolean;
  /** Whether digits were rounded to the nearest, and not cut off, however many there are. */
  readonly isNearest?: boolean;
}

/** The precision of numbers as they were printed. */
export function printed(
  entries: Float64Array,
  { format, mayBeFixed, mayBeFloating, isZeroExact, isNearest = false }: Printed,
): Precision {
  const { decimals, significant } = format;
  const arePrintedSingles = someOf(entries, MOST_READ / 10).every((entry) =>
    isPrintedOf(SINGLES, entry, format),
  );
  const isHalf = isNearest || significant < LONG_PRINT;
  const units = isHalf ? HALF_UNIT : 1;
  const last = 10 ** -decimals;
  const fixed = mayBeFixed ? last : 0;
  return {
    kind: "printed",
    digits: significant,
    text: formatText(format),
    ...(arePrintedSingles ? SINGLE : DOUBLE),
    isHalf,
    slack: keeping((entry) => {
      if (entry === 0 && isZeroExact) return 0;
      if (entry === 0 || !mayBeFloating) return units * last;
      return units * Math.max(fixed, 10 ** (digitsOf(entry).exponent - significant + 1));
    }),
  };
}

/** The precision of numbers that were printed in one format. */
export function printedIn(
  { format, isTold }: Pick<RoundedFormat, "format" | "isTold">,
  entries: Float64Array,
): Precision {
  const { isFixed } = format;
  return printed(entries, {
    format,
    mayBeFixed: isFixed,
    mayBeFloating: !isFixed,
    isZeroExact: !isFixed,
    isNearest: !isTold,
  });
}

/** Such as `3 decimals`. */
export function formatText({ isFixed, decimals, significant }: Format): string {
  if (!isFixed) return counted(significant, "significant digit");
  if (decimals > 0) return counted(decimals, "decimal");
  return decimals === 0 ? "whole numbers" : `multiples of ${10 ** -decimals}`;
}

/** Where digits that were left out would have taken a number, had it not been rounded. */
export interface Direction {
  readonly text: string;
  /** Whether a number that is allowed some error may have come so from the right one. */
  readonly holds: (given: number, right: number, allowed: number) => boolean;
}

export const DIRECTIONS: readonly Direction[] = [
  {
    text: "cut off",
    holds: (given, right, allowed) =>
      given === 0 || Math.sign(right) * given <= Math.abs(right) + allowed,
  },
  { text: "rounded down", holds: (given, right, allowed) => given <= right + allowed },
  { text: "rounded up", holds: (given, right, allowed) => given >= right - allowed },
];

/** The precision of the same digits, had they been rounded to one side; undefined of what was not printed. */
export function toOneSide(precision: Precision, { text }: Direction): Precision | undefined {
  const { kind, isHalf, slack } = precision;
  if (kind !== "printed") return undefined;
  const units = isHalf ? 2 : 1;
  return {
    ...precision,
    text: `${precision.text}, ${text}`,
    isOneSided: true,
    slack: (entry) => units * slack(entry),
  };
}

/** Of a unit, what rounding to the nearest allows, and rounding twice: to five digits first, then to four. */
const TWICE_ROUNDED = 0.55;

/** The same digits, had none been cut off. */
export function toNearest(precision: Precision): Precision {
  const { isHalf, isOneSided, slack } = precision;
  if (isHalf !== false || isOneSided) return precision;
  return { ...precision, isHalf: true, slack: (entry) => TWICE_ROUNDED * slack(entry) };
}

/** The precision of numbers that became singles after they had been given with one. */
export function asSingles(before: Precision): Precision {
  return {
    ...before,
    ...SINGLE,
    slack: keeping(
      (entry) => before.slack(beforeSingle(entry)) + SINGLE.roundoff * Math.abs(entry),
    ),
  };
}

/** A function that is asked for the same few numbers again and again, and reads their digits once. */
export function keeping(read: (entry: number) => number): (entry: number) => number {
  const known = new Map<number, number>();
  return (entry) => {
    let result = known.get(entry);
    if (result === undefined) known.set(entry, (result = read(entry)));
    return result;
  };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
