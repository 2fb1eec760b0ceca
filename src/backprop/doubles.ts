/** The field of doubles: every function of the language. */
import { BINARY, UNARY } from "./elementwise.js";
import type { Field } from "./field.js";
import { REDUCTIONS, SLICES } from "./reductions.js";

/** Scaled by the largest entry, so that no square overflows or underflows. */
function norm(x: readonly number[]): number {
  const most = x.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0);
  if (most === 0) return 0;
  return most * Math.sqrt(x.reduce((sum, entry) => sum + (entry / most) ** 2, 0));
}

export const doubles: Field = {
  zero: 0,
  one: 1,
  number: Number,
  constant: (name) => (name === "pi" ? Math.PI : Math.E),
  lift: (matrix) => matrix,
  add: (a: number, b: number) => a + b,
  subtract: (a: number, b: number) => a - b,
  negate: (x: number) => -x,
  multiply: (a: number, b: number) => a * b,
  divide: (a: number, b: number) => a / b,
  norm,
  unary: UNARY,
  binary: BINARY,
  reductions: REDUCTIONS,
  slices: SLICES,
};
