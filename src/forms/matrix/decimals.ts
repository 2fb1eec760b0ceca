/** Numbers of formulas that people write with a point. */
import type { Fraction } from "fraction.js";

/** Smaller denominators are those of a half, or of a mean over a few. */
const LEAST_DECIMAL = 100n;
const MOST_DECIMALS = 6;
const MOST_DIGITS = 3;

/** 0.00001 for 1/100000; undefined for what is better read as a fraction, such as 1/3 and 1/128. */
export function decimal({ n, d }: Fraction): number | undefined {
  const unit = 10n ** BigInt(MOST_DECIMALS);
  if (d < LEAST_DECIMAL || unit % d !== 0n) return undefined;
  const digits = `${n * (unit / d)}`.replace(/0+$/, "");
  return digits.length <= MOST_DIGITS ? Number(n) / Number(d) : undefined;
}
