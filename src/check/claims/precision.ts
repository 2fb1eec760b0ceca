/**
 * The precision of numbers that were given, inferred from the numbers alone: all digits of a
 * double, a single's, a half's, or digits as printed.
 */
import type { Claim } from "./claims.js";
import {
  type Digits,
  digitsOf,
  digitsOfAll,
  type Format,
  formatOf,
  keptOfWhole,
  lostIn,
  MOST_READ,
  someOf,
} from "./digits.js";

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
}

const DOUBLE = { roundoff: 2 ** -53, smallest: 2 ** -1022 };
const SINGLE = { roundoff: 2 ** -24, smallest: 2 ** -126 };
/**
 * IEEE 754 binary16, and bfloat16, the first half of a single's bits: numbers of eleven and of eight bits. Sums of
 * them are kept in singles, so that errors on the way hardly ever are as large together as the last rounding allows.
 */
const HALF = { roundoff: 2 ** -13, smallest: 2 ** -14 };
const BRAIN = { roundoff: 2 ** -11, smallest: 2 ** -126 };
/** Numbers that people choose leave more of the last bits 0: 0.5, 0.0625, 1.375. */
const LAST_BITS = 3;
/** So many bits in all hardly are all that numbers have by chance. */
const FEWEST_BITS = 16;
const exactly = (): number => 0;
/** Longer numbers that are singles were computed in single precision: their digits say so. */
const MOST_SHORT = 9;

/** Numbers that keep all digits of a double. */
export const DOUBLE_PRECISION: Precision = {
  kind: "float64",
  digits: 17,
  text: "double precision",
  ...DOUBLE,
  slack: exactly,
};

/** Prints of so many significant digits are judged to a whole unit of the last one. */
const LONG_PRINT = 4;

/** A format that loses so many more zeros is as likely: every tenth digit is one. */
const LIKELY = 2;
/** How far from half-way the rounding of doubles leads, relative to a digit's unit. */
const HALF_WAY = 1e-6;
/** Larger numbers, by their powers of ten, are not printed with a fixed count of decimals. */
const LARGEST_FIXED = 15;
type Given = Pick<Claim, "entries" | "isSingle">;

/** A way to read the numbers of a claim. */
export type Reading = (claim: Given) => Precision;

/**
 * The precision of one claim.
 * @param company all claims that were given together, this one among them: one program prints them
 * alike, so that 0.5 beside 0.3333 means 0.5000, and beside numbers in full just a half.
 * @param kept so many digits of whole numbers count
 */
export function inferPrecision(
  claim: Given,
  company: readonly Given[] = [claim],
  kept = Infinity,
): Precision {
  const { entries, isSingle } = claim;
  // 1 and 0.5 are the same in every precision, and have that of what was printed beside them
  const isAnyPrecision = !isSingle && areSingles(entries);
  const isTold = isSingle || (isAnyPrecision && tellSingles(company));
  const isBesidePrinted = !isTold && (kept < Infinity || arePrinted(company));
  if (isSingle || (isAnyPrecision && !isBesidePrinted)) {
    if (areRoundedSingles(company)) return precisionBefore(claim, company);
    const isDouble = !isTold && company.some((one) => !digitsOfAll(one.entries));
    if (isDouble) return DOUBLE_PRECISION;
    const text = isTold ? "single precision" : "in digits that do not tell the precision";
    return { kind: "float32", digits: 8, text, ...SINGLE, slack: exactly };
  }
  const own = digitsOfAll(entries, kept);
  if (!own) return DOUBLE_PRECISION;
  const others = company
    .filter((one) => one !== claim)
    .map((one) => digitsOfAll(one.entries, kept));
  const alone = formatOf(own);
  const together = formatOf([...own, ...others.flatMap((one) => one ?? [])]);
  const lost = (format: Format): number =>
    own.reduce((total, one) => total + Math.max(0, lostIn(format, one)), 0);
  const isTogether = isAnyPrecision || lost(together) - lost(alone) <= LIKELY;
  const format = isTogether ? together : alone;
  const { isFixed, decimals, significant } = format;
  const isFloating = own.some(({ exponent }) => exponent > LARGEST_FIXED);
  const isShort = isFixed ? decimals < 2 && significant < 4 : significant < 3;
  // whole numbers are exact, and so are short ones beside others in full
  if ((isFixed && decimals === 0 && isShort) || (isShort && others.includes(undefined))) {
    return DOUBLE_PRECISION;
  }
  const arePrintedSingles = someOf(entries, MOST_READ / 10).every((entry) =>
    isPrintedSingle(entry, format),
  );
  // long prints may be cut off instead of rounded
  const units = significant >= LONG_PRINT ? 1 : 0.5 * (1 + 1e-9);
  const lostFixed = lost({ ...format, isFixed: true });
  const lostSignificant = lost({ ...format, isFixed: false });
  const likely = Math.min(lostFixed, lostSignificant) + LIKELY;
  return {
    kind: "printed",
    digits: significant,
    text: isFixed ? counted(decimals, "decimal") : counted(significant, "significant digit"),
    ...(arePrintedSingles ? SINGLE : DOUBLE),
    slack: keeping((entry) => {
      if (entry === 0 && isFloating) return 0;
      const fixed = lostFixed <= likely ? 10 ** -decimals : 0;
      if (entry === 0 || lostSignificant > likely) return units * Math.max(fixed, 10 ** -decimals);
      return units * Math.max(fixed, 10 ** (digitsOf(entry).exponent - significant + 1));
    }),
  };
}

/** Whether numbers have digits as people print them, some of them such as they do not have in every precision. */
function arePrinted(company: readonly Given[]): boolean {
  const areShort = company.every(({ entries }) => digitsOfAll(entries) !== undefined);
  return areShort && company.some(({ entries, isSingle }) => !isSingle && !areSingles(entries));
}

/** The precision of the same digits, had what follows them been cut off; undefined of what was not printed. */
export function cutOff(precision: Precision): Precision | undefined {
  const { kind, digits, text, slack } = precision;
  if (kind !== "printed") return undefined;
  const units = digits >= LONG_PRINT ? 1 : 2;
  return { ...precision, text: `${text}, cut off`, slack: (entry) => units * slack(entry) };
}

/** A function that is asked for the same few numbers again and again, and reads their digits once. */
function keeping(read: (entry: number) => number): (entry: number) => number {
  const known = new Map<number, number>();
  return (entry) => {
    let result = known.get(entry);
    if (result === undefined) known.set(entry, (result = read(entry)));
    return result;
  };
}

/**
 * How to read whole numbers that all end in zeros, as 217940000 beside 324950 do: as rounded to some significant digits.
 * Undefined where the zeros may be a chance. They may be the data's, so this is another way to read what
 * `inferPrecision` has read.
 */
export function wholeReading(company: readonly Given[]): Reading | undefined {
  if (company.some(({ isSingle }) => isSingle)) return undefined;
  const kept = keptOfWhole(company.map(({ entries }) => entries));
  return kept < Infinity ? (claim) => inferPrecision(claim, company, kept) : undefined;
}

/** Ways to read numbers of 16 bits. */
export interface BitReadings {
  /** Rounded as the last thing that was done to them. */
  readonly last: Reading;
  /** Rounded with every operation. */
  readonly throughout: Reading;
}

/**
 * How to read the numbers of a program that all are such of a 16-bit format; undefined where they are not. Exact
 * numbers may have as few bits, so these are other ways to read what `inferPrecision` has read.
 */
export function bitReadings(company: readonly Given[]): BitReadings | undefined {
  if (areRounded(company, 8)) {
    const slack = (entry: number): number => 2 ** -8 * Math.abs(entry);
    const last = { kind: "printed", digits: 3, text: "bfloat16", slack } as const;
    return { last: () => ({ ...last, ...SINGLE }), throughout: () => ({ ...last, ...BRAIN }) };
  }
  if (areRounded(company, 11)) {
    const slack = (entry: number): number => 2 ** -11 * Math.max(Math.abs(entry), HALF.smallest);
    const last = { kind: "printed", digits: 4, text: "half precision", slack } as const;
    return { last: () => ({ ...last, ...SINGLE }), throughout: () => ({ ...last, ...HALF }) };
  }
  return undefined;
}

/**
 * Doubles of a program that has singles in it: its data, a mask, a constant. They have the errors of singles.
 * Undefined where no claim has numbers in full.
 */
export function partlySingle(company: readonly Given[]): Precision | undefined {
  if (company.every((one) => inferPrecision(one, company).kind !== "float64")) return undefined;
  const text = "numbers in full, with errors of single precision";
  return { kind: "float32", digits: 8, text, ...SINGLE, slack: exactly };
}

/** Singles name a number by so many digits at least, all but every tenth of them by more. */
const SINGLE_DIGITS = 7;
/** So many digits fewer are no chance, in all numbers together. */
const NO_CHANCE = 4;

/**
 * Whether the singles among some claims are those nearest to numbers of fewer digits, as those of an array are that was
 * rounded to four decimals.
 */
function areRoundedSingles(company: readonly Given[]): boolean {
  const told = company.filter(({ entries }) => tellSingle(entries));
  const digits = told.flatMap(({ entries }) =>
    [...someOf(entries, MOST_READ)].flatMap((one) =>
      one === 0 ? [] : digitsOf(shortestOfSingle(one)),
    ),
  );
  const { isFixed, decimals, significant } = formatOf(digits);
  const kept = ({ exponent }: Digits): number => (isFixed ? exponent + 1 + decimals : significant);
  const fewer = digits.reduce((total, one) => total + Math.max(0, SINGLE_DIGITS - kept(one)), 0);
  return fewer >= NO_CHANCE;
}

/** The precision of singles before they became singles. */
function precisionBefore(claim: Given, company: readonly Given[]): Precision {
  const before = new Map(
    company.map((one) => {
      const entries = areSingles(one.entries) ? one.entries.map(shortestOfSingle) : one.entries;
      return [one, { entries, isSingle: false }] as const;
    }),
  );
  const precision = inferPrecision(before.get(claim)!, [...before.values()]);
  return {
    ...precision,
    ...SINGLE,
    slack: keeping(
      (entry) => precision.slack(shortestOfSingle(entry)) + SINGLE.roundoff * Math.abs(entry),
    ),
  };
}

/** The number of the fewest digits that a single is the nearest to. */
function shortestOfSingle(single: number): number {
  return Number(single.toPrecision(digitsOfSingle(single)));
}

/** How many digits name a single: at most nine. */
function digitsOfSingle(single: number): number {
  let digits = 1;
  while (digits < 9 && Math.fround(Number(single.toPrecision(digits))) !== single) digits++;
  return digits;
}

function areSingles(entries: Float64Array): boolean {
  return entries.every((entry) => Math.fround(entry) === entry);
}

/** Whether all claims have so few bits, and some of them hardly by chance. */
function areRounded(company: readonly Given[], bits: number): boolean {
  const all = company.flatMap(({ entries }) => [...someOf(entries, MOST_READ)]);
  if (!all.every((one) => hasBits(one, bits))) return false;
  // whole numbers may be counts
  const isCount = (one: number): boolean => Number.isInteger(one) && Math.abs(one) < 2 ** bits;
  const isLong = (one: number): boolean => !hasBits(one, bits - LAST_BITS) && !isCount(one);
  return all.filter(isLong).length * bits >= FEWEST_BITS;
}

/** Whether a significand has no more bits: Veltkamp's splitting leaves the number as it is. */
function hasBits(entry: number, bits: number): boolean {
  const spread = entry * (2 ** (53 - bits) + 1);
  return spread - (spread - entry) === entry;
}

/** Whether some claim was computed in single precision, or in less. */
export function tellSingles(company: readonly Given[]): boolean {
  return company.some(({ entries, isSingle }) => isSingle || tellSingle(entries));
}

/** Whether entries are singles with more digits than a number has that is short by itself. */
function tellSingle(entries: Float64Array): boolean {
  const isLong = (entry: number): boolean =>
    entry !== 0 && digitsOf(entry).significant > MOST_SHORT;
  return areSingles(entries) && someOf(entries, MOST_READ).some(isLong);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Whether this is how a single is printed: in the format, or by the shortest digits that name it. */
function isPrintedSingle(entry: number, { isFixed, decimals, significant }: Format): boolean {
  const single = Math.fround(entry);
  // toFixed takes up to 100 decimals
  const text = isFixed ? single.toFixed(Math.min(decimals, 100)) : single.toPrecision(significant);
  if (Number(text) === entry) return true;
  const { exponent } = digitsOf(entry);
  const digits = digitsOfSingle(single);
  // half-way between two such numbers, languages choose differently
  const half = (10 ** (exponent - digits + 1) / 2) * (1 + HALF_WAY);
  return Number(entry.toPrecision(digits)) === entry && Math.abs(entry - single) <= half;
}
