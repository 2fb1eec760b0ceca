/** Other ways to read what `Company` has read: numbers may be less precise than they look. */
import { Company } from "./company.js";
import {
  type Digits,
  likeliestFormat,
  MOST_READ,
  type RoundedFormat,
  roundedFormats,
  someOf,
  unitIn,
} from "./digits.js";
import { beforeSingle, BRAINS, HALVES, isPrintedOf, type Narrow } from "./narrow.js";
import {
  BRAIN,
  asSingles,
  exactly,
  formatText,
  type Given,
  HALF,
  keeping,
  type Precision,
  printedIn,
  type Reading,
  SINGLE,
} from "./precision.js";

/** Numbers that people choose leave more of the last bits 0: 0.5, 0.0625, 1.375. */
const LAST_BITS = 3;
/** So many bits in all hardly are all that numbers have by chance. */
const FEWEST_BITS = 16;
/** So many bits less in all tell how numbers were printed: one in a thousand has as many by chance. */
const FEWEST_FEWER = 10;

/** A reading of numbers as they are printed in a format that rounds whole numbers, too. */
export interface RoundedReading extends Pick<RoundedFormat, "isEnough" | "isTold"> {
  readonly reading: Reading;
  /** The format in words. */
  readonly text: string;
}

/** How to read numbers of which whole ones may have been rounded, the likeliest first. Their zeros may be the data's. */
export function roundedReadings(claims: readonly Given[]): RoundedReading[] {
  if (claims.some(({ isSingle }) => isSingle)) return [];
  const company = new Company(claims);
  const readings = (digits: readonly Digits[], read: (format: RoundedFormat) => Reading) =>
    roundedFormats(digits).map((rounded): RoundedReading => {
      const { format, isEnough, isTold } = rounded;
      return { reading: read(rounded), text: formatText(format), isEnough, isTold };
    });
  const asGiven = readings(
    company.printedDigits() ?? [],
    (format) =>
      ({ entries }) =>
        printedIn(format, entries),
  );
  const before = company.digitsBefore();
  if (!before) return asGiven;
  const asBefore = readings(
    before,
    (format) =>
      ({ entries }) =>
        asSingles(printedIn(format, entries.map(beforeSingle))),
  );
  return [...asGiven, ...asBefore];
}

/** Ways to read numbers of 16 bits. */
export interface BitReadings {
  /** Rounded as the last thing that was done to them. */
  readonly last: Reading;
  /** Rounded with every operation. */
  readonly throughout: Reading;
}

/** Formats of 16 bits. */
interface Bits {
  readonly text: string;
  readonly narrow: Narrow;
  readonly bits: number;
  /** Of operations in it. */
  readonly arithmetic: Pick<Precision, "roundoff" | "smallest">;
  /** Decimal digits that numbers of it have. */
  readonly digits: number;
}

const FORMATS: readonly Bits[] = [
  { text: "bfloat16", narrow: BRAINS, bits: 8, arithmetic: BRAIN, digits: 3 },
  { text: "half precision", narrow: HALVES, bits: 11, arithmetic: HALF, digits: 4 },
];

/**
 * How to read the numbers of a program that all are such of a 16-bit format, or such as they are printed; undefined
 * where they are not. Exact numbers may have as few bits.
 */
export function bitReadings(claims: readonly Given[]): BitReadings | undefined {
  const exact = FORMATS.find(({ bits }) => areRounded(claims, bits));
  if (exact) return readingsIn(exact, exactly);
  for (const one of FORMATS) {
    const lost = lostInPrint(claims, one.narrow);
    if (lost) return readingsIn(one, lost);
  }
  return undefined;
}

/** @param lost how far a number may be from the one of the format that was printed so */
function readingsIn(
  { text, bits, arithmetic, digits }: Bits,
  lost: (entry: number) => number,
): BitReadings {
  const least = arithmetic.smallest;
  const slack = (entry: number): number =>
    2 ** -bits * Math.max(Math.abs(entry), least) + lost(entry);
  const last = { kind: "printed", digits, text, slack } as const;
  return { last: () => ({ ...last, ...SINGLE }), throughout: () => ({ ...last, ...arithmetic }) };
}

/**
 * Where all numbers are what numbers of a narrow format are printed as, which as many others of their digits are only by
 * chance: how far they may be from these.
 */
function lostInPrint(
  claims: readonly Given[],
  narrow: Narrow,
): ((entry: number) => number) | undefined {
  const digits = new Company(claims).printedDigits();
  if (!digits) return undefined;
  const format = likeliestFormat(digits);
  const all = claims.flatMap(({ entries }) => [...someOf(entries, MOST_READ)]);
  const some = all.filter((entry) => entry !== 0);
  if (!some.every((entry) => isPrintedOf(narrow, entry, format))) return undefined;
  // of numbers with a count of decimals, or of digits, only so many are what a narrow number is printed as
  const fewer = [true, false].map((isFixed) =>
    some.reduce((sum, entry) => {
      const unit = unitIn({ ...format, isFixed }, entry);
      return sum + Math.max(0, Math.log2(narrow.unitAt(entry) / unit));
    }, 0),
  );
  if (Math.min(...fewer) < FEWEST_FEWER) return undefined;
  return keeping((entry) => {
    if (entry === 0 && !format.isFixed) return 0;
    return Math.max(Math.abs(entry - narrow.nearest(entry)), unitIn(format, entry) / 2);
  });
}

/**
 * Doubles of a program that has singles in it: its data, a mask, a constant. They have the errors of singles.
 * Undefined where no claim has numbers in full.
 */
export function partlySingle(claims: readonly Given[]): Precision | undefined {
  const company = new Company(claims);
  if (claims.every((one) => company.precisionOf(one).kind !== "float64")) return undefined;
  const text = "numbers in full, with errors of single precision";
  return { kind: "float32", digits: 8, text, ...SINGLE, slack: exactly };
}

/** Whether all claims have so few bits, and some of them hardly by chance. */
function areRounded(claims: readonly Given[], bits: number): boolean {
  const all = claims.flatMap(({ entries }) => [...someOf(entries, MOST_READ)]);
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
