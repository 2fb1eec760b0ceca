/**
 * Singles and doubles side by side, as NumPy computes with them: what has a double in it is a double, what is
 * made of singles and plain numbers is rounded to a single. That rounding is random here, so that several
 * runs show what it does (as in `stochastic.ts`).
 */
import type { Quantity } from "../expression/quantity.js";
import type { CheckedPoint } from "../language/point.js";
import { type Arithmetic, doubleArithmetic } from "./arithmetic.js";
import { interpret } from "./interpret.js";
import type { Random } from "./prng.js";
import type { NumericProgram } from "./program.js";
import { FUNCTION_ULPS, isJump } from "./rounding.js";

/** Numbers of the program's text take the type of what they meet. */
type Type = "plain" | "single" | "double";

interface Typed {
  readonly value: number;
  readonly type: Type;
}

/** Half the distance from 1 to the next single. */
const SINGLE_ROUNDOFF = 2 ** -24;

/** @param generator undefined where results stay as they are */
function promotingArithmetic(generator: Random | undefined): Arithmetic<Typed> {
  const typed = (value: number, operands: readonly Typed[], ulps = 1): Typed => {
    const types = operands.map(({ type }) => type);
    if (types.includes("double")) return { value, type: "double" };
    if (!types.includes("single")) return { value, type: "plain" };
    const off = generator && ulps > 0 ? ulps * SINGLE_ROUNDOFF * generator.between(-1, 1) : 0;
    return { value: value * (1 + off), type: "single" };
  };
  const plain = (value: number): Typed => ({ value, type: "plain" });
  const { exact, constant } = doubleArithmetic;
  return {
    exact: (fraction) => plain(exact(fraction)),
    double: plain,
    constant: (name) => plain(constant(name)),
    add: (a, b) => typed(a.value + b.value, [a, b], a.value === 0 || b.value === 0 ? 0 : 1),
    multiply: (a, b) => {
      const isExact = Math.abs(a.value) === 1 || Math.abs(b.value) === 1;
      return typed(a.value * b.value, [a, b], isExact ? 0 : 1);
    },
    integerPower: (base, exponent) =>
      typed(base.value ** exponent, [base], exponent === 1 ? 0 : Math.abs(exponent)),
    apply: (operation, args) => {
      const value = operation.value(...args.map((one) => one.value));
      return typed(value, args, isJump(operation) ? 0 : FUNCTION_ULPS);
    },
    larger: (a, b) => typed(Math.max(a.value, b.value), [a, b], 0),
    smaller: (a, b) => typed(Math.min(a.value, b.value), [a, b], 0),
  };
}

/** A derivative, and whether it is made of singles alone. */
export interface Promoted {
  readonly entries: Float64Array;
  readonly isSingle: boolean;
}

/**
 * A program's derivatives at a point of which some quantities are singles.
 * @param singles the others are doubles
 * @param generator draws the rounding of what is made of singles; without it, only the point is rounded
 */
export function runPromoting(
  program: NumericProgram,
  { sizes, entries }: CheckedPoint,
  singles: ReadonlySet<Quantity>,
  generator?: Random,
): Map<Quantity, Promoted> {
  const given = new Map(
    [...entries].map(([quantity, list]) => {
      const type: Type = singles.has(quantity) ? "single" : "double";
      const read = type === "single" ? Math.fround : (value: number): number => value;
      return [quantity, Array.from(list, (value): Typed => ({ value: read(value), type }))];
    }),
  );
  const all = interpret(
    program.definitions,
    sizes,
    given,
    promotingArithmetic(generator),
    program.plans,
  );
  return new Map(
    [...program.adjoints].map(([quantity, adjoint]) => {
      const results = all.get(adjoint)!;
      const isSingle = results.some(({ type }) => type === "single");
      return [quantity, { entries: Float64Array.from(results, ({ value }) => value), isSingle }];
    }),
  );
}
