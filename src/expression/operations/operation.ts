import type { Decimal } from "decimal.js";
import type { Fraction } from "fraction.js";
import type { Expression } from "../expression.js";
import type { Graph } from "../graph.js";
import type { FixedPoint } from "./fixed-point.js";
import type { VectorValue } from "./vectors.js";

/** How tightly printed mathematics holds together, loosest first. */
export enum Binding {
  relation,
  sum,
  product,
  /** A prefix function with its argument, such as \ln x. */
  prefix,
  power,
  atom,
}

/** Printed mathematics and how tightly it binds. */
export interface Latex {
  readonly tex: string;
  readonly binding: Binding;
}

/** A condition on an operation's operands, for random points and for messages. */
export interface Condition {
  readonly subject: Expression;
  readonly relation: "positive" | "not negative" | "not zero";
}

/** What a function is equal to, in plain text and in LaTeX. */
export interface Equation {
  readonly text: (...letters: readonly string[]) => string;
  readonly latex: (
    exponential: (exponent: string) => string,
    ...letters: readonly string[]
  ) => string;
}

/** What defines a function: an equation, or words about what it is of its operands. */
export interface Meaning {
  /** Letters for the operands and whatever else the equation binds; others stand there where a model has these. */
  readonly letters: readonly string[];
  /** What it is called in plain text; its name where it is left out. */
  readonly sign?: string;
  /** How many of the letters are operands; all where it is left out. */
  readonly operands?: number;
  readonly equation?: Equation;
  /** Another way to write it. */
  readonly otherwise?: Equation;
  /** What is said of it, beside the equation or without one: `is the larger of the two`. */
  readonly words?: string;
}

const RAISED: Readonly<Record<string, string>> = {
  u: "ᵘ",
  v: "ᵛ",
  s: "ˢ",
  r: "ʳ",
  p: "ᵖ",
  z: "ᶻ",
  x: "ˣ",
};

/** An exponent in plain text: a letter, high. */
export function raised(letter: string): string {
  return RAISED[letter] ?? letter;
}

/** The sign of a difference. */
export type Order = 1 | 0 | -1;

/**
 * One row of the table of operations: all that the engine knows of a scalar operation stands here,
 * and shared code never asks for an operation by name.
 */
export interface Operation {
  /** The name in the model language; operators have the operator's own sign. */
  readonly name: string;
  /** Names of the operands, which may be used as named arguments. */
  readonly operands: readonly string[];
  /** Values of the trailing operands that may be left out. */
  readonly defaults?: readonly string[];
  /** What must hold for a finite value and derivative. */
  readonly domain?: (graph: Graph, ...args: readonly Expression[]) => readonly Condition[];
  /** Expressions whose zeros are the kinks or jumps. */
  readonly kinks?: (graph: Graph, ...args: readonly Expression[]) => readonly Expression[];
  /** Which derivative is taken at a kink, in words. */
  readonly convention?: string;
  /**
   * The value where it depends only on how the operand compares with the second one, or with 0:
   * for the sign of their difference.
   */
  readonly byOrder?: (order: Order) => number;
  /**
   * Whether it has an asymptote on one side of 0 at least, which it comes to as fast as e⁻ˣ: far from 0 its value and
   * its derivative are then those of the asymptote, to any number of digits.
   */
  readonly saturates?: true;
  /** Whether no value is negative. */
  readonly isNeverNegative?: true;
  /** The sign of a comparison in LaTeX. */
  readonly relation?: string;
  /** Whether it is written as 1[…]; so are those with a relation. */
  readonly isIndicator?: true;
  /** One of the usual activations of networks, whose derivatives people mix up. */
  readonly isActivation?: boolean;
  /**
   * Another operation of the same operand that the output tells in fewer steps: its value is that of
   * `by` at the output. Fast code uses it; everything else keeps the operation itself.
   */
  readonly reveals?: { readonly operation: Operation; readonly by: Operation };
  /** Whether a mask's operand tells it by itself: above 0 where the mask is 1, else what the mask is. */
  readonly isToldByOperand?: true;
  /** Worth computing once and keeping, rather than again where it is used again. */
  readonly costly?: boolean;
  /** Value in double precision; NaN outside the domain. */
  readonly value: (...args: readonly number[]) => number;
  /** Value to the precision of the constructor `D`. */
  readonly decimal: (D: typeof Decimal, ...args: readonly Decimal[]) => Decimal;
  /**
   * Value in fixed point, for operands of ordinary size; where it is absent, decimals are taken. An operation with
   * `byOrder` needs none.
   * @throws FixedPointError where there is no such value
   */
  readonly fixed?: (on: FixedPoint, ...args: readonly bigint[]) => bigint;
  /** Exact value, where the operation is rational; undefined where it is not at these operands. */
  readonly exact?: (...args: readonly Fraction[]) => Fraction | undefined;
  /** Partial derivatives by each operand, in terms of the operands and the output `y`. */
  readonly derivative: (
    graph: Graph,
    args: readonly Expression[],
    y: Expression,
  ) => readonly Expression[];
  /**
   * The same derivatives with their limits at the edge of the domain, where `derivative` is 0·∞ or
   * 0/0: what programs compute. Printed is `derivative`.
   */
  readonly limitingDerivative?: Operation["derivative"];
  /** JavaScript for the value. Where it is absent, `value` itself is called as f_NAME. */
  readonly code?: (...args: readonly string[]) => string;
  /** Functions in JavaScript, f_NAME the last of them, for code that stands alone. */
  readonly library?: readonly string[];
  /**
   * The value in fewer nanoseconds, within some units of the last place, for code made for speed:
   * functions in JavaScript, f_NAME of one operand the last of them. V8 inlines it in a few places only.
   */
  readonly fast?: readonly string[];
  /** The value, within some units of the last place, for several numbers at once. */
  readonly vector?: VectorValue;
  readonly latex: (...args: readonly Latex[]) => Latex;
  /** What the function is in terms of better known ones, for readers who have not met its name. */
  readonly meaning?: Meaning;
  /** Where value and derivative are stated. */
  readonly source: string;
}

/** Whether all values are 0 and 1: a comparison, a step. */
export function isMask({ byOrder }: Operation): boolean {
  return (
    byOrder !== undefined && ([-1, 1] as const).every((order) => [0, 1].includes(byOrder(order)))
  );
}

/** The derivative of an operation that stands in derivatives alone. */
export function onceOnly(what: string): Operation["derivative"] {
  return () => {
    throw new TypeError(`${what} is not differentiated: programs differentiate once`);
  };
}

/** In brackets, whatever it is. */
export function bracketed(operand: Latex): string {
  return `\\left(${operand.tex}\\right)`;
}

/** In brackets where it binds more loosely than asked. */
export function atLeast(operand: Latex, binding: Binding): string {
  return operand.binding >= binding ? operand.tex : bracketed(operand);
}

/** The LaTeX of an ordinary function of all its operands: name(a, b). */
export function functionLatex(name: string): Operation["latex"] {
  return (...args) => ({
    tex: `${name}\\left(${args.map((arg) => arg.tex).join(", ")}\\right)`,
    binding: Binding.atom,
  });
}
