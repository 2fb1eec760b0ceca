/** Numbers of formulas that people write with a point. */
import type { Fraction } from "fraction.js";
import { type MatrixExpression, operands } from "./expression.js";

/** Smaller denominators are those of a half or a fifth, which are written either way. */
const LEAST_DECIMAL = 10n;
/** A part of something is divided by what is smaller: it may be a mean over a few. */
const FEW = 100n;
const MOST_DECIMALS = 6;
const MOST_DIGITS = 3;

/**
 * 0.9 for 9/10, 0.00001 for 1/100000; undefined for what is better read as a fraction, such as 1/3 and 1/128.
 * @param isFactor whether it stands before something
 * @param counts numbers that things are counted with: means are taken over as many
 */
export function decimal(
  { n, d }: Fraction,
  isFactor: boolean,
  counts: ReadonlySet<number>,
): number | undefined {
  const unit = 10n ** BigInt(MOST_DECIMALS);
  const isOfCounts = d < FEW && ((isFactor && n === 1n) || counts.has(Number(d)));
  if (d < LEAST_DECIMAL || d % 5n !== 0n || isOfCounts || unit % d !== 0n) return undefined;
  const digits = `${n * (unit / d)}`.replace(/0+$/, "");
  return digits.length <= MOST_DIGITS ? Number(n) / Number(d) : undefined;
}

/** Larger multiples of what one divides by are no longer seen as that. */
const MOST_TIMES = 4;

/**
 * A factor by the numbers that a model writes: 5/4 is 1 over 0.8, 5/2 is 2 over it, and 4/5 is 0.8.
 * @param decimals no whole numbers
 */
export function asWritten(
  magnitude: Fraction,
  decimals: readonly Fraction[],
): { readonly over: number; readonly under: number } | undefined {
  if (magnitude.d === 1n) return undefined;
  for (const one of decimals) {
    if (magnitude.equals(one)) return { over: one.valueOf(), under: 1 };
    const times = magnitude.mul(one);
    if (times.d === 1n && times.n <= MOST_TIMES) {
      return { over: times.valueOf(), under: one.valueOf() };
    }
  }
  return undefined;
}

/** The lengths of the axes of all parts that are numbers, and how many entries these have. */
export function lengthsIn(root: MatrixExpression): ReadonlySet<number> {
  const lengths = new Set<number>();
  const visit = (node: MatrixExpression): void => {
    for (const { constant } of [node.rows, node.columns, node.rows.times(node.columns)]) {
      if (constant !== undefined) lengths.add(constant);
    }
    operands(node).forEach(visit);
  };
  visit(root);
  return lengths;
}
