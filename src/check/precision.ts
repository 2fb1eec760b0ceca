/**
 * The precision of numbers that were given, inferred from the numbers alone: all digits of a
 * double, a single's, or digits as printed.
 */
import type { Claim } from "./claims.js";

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
const exactly = (): number => 0;

/** Numbers that keep all digits of a double. */
export const DOUBLE_PRECISION: Precision = {
  kind: "float64",
  digits: 17,
  text: "double precision",
  ...DOUBLE,
  slack: exactly,
};

/** Doubles in full mostly have 16 or 17 significant digits; C, Perl, R and MATLAB print up to 15. */
const MOST_PRINTED = 15;

/** A format that loses so many more zeros is as likely: every tenth digit is one. */
const LIKELY = 2;
/** Of more numbers a part is looked at. */
const MOST_READ = 5000;

interface Digits {
  /** Digits from the first that is not 0; trailing zeros of whole numbers count. */
  readonly significant: number;
  /** Digits after the point. */
  readonly decimals: number;
  /** Power of ten of the first digit. */
  readonly exponent: number;
}

/** @param claims what was given together: printed by one program, so with one precision. */
export function inferPrecision({
  entries,
  isSingle,
}: Pick<Claim, "entries" | "isSingle">): Precision {
  if (isSingle || entries.every((entry) => Math.fround(entry) === entry)) {
    return { kind: "float32", digits: 8, text: "single precision", ...SINGLE, slack: exactly };
  }
  const digits: Digits[] = [];
  for (const entry of someOf(entries, MOST_READ)) {
    if (entry === 0) continue;
    const one = digitsOf(entry);
    if (one.significant > MOST_PRINTED) return DOUBLE_PRECISION;
    digits.push(one);
  }
  const computed =
    digits.length > 0 && someOf(entries, MOST_READ / 10).every(isPrintedSingle) ? SINGLE : DOUBLE;
  const decimals = Math.max(...digits.map((one) => one.decimals));
  const significant = Math.max(...digits.map((one) => one.significant));
  // trailing zeros are lost in numbers that were read: what loses fewer of them was printed
  const lost = (of: (one: Digits) => number): number =>
    digits.reduce((total, one) => total + of(one), 0);
  const lostFixed = lost((one) => decimals - one.decimals);
  const lostSignificant = lost((one) => significant - one.significant);
  const isFixed = lostFixed <= lostSignificant;
  if (isFixed ? decimals < 2 && significant < 4 : significant < 3) return DOUBLE_PRECISION;
  // long prints may be cut off instead of rounded
  const units = significant >= 4 ? 1 : 0.5 * (1 + 1e-9);
  const likely = Math.min(lostFixed, lostSignificant) + LIKELY;
  return {
    kind: "printed",
    digits: significant,
    text: isFixed ? `${decimals} decimals` : `${significant} significant digits`,
    ...computed,
    slack: (entry) => {
      const fixed = lostFixed <= likely ? 10 ** -decimals : 0;
      if (entry === 0 || lostSignificant > likely) return units * Math.max(fixed, 10 ** -decimals);
      return units * Math.max(fixed, 10 ** (digitsOf(entry).exponent - significant + 1));
    },
  };
}

function digitsOf(entry: number): Digits {
  const [mantissa, power = "0"] = Math.abs(entry).toString().split("e") as [string, string?];
  const [whole, fraction = ""] = mantissa.split(".") as [string, string?];
  const lead = `${whole}${fraction}`.replace(/^0+/, "");
  const decimals = Math.max(0, fraction.length - Number(power));
  const exponent =
    Number(power) + (whole === "0" ? lead.length - fraction.length : whole.length) - 1;
  return { significant: lead.length, decimals, exponent };
}

/** All entries, or of many some that are evenly spread. */
function someOf(entries: Float64Array, most: number): Float64Array {
  const stride = Math.ceil(entries.length / most);
  return entries.filter((_, k) => k % stride === 0);
}

/** Whether this is how a single is printed: the shortest digits that name it. */
function isPrintedSingle(entry: number): boolean {
  const single = Math.fround(entry);
  for (let digits = 1; digits <= 9; digits++) {
    const shortest = Number(single.toPrecision(digits));
    if (Math.fround(shortest) === single) return shortest === entry;
  }
  return false;
}
