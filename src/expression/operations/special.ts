/** Numeric functions that neither JavaScript nor decimal.js has. */
import type { Decimal } from "decimal.js";
import { Fraction } from "fraction.js";
import { expDecimal, lnDecimal } from "./exponential.js";

const SERIES_LIMIT = 2;
const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** erf by the series with positive terms, DLMF 7.6.2: no cancellation. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
}

/** e^(−scale·x²) without the rounding error of x²: the square of the leading half of x is exact. */
export function gaussian(x: number, scale: 1 | 0.5 = 1): number {
  const leading = Math.fround(x);
  const rest = (x - leading) * (x + leading);
  return Math.exp(-scale * leading * leading) * Math.exp(-scale * rest);
}

/** erfc for x ≥ 2 by the continued fraction DLMF 7.9.1, from its tail. */
function erfcFraction(x: number, decay: number): number {
  let tail = 0;
  for (let n = 60; n >= 1; n--) tail = n / 2 / (x + tail);
  return decay / Math.sqrt(Math.PI) / (x + tail);
}

/** The error function, to double precision. */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude > 0)) return x;
  const value =
    magnitude < SERIES_LIMIT
      ? erfSeries(magnitude)
      : 1 - erfcFraction(magnitude, gaussian(magnitude));
  return x < 0 ? -value : value;
}

/**
 * 1 − erf(x) without cancellation, to double precision.
 * @param decay e^(−x²), for callers who know it better than from a rounded x
 */
export function erfc(x: number, decay = gaussian(x)): number {
  return x >= SERIES_LIMIT ? erfcFraction(x, decay) : 1 - erf(x);
}

const relatives = new WeakMap<typeof Decimal, Map<number, typeof Decimal>>();

/** The same decimals with another precision: each is made once, which takes longer than to compute with it. */
function withPrecision(D: typeof Decimal, precision: number): typeof Decimal {
  let known = relatives.get(D);
  if (!known) relatives.set(D, (known = new Map<number, typeof Decimal>()));
  let other = known.get(precision);
  if (!other) known.set(precision, (other = D.clone({ precision })));
  return other;
}

/** erf by the same series to any precision; 1 where it is 1 to all digits. */
export function erfDecimal(D: typeof Decimal, x: Decimal): Decimal {
  const magnitude = x.abs();
  if (magnitude.isZero()) return x;
  const square = magnitude.times(magnitude);
  if (square.gt((D.precision + 5) * Math.LN10)) return new D(x.s);
  const Wide = withPrecision(D, D.precision + 10);
  const step = new Wide(square).times(2);
  let term = new Wide(magnitude);
  let sum = term;
  for (let n = 1; term.gt(sum.times(new Wide(10).pow(-Wide.precision))); n++) {
    term = term.times(step).div(2 * n + 1);
    sum = sum.plus(term);
  }
  const scale = new Wide(2)
    .div(Wide.acos(-1).sqrt())
    .times(expDecimal(Wide, new Wide(square).neg()));
  return new D(scale.times(sum).times(x.s).toString());
}

/** 1 − erf(x) to the full precision of `D`, also where it is tiny. */
export function erfcDecimal(D: typeof Decimal, x: Decimal): Decimal {
  if (x.gt(0) && x.times(x).gt((D.precision + 15) * Math.LN10)) return erfcFarOut(D, x);
  const lost = x.gt(0) ? Math.ceil(x.times(x).toNumber() / Math.LN10) + 5 : 5;
  const Wide = withPrecision(D, D.precision + Math.min(lost, 100_000));
  return new D(new Wide(1).minus(erfDecimal(Wide, new Wide(x))).toString());
}

/** e^(−x²)/(x√π) · Σ (−1)ⁿ (2n − 1)!!/(2x²)ⁿ, DLMF 7.12.1, whose least term is about e^(−x²). */
function erfcFarOut(D: typeof Decimal, x: Decimal): Decimal {
  const Wide = withPrecision(D, D.precision + 10);
  const square = new Wide(x).times(x);
  const least = new Wide(10).pow(-Wide.precision);
  let term = new Wide(1);
  let sum = term;
  for (let n = 1; term.abs().gt(least); n++) {
    term = term.times(1 - 2 * n).div(square.times(2));
    sum = sum.plus(term);
  }
  const scale = expDecimal(Wide, square.neg()).div(Wide.acos(-1).sqrt().times(x));
  return new D(scale.times(sum).toString());
}

/** max(x, 0) + ln(1 + e^−|x|): ln(1 + eˣ) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** 1/(1 + e⁻ˣ): where e⁻ˣ overflows, the result is 0, which is right to 10⁻³⁰⁸. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** ln(1 + x) to the precision of `D`, also for tiny x. */
export function log1pDecimal(D: typeof Decimal, x: Decimal): Decimal {
  const lost = x.isFinite() ? Math.max(0, -x.e) : 0;
  // x − x²/2 + …, of which the second term is beyond the precision
  if (lost > D.precision + 5) return new D(x).toSignificantDigits(D.precision);
  const Wide = withPrecision(D, D.precision + lost + 5);
  return new D(lnDecimal(Wide, new Wide(1).plus(x))).toSignificantDigits(D.precision);
}

/** eˣ − 1 to the precision of `D`, also for tiny x. */
export function expm1Decimal(D: typeof Decimal, x: Decimal): Decimal {
  const lost = x.isFinite() ? Math.max(0, -x.e) : 0;
  // x + x²/2 + …, of which the second term is beyond the precision
  if (lost > D.precision + 5) return new D(x).toSignificantDigits(D.precision);
  const Wide = withPrecision(D, D.precision + lost + 5);
  return new D(expDecimal(Wide, new Wide(x)).minus(1)).toSignificantDigits(D.precision);
}

/**
 * A rational power of a number that is not negative, or a whole power; undefined where it is not
 * rational. (fraction.js finds roots by factoring, which takes for ever with long numbers.)
 */
export function rationalPower(base: Fraction, exponent: Fraction): Fraction | undefined {
  if (exponent.d === 1n) return base.pow(exponent);
  if (base.lt(0)) return undefined;
  const [over, under] = [base.n, base.d].map((part) => wholeRoot(part, exponent.d));
  if (over === undefined || under === undefined) return undefined;
  return new Fraction(over, under).pow(new Fraction(exponent.s * exponent.n));
}

/** The root of a whole number where it is whole, by Newton's iteration from above. */
function wholeRoot(value: bigint, degree: bigint): bigint | undefined {
  if (value < 2n) return value;
  const bits = BigInt(value.toString(2).length);
  let root = 1n << (bits / degree + 1n);
  for (;;) {
    const next = ((degree - 1n) * root + value / root ** (degree - 1n)) / degree;
    if (next >= root) break;
    root = next;
  }
  return root ** degree === value ? root : undefined;
}

/** −t/(2 + t) with t = e^(−2|x|) − 1, to the precision of `D`, also for tiny x. */
export function tanhDecimal(D: typeof Decimal, x: Decimal): Decimal {
  if (!x.isFinite()) return D.tanh(x);
  const Wide = withPrecision(D, D.precision + 5);
  const t = expm1Decimal(Wide, new Wide(x).abs().times(-2));
  return new D(t.times(-x.s).div(t.plus(2))).toSignificantDigits(D.precision);
}
