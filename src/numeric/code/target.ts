/** What loops are written in (`loops.ts`): JavaScript or WebAssembly. */
import type { Fraction } from "fraction.js";
import type { ConstantName, Reduction } from "../../expression/expression.js";
import type { Operation } from "../../expression/operations/operation.js";
import type { Address } from "./address.js";

/** A term of a sum; where it has a factor, that is a number. */
export interface Term<Code> {
  readonly isNegative: boolean;
  readonly factor: Code | undefined;
  readonly value: Code;
}

/** A product of factors over another; a list that is empty is 1. */
export interface Quotient<Code> {
  readonly isNegative: boolean;
  readonly over: readonly Code[];
  readonly under: readonly Code[];
}

/**
 * Takes down one function. A `Code` has the value of an entry, or of as many neighbouring entries as the
 * address that it was read from stands for; a name of a value is a `Code` too.
 */
export interface Target<Code> {
  /** Of how many neighbouring entries a code may have the values. */
  readonly width: number;

  number(value: Fraction): Code;
  constant(name: ConstantName): Code;
  entry(array: string, address: Address): Code;
  /** 1 where two numbers are equal, else 0. */
  isEqual(a: Address, b: Address): Code;
  sum(terms: readonly Term<Code>[]): Code;
  quotient(quotient: Quotient<Code>): Code;
  /** @param exponent a whole number above 1 */
  power(base: Code, exponent: number): Code;
  apply(operation: Operation, args: readonly Code[]): Code;

  /** Whether a code is so long that it gets a name even where it is used once. */
  isLong(code: Code): boolean;
  /** Computes a value once: a name for it. */
  named(code: Code): Code;
  /** A running total that starts with an entry, or else with the reduction of nothing. */
  total(reduction: Reduction, first?: Code): Code;
  /** Takes an entry into a running total. */
  take(reduction: Reduction, total: Code, entry: Code): void;
  /** Opens a loop over 0, step, 2·step, … below a length: its variable. */
  open(length: number, step: number): string;
  close(): void;

  /** Sets or adds to as many entries as the address stands for. */
  store(array: string, address: Address, value: Code, isAdded: boolean): void;
  /** Sets `count` entries to 0. */
  clear(array: string, from: number, count: number): void;
  /**
   * Puts a fast function's values in the place of `count` operands, for a target that prefers a loop of
   * its own for that.
   */
  applyToArray?(operation: Operation, array: string, from: number, count: number): void;
}
