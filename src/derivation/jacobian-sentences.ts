/** What is said in the Jacobian form. */
import type { Quantity } from "../expression/quantity.js";
import { entryCount } from "../expression/size.js";
import type { MatrixExpression } from "../forms/matrix/expression.js";
import type { Partial, Route } from "../forms/route.js";
import { enumerated, formula, remark, said, type Sentence } from "../language/sentence.js";

/** What has to be known to read a Jacobian. */
export function conventions({ numerator, of }: Partial): Sentence[] {
  const hasVec = [numerator, of].some(
    ({ shape }) => shape.filter((size) => !size.isOne).length === 2,
  );
  const hasRows = !entryCount(numerator.shape).isOne;
  return [
    ...(hasRows
      ? [said`Each row of a Jacobian belongs to one entry of what is differentiated.`]
      : []),
    ...(hasVec ? [said`The sign vec writes the columns of a matrix one below the other.`] : []),
  ];
}

/** Why the Jacobian of the loss is written with a transpose, where it is a row. */
export function rowSentences({ columns }: MatrixExpression, loss: Quantity): Sentence[] {
  if (columns.isOne) return [];
  return [
    remark(
      said`The derivative of ${loss} has the shape of what ${loss} is differentiated by; its transpose is the Jacobian of ${loss}, a row. Every other derivative here is a Jacobian itself.`,
    ),
  ];
}

/** @param acting the users of a quantity whose local Jacobians are not 0 */
export function chainSentence(route: Route, acting: readonly Quantity[], of: Quantity): Sentence {
  const { loss } = route.model;
  if (acting.length === 0) {
    return said`All derivatives by ${of} are 0, so that of ${loss} is 0.`;
  }
  const names = acting.filter((user) => user !== loss);
  const [only, ...more] = names;
  if (only === undefined) return said`All but the direct part is 0.`;
  const direct = names.filter((user) => route.partialOf(user, of)!.quantity.isDirect === true);
  // what acts through others too is multiplied with its direct part alone: the others have terms of their own
  const part = direct.length === names.length ? "the direct part of that" : "that";
  const plus =
    direct.length > 0 && direct.length < names.length
      ? said` (of ${enumerated(direct)} its direct part)`
      : "";
  const products =
    more.length === 0
      ? said`The Jacobian of ${loss} with respect to ${only} times ${part} of ${only} with respect to ${of}`
      : said`The Jacobians of ${loss} with respect to ${enumerated(names)}, each times ${part} of its quantity with respect to ${of}${plus}, added`;
  return said`${products}${names.length < acting.length ? ", and the direct part" : ""}.`;
}

export function shapeSentence({ numerator, of, quantity }: Partial): Sentence {
  const [rows, columns] = [entryCount(numerator.shape), entryCount(of.shape)];
  const what = quantity.isDirect === true ? "The direct part of the Jacobian" : "The Jacobian";
  return said`${what} of ${numerator} with respect to ${of} is ${formula(rows, "×", columns)}.`;
}
