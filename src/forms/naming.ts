/** What is said where the definition of a quantity was found in a line and its name was put in. */
import { fullBody } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { references, writtenLength } from "../expression/walk.js";
import {
  type DefinitionAtom,
  distinct,
  formula,
  said,
  type Sentence,
} from "../language/sentence.js";
import { syntaxText } from "../language/text.js";
import type { RouteModel } from "./route.js";

/** Definitions of more symbols than this are not written in a sentence. */
const LONGEST = 24;

/** @param result the line with the names; what fell out of it again is not told */
export function namingSentences(
  model: RouteModel,
  named: readonly Quantity[],
  result: Expression,
): Sentence[] {
  const left = new Set(references([result]).map(({ quantity }) => quantity));
  const kept = named.filter((one) => left.has(one));
  return distinct(kept.map((one) => namingSentence(model, one, "entry")));
}

/** What is said of names of entries, said of all entries at once: O W is F. */
export function inMatrices(sentences: readonly Sentence[]): Sentence[] {
  return sentences.map((one) =>
    one.withAtoms((atom) => (atom.kind === "definition" ? { ...atom, of: "whole" } : atom)),
  );
}

/** Σ_k o_ik w_kj is f_ij, by the definition of F. */
export function namingSentence(
  { definitions, program }: RouteModel,
  quantity: Quantity,
  of: DefinitionAtom["of"],
): Sentence {
  const statement = program.statements.find(({ name }) => name === quantity.name);
  const definition = definitions.find((one) => one.quantity === quantity);
  const body = definition && fullBody(quantity.shape, definition.clauses);
  if (!statement || !body || writtenLength(body) > LONGEST) {
    return said`What ${quantity} is defined as stands here, and is written ${quantity}.`;
  }
  const side = (which: "left" | "right", text: string): DefinitionAtom => {
    return { kind: "definition", quantity, side: which, of, text };
  };
  const [right, left] = [
    side("right", syntaxText(statement.expression)),
    side("left", quantity.name),
  ];
  return said`${formula(right)} is ${formula(left)}, by the definition of ${quantity}.`;
}
