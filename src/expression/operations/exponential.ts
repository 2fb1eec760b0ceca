/** Exponentials and logarithms of decimals, in fixed point: those of decimal.js take ten to a hundred times as long. */
import type { Decimal } from "decimal.js";
import { FixedPoint } from "./fixed-point.js";

/** Digits before the point, less one, up to which exponentials are computed here; */
const LARGEST_EXPONENT = 1;
/** and those before or behind the point of what logarithms are taken of. */
const LARGEST_LOGARITHM = 20;
/** Beside 1 a logarithm has fewer digits than its argument. */
const NEAR_ONE = 1e-3;
/** Decimals that are lost on the way, beside those of the squarings. */
const GUARD = 14;
const BITS_OF_DIGIT = Math.log2(10);

/** e^x to the precision of `D`. */
export function expDecimal(D: typeof Decimal, x: Decimal): Decimal {
  if (!x.isFinite() || x.e > LARGEST_EXPONENT) return D.exp(x);
  const decay = x.isNeg() ? Math.ceil(x.abs().toNumber() / Math.LN10) : 0;
  const places = D.precision + GUARD + decay;
  const fixed = fixedPoint(places);
  return write(D, fixed, fixed.exp(read(fixed, x, places)), places);
}

/** ln x to the precision of `D`. */
export function lnDecimal(D: typeof Decimal, x: Decimal): Decimal {
  const isOrdinary = x.gt(0) && x.isFinite() && Math.abs(x.e) <= LARGEST_LOGARITHM;
  if (!isOrdinary || x.minus(1).abs().lt(NEAR_ONE)) return D.ln(x);
  const places = D.precision + GUARD + LARGEST_LOGARITHM;
  const fixed = fixedPoint(places);
  return write(D, fixed, fixed.ln(read(fixed, x, places)), places);
}

/** For numbers that are read, computed and written with so many decimals. */
function fixedPoint(places: number): FixedPoint {
  const squarings = 10 + Math.ceil(Math.sqrt(places) / 2);
  return new FixedPoint(Math.ceil(places * BITS_OF_DIGIT) + squarings, squarings);
}

function read(fixed: FixedPoint, x: Decimal, places: number): bigint {
  return fixed.decimal(BigInt(x.toFixed(places).replace(".", "")), -places);
}

/** Rounded to the precision of `D`. */
function write(D: typeof Decimal, fixed: FixedPoint, value: bigint, places: number): Decimal {
  return new D(`${fixed.digits(value, places)}e-${places}`).toSignificantDigits(D.precision);
}
