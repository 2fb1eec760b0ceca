/**
 * Numbers as whole multiples of 2^−bits, with exponentials, logarithms and roots. V8 multiplies whole numbers of some
 * hundred bits in the time of a few operations of a program: decimal.js takes ten to a hundred times as long.
 */

/** Raised where a number has no value in fixed point, or is not of ordinary size. */
export class FixedPointError extends Error {}

/** Exponents are below. */
const LARGEST_EXPONENT = 100n;
/** Behind the point of what iterations begin with. */
const START_BITS = 52n;

export class FixedPoint {
  readonly one: bigint;
  private readonly shift: bigint;
  private readonly squaringsLeft: bigint;

  /**
   * @param bits behind the point; for roots and doubles no more than 450
   * @param squarings of an exponential: each doubles the error that it has by then, and saves terms of its series
   */
  constructor(
    private readonly bits: number,
    private readonly squarings: number,
  ) {
    this.shift = BigInt(bits);
    this.one = 1n << this.shift;
    this.squaringsLeft = BigInt(squarings);
  }

  /** digits · 10^shift, rounded down. */
  decimal(digits: bigint, shift: number): bigint {
    const scale = 10n ** BigInt(Math.abs(shift));
    return shift < 0 ? (digits << this.shift) / scale : (digits << this.shift) * scale;
  }

  /** x · 10^places, rounded down to a whole number. */
  digits(x: bigint, places: number): bigint {
    return (x * 10n ** BigInt(places)) >> this.shift;
  }

  multiply(a: bigint, b: bigint): bigint {
    return (a * b) >> this.shift;
  }

  /** @throws FixedPointError for b = 0 */
  divide(a: bigint, b: bigint): bigint {
    if (b === 0n) throw new FixedPointError("divided by 0");
    return (a << this.shift) / b;
  }

  /** @throws FixedPointError unless |x| < 100 */
  exp(x: bigint): bigint {
    const size = x < 0n ? -x : x;
    if (size >> this.shift >= LARGEST_EXPONENT) throw new FixedPointError("e to such a power");
    return x < 0n ? this.divide(this.one, this.growth(size)) : this.growth(x);
  }

  /** e^x for x ≥ 0: the series for x/2^n, squared n times. */
  private growth(x: bigint): bigint {
    const small = x >> this.squaringsLeft;
    let term = small;
    let sum = this.one + small;
    for (let k = 2n; term > 0n; k++) {
      term = this.multiply(term, small) / k;
      sum += term;
    }
    for (let k = 0; k < this.squarings; k++) sum = this.multiply(sum, sum);
    return sum;
  }

  /**
   * ln x by Halley's iteration from a double: y + 2·(x − e^y)/(x + e^y).
   * @throws FixedPointError unless x > 0
   */
  ln(x: bigint): bigint {
    if (x <= 0n) throw new FixedPointError("the logarithm of what is not positive");
    if (x < this.one) return -this.ln(this.divide(this.one, x));
    const start = Math.log(Number((x << START_BITS) >> this.shift) / 2 ** 52);
    let y = (BigInt(Math.round(start * 2 ** 52)) << this.shift) >> START_BITS;
    // each step leaves three times as many digits right
    for (let right = 50; right < this.bits; right *= 3) {
      const power = this.growth(y);
      y += this.divide(2n * (x - power), x + power);
    }
    return y;
  }

  /**
   * √x by Newton's iteration from a double.
   * @throws FixedPointError for x < 0
   */
  squareRoot(x: bigint): bigint {
    if (x < 0n) throw new FixedPointError("the square root of a negative number");
    if (x === 0n) return x;
    const square = x << this.shift;
    let root = BigInt(Math.round(Math.sqrt(Number(square))));
    for (;;) {
      const next = (root + square / root) >> 1n;
      if (next - root <= 1n && root - next <= 1n) return next;
      root = next;
    }
  }

  /** a^b = e^(b ln a). @throws FixedPointError unless a > 0 and b ln a is of ordinary size */
  power(a: bigint, b: bigint): bigint {
    return this.exp(this.multiply(b, this.ln(a)));
  }

  /** π by J. Machin's formula, 1706: 16 arctan(1/5) − 4 arctan(1/239). */
  get pi(): bigint {
    return 16n * this.arctanOfInverse(5n) - 4n * this.arctanOfInverse(239n);
  }

  private arctanOfInverse(x: bigint): bigint {
    let power = this.one / x;
    let sum = power;
    for (let k = 3n; power !== 0n; k += 2n) {
      power /= -x * x;
      sum += power / k;
    }
    return sum;
  }

  /** The nearest double. */
  number(x: bigint): number {
    return Number(x) / 2 ** this.bits;
  }
}
