/**
 * Exponentials and logarithms of decimals, by whole numbers that stand for binary fractions: those of
 * decimal.js take ten to a hundred times as long, and were most of a check's work in decimals.
 */
import type { Decimal } from "decimal.js";

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
  const fixed = new FixedPoint(D.precision + GUARD + decay);
  const power = fixed.exp(fixed.read(x.abs()));
  return fixed.write(D, x.isNeg() ? fixed.inverse(power) : power);
}

/** ln x to the precision of `D`. */
export function lnDecimal(D: typeof Decimal, x: Decimal): Decimal {
  const isOrdinary = x.gt(0) && x.isFinite() && Math.abs(x.e) <= LARGEST_LOGARITHM;
  if (!isOrdinary || x.minus(1).abs().lt(NEAR_ONE)) return D.ln(x);
  const fixed = new FixedPoint(D.precision + GUARD + LARGEST_LOGARITHM);
  const given = fixed.read(x);
  return fixed.write(D, x.lt(1) ? -fixed.ln(fixed.inverse(given)) : fixed.ln(given));
}

/** Numbers as whole multiples of 2^−bits. */
class FixedPoint {
  private readonly bits: bigint;
  private readonly one: bigint;
  private readonly shift: bigint;
  /** Each doubles the error that an exponential has by then. */
  private readonly squarings: number;

  /** @param places decimals that the numbers are read, computed and written with */
  constructor(private readonly places: number) {
    this.squarings = 10 + Math.ceil(Math.sqrt(places) / 2);
    this.bits = BigInt(Math.ceil(places * BITS_OF_DIGIT) + this.squarings);
    this.one = 1n << this.bits;
    this.shift = 10n ** BigInt(places);
  }

  read(x: Decimal): bigint {
    return (BigInt(x.toFixed(this.places).replace(".", "")) << this.bits) / this.shift;
  }

  /** Rounded to the precision of `D`. */
  write(D: typeof Decimal, value: bigint): Decimal {
    const all = new D(`${(value * this.shift) >> this.bits}e-${this.places}`);
    return all.toSignificantDigits(D.precision);
  }

  inverse(value: bigint): bigint {
    return (this.one << this.bits) / value;
  }

  /** e^x for 0 ≤ x < 100: the series for x/2^n, squared n times. */
  exp(x: bigint): bigint {
    const small = x >> BigInt(this.squarings);
    let term = this.one;
    let sum = this.one;
    for (let k = 1n; term > 0n; k++) {
      term = ((term * small) >> this.bits) / k;
      sum += term;
    }
    for (let k = 0; k < this.squarings; k++) sum = (sum * sum) >> this.bits;
    return sum;
  }

  /** ln x for x ≥ 1, by Halley's iteration from a double: y + 2·(x − e^y)/(x + e^y). */
  ln(x: bigint): bigint {
    let y = this.double(Math.log(Number((x << 52n) >> this.bits) / 2 ** 52));
    // each step leaves three times as many digits right
    for (let digits = 15; digits < this.places; digits *= 3) {
      const power = this.exp(y);
      y += ((2n * (x - power)) << this.bits) / (x + power);
    }
    return y;
  }

  private double(value: number): bigint {
    return (BigInt(Math.round(value * 2 ** 52)) << this.bits) >> 52n;
  }
}
