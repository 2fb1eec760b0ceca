import type { Fraction } from "fraction.js";

/** Bits of a quotient: more than a double's 53, so that the last one can say what was cut off. */
const BITS = 66;
/** Powers of 2 are multiplied in steps of this, each of them a double. */
const STEP = 1000;

/** The double nearest to an exact number; below 2^−1022 one of the two nearest. */
export function toNumber({ n, d, s }: Fraction): number {
  const [over, under] = [Number(n), Number(d)];
  const isExact = Number.isSafeInteger(over) && Number.isSafeInteger(under);
  const magnitude = isExact ? over / under : quotient(n, d);
  return s < 0n ? -magnitude : magnitude;
}

/** Divides to BITS bits, the last of which is 1 where a remainder is left; then rounds once. */
function quotient(over: bigint, under: bigint): number {
  let shift = bitLength(under) - bitLength(over) + BITS;
  const [left, right] =
    shift > 0 ? [over << BigInt(shift), under] : [over, under << BigInt(-shift)];
  const isCut = left % right !== 0n;
  let value = Number((left / right) | (isCut ? 1n : 0n));
  for (; shift > STEP; shift -= STEP) value *= 2 ** -STEP;
  for (; shift < -STEP; shift += STEP) value *= 2 ** STEP;
  return value * 2 ** -shift;
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

/** The double nearest to an exact number, as JavaScript; negative ones in brackets. */
export function numberText(value: Fraction): string {
  const number = toNumber(value);
  return number < 0 ? `(${number})` : `${number}`;
}
