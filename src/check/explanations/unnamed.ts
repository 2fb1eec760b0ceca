/** What sentences call by a name that the model does not give: parts of its statements. */
import { fullBody } from "../../expression/definition.js";
import type { Model } from "../../language/model.js";
import type { Diagnosis } from "../result.js";
import { modelText } from "./words.js";

/** Says of every such name in a sentence what it stands for: `…, where u_1 is X * U`. */
export function withMeanings(model: Model, diagnosis: Diagnosis): Diagnosis {
  const meanings = model.definitions.flatMap(({ quantity: { name, role, shape }, clauses }) => {
    if (role !== "auxiliary" || !new RegExp(`\\bd?${name}\\b`).test(diagnosis.text)) return [];
    const body = fullBody(shape, clauses);
    return [`${name} is ${body ? modelText(body) : "a part of a statement"}`];
  });
  if (meanings.length === 0) return diagnosis;
  return { ...diagnosis, text: `${diagnosis.text}, where ${meanings.join(", and ")}` };
}
