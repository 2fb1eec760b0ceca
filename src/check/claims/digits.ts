/** How numbers look in decimals, and how they may have been printed: with so many decimals, or significant digits. */

export interface Digits {
  /** Digits from the first that is not 0; trailing zeros of whole numbers count, but for those beyond 10¹⁵. */
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

/** Of the numbers that are not 0; undefined where one has more digits than people print. */
export function digitsOfAll(entries: Float64Array): Digits[] | undefined {
  const digits: Digits[] = [];
  for (const entry of someOf(entries, MOST_READ)) {
    if (entry === 0) continue;
    const one = digitsOf(entry);
    if (one.significant > MOST_PRINTED) return undefined;
    digits.push(one);
  }
  return digits;
}

/** A format that rounds whole numbers, too. */
export interface RoundedFormat {
  readonly format: Format;
  /** Whether the numbers have digits enough in it to be right or wrong. */
  readonly isEnough: boolean;
  /** Whether the numbers themselves tell it; else they could be so by chance, and nothing contradicts it. */
  readonly isTold: boolean;
}

/** Numbers of fewer digits may well be exact. */
const FEWEST_KEPT = 3;
/** Zeros that a number ends in are a chance of one in ten each; behind few digits more of them are. */
const FEWEST_ZEROS = 2;
const MANY_ZEROS = 4;
/** Fewer digits in all agree with much; of still fewer numbers nothing is said. */
const FEWEST_DIGITS = 8;
const [FEWEST_LOOKED_AT, FEWEST_KEPT_THERE] = [4, 2];

/**
 * Formats in which numbers may have been rounded before their last digits, the likeliest first: 14590 and 916.4 to four
 * significant digits, 145900 and 27100 to hundreds, whole numbers to these. What follows is 0 in every number.
 */
export function roundedFormats(digits: readonly Digits[]): RoundedFormat[] {
  if (digits.length === 0) return [];
  const most = (read: (one: Digits) => number): number =>
    digits.reduce((largest, one) => Math.max(largest, read(one)), -Infinity);
  const kept = (one: Digits): number => one.significant - one.zeros;
  const place = (one: Digits): number => one.decimals - one.zeros;
  // in a format, all that a number has beyond its own digits are zeros
  const zerosIn = ({ isFixed, decimals, significant }: Format): number =>
    digits.reduce(
      (total, one) => total + (isFixed ? decimals - place(one) : significant - kept(one)),
      0,
    );
  const digitsIn = ({ isFixed, decimals, significant }: Format): number =>
    digits.reduce(
      (total, { exponent }) =>
        total + (isFixed ? Math.max(0, exponent + 1 + decimals) : significant),
      0,
    );
  const largest = most(({ exponent }) => exponent);
  const fixed = (decimals: number): Format => {
    return { isFixed: true, decimals, significant: largest + 1 + decimals };
  };
  const floating = (significant: number): Format => {
    return { isFixed: false, decimals: most((one) => one.decimals), significant };
  };
  const [plain, longest] = [most(({ decimals }) => decimals), most((one) => one.significant)];
  const usual = Math.min(zerosIn(fixed(plain)), zerosIn(floating(longest)));
  const formats = [floating(most(kept)), fixed(most(place))];
  if (plain === 0 && formats[1]!.decimals < 0) formats.push(fixed(0));
  return formats
    .filter((one) => one.significant >= FEWEST_KEPT_THERE && digitsIn(one) >= FEWEST_LOOKED_AT)
    .filter(({ isFixed, decimals, significant }) =>
      isFixed ? decimals <= 0 : significant < longest || plain <= 0,
    )
    .map((format) => ({ format, fewer: usual - zerosIn(format) }))
    .sort((a, b) => b.fewer - a.fewer)
    .map(({ format, fewer }) => {
      const isChance = fewer < (format.significant > FEWEST_KEPT ? FEWEST_ZEROS : MANY_ZEROS);
      const isEnough = format.significant >= FEWEST_KEPT && digitsIn(format) >= FEWEST_DIGITS;
      return { format, isEnough, isTold: isEnough && !isChance };
    });
}

/** The format that numbers were most likely printed in: one in which whole numbers were rounded, too, where they tell it. */
export function likeliestFormat(digits: readonly Digits[]): Format {
  return roundedFormats(digits).find(({ isTold }) => isTold)?.format ?? formatOf(digits);
}

/** What a number's last digit in a format counts. */
export function unitIn({ isFixed, decimals, significant }: Format, entry: number): number {
  return isFixed ? 10 ** -decimals : 10 ** (digitsOf(entry).exponent - significant + 1);
}

export function digitsOf(entry: number): Digits {
  const [mantissa, power = "0"] = Math.abs(entry).toString().split("e") as [string, string?];
  const [whole, fraction = ""] = mantissa.split(".") as [string, string?];
  const lead = `${whole}${fraction}`.replace(/^0+/, "");
  const decimals = Math.max(0, fraction.length - Number(power));
  const exponent =
    Number(power) + (whole === "0" ? lead.length - fraction.length : whole.length) - 1;
  const kept = lead.replace(/0+$/, "").length;
  // so many digits are printed with a power of ten, and zeros are none of them
  if (exponent >= MOST_PRINTED && fraction.length <= Number(power)) {
    return { significant: kept, zeros: 0, decimals: kept - 1 - exponent, exponent };
  }
  const isWhole = fraction === "" && Number(power) >= 0;
  const zeros = isWhole ? lead.length - kept : 0;
  return { significant: lead.length, zeros, decimals, exponent };
}

/** All entries, or of many some that are evenly spread. */
export function someOf(entries: Float64Array, most: number): Float64Array {
  const stride = Math.ceil(entries.length / most);
  return entries.filter((_, k) => k % stride === 0);
}
