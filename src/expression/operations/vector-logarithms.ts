/**
 * Logarithms for several numbers at once, without branches and tables. log and log1p are within 0.9 units
 * of the last place, a softplus within 1.5.
 *
 * The method: x = 2^k·(1 + f) with 1 + f from √½ to √2, and log(1 + f) by the odd series in s = f/(2 + f), of
 * whose rest R the polynomial of seven terms is within 2^−58 (fdlibm, e_log.c and s_log1p.c, Sun
 * Microsystems, 1993).
 */
import { LN2_LOWER, LN2_UPPER, vectorExp, type Vectors, type VectorValue } from "./vectors.js";

/** Of s², s⁴, … s¹⁴ in R. */
const SERIES = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784,
  0.1818357216161805, 0.15313837699209373, 0.14798198605106586,
];

/** k·ln 2 + log(1 + f) + rest, for a small rest. */
function combined<Value>(on: Vectors<Value>, k: Value, f: Value, rest: Value): Value {
  const { number, add, subtract, multiply } = on;
  const s = on.divide(f, add(number(2), f));
  const square = multiply(s, s);
  // the terms of even and of odd place apart, so that they are computed side by side
  const fourth = multiply(square, square);
  const [even, odd] = [1, 0].map((first) =>
    SERIES.filter((_, place) => place % 2 === first)
      .map((one) => number(one))
      .reduceRight((sum, one) => add(multiply(sum, fourth), one)),
  );
  const series = add(multiply(square, odd!), multiply(fourth, even!));
  const half = multiply(multiply(number(0.5), f), f);
  const below = add(multiply(k, number(LN2_LOWER)), rest);
  const inner = subtract(half, add(multiply(s, add(half, series)), below));
  return subtract(multiply(k, number(LN2_UPPER)), subtract(inner, f));
}

/** A logarithm, as it is computed for positive finite numbers, with what it is for the others. */
function withEdges<Value>(on: Vectors<Value>, x: Value, logarithm: Value): Value {
  const finite = on.ifLess(x, on.number(Infinity), logarithm, x);
  const edge = on.ifAtMost(on.number(0), x, on.number(-Infinity), on.number(Number.NaN));
  return on.ifLess(on.number(0), x, finite, edge);
}

const SMALLEST_NORMAL = 2 ** -1022;

/** Numbers below 2^−1022 have fewer bits, and no exponent of their own: they are taken 2^54 times. */
export const vectorLog: VectorValue = (on, x) => {
  const { number, subtract } = on;
  const least = number(SMALLEST_NORMAL);
  const normal = on.ifLess(x, least, on.multiply(x, number(2 ** 54)), x);
  const shift = on.ifLess(x, least, number(54), number(0));
  const { exponent, fraction } = on.split(normal);
  const f = subtract(fraction, number(1));
  return withEdges(on, x, combined(on, subtract(exponent, shift), f, number(0)));
};

/** log(u + c) = log u + c/u, with u = 1 + x rounded and c what the rounding left. */
function logOfOnePlus<Value>(on: Vectors<Value>, x: Value, u: Value): Value {
  const { number, subtract } = on;
  const one = number(1);
  const left = on.ifLess(x, one, subtract(x, subtract(u, one)), subtract(one, subtract(u, x)));
  const { exponent, fraction } = on.split(u);
  return combined(on, exponent, subtract(fraction, one), on.divide(left, u));
}

export const vectorLog1p: VectorValue = (on, x) => {
  const u = on.add(on.number(1), x);
  return withEdges(on, u, logOfOnePlus(on, x, u));
};

/** max(x, 0) + log(1 + e^−|x|) */
export const vectorSoftplus: VectorValue = (on, x) => {
  const zero = on.number(0);
  const power = vectorExp(on, on.subtract(zero, on.absolute(x)));
  const rest = logOfOnePlus(on, power, on.add(on.number(1), power));
  return on.add(on.larger(x, zero), rest);
};
