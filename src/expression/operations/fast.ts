/**
 * Exponentials for code that is made for speed, as JavaScript. V8 calls C for `Math.exp` and
 * `Math.tanh`; these functions are short enough to be inlined, and take 0.5 to 0.7 of the time. An
 * exponential is within 0.51 units of the last place, a sigmoid within 2.5, a tanh within 4.
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

// e^r - 1 for |r| <= (ln 2)/128, plus a rest: the Taylor polynomial of degree 6, in parts that do not wait for each other
function seriesOf(r, rest) {
  const square = r * r;
  const upper = square * square * (1 / 24 + r * (1 / 120) + square * (1 / 720));
  return rest + r + (square * (0.5 + r * (1 / 6)) + upper);
}

// 2^(steps/64) to a double, and what it lacks relative to it
function powerOf(step) {
  return POWERS[((step >> 6) + 64) & 127] * ROOTS[2 * (step & 63)];
}

function lackOf(step) {
  return ROOTS[2 * (step & 63) + 1];
}`;

const EXP = `function f_exp(x) {
  if (Math.abs(x) > 44) return Math.exp(x);
  const k = stepsOf(x);
  const power = powerOf(k | 0);
  return power + power * seriesOf(restOf(x, k), lackOf(k | 0));
}`;

const SIGMOID = `function f_sigmoid(x) {
  if (Math.abs(x) > 44) return 1 / (1 + Math.exp(-x));
  // 1 + e^(-x), of which 1 + power is known first
  const k = stepsOf(-x);
  const power = powerOf(k | 0);
  return 1 / (1 + power + power * seriesOf(restOf(-x, k), lackOf(k | 0)));
}`;

const TANH = `function f_tanh(x) {
  if (Math.abs(x) > 22) return Math.sign(x);
  // e^(2x) - 1
  const k = stepsOf(2 * x);
  const power = powerOf(k | 0);
  const less = power - 1 + power * seriesOf(restOf(2 * x, k), lackOf(k | 0));
  return less / (less + 2);
}`;

export const expLibrary: readonly string[] = [TABLES, PARTS, EXP];
export const sigmoidLibrary: readonly string[] = [TABLES, PARTS, SIGMOID];
export const tanhLibrary: readonly string[] = [TABLES, PARTS, TANH];
