/** Exact numbers in LaTeX. */
import type { Fraction } from "fraction.js";
import { Binding, type Latex } from "../../expression/operations/operation.js";
import { isUnit, magnitude, times } from "../../expression/rational.js";

/** Numbers of more digits than this are written with a power of ten. */
const MOST_DIGITS = 9;
/** Powers of ten stand behind no more digits than these. */
const MANTISSA_DIGITS = 7;

/** From this denominator on what can be a decimal is one: 0.1, but 1/5. */
const LEAST_DECIMAL = 10n;
/** The same of halves of halves: 1/16 stands beside 1/4. */
const LEAST_DYADIC_DECIMAL = 100n;

/** Larger multiples of what one divides by, and higher powers of it, are no longer seen as that. */
const MOST_TIMES = 4n;
const HIGHEST_POWER = 4;

/** What a number writes above a line and below it; nothing for 1. */
export interface OverLine {
  readonly over: string;
  readonly under: string;
}

/** How the exact numbers of a model are written: as its author writes numbers, or as fractions. */
export class Numerals {
  /**
   * @param areDecimals whether the model has decimals such as 0.1: then 1/5 is 0.2, and 0.1/N stands for 1/(10N)
   * @param divisors numbers with a point that its author divides by: 5/4 is then 1/0.8, and 25/8 is 2/0.8²
   * @param decimals halves and the like that stay as its author writes them: 1.5, and ε = 0.25
   */
  constructor(
    private readonly areDecimals: boolean,
    private readonly divisors: readonly Fraction[] = [],
    private readonly decimals: readonly Fraction[] = [],
  ) {}

  /**
   * Whole, as a decimal where it is short, 2·10⁻²⁰, else as a fraction.
   * @param among numbers that stand beside it: where one of them is a decimal, ½ and 1/5 are decimals too
   */
  latex(value: Fraction, among: readonly Fraction[] = []): Latex {
    const sign = value.s < 0n ? "-" : "";
    const divided = this.overDivisor(value);
    if (divided) {
      const tex = `${sign}\\frac{${divided.over || "1"}}{${divided.under}}`;
      return { tex, binding: sign === "" ? Binding.product : Binding.sum };
    }
    const isAmongDecimals = among.some((one) => one.d >= LEAST_DECIMAL && terminates(one));
    const shown = magnitudeLatex(magnitude(value), isAmongDecimals ? 1n : this.leastDecimal(value));
    return { tex: `${sign}${shown.tex}`, binding: sign === "" ? shown.binding : Binding.sum };
  }

  /** In front of other factors: nothing for 1. */
  front(number: Fraction, among: readonly Fraction[] = []): string {
    return isUnit(number) ? "" : this.latex(number, among).tex;
  }

  /** A number without its sign, as it stands in a fraction with other factors: 2/(3N) or 0.1/N. */
  overLine(value: Fraction): OverLine {
    const { n, d } = value;
    const whole = (number: bigint): string => (number === 1n ? "" : wholeLatex(number).tex);
    // most numbers are 1, and nothing is written for them
    if (n === 1n && d === 1n) return { over: "", under: "" };
    const divided = this.overDivisor(value);
    if (divided) return divided;
    const shown = magnitudeLatex(magnitude(value), this.leastDecimal(value));
    const isWritten = this.areDecimals || this.isDecimal(value);
    const isDecimal = isWritten && d !== 1n && shown.binding === Binding.atom;
    return isDecimal ? { over: shown.tex, under: "" } : { over: whole(n), under: whole(d) };
  }

  /** A number as a small one over a power of what the author divides by. */
  private overDivisor(value: Fraction): OverLine | undefined {
    if (value.d === 1n) return undefined;
    for (const divisor of this.divisors) {
      let left = magnitude(value);
      for (let exponent = 1; exponent <= HIGHEST_POWER; exponent++) {
        left = times(left, divisor);
        if (left.d !== 1n || left.n > MOST_TIMES) continue;
        const under = magnitudeLatex(divisor, 1n).tex;
        return {
          over: left.n === 1n ? "" : left.n.toString(),
          under: exponent === 1 ? under : `${under}^{${exponent}}`,
        };
      }
    }
    return undefined;
  }

  /** Whether it is one of the decimals of the author, or so many times one. */
  private isDecimal(value: Fraction): boolean {
    return this.decimals.some((one) => value.div(one).d === 1n);
  }

  private leastDecimal(value: Fraction): bigint {
    const { d } = value;
    if (d !== 1n && this.isDecimal(value)) return 1n;
    if ((d & (d - 1n)) === 0n) return LEAST_DYADIC_DECIMAL;
    return this.areDecimals && d % 5n === 0n ? 5n : LEAST_DECIMAL;
  }
}

/** Of a model without decimals. */
export const FRACTIONS = new Numerals(false);

function terminates({ d }: Fraction): boolean {
  return /^2*5*$/.test(primes(d));
}

function magnitudeLatex(magnitude: Fraction, leastDecimal: bigint): Latex {
  const { n, d } = magnitude;
  if (d === 1n) return wholeLatex(n);
  if (d >= leastDecimal && d <= 10n ** 30n && terminates(magnitude)) {
    const text = decimalText(magnitude);
    const digits = text.replace(/^0\.0*/, "");
    if (
      digits.length <= MANTISSA_DIGITS &&
      text.length > MOST_DIGITS &&
      digits.length < text.length
    ) {
      return withPower(digits, "0.".length - text.length);
    }
    if (text.length <= 12) return { tex: text, binding: Binding.atom };
  }
  return { tex: `\\frac{${n}}{${d}}`, binding: Binding.product };
}

/** A whole number, with a power of ten where its last digits are zeros. */
function wholeLatex(value: bigint): Latex {
  const text = value.toString();
  const digits = text.replace(/0+$/, "");
  const isLong = text.length > MOST_DIGITS && digits.length <= MANTISSA_DIGITS;
  return isLong
    ? withPower(digits, text.length - digits.length)
    : { tex: text, binding: Binding.atom };
}

/** digits·10^zeros, with the point behind the first digit. */
function withPower(digits: string, zeros: number): Latex {
  const exponent = zeros + digits.length - 1;
  const power = `10^{${exponent}}`;
  if (digits === "1") return { tex: power, binding: Binding.power };
  const mantissa = digits.length === 1 ? digits : `${digits[0]!}.${digits.slice(1)}`;
  return { tex: `${mantissa} \\cdot ${power}`, binding: Binding.product };
}

/** The 2s and 5s of a number, written out; "x" where it has other prime factors. */
function primes(value: bigint): string {
  let text = "";
  let rest = value;
  for (const prime of [2n, 5n]) {
    while (rest % prime === 0n) {
      text += prime.toString();
      rest /= prime;
    }
  }
  return rest === 1n ? text : "x";
}

/** A terminating decimal, digit by digit. */
function decimalText(value: Fraction): string {
  let text = `${value.n / value.d}.`;
  for (let rest = value.n % value.d; rest !== 0n; rest %= value.d) {
    rest *= 10n;
    text += (rest / value.d).toString();
  }
  return text;
}
