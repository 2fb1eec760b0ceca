/** What single lines of a backward pass add to a derivative, as people write them. */
import { fullAxes } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { entryOf as scatteredEntry } from "../../../calculus/sweep.js";
import { type Axes, axesOf, matrixForm } from "../../../forms/matrix/convert.js";
import { matrixSyntax } from "../../../forms/matrix/language.js";
import { transposed } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import type { Syntax } from "../../../language/syntax.js";
import { has } from "../../../expression/predicates.js";
import { references } from "../../../expression/walk.js";
import { claimName, modelText } from "../../explanations/words.js";
import { summedLetters } from "./line-sums.js";
import type { Backward, Edge } from "../../pass/backward.js";

const LONGEST_STEP = 24;

/** A contribution in the model language, with its sums: `X' * dZ`; entry by entry where it has no word for it. */
export function lineText(backward: Backward, edge: Edge): string {
  const { to, clause } = edge;
  const { indices } = fullAxes(to.shape);
  // what reaches some entries only, as those of a diagonal, is written for all of them
  const entry =
    backward.entryOf(edge, indices) ?? scatteredEntry(backward.graph, [clause], indices);
  const written = inLanguage(backward, entry, axesOf(to.shape));
  if (written) return written;
  const text = modelText(backward.withNames(clause.body));
  return summedLetters(edge).length > 0 ? `the sum of ${text}` : text;
}

/** A factor over the axes of a quantity, by which its derivative may be multiplied: `s'` where it runs along rows. */
export function factorText(backward: Backward, { shape }: Quantity, factor: Expression): string {
  const { row, column } = axesOf(shape);
  const isAlongRow =
    column && factor.free.length > 0 && factor.free.every(({ key }) => key === column.key);
  if (factor.free.length === 0) return numberText(factor);
  // what is the same along an axis is broadcast
  const own = factor.free.some(({ key }) => key === column?.key) ? { row, column } : { row };
  if (!isAlongRow) return inLanguage(backward, factor, own) ?? modelText(factor);
  const syntax = syntaxOf(backward, factor, { row: column });
  if (syntax) return printSyntax(transposed(syntax));
  const text = modelText(factor);
  return /^\w+$/.test(text) ? `${text}'` : `(${text})'`;
}

/**
 * What one step multiplies a derivative by, entry by entry: `g` from Y = H .* g + b to H. Undefined where it adds
 * entries up, and where it takes more than a few names to say.
 */
export function stepText(backward: Backward, from: Quantity, to: Quantity): string | undefined {
  const { graph } = backward;
  const [edge, ...others] = backward.into(to).filter((one) => one.from === from);
  if (!edge || others.length > 0 || summedLetters(edge).length > 0) return undefined;
  const body = backward.withNames(edge.clause.body);
  const adjoint = references([body]).find(({ quantity }) => quantity.of === from);
  if (!adjoint || body === adjoint) return undefined;
  const factor = graph.divide(body, adjoint);
  if (references([factor]).some(({ quantity }) => quantity.of)) return undefined;
  const along = alongAxes(backward, edge, factor);
  if (!along) return undefined;
  const text = factorText(backward, to, along);
  return text.length <= LONGEST_STEP ? text : undefined;
}

/** A number, or what one is made of: `1/T`. */
function numberText(factor: Expression): string {
  return modelText(factor).replace(/^(-?)1 \.\/ /, "$11/");
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

function inLanguage(backward: Backward, entry: Expression, axes: Axes): string | undefined {
  const syntax = syntaxOf(backward, entry, axes);
  return syntax && printSyntax(syntax);
}

/** Undefined where the language has no word for a part of it. */
function syntaxOf(backward: Backward, entry: Expression, axes: Axes): Syntax | undefined {
  const { graph, model } = backward;
  const matrix = matrixForm(graph, backward.withNames(entry), axes)?.matrix;
  const nameOf = (one: Quantity): string => (one.of ? claimName(model, one.of) : one.name);
  return matrix && matrixSyntax(matrix, nameOf);
}
