/** Estimates of what sums along an axis are in, as `language/functions` defines it. */
import { operations } from "../../expression/operations/index.js";
import type { Syntax } from "../../language/syntax.js";
import {
  applied,
  BINARY,
  type Estimate,
  finite,
  ofNumber,
  type Outcome,
  summed,
  transposed,
} from "./estimate.js";

/** Over everything, or along the axis whose number is written. */
type Reduced = (operand: Estimate, dim: Syntax | undefined) => Outcome;

export const REDUCTIONS: ReadonlyMap<string, Reduced> = new Map<string, Reduced>([
  ["sum", summed],
  ["mean", mean],
  ["logsumexp", logarithmic],
  ["softmax", softmax],
]);

function mean(operand: Estimate, dim: Syntax | undefined): Outcome {
  const total = summed(operand, dim);
  return total && BINARY["./"](total, ofNumber(operand.entries.length / total.entries.length));
}

/** log Σ exp(a − c) + c, with the largest entry c. */
function logarithmic(operand: Estimate, dim: Syntax | undefined): Outcome {
  const { largest, powers } = exponentials(operand);
  const total = powers && summed(powers, dim);
  const logarithm = total && known(applied(operations.get("log")!, total));
  return logarithm && BINARY["+"](logarithm, largest);
}

function softmax(operand: Estimate, dim: Syntax | undefined): Outcome {
  const { powers } = exponentials(operand);
  const total = powers && summed(powers, dim);
  if (!powers || !total) return undefined;
  // a list of sums of columns lies beneath these
  const isRow = operand.lengths.length === 2 && dim?.kind === "number" && dim.text === "1";
  return BINARY["./"](powers, isRow ? transposed(total) : total);
}

function exponentials(operand: Estimate) {
  const largest = ofNumber(operand.entries.reduce((most, one) => Math.max(most, one), -Infinity));
  const shifted = known(BINARY["-"](operand, largest));
  return { largest, powers: shifted && known(applied(operations.get("exp")!, shifted)) };
}

function known(one: Outcome): Estimate | undefined {
  const value = finite(one);
  return typeof value === "object" ? value : undefined;
}
