import { shapeText } from "../../src/expression/size.js";
import { type Model, parseModel } from "../../src/language/model.js";
import { InputError } from "../../src/language/source.js";
import { compile } from "../../src/numeric/compile.js";
import type { Nested } from "../../src/numeric/evaluator.js";

/** Quantities of all shapes that the tests of expressions use. */
const DECLARATIONS = `
  N = size()
  M = size()
  k = input()
  x = input(2)
  y = input(3)
  r = input(1, 3)
  A = input(2, 3)
  B = input(3, 2)
  S = input(3, 3)
  X = input(3, N)
  Y = input(N, M)
  n = input(N)
`;

/** `2×N`, `3`, or `scalar`: the shape of an expression over the declarations above. */
export function shapeOf(expression: string): string {
  const model = parseModel(`${DECLARATIONS}\nvalue = ${expression}\nL = 0`);
  const found = model.definitions.find(({ quantity }) => quantity.name === "value")!;
  return shapeText(found.quantity.shape).replace("a ", "").replace("vector of ", "");
}

/** The message and the hint that an expression is refused with. */
export function refusal(expression: string): { message: string; hint?: string } {
  return refusalOf(`${DECLARATIONS}\nvalue = ${expression}\nL = 0`);
}

export function refusalOf(text: string): { message: string; hint?: string } {
  try {
    parseModel(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message, hint } = error;
    return hint === undefined ? { message } : { message, hint };
  }
  throw new Error(`it is accepted: ${text}`);
}

/** The value of an expression without quantities. */
export function valueOf(expression: string, statements = ""): Nested {
  const model: Model = parseModel(`${statements}\nvalue = ${expression}\nL = 0`);
  return compile(model).evaluate({}).values["value"]!;
}
