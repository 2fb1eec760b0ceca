/** Sentences that several forms and passages have in common. */
import type { Quantity } from "../expression/quantity.js";
import { Size } from "../expression/size.js";
import { enumerated, formula, said, type Sentence } from "../language/sentence.js";

/** Of a line about a whole quantity, behind the one about its entries. */
export const AT_ONCE = said`The same for all entries at once.`;
export const PUT_IN = said`The numbers of the point are put in.`;
export const VALUE = said`The value at the point.`;

/** What becomes of relu · relu′ where slopes are put in. */
export const OWN_STEP = said`The product of relu and its slope is relu, which is 0 where its slope is.`;

/** What a local derivative means. */
export function heldFixed(numerator: Quantity, of: Quantity): Sentence {
  return said`The derivative of ${numerator} by ${of}; everything else in the definition of ${numerator} is held fixed.`;
}

/** `N = 4 and M = 3` */
export function sizesTaken(sizes: readonly (readonly [name: string, value: number])[]): Sentence {
  return enumerated(sizes.map(([name, value]) => formula(Size.named(name), " = ", value)));
}
