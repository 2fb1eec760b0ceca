/** Decimals of any precision; in a file of its own, so that only what needs them loads decimal.js. */
import { Decimal } from "decimal.js";
import type { Arithmetic } from "./arithmetic.js";

/** @param digits significant digits of every operation */
export function decimalsOf(digits: number): typeof Decimal {
  return Decimal.clone({ precision: digits, minE: -9e15, maxE: 9e15 });
}

/** @param digits significant digits of every operation */
export function decimalArithmetic(digits: number): Arithmetic<Decimal> {
  const D = decimalsOf(digits);
  return {
    exact: (value) => new D(value.s.toString()).times(value.n.toString()).div(value.d.toString()),
    double: (value) => new D(value),
    constant: (name) => (name === "pi" ? D.acos(-1) : D.exp(1)),
    add: (a, b) => a.plus(b),
    multiply: (a, b) => a.times(b),
    integerPower: (base, exponent) => base.pow(exponent),
    apply: (operation, args) => operation.decimal(D, ...args),
    larger: (a, b) => (b.gt(a) ? b : a),
    smaller: (a, b) => (a.gt(b) ? b : a),
  };
}
