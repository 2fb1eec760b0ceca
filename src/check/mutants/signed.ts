/** A derivative with the wrong sign, and with a factor beside it. */
import type { Quantity } from "../../expression/quantity.js";
import { type Factor, isMinus } from "../explanations/factors.js";
import { type Fault, magnitude } from "../explanations/hypothesis.js";
import { faultAt } from "./mutant.js";

export function wrongSignAt(at: Quantity): Fault {
  return faultAt(at, "sign", () => ({
    what: "the right gradient with the wrong sign: multiply by -1",
  }));
}

/**
 * What a factor of a derivative is: its sign, where that is wrong, and what is left of it. Nothing where it is an update
 * step's: such a step is made of each gradient, and is no slip of a line.
 */
export function signed(
  at: Quantity,
  factor: Factor,
  times: (magnitude: Factor["name"]) => Fault,
): Fault[] {
  if (factor.isStep) return [];
  if (factor.value > 0) return [times(factor.name)];
  const sign = wrongSignAt(at);
  return isMinus(factor) ? [sign] : [sign, times(magnitude(factor))];
}
