/** What is said of a mistake in the forward pass. */
import type { Quantity } from "../../expression/quantity.js";
import type { Fault } from "../explanations/hypothesis.js";
import { listed } from "../../language/words.js";
import type { Cause, FaultDetails } from "../result.js";

/**
 * @param at where the mistake is made; of several the first in the forward pass comes first
 * @param what follows `z1 is computed with …`
 */
export function forwardFault(
  at: Quantity | readonly [Quantity, ...Quantity[]],
  cause: Cause,
  details: FaultDetails,
  what: string,
): Fault {
  const [first, ...others] = "name" in at ? [at] : at;
  const are = others.length > 0 ? "are" : "is";
  const names = listed([first, ...others].map(({ name }) => name));
  return {
    cause,
    ...details,
    arisesIn: first.name,
    isForward: true,
    say: (claim) =>
      `${claim} is the derivative of another forward pass: ${names} ${are} computed with ${what}`,
  };
}
