/** What single lines of a backward pass add to a derivative, as people write them. */
import { fullAxes } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { type Axes, axesOf, matrixForm } from "../../../forms/matrix/convert.js";
import { matrixSyntax } from "../../../forms/matrix/language.js";
import { printSyntax } from "../../../language/print.js";
import { has } from "../../../expression/predicates.js";
import { claimName, modelText } from "../../explanations/words.js";
import { summedLetters } from "./line-sums.js";
import type { Backward, Edge } from "../../pass/backward.js";

/** A contribution in the model language, with its sums: `X' * dZ`; entry by entry where it has no word for it. */
export function lineText(backward: Backward, edge: Edge): string {
  const { to, clause } = edge;
  const entry = backward.entryOf(edge, fullAxes(to.shape).indices);
  const written = entry && inLanguage(backward, entry, axesOf(to.shape));
  if (written) return written;
  const text = modelText(backward.withNames(clause.body));
  return summedLetters(edge).length > 0 ? `the sum of ${text}` : text;
}

/** A factor over the axes of a quantity, by which its derivative may be multiplied: `s'` where it runs along rows. */
export function factorText(backward: Backward, { shape }: Quantity, factor: Expression): string {
  const { row, column } = axesOf(shape);
  const isAlongRow =
    column && factor.free.length > 0 && factor.free.every(({ key }) => key === column.key);
  if (!isAlongRow) return inLanguage(backward, factor, { row, column }) ?? modelText(factor);
  const text = inLanguage(backward, factor, { row: column }) ?? modelText(factor);
  return /^\w+$/.test(text) ? `${text}'` : `(${text})'`;
}

/** A factor that a line has for each entry, over the axes of what the line is added to. */
export function alongAxes(
  backward: Backward,
  edge: Edge,
  factor: Expression,
): Expression | undefined {
  const letters = edge.clause.letters.filter((one) => has(factor, one));
  const own = { ...edge, clause: { ...edge.clause, letters, body: factor } };
  return backward.entryOf(own, fullAxes(edge.to.shape).indices);
}

/** Undefined where the language has no word for a part of it. */
function inLanguage(backward: Backward, entry: Expression, axes: Axes): string | undefined {
  const { graph, model } = backward;
  const matrix = matrixForm(graph, backward.withNames(entry), axes)?.matrix;
  const nameOf = (one: Quantity): string | undefined => {
    if ((one.of ?? one).role === "auxiliary") return undefined;
    return one.of ? claimName(model, one.of) : one.name;
  };
  const syntax = matrix && matrixSyntax(matrix, nameOf);
  return syntax && printSyntax(syntax);
}
