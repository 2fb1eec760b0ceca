/** Summands of the loss: the derivative by one of them is a number, which nobody computes. */
import type { Quantity } from "../../expression/quantity.js";
import type { Backward } from "./backward.js";
import { timesText, type Fault, repair } from "../explanations/hypothesis.js";

/** Whether the derivative by a quantity is a number: 1 for E in L = E + R. */
export function isSummand(backward: Backward, quantity: Quantity): boolean {
  return quantity.shape.length === 0 && backward.lastLine(quantity, [])?.kind === "number";
}

/** A factor of all that comes through a summand, told of the derivatives that it comes to first. */
export function timesThrough(backward: Backward, at: Quantity, factor: number | string): Fault {
  const what = `what comes back through ${at.name} is ${timesText(factor)} times as much as it should be: ${repair(factor)}`;
  return {
    cause: "constant-factor",
    details: () => ({ factor }),
    arisesIn: at.name,
    firstIn: [...new Set(backward.outOf(at).map(({ to }) => to.name))],
    say: (claim) => `${claim}: ${what}`,
  };
}
