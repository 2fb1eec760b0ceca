/** The field of doubles: every function of the language. */
import { BINARY, UNARY } from "./elementwise.js";
import type { Field } from "./field.js";
import { REDUCTIONS, SLICES } from "./reductions.js";

export const doubles: Field = {
  zero: 0,
  one: 1,
  number: Number,
  constant: (name) => (name === "pi" ? Math.PI : Math.E),
  lift: (matrix) => matrix,
  add: (a: number, b: number) => a + b,
  multiply: (a: number, b: number) => a * b,
  divide: (a: number, b: number) => a / b,
  squareRoot: Math.sqrt,
  unary: UNARY,
  binary: BINARY,
  reductions: REDUCTIONS,
  slices: SLICES,
};
