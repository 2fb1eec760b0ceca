/** What quantities and their derivatives are called in sentences. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { unbracketed } from "../../language/print.js";

export { modelText, reducedText } from "./model-text.js";

/** A shape in words, from the lengths of its axes: `a number`, `a list of 3`, `3×4`. */
export function lengthsText(lengths: readonly number[]): string {
  if (lengths.length === 0) return "a number";
  return lengths.length === 1 ? `a list of ${lengths[0]!}` : lengths.join("×");
}

/** The name of ∂loss/∂quantity in sentences. */
export function adjointName({ name }: Pick<Quantity, "name">): string {
  return `d${whole(name)}`;
}

/** `∂a1/∂z1`: a partial derivative in sentences. */
export function partialText(of: Quantity, by: Quantity): string {
  return `∂${whole(of.name)}/∂${whole(by.name)}`;
}

/** `∂L/∂z2`. */
export function derivativeText(
  { loss }: Pick<Model, "loss">,
  { name }: Pick<Quantity, "name">,
): string {
  return `∂${loss.name}/∂${whole(name)}`;
}

/** What is no name, in brackets. */
function whole(name: string): string {
  return /[([]/.test(name) && unbracketed(name) === name ? `(${name})` : name;
}

/** The name of the statement that claims a derivative. */
export function claimName(model: Model, { name }: Quantity): string {
  return model.scope.has(`d${name}`) ? `grad_${name}` : `d${name}`;
}

/** How the sentence about a claim ends that nothing explains. */
export const UNEXPLAINED = "no known mistake reproduces these numbers";
