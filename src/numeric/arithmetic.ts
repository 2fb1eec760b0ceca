/** Arithmetics that a program can be interpreted in: doubles, decimals of any precision, fractions. */
import type { Fraction } from "fraction.js";
import type { ConstantName } from "../expression/expression.js";
import type { Operation } from "../expression/operations/operation.js";
import { exactDecimal } from "../language/decimal.js";
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
  readonly larger: (a: Value, b: Value) => Value;
  readonly smaller: (a: Value, b: Value) => Value;
}

export const doubleArithmetic: Arithmetic<number> = {
  exact: toNumber,
  double: (value) => value,
  constant: (name) => (name === "pi" ? Math.PI : Math.E),
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  integerPower: (base, exponent) => base ** exponent,
  apply: (operation, args) => operation.value(...args),
  larger: (a, b) => (b > a ? b : a),
  smaller: (a, b) => (a > b ? b : a),
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
  integerPower: (base, exponent) => {
    if (exponent < 0 && base.n === 0n) throw new IrrationalError("1/0");
    return base.pow(exponent);
  },
  apply: (operation, args) => {
    const value = operation.exact?.(...args);
    if (value === undefined) throw new IrrationalError(operation.name);
    return value;
  },
  larger: (a, b) => (b.gt(a) ? b : a),
  smaller: (a, b) => (a.gt(b) ? b : a),
};

/** Raised where an exact computation is longer, or its numbers are, than was allowed for. */
export class ExactWorkError extends Error {
  constructor() {
    super("this is too much work in fractions");
  }
}

export interface ExactWork {
  /** Additions, multiplications, powers and other operations. */
  readonly operations: number;
  /** Binary digits of a numerator or denominator. */
  readonly bits: number;
}

/**
 * Fractions for one computation of bounded length. Numbers in fractions can double their digits
 * with every operation, so both are bounded.
 */
export function boundedExactArithmetic({ operations, bits }: ExactWork): Arithmetic<Fraction> {
  const longest = 2n ** BigInt(bits);
  let left = operations;
  const counted = <Operands extends readonly unknown[]>(
    compute: (...operands: Operands) => Fraction,
  ): ((...operands: Operands) => Fraction) => {
    return (...operands) => {
      if (--left < 0) throw new ExactWorkError();
      const value = compute(...operands);
      if (value.n > longest || value.d > longest) throw new ExactWorkError();
      return value;
    };
  };
  return {
    ...exactArithmetic,
    add: counted(exactArithmetic.add),
    multiply: counted(exactArithmetic.multiply),
    integerPower: counted(exactArithmetic.integerPower),
    apply: counted(exactArithmetic.apply),
  };
}

/** The shortest decimal that names a double, exactly: 0.1 is 1/10, as people mean it. */
function doubleToFraction(value: number): Fraction {
  return exactDecimal(String(value));
}
