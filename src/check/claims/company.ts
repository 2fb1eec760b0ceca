/**
 * The precision of claims, inferred from their numbers alone. Claims that are given together come from one program,
 * which prints them alike, so that 0.5 beside 0.3333 means 0.5000, and beside numbers in full just a half.
 */
import { once, onceFor } from "../once.js";
import {
  type Digits,
  digitsOf,
  digitsOfAll,
  formatOf,
  likeliestFormat,
  lostIn,
  MOST_READ,
  type RoundedFormat,
  roundedFormats,
  someOf,
} from "./digits.js";
import {
  asSingles,
  DOUBLE_PRECISION,
  exactly,
  type Given,
  type Precision,
  printed,
  printedIn,
  SINGLE,
} from "./precision.js";
import { beforeSingle } from "./narrow.js";
import { areSingles, tellSingle } from "./singles.js";

/** A format that loses so many more zeros is as likely: every tenth digit is one. */
const LIKELY = 2;
/** Larger numbers, by their powers of ten, are not printed with a fixed count of decimals. */
const LARGEST_FIXED = 15;
/** Singles name a number by so many digits at least, all but every tenth of them by more. */
const SINGLE_DIGITS = 7;
/** So many digits fewer are no chance, in all numbers together. */
const NO_CHANCE = 4;

/** Claims that were given together; the digits of each are read once. */
export class Company {
  private readonly digits = onceFor(({ entries }: Given) => digitsOfAll(entries));
  private readonly haveSingles = onceFor(({ entries }: Given) => areSingles(entries));

  constructor(readonly claims: readonly Given[]) {}

  /** Whether some claim was computed in single precision, or in less. */
  readonly tellsSingles = once(() =>
    this.claims.some(({ entries, isSingle }) => isSingle || tellSingle(entries)),
  );

  /** The digits of all numbers but 0; undefined where some has more than people print. */
  readonly printedDigits = once((): readonly Digits[] | undefined =>
    this.isInFull() ? undefined : this.shortDigits(),
  );

  private readonly shortDigits = once(() => this.claims.flatMap((one) => this.digits(one) ?? []));
  private readonly isInFull = once(() => this.claims.some((one) => !this.digits(one)));
  private readonly format = once(() => formatOf(this.shortDigits()));

  /** Whether numbers have digits as people print them, some of them such as they do not have in every precision. */
  private readonly arePrinted = once(
    () => !this.isInFull() && this.claims.some((one) => !one.isSingle && !this.haveSingles(one)),
  );

  /**
   * Whether the singles among the claims are those nearest to numbers of fewer digits, as those of an array are that
   * was rounded to four decimals.
   */
  private readonly areRoundedSingles = once(() => {
    const digits = this.claims
      .filter(({ entries }) => tellSingle(entries))
      .flatMap(({ entries }) => [...someOf(entries, MOST_READ)])
      .flatMap((one) => (one === 0 ? [] : digitsOf(beforeSingle(one))));
    const { isFixed, decimals, significant } = likeliestFormat(digits);
    const kept = ({ exponent }: Digits): number =>
      isFixed ? exponent + 1 + decimals : significant;
    const fewer = digits.reduce((total, one) => total + Math.max(0, SINGLE_DIGITS - kept(one)), 0);
    return fewer >= NO_CHANCE;
  });

  /** The claims before their numbers became singles. */
  private readonly before = once(() => {
    const before = new Map<Given, Given>(
      this.claims.map((one) => {
        const { entries } = one;
        const shortest = this.haveSingles(one) ? entries.map(beforeSingle) : entries;
        return [one, { entries: shortest, isSingle: false }];
      }),
    );
    return { of: before, company: new Company([...before.values()]) };
  });

  /** @param claim one of the company */
  precisionOf(claim: Given): Precision {
    const { entries, isSingle } = claim;
    // 1 and 0.5 are the same in every precision, and have that of what was printed beside them
    const isAnyPrecision = !isSingle && this.haveSingles(claim);
    const isTold = isSingle || (isAnyPrecision && this.tellsSingles());
    const isBesidePrinted = !isTold && this.arePrinted();
    if (isSingle || (isAnyPrecision && !isBesidePrinted)) {
      if (this.areRoundedSingles()) return this.precisionBefore(claim);
      if (!isTold && this.isInFull()) return DOUBLE_PRECISION;
      const text = isTold ? "single precision" : "in digits that do not tell the precision";
      return { kind: "float32", digits: 8, text, ...SINGLE, slack: exactly };
    }
    const own = this.digits(claim);
    if (!own) return DOUBLE_PRECISION;
    const [alone, together] = [formatOf(own), this.format()];
    const lost = (format: typeof alone): number =>
      own.reduce((total, one) => total + Math.max(0, lostIn(format, one)), 0);
    const isTogether = isAnyPrecision || lost(together) - lost(alone) <= LIKELY;
    const format = isTogether ? together : alone;
    const { isFixed, decimals, significant } = format;
    const isShort = isFixed ? decimals < 2 && significant < 4 : significant < 3;
    // whole numbers are exact, and so are short ones beside others in full
    if ((isFixed && decimals === 0 && isShort) || (isShort && this.isInFull())) {
      return DOUBLE_PRECISION;
    }
    const [fixed, floating] = [true, false].map((one) => lost({ ...format, isFixed: one }));
    const likely = Math.min(fixed!, floating!) + LIKELY;
    return printed(entries, {
      format,
      mayBeFixed: fixed! <= likely,
      mayBeFloating: floating! <= likely,
      isZeroExact: own.some(({ exponent }) => exponent > LARGEST_FIXED),
    });
  }

  /** The digits of all numbers but 0 before they became singles; undefined where they are the same, or some are none. */
  digitsBefore(): readonly Digits[] | undefined {
    if (!this.claims.every((one) => this.haveSingles(one))) return undefined;
    const isOther = ({ entries }: Given): boolean =>
      someOf(entries, MOST_READ).some((entry) => beforeSingle(entry) !== entry);
    return this.claims.some(isOther) ? this.before().company.printedDigits() : undefined;
  }

  /** The precision of singles before they became singles. */
  private precisionBefore(claim: Given): Precision {
    const { of, company } = this.before();
    const before = of.get(claim)!;
    const format = toldFormat(company.printedDigits() ?? []);
    const precision = format ? printedIn(format, before.entries) : company.precisionOf(before);
    return asSingles(precision);
  }
}

/** The format in which whole numbers were rounded, too, where the numbers tell it. */
function toldFormat(digits: readonly Digits[]): RoundedFormat | undefined {
  return roundedFormats(digits).find(({ isTold }) => isTold);
}

/** The precision of a claim that stands alone. */
export function inferPrecision(claim: Given): Precision {
  return new Company([claim]).precisionOf(claim);
}
