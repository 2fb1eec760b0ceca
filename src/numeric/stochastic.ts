/**
 * Monte Carlo arithmetic: doubles in which every operation is off by a random relative error, several times over, so
 * that what comes out shows what rounding does to a computation (Parker, Monte Carlo arithmetic, 1997; Vignes, A
 * stochastic arithmetic for reliable scientific computation, 1993). A running error bound adds up what
 * mostly cancels, and does not know that a sum and its terms are wrong in the same way.
 */
import { type Arithmetic, doubleArithmetic } from "./arithmetic.js";
import type { Random } from "./prng.js";
import { FUNCTION_ULPS, isDouble, isJump } from "./rounding.js";

/** The same number in each run, with the errors of that run. */
export type Samples = readonly number[];

/**
 * @param unit the largest relative error of one operation; small enough that errors stay linear
 * @param runs how often everything is computed
 */
export function stochasticArithmetic(
  unit: number,
  runs: number,
  generator: Random,
): Arithmetic<Samples> {
  const off = (value: number, ulps = 1): number =>
    value * (1 + ulps * unit * generator.between(-1, 1));
  const each = (compute: (run: number) => number): Samples => {
    const values: number[] = [];
    for (let run = 0; run < runs; run++) values.push(compute(run));
    return values;
  };
  const same = (value: number): Samples => each(() => value);
  const isUnit = (a: number): boolean => a === 1 || a === -1;
  return {
    exact: (fraction) => {
      const value = doubleArithmetic.exact(fraction);
      return isDouble(fraction) ? same(value) : each(() => off(value));
    },
    double: (value) => (Number.isSafeInteger(value) ? same(value) : each(() => off(value))),
    constant: (name) => each(() => off(doubleArithmetic.constant(name))),
    add: (a, b) => each((k) => (a[k] === 0 || b[k] === 0 ? a[k]! + b[k]! : off(a[k]! + b[k]!))),
    multiply: (a, b) =>
      each((k) => (isUnit(a[k]!) || isUnit(b[k]!) ? a[k]! * b[k]! : off(a[k]! * b[k]!))),
    integerPower: (base, exponent) => each((k) => off(base[k]! ** exponent, Math.abs(exponent))),
    apply: (operation, args) => {
      const value = (k: number): number => operation.value(...args.map((one) => one[k]!));
      return isJump(operation) ? each(value) : each((k) => off(value(k), FUNCTION_ULPS));
    },
    larger: (a, b) => each((k) => doubleArithmetic.larger(a[k]!, b[k]!)),
    smaller: (a, b) => each((k) => doubleArithmetic.smaller(a[k]!, b[k]!)),
  };
}
