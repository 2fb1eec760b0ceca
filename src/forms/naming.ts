/** What is said where the definition of a quantity was found in a line and its name was put in. */
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import { distinct, remark, said, type Sentence } from "../language/sentence.js";

/** @param result the line with the names; what fell out of it again is not told */
export function namingSentences(named: readonly Quantity[], result: Expression): Sentence[] {
  const left = new Set(references([result]).map(({ quantity }) => quantity));
  return distinct(named.filter((one) => left.has(one)).map(namingSentence));
}

export function namingSentence(quantity: Quantity): Sentence {
  return remark(said`What defines ${quantity} is written with its name.`);
}
