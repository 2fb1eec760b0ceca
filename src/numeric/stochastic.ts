/**
 * Monte Carlo arithmetic: doubles in which every operation is off by a random relative error, so that
 * several runs show what rounding does to a computation (Parker, Monte Carlo arithmetic, 1997; Vignes, A
 * stochastic arithmetic for reliable scientific computation, 1993). A running error bound adds up what
 * mostly cancels, and does not know that a sum and its terms are wrong in the same way.
 */
import { type Arithmetic, doubleArithmetic } from "./arithmetic.js";
import type { Random } from "./prng.js";
import { FUNCTION_ULPS, isDouble, isJump } from "./rounding.js";

/** @param unit the largest relative error of one operation; small enough that errors stay linear */
export function stochasticArithmetic(unit: number, generator: Random): Arithmetic<number> {
  const off = (value: number, ulps = 1): number =>
    value * (1 + ulps * unit * generator.between(-1, 1));
  return {
    ...doubleArithmetic,
    exact: (fraction) => {
      const value = doubleArithmetic.exact(fraction);
      return isDouble(fraction) ? value : off(value);
    },
    double: (value) => (Number.isSafeInteger(value) ? value : off(value)),
    constant: (name) => off(doubleArithmetic.constant(name)),
    add: (a, b) => (a === 0 || b === 0 ? a + b : off(a + b)),
    multiply: (a, b) => (Math.abs(a) === 1 || Math.abs(b) === 1 ? a * b : off(a * b)),
    integerPower: (base, exponent) => off(base ** exponent, Math.abs(exponent)),
    apply: (operation, args) => {
      const value = operation.value(...args);
      return isJump(operation) ? value : off(value, FUNCTION_ULPS);
    },
  };
}
