/**
 * Running error analysis: doubles that know how far they may be from the true value.
 *
 * Every operation adds its own rounding error to what its operands' errors become in it (Wilkinson
 * 1963; Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, §3.3). What comes out
 * is the condition of the computation at this very point, not a guessed tolerance.
 */
import type { Fraction } from "fraction.js";
import type { Definition } from "../expression/definition.js";
import { Graph } from "../expression/graph.js";
import { isZero } from "../expression/predicates.js";
import type { Operation } from "../expression/operations/operation.js";
import type { Quantity } from "../expression/quantity.js";
import { type Arithmetic, doubleArithmetic } from "./arithmetic.js";
import { interpret, Plans } from "./interpret.js";

/** A double and what it was computed from. */
export interface Rounded {
  readonly value: number;
  /** A bound of the distance from the true value. */
  readonly error: number;
  /** The sum of the absolute values of what was added up: what cancels keeps its size. */
  readonly magnitude: number;
}

/** Half the distance from 1 to the next double. */
export const UNIT_ROUNDOFF = 2 ** -53;
/** The smallest positive double: what underflow loses. */
const UNDERFLOW = 2 ** -1074;
/** Library functions are good to this many unit roundoffs. */
export const FUNCTION_ULPS = 4;

function rounded(
  value: number,
  inherited: number,
  { magnitude = Math.abs(value), ulps = 1 } = {},
): Rounded {
  const error = inherited + ulps * UNIT_ROUNDOFF * Math.abs(value) + UNDERFLOW;
  // 0 times what may be anything
  return { value, error: Number.isNaN(error) ? Infinity : error, magnitude };
}

/** A double that is known to be so near to the true value. */
export function within(value: number, error: number): Rounded {
  return { value, error, magnitude: Math.abs(value) };
}

export const roundingArithmetic: Arithmetic<Rounded> = {
  exact: (fraction) => {
    const value = doubleArithmetic.exact(fraction);
    return isDouble(fraction) ? within(value, 0) : rounded(value, 0);
  },
  // the reference takes the decimal that a double is written as
  double: (value) => (Number.isSafeInteger(value) ? within(value, 0) : rounded(value, 0)),
  constant: (name) => rounded(doubleArithmetic.constant(name), 0),
  add: (a, b) =>
    rounded(a.value + b.value, a.error + b.error, { magnitude: a.magnitude + b.magnitude }),
  multiply: (a, b) =>
    rounded(
      a.value * b.value,
      Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error,
      { magnitude: a.magnitude * b.magnitude },
    ),
  integerPower: (base, exponent) => {
    const { value: x, error } = base;
    const reaches = Math.abs(x) <= error && exponent < 0;
    const inherited = reaches ? Infinity : change((one) => one ** exponent, x, error);
    const magnitude = exponent > 0 ? base.magnitude ** exponent : Math.abs(x ** exponent);
    return rounded(x ** exponent, inherited, { magnitude, ulps: Math.abs(exponent) });
  },
  apply: (operation, args) => {
    const values = args.map(({ value }) => value);
    const value = operation.value(...values);
    let inherited = 0;
    for (const [position, { value: x, error }] of args.entries()) {
      const along = (moved: number): number => operation.value(...values.with(position, moved));
      inherited += change(along, x, error);
    }
    if (inherited > 0 && isJump(operation)) {
      // a tie is a tie: equal operands are the same computation, and 0 is 0
      return within(value, isAtKink(operation, values) ? 0 : inherited);
    }
    return rounded(value, inherited, { ulps: FUNCTION_ULPS });
  },
  larger: (a, b) => (b.value > a.value ? b : a),
  smaller: (a, b) => (a.value > b.value ? b : a),
};

const MOST_WHOLE = 2n ** 53n;
const MOST_POWER = 2n ** 900n;

/** Whether a fraction is surely a double: a whole number over a power of 2, both of ordinary size. */
export function isDouble({ n, d }: Fraction): boolean {
  return n < MOST_WHOLE && d < MOST_POWER && (d & (d - 1n)) === 0n;
}

/** How much a function changes when its argument does, by at least one unit of the last place. */
export function change(f: (x: number) => number, x: number, error: number): number {
  if (error === 0) return 0;
  const reach = Math.max(error, 2 * UNIT_ROUNDOFF * Math.abs(x));
  const here = f(x);
  const most = Math.max(Math.abs(f(x + reach) - here), Math.abs(f(x - reach) - here));
  return Number.isNaN(most) ? Infinity : most;
}

const scratch = new Graph();
const OPERANDS = ["a", "b"].map((name): Quantity => ({ name, role: "input", shape: [] }));

function operandsOf({ operands }: Operation) {
  return operands.map((_, position) => scratch.reference(OPERANDS[position]!, []));
}

const jumps = new Map<Operation, boolean>();

/** Whether an operation is constant but for jumps. */
export function isJump(operation: Operation): boolean {
  if (!operation.kinks) return false;
  let known = jumps.get(operation);
  if (known === undefined) {
    const args = operandsOf(operation);
    const partials = operation.derivative(scratch, args, scratch.apply(operation, ...args));
    jumps.set(operation, (known = partials.every(isZero)));
  }
  return known;
}

interface KinkProgram {
  readonly definitions: readonly Definition[];
  readonly plans: Plans;
}

const kinkPrograms = new Map<Operation, KinkProgram>();

/** What is 0 where an operation has a kink, as definitions over its operands. */
function kinkProgramOf(operation: Operation): KinkProgram {
  let known = kinkPrograms.get(operation);
  if (!known) {
    const kinks = operation.kinks!(scratch, ...operandsOf(operation));
    const definitions = kinks.map((body, position): Definition => {
      const quantity: Quantity = { name: `k${position}`, role: "auxiliary", shape: [] };
      return { quantity, clauses: [{ letters: [], indices: [], body }] };
    });
    kinkPrograms.set(operation, (known = { definitions, plans: new Plans() }));
  }
  return known;
}

export function isAtKink(operation: Operation, values: readonly number[]): boolean {
  const given = new Map(values.map((value, position) => [OPERANDS[position]!, [value]]));
  const { definitions, plans } = kinkProgramOf(operation);
  const entries = interpret(definitions, new Map(), given, doubleArithmetic, plans);
  return definitions.some(({ quantity }) => entries.get(quantity)![0] === 0);
}
