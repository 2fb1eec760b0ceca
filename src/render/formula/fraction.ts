/** Exact numbers in LaTeX. */
import type { Fraction } from "fraction.js";
import { Binding, type Latex } from "../../expression/operations/operation.js";

/** Exact numbers: whole, as a decimal where it is short, else as a fraction. */
export function fractionLatex(value: Fraction): Latex {
  const sign = value.s < 0n ? "-" : "";
  const magnitude = value.abs();
  const binding = sign === "" ? Binding.atom : Binding.sum;
  if (magnitude.d === 1n) return { tex: `${sign}${magnitude.n}`, binding };
  const isDecimal = /^2*5*$/.test(primes(magnitude.d)) && magnitude.d >= 10n;
  if (isDecimal && magnitude.d <= 10n ** 15n) {
    const text = decimalText(magnitude);
    if (text.length <= 12) return { tex: `${sign}${text}`, binding };
  }
  const tex = `${sign}\\frac{${magnitude.n}}{${magnitude.d}}`;
  return { tex, binding: sign === "" ? Binding.product : Binding.sum };
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
