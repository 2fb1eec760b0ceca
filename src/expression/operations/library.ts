/**
 * The functions of `special.ts` that have no short code, as JavaScript for code that stands alone.
 * The test of the table of operations checks that both give the same numbers.
 */

const SERIES = `function erfSeries(x) {
  // DLMF 7.6.2: positive terms, no cancellation
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}`;

const GAUSSIAN = `function gaussian(x, scale) {
  // the square of the leading half of x is exact
  const leading = Math.fround(x);
  const rest = (x - leading) * (x + leading);
  return Math.exp(-scale * leading * leading) * Math.exp(-scale * rest);
}`;

const FRACTION = `function erfcFraction(x, decay) {
  // DLMF 7.9.1, from its tail
  let tail = 0;
  for (let n = 60; n >= 1; n--) tail = n / 2 / (x + tail);
  return decay / Math.sqrt(Math.PI) / (x + tail);
}`;

const ERF = `function f_erf(x) {
  const magnitude = Math.abs(x);
  if (!(magnitude > 0)) return x;
  const value =
    magnitude < 2 ? erfSeries(magnitude) : 1 - erfcFraction(magnitude, gaussian(magnitude, 1));
  return x < 0 ? -value : value;
}`;

const GELU = `function f_gelu(x) {
  // x times half of the complementary error function at -x / sqrt(2)
  const y = -x * Math.SQRT1_2;
  return 0.5 * x * (y >= 2 ? erfcFraction(y, gaussian(x, 0.5)) : 1 - f_erf(y));
}`;

export const erfLibrary: readonly string[] = [SERIES, GAUSSIAN, FRACTION, ERF];
export const geluLibrary: readonly string[] = [...erfLibrary, GELU];
