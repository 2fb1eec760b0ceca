/**
 * Formats of arrays that are printed one by one, as NumPy, torch, MATLAB and R do: each as it suits its own numbers, with
 * a fixed count of decimals, with a power of ten beside each number, or with one for all of them.
 */
import type { Claim } from "./claims.js";
import { type Digits, digitsOfAll, type Format, formatOf, roundedFormats } from "./digits.js";
import { type Judged, judged } from "./judged.js";
import { type Given, type Precision, printedIn } from "./precision.js";

/** So few digits in all, or numbers, tell no format. */
const [FEWEST_DIGITS, FEWEST_NUMBERS] = [8, 2];

/**
 * How each of some claims that were printed may have been, beside what the numbers of all of them together look like: as
 * its own numbers tell, or as those of the others do.
 */
function arrayPrecisions(claims: readonly Given[]): (claim: Given) => readonly Precision[] {
  const digits = new Map(claims.map((one) => [one, digitsOfAll(one.entries) ?? []]));
  const told = new Map([...digits].map(([one, own]) => [one, toldBy(own)]));
  return (claim) => {
    const own = digits.get(claim) ?? [];
    if (own.length === 0) return [];
    const others = claims.filter((one) => one !== claim);
    const kindred = others.flatMap((one) =>
      told.get(one)!.flatMap((format) => kindredOf(format, largestOf(digits.get(one)!), own)),
    );
    return [...(told.get(claim) ?? []), ...kindred]
      .filter((format) => own.every((one) => fits(format, one)))
      .map((format) => printedIn({ format, isTold: false }, claim.entries));
  };
}

/** The claims that are wrong in what their numbers together look like, each in a format of its own in which it is right. */
export function asArrays(
  claims: readonly (readonly Claim[])[],
  exact: readonly Judged[],
): readonly Judged[] {
  const ways = claims.map(arrayPrecisions);
  return exact.map((one) => {
    const { ok, quantity, exhibits } = one.evidence;
    if (ok) return one;
    const read = exhibits.map((exhibit, k) => {
      const precisions = ways[k]!(exhibit.claim).map((precision) => ({ ...exhibit, precision }));
      return precisions.find((other) => judged(quantity, [other]).evidence.ok) ?? exhibit;
    });
    return judged(quantity, read);
  });
}

/** The formats that numbers of one array tell by themselves. */
function toldBy(digits: readonly Digits[]): readonly Format[] {
  if (digits.length < FEWEST_NUMBERS) return [];
  const shownIn = ({ isFixed, decimals, significant }: Format): number =>
    digits.reduce(
      (sum, { exponent }) => sum + (isFixed ? Math.max(0, exponent + 1 + decimals) : significant),
      0,
    );
  const rounded = roundedFormats(digits).filter(({ isEnough }) => isEnough);
  const formats = [formatOf(digits), ...rounded.map(({ format }) => format)];
  return formats.filter((format) => shownIn(format) >= FEWEST_DIGITS);
}

function largestOf(digits: readonly Digits[]): number {
  return digits.reduce((most, { exponent }) => Math.max(most, exponent), -Infinity);
}

/**
 * The formats that an array has where a program prints another in one: with as many decimals, behind the point or behind
 * the first digit, of each number or, where that is large or small, of the largest.
 * @param exponent of the largest number of the other
 */
function kindredOf(
  { isFixed, decimals, significant }: Format,
  exponent: number,
  own: readonly Digits[],
): Format[] {
  const largest = largestOf(own);
  const fixed = (count: number): Format => {
    return { isFixed: true, decimals: count, significant: Math.max(1, largest + 1 + count) };
  };
  const isFactored = (power: number): boolean => power >= 3 || power < -3;
  const factored = isFactored(exponent) ? [decimals + exponent] : [];
  const counts = isFixed ? [decimals, ...factored] : [significant - 1];
  return counts
    .filter((count) => count > 0)
    .flatMap((count) => [
      fixed(count),
      { isFixed: false, decimals: count, significant: count + 1 },
      ...(isFactored(largest) ? [fixed(count - largest)] : []),
    ]);
}

/** Whether a number has no digits but zeros beyond those of a format. */
function fits({ isFixed, decimals, significant }: Format, one: Digits): boolean {
  return isFixed
    ? one.decimals - one.zeros <= decimals
    : one.significant - one.zeros <= significant;
}
