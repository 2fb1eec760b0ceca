/** What is said of a mistake in the forward pass. */
import type { Quantity } from "../../expression/quantity.js";
import type { Fault } from "../explanations/hypothesis.js";
import { listed } from "../../language/words.js";
import { once } from "../once.js";
import type { Cause } from "../result.js";
import { detailsOf, type Told } from "./mutant.js";

/** Where the mistake is made; of several places the first in the forward pass comes first. */
type Places = Quantity | readonly [Quantity, ...Quantity[]];

/**
 * A mistake that the backward pass shares: the derivative is right, of what was computed.
 * @param tell its sentence follows `z1 is computed with …`
 */
export function forwardFault(at: Places, cause: Cause, tell: () => Told): Fault {
  return faultOf("is the derivative of another forward pass", at, cause, tell);
}

/**
 * A mistake in the forward pass alone: the backward pass is that of the model, so that what comes out need not be
 * the derivative of anything.
 * @param tell its sentence follows `z1 is computed with …`
 */
export function valuesFault(at: Places, cause: Cause, tell: () => Told): Fault {
  const is = "is computed by the right lines with the values of another forward pass";
  return faultOf(is, at, cause, tell);
}

/** What is told where one thing is written for another. */
export function inPlaceOf(used: string, instead: string): Told {
  return { used, instead, what: `${used} in place of ${instead}` };
}

/** @param is follows the claim */
function faultOf(is: string, at: Places, cause: Cause, tell: () => Told): Fault {
  const [first, ...others] = "name" in at ? [at] : at;
  const told = once(tell);
  return {
    cause,
    details: detailsOf(told),
    arisesIn: first.name,
    isForward: true,
    say: (claim) => {
      const are = others.length > 0 ? "are" : "is";
      const names = listed([first, ...others].map(({ name }) => name));
      return `${claim} ${is}: ${names} ${are} computed with ${told().what}`;
    },
  };
}
