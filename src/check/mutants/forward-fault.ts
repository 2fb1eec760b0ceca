/** What is said of a mistake in the forward pass. */
import type { Quantity } from "../../expression/quantity.js";
import type { Fault } from "../explanations/hypothesis.js";
import type { Cause, FaultDetails } from "../result.js";

/** @param what follows `z1 is computed with …` */
export function forwardFault(
  at: Quantity,
  cause: Cause,
  details: FaultDetails,
  what: string,
): Fault {
  return {
    cause,
    ...details,
    arisesIn: at.name,
    say: (claim) =>
      `${claim} is the derivative of another forward pass: ${at.name} is computed with ${what}`,
  };
}
