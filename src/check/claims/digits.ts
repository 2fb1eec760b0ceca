/** How numbers look in decimals, and how they may have been printed: with so many decimals, or significant digits. */

export interface Digits {
  /** Digits from the first that is not 0; trailing zeros of whole numbers count. */
  readonly significant: number;
  /** The trailing zeros of a whole number, which its digits may have been rounded to. */
  readonly zeros: number;
  /** Digits after the point; negative where so many before it were rounded. */
  readonly decimals: number;
  /** Power of ten of the first digit. */
  readonly exponent: number;
}

/** Doubles in full mostly have 16 or 17 significant digits; C, Perl, R and MATLAB print up to 15. */
const MOST_PRINTED = 15;

/** Of more numbers a part is looked at. */
export const MOST_READ = 5000;

/** How numbers were printed: with so many decimals, or so many significant digits. */
export interface Format {
  readonly isFixed: boolean;
  readonly decimals: number;
  readonly significant: number;
}

/** Zeros at the end that are lost in a number that was read: what loses fewer was printed. */
export function lostIn({ isFixed, decimals, significant }: Format, one: Digits): number {
  return isFixed ? decimals - one.decimals : significant - one.significant;
}

export function formatOf(digits: readonly Digits[]): Format {
  const decimals = digits.reduce((most, one) => Math.max(most, one.decimals), 0);
  const significant = digits.reduce((most, one) => Math.max(most, one.significant), 0);
  const [fixed, floating] = [true, false].map((isFixed) => {
    const format = { isFixed, decimals, significant };
    return { format, lost: digits.reduce((total, one) => total + lostIn(format, one), 0) };
  });
  return fixed!.lost <= floating!.lost ? fixed!.format : floating!.format;
}

/**
 * Of the numbers that are not 0; undefined where one has more digits than people print.
 * @param kept so many digits of a whole number count, `keptOfWhole` says.
 */
export function digitsOfAll(entries: Float64Array, kept = Infinity): Digits[] | undefined {
  const digits: Digits[] = [];
  for (const entry of someOf(entries, MOST_READ)) {
    if (entry === 0) continue;
    const one = digitsOf(entry);
    if (one.significant > MOST_PRINTED) return undefined;
    const rounded = Math.max(0, one.significant - kept);
    digits.push({
      ...one,
      significant: one.significant - rounded,
      decimals: one.decimals - rounded,
    });
  }
  return digits;
}

/** Whole numbers of fewer digits than this, and zeros, may well be exact. */
const FEWEST_KEPT = 3;
/** So many zeros in all are no chance; behind so few digits more of them are not. */
const FEWEST_ZEROS = 4;
const MANY_ZEROS = 8;

/**
 * To how many significant digits whole numbers were rounded, as 217940000 beside 324950 and 9.6753 to five: what follows
 * these digits is 0 in every number. Infinity where the zeros may be a chance.
 */
export function keptOfWhole(lists: readonly Float64Array[]): number {
  const digits: Digits[] = [];
  for (const entries of lists) {
    const printed = digitsOfAll(entries);
    if (!printed) return Infinity;
    digits.push(...printed);
  }
  const kept = digits.reduce((most, one) => Math.max(most, one.significant - one.zeros), 0);
  const zeros = digits.reduce((total, one) => total + Math.max(0, one.significant - kept), 0);
  const isChance = zeros < (kept > FEWEST_KEPT ? FEWEST_ZEROS : MANY_ZEROS);
  return kept < FEWEST_KEPT || isChance ? Infinity : kept;
}

export function digitsOf(entry: number): Digits {
  const [mantissa, power = "0"] = Math.abs(entry).toString().split("e") as [string, string?];
  const [whole, fraction = ""] = mantissa.split(".") as [string, string?];
  const lead = `${whole}${fraction}`.replace(/^0+/, "");
  const decimals = Math.max(0, fraction.length - Number(power));
  const exponent =
    Number(power) + (whole === "0" ? lead.length - fraction.length : whole.length) - 1;
  const isWhole = fraction === "" && Number(power) >= 0;
  const zeros = isWhole ? lead.length - lead.replace(/0+$/, "").length : 0;
  return { significant: lead.length, zeros, decimals, exponent };
}

/** All entries, or of many some that are evenly spread. */
export function someOf(entries: Float64Array, most: number): Float64Array {
  const stride = Math.ceil(entries.length / most);
  return entries.filter((_, k) => k % stride === 0);
}
