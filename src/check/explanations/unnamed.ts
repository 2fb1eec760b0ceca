/** What sentences call by a name that the model does not give: parts of its statements. */
import { type Definition, fullBody } from "../../expression/definition.js";
import { postorder } from "../../expression/walk.js";
import type { Expression } from "../../expression/expression.js";
import { axesOf, matrixForm } from "../../forms/matrix/convert.js";
import { matrixSyntax } from "../../forms/matrix/language.js";
import type { Model } from "../../language/model.js";
import { printSyntax } from "../../language/print.js";
import type { Diagnosis } from "../result.js";
import { modelText } from "./words.js";

/** Says of every such name in a sentence what it stands for: `…, where u_1 is X * U`. */
export function withMeanings(model: Model, diagnosis: Diagnosis): Diagnosis {
  const parts = model.definitions.filter(({ quantity }) => quantity.role === "auxiliary");
  const meanings: string[] = [];
  let said = diagnosis.text;
  // a part may be made of others, which stand before it
  for (const one of parts.toReversed()) {
    const { name } = one.quantity;
    if (!new RegExp(`\\bd?${name}\\b`).test(said)) continue;
    const meaning = `${name} is ${meaningOf(model, one)}`;
    meanings.push(meaning);
    said += ` ${meaning}`;
  }
  if (meanings.length === 0) return diagnosis;
  return { ...diagnosis, text: `${diagnosis.text}, where ${meanings.reverse().join(", and ")}` };
}

/** As matrices; entry by entry only where nothing is summed, so that no index is lost. */
function meaningOf({ graph }: Model, { quantity: { shape }, clauses }: Definition): string {
  const body = fullBody(shape, clauses);
  const matrix = body && matrixForm(graph, body, axesOf(shape))?.matrix;
  const syntax = matrix && matrixSyntax(matrix, ({ name }) => name);
  if (syntax) return printSyntax(syntax);
  return body && !hasSums(body) ? modelText(body) : "a part of a statement";
}

function hasSums(body: Expression): boolean {
  return [...postorder([body], (one: Expression) => one.children)].some(
    ({ kind }) => kind === "reduce",
  );
}
