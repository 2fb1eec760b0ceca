/** What is said of a mistake in the forward pass. */
import type { Quantity } from "../../expression/quantity.js";
import type { Fault } from "../explanations/hypothesis.js";
import { listed } from "../../language/words.js";
import type { Cause, FaultDetails } from "../result.js";

/** Where the mistake is made; of several places the first in the forward pass comes first. */
type Places = Quantity | readonly [Quantity, ...Quantity[]];

/**
 * A mistake that the backward pass shares: the derivative is right, of what was computed.
 * @param what follows `z1 is computed with …`
 */
export function forwardFault(at: Places, cause: Cause, details: FaultDetails, what: string): Fault {
  return faultOf("is the derivative of another forward pass", at, cause, details, what);
}

/**
 * A mistake in the forward pass alone: the backward pass is that of the model, so that what comes out need not be
 * the derivative of anything.
 * @param what follows `z1 is computed with …`
 */
export function valuesFault(at: Places, cause: Cause, details: FaultDetails, what: string): Fault {
  const is = "is computed by the right lines with the values of another forward pass";
  return faultOf(is, at, cause, details, what);
}

/** @param is follows the claim */
function faultOf(is: string, at: Places, cause: Cause, details: FaultDetails, what: string): Fault {
  const [first, ...others] = "name" in at ? [at] : at;
  const are = others.length > 0 ? "are" : "is";
  const names = listed([first, ...others].map(({ name }) => name));
  return {
    cause,
    ...details,
    arisesIn: first.name,
    isForward: true,
    say: (claim) => `${claim} ${is}: ${names} ${are} computed with ${what}`,
  };
}
