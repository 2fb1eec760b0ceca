/**
 * Exponentials for code that is made for speed, as JavaScript. V8 calls C for `Math.exp` and
 * `Math.tanh`; these functions are short enough to be inlined, and take 0.5 to 0.7 of the time. An
 * exponential is within 0.51 units of the last place, a sigmoid within 2, a tanh within 4.
 *
 * The method: x = k·(ln 2)/64 + r with |r| ≤ (ln 2)/128, and e^x = 2^(k/64)·(1 + p(r)), with the powers of
 * two from a table in two parts (P. T. P. Tang, ACM Transactions on Mathematical Software 15, 1989).
 */

const TABLES = `// 2^(k - 64)
const POWERS = Float64Array.from({ length: 128 }, (_, k) => 2 ** (k - 64));
// 2^(j/64) in pairs: the nearest double, and the rest relative to it
const ROOTS = new Float64Array(128);
{
  // 2^(1/64) in two doubles, and the leading 27 bits of it: T. J. Dekker's product, 1971
  const [root, rest, upper] = [1.0108892860517005, -1.5234778603368577e-17, 1.0108892917633057];
  for (let [j, power, below] = [0, 1, 0]; j < 64; j++) {
    ROOTS[2 * j] = power;
    ROOTS[2 * j + 1] = below / power;
    const leading = 134217729 * power - (134217729 * power - power);
    const [product, lower] = [power * root, root - upper];
    const error = leading * upper - product + leading * lower + (power - leading) * root;
    const further = error + power * rest + below * root;
    power = product + further;
    below = product - power + further;
  }
}`;

const PARTS = `// x in steps of (ln 2)/64, to the nearest: adding 1.5 * 2^52 rounds
function stepsOf(x) {
  return x * 92.33248261689366 + 6755399441055744 - 6755399441055744;
}

// what is left of x; the product with the leading 32 bits of (ln 2)/64 is exact
function restOf(x, steps) {
  return x - steps * 0.01083042469326756 - steps * 2.9815858269852933e-12;
}

// e^r - 1 for |r| <= (ln 2)/128: its Taylor polynomial of degree 6
function seriesOf(r) {
  const square = r * r;
  return r + square * (0.5 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120) + square * (1 / 720)));
}`;

const EXP = `function f_exp(x) {
  if (Math.abs(x) > 44) return Math.exp(x);
  const k = stepsOf(x);
  const step = k | 0;
  const power = POWERS[((step >> 6) + 64) & 127] * ROOTS[2 * (step & 63)];
  return power + power * (ROOTS[2 * (step & 63) + 1] + seriesOf(restOf(x, k)));
}`;

const SIGMOID = `function f_sigmoid(x) {
  return 1 / (1 + f_exp(-x));
}`;

const TANH = `function f_tanh(x) {
  if (Math.abs(x) > 22) return Math.sign(x);
  // e^(2x) - 1
  const k = stepsOf(2 * x);
  const step = k | 0;
  const power = POWERS[((step >> 6) + 64) & 127] * ROOTS[2 * (step & 63)];
  const less = power - 1 + power * (ROOTS[2 * (step & 63) + 1] + seriesOf(restOf(2 * x, k)));
  return less / (less + 2);
}`;

export const expLibrary: readonly string[] = [TABLES, PARTS, EXP];
export const sigmoidLibrary: readonly string[] = [...expLibrary, SIGMOID];
export const tanhLibrary: readonly string[] = [TABLES, PARTS, TANH];
