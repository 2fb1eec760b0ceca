/** Arithmetics that a program can be interpreted in: doubles, decimals of any precision, fractions. */
import { Decimal } from "decimal.js";
import { Fraction } from "fraction.js";
import type { ConstantName } from "../expression/expression.js";
import type { Operation } from "../expression/operations/operation.js";
import { toNumber } from "./numbers.js";

export interface Arithmetic<Value> {
  readonly exact: (value: Fraction) => Value;
  /** The value of a double: the decimal that it is written as, so that 0.1 is 1/10. */
  readonly double: (value: number) => Value;
  readonly constant: (name: ConstantName) => Value;
  readonly add: (a: Value, b: Value) => Value;
  readonly multiply: (a: Value, b: Value) => Value;
  readonly integerPower: (base: Value, exponent: number) => Value;
  readonly apply: (operation: Operation, args: readonly Value[]) => Value;
  readonly isGreater: (a: Value, b: Value) => boolean;
  readonly isEqual: (a: Value, b: Value) => boolean;
}

export const doubleArithmetic: Arithmetic<number> = {
  exact: toNumber,
  double: (value) => value,
  constant: (name) => (name === "pi" ? Math.PI : Math.E),
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  integerPower: (base, exponent) => base ** exponent,
  apply: (operation, args) => operation.value(...args),
  isGreater: (a, b) => a > b,
  isEqual: (a, b) => a === b,
};

/**
 * @param digits significant digits of every operation
 */
export function decimalArithmetic(digits: number): Arithmetic<Decimal> {
  const D = Decimal.clone({ precision: digits, minE: -9e15, maxE: 9e15 });
  return {
    exact: (value) => new D(value.s.toString()).times(value.n.toString()).div(value.d.toString()),
    double: (value) => new D(value),
    constant: (name) => (name === "pi" ? D.acos(-1) : D.exp(1)),
    add: (a, b) => a.plus(b),
    multiply: (a, b) => a.times(b),
    integerPower: (base, exponent) => base.pow(exponent),
    apply: (operation, args) => operation.decimal(D, ...args),
    isGreater: (a, b) => a.gt(b),
    isEqual: (a, b) => a.eq(b),
  };
}

/** A double and how large the numbers were that it was added up from: what cancels keeps its size. */
export interface Sized {
  readonly value: number;
  readonly magnitude: number;
}

function sized(value: number, magnitude: number = Math.abs(value)): Sized {
  return { value, magnitude };
}

/** Doubles with the magnitude of their summands. */
export const sizedArithmetic: Arithmetic<Sized> = {
  exact: (value) => sized(toNumber(value)),
  double: (value) => sized(value),
  constant: (name) => sized(doubleArithmetic.constant(name)),
  add: (a, b) => sized(a.value + b.value, a.magnitude + b.magnitude),
  multiply: (a, b) => sized(a.value * b.value, a.magnitude * b.magnitude),
  integerPower: (base, exponent) => {
    const value = base.value ** exponent;
    return sized(value, exponent > 0 ? base.magnitude ** exponent : Math.abs(value));
  },
  apply: (operation, args) => sized(operation.value(...args.map((arg) => arg.value))),
  isGreater: (a, b) => a.value > b.value,
  isEqual: (a, b) => a.value === b.value,
};

/** Raised where a program leaves the rational numbers. */
export class IrrationalError extends Error {
  constructor(name: string) {
    super(`${name} is not rational here`);
  }
}

export const exactArithmetic: Arithmetic<Fraction> = {
  exact: (value) => value,
  double: (value) => doubleToFraction(value),
  constant: (name) => {
    throw new IrrationalError(name);
  },
  add: (a, b) => a.add(b),
  multiply: (a, b) => a.mul(b),
  integerPower: (base, exponent) => base.pow(exponent),
  apply: (operation, args) => {
    const value = operation.exact?.(...args);
    if (value === undefined) throw new IrrationalError(operation.name);
    return value;
  },
  isGreater: (a, b) => a.gt(b),
  isEqual: (a, b) => a.equals(b),
};

/** The shortest decimal that names a double, exactly: 0.1 is 1/10, as people mean it. */
function doubleToFraction(value: number): Fraction {
  const [digits, exponent = "0"] = String(value).split("e") as [string, string?];
  const shift = Number(exponent);
  const mantissa = new Fraction(digits);
  const scale = new Fraction(10n ** BigInt(Math.abs(shift)));
  return shift < 0 ? mantissa.div(scale) : mantissa.mul(scale);
}
