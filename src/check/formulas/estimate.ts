/**
 * Arithmetic of estimates: matrices of doubles with one running bound of rounding for all their entries, after
 * Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, §3.3. One bound costs little, and is
 * too wide only where entries differ much in size.
 */
import { operations } from "../../expression/operations/index.js";
import type { Operation } from "../../expression/operations/operation.js";
import type { BinaryOperator, Syntax } from "../../language/syntax.js";
import { change, FUNCTION_ULPS, UNIT_ROUNDOFF } from "../../numeric/rounding.js";
import { TRUST } from "./agreement.js";

/** Entries, rows first, and the lengths of none, one or two axes. */
export interface Estimate {
  readonly lengths: readonly number[];
  readonly entries: Float64Array;
  /** How far any entry may be from the true value. */
  readonly error: number;
}

/**
 * Undefined where none is tried; `valueless` where an expression certainly has no value: shapes disagree, or a
 * function is not defined there.
 */
export type Outcome = Estimate | "valueless" | undefined;

/** Whether what an estimate is of has another shape, axes of length 1 aside, or certainly another value. */
export function differs(one: Estimate, other: Estimate): boolean {
  const [own, wanted] = [one, other].map(({ lengths }) => lengths.filter((length) => length > 1));
  if (own!.join() !== wanted!.join()) return true;
  const allowed = TRUST * (one.error + other.error);
  return one.entries.some((entry, k) => Math.abs(entry - other.entries[k]!) > allowed);
}

/** A number that is written or is a constant: whole ones are exact. */
export function ofNumber(value: number): Estimate {
  const error = Number.isSafeInteger(value) ? 0 : UNIT_ROUNDOFF * Math.abs(value);
  return { lengths: [], entries: Float64Array.of(value), error };
}

/**
 * @param inherited what the errors of operands become
 * @param roundings of each entry, in unit roundoffs of the largest
 */
function rounded(
  lengths: readonly number[],
  entries: Float64Array,
  inherited: number,
  roundings = 1,
): Estimate {
  const own = roundings * UNIT_ROUNDOFF * largest(entries);
  // the smallest double is what underflow loses
  return { lengths, entries, error: inherited + own + Number.MIN_VALUE };
}

/** What is not finite may be so for want of the rewriting that keeps it finite. */
export function finite(one: Outcome): Outcome {
  return typeof one === "object" && !one.entries.every(Number.isFinite) ? undefined : one;
}

function largest(entries: Float64Array): number {
  return entries.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
}

function smallest(entries: Float64Array): number {
  return entries.reduce((least, entry) => Math.min(least, Math.abs(entry)), Infinity);
}

function rows({ lengths }: Estimate): number {
  return lengths[0] ?? 1;
}

export function columns({ lengths }: Estimate): number {
  return lengths[1] ?? 1;
}

function hasOneEntry({ entries }: Estimate): boolean {
  return entries.length === 1;
}

export function negated(operand: Estimate): Estimate {
  return { ...operand, entries: operand.entries.map((entry) => -entry) };
}

export function transposed(operand: Estimate): Estimate {
  const [m, n] = [rows(operand), columns(operand)];
  const { entries, error } = operand;
  const turned = entries.map((_, k) => entries[(k % m) * n + Math.floor(k / m)]!);
  return { lengths: [n, m], entries: turned, error };
}

/** Beside a jump the error is as large as the jump. */
export function applied({ value }: Operation, operand: Estimate): Outcome {
  const { lengths, entries, error } = operand;
  const of = (entry: number): number => value(entry);
  const isUndefined = (entry: number): boolean =>
    [entry, entry - error, entry + error].every((one) => Number.isNaN(of(one)));
  if (entries.some(isUndefined)) return "valueless";
  const changes = entries.map((entry) => change(of, entry, error));
  return rounded(lengths, entries.map(of), largest(changes), FUNCTION_ULPS);
}

/** Over everything, or along the axis whose number is written. */
export function summed(operand: Estimate, dim: Syntax | undefined): Estimate | undefined {
  const [m, n] = [rows(operand), columns(operand)];
  const { lengths, entries } = operand;
  if (!dim || (dim.kind === "number" && dim.text === "1" && lengths.length < 2)) {
    const total = entries.reduce((sum, entry) => sum + entry, 0);
    return { lengths: [], entries: Float64Array.of(total), error: sumError(operand, m * n) };
  }
  if (dim.kind !== "number") return undefined;
  // a vector has one column
  if (lengths.length < 2) return dim.text === "2" ? operand : undefined;
  const isDown = dim.text === "1";
  if (!isDown && dim.text !== "2") return undefined;
  const totals = new Float64Array(isDown ? n : m);
  for (let k = 0; k < entries.length; k++)
    totals[isDown ? k % n : Math.floor(k / n)]! += entries[k]!;
  return { lengths: [totals.length], entries: totals, error: sumError(operand, isDown ? m : n) };
}

/** Of sums of so many entries: each addition rounds a partial sum, of count entries at most. */
function sumError({ entries, error }: Estimate, count: number): number {
  return count * (error + count * UNIT_ROUNDOFF * largest(entries));
}

type Combine = (left: Estimate, right: Estimate) => Outcome;

/** What the errors of two operands become in a function of both. */
type Inherited = (left: Estimate, right: Estimate) => number;

/**
 * Entry by entry; one operand is stretched where it has one row, one column or one entry.
 * @param value nothing where rounding decides
 */
function elementwise(
  value: (a: number, b: number) => number | undefined,
  inherited: Inherited,
  roundings?: number,
): Combine {
  return (left, right) => {
    const [m, n] = [Math.max(rows(left), rows(right)), Math.max(columns(left), columns(right))];
    const whole = [left, right].filter((one) => rows(one) === m && columns(one) === n);
    const long = whole.find(({ lengths }) => lengths.length === 2) ?? whole[0];
    const [a, b] = [placesIn(left, m, n), placesIn(right, m, n)];
    if (!long || !a || !b) return "valueless";
    const entries = new Float64Array(m * n);
    for (let k = 0; k < entries.length; k++) {
      const result = value(left.entries[a(k)]!, right.entries[b(k)]!);
      if (result === undefined) return undefined;
      entries[k] = result;
    }
    return rounded(long.lengths, entries, inherited(left, right), roundings);
  };
}

/** Where an operand has the entries of an m×n result; undefined where it does not stretch to that. */
function placesIn(one: Estimate, m: number, n: number): ((k: number) => number) | undefined {
  const [isTall, isWide] = [rows(one) === m, columns(one) === n];
  if (isTall && isWide) return (k) => k;
  if (hasOneEntry(one)) return () => 0;
  if (isTall && columns(one) === 1) return (k) => Math.floor(k / n);
  return isWide && rows(one) === 1 ? (k) => k % n : undefined;
}

function comparison(name: BinaryOperator): Combine {
  const { value } = operations.get(name)!;
  return (left, right) => {
    const allowed = TRUST * (left.error + right.error);
    const compared = (a: number, b: number): number | undefined =>
      Math.abs(a - b) > allowed ? value(a, b) : undefined;
    return elementwise(compared, () => 0)(left, right);
  };
}

/** The matrix product where inner lengths agree, else scaling by what has one entry. */
function product(left: Estimate, right: Estimate): Outcome {
  const [m, inner, n] = [rows(left), columns(left), columns(right)];
  if (left.lengths.length === 0 || right.lengths.length === 0 || inner !== rows(right)) {
    const isScaled = hasOneEntry(left) || hasOneEntry(right);
    return isScaled ? scaled(left, right) : "valueless";
  }
  const entries = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = left.entries[i * inner + k]!;
      for (let j = 0; j < n; j++) entries[i * n + j]! += factor * right.entries[k * n + j]!;
    }
  }
  const term = largest(left.entries) * largest(right.entries);
  const error = inner * (productError(left, right) + inner * UNIT_ROUNDOFF * term);
  return { lengths: [m, n].slice(0, right.lengths.length), entries, error };
}

const sumOfErrors: Inherited = (left, right) => left.error + right.error;

/** |a·b − âb̂| ≤ |â|·e_b + |b̂|·e_a + e_a·e_b */
const productError: Inherited = (left, right) =>
  largest(left.entries) * right.error + (largest(right.entries) + right.error) * left.error;

/** |a/b − â/b̂| ≤ (e_a + |â/b̂|·e_b) / (|b̂| − e_b) */
const quotientError: Inherited = (left, right) => {
  const least = smallest(right.entries);
  if (!(least > right.error)) return Infinity;
  return (left.error + (largest(left.entries) / least) * right.error) / (least - right.error);
};

/** Nothing is known where there are several exponents. */
const powerError: Inherited = (left, right) => {
  if (!hasOneEntry(right)) return Infinity;
  const exponent = right.entries[0]!;
  const changes = left.entries.map(
    (base) =>
      change((moved) => moved ** exponent, base, left.error) +
      change((moved) => base ** moved, exponent, right.error),
  );
  return largest(changes);
};

const scaled = elementwise((a, b) => a * b, productError);
const divided = elementwise((a, b) => a / b, quotientError);
const raised = elementwise((a, b) => a ** b, powerError, FUNCTION_ULPS);

export const BINARY: Readonly<Record<BinaryOperator, Combine>> = {
  "+": elementwise((a, b) => a + b, sumOfErrors),
  "-": elementwise((a, b) => a - b, sumOfErrors),
  ".*": scaled,
  "./": divided,
  ".^": raised,
  "*": product,
  "/": (left, right) => (hasOneEntry(right) ? divided(left, right) : "valueless"),
  "^": (left, right) =>
    hasOneEntry(left) && hasOneEntry(right) ? raised(left, right) : "valueless",
  "<": comparison("<"),
  "<=": comparison("<="),
  ">": comparison(">"),
  ">=": comparison(">="),
  "==": comparison("=="),
  "!=": comparison("!="),
};
