/** What a function of the model language is. */
import type { Argument, Elaboration } from "../elaboration.js";
import type { CallSyntax } from "../syntax.js";
import type { Tensor } from "../tensor.js";
import { syntaxText } from "../text.js";

/** A call with its arguments in the order of the function's parameters. */
export interface FunctionCall {
  readonly context: Elaboration;
  readonly syntax: CallSyntax;
  /** A parameter that was left out is undefined. */
  readonly args: readonly (Argument | undefined)[];
}

export interface LanguageFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  /** How many of the parameters must be given. */
  readonly required: number;
  /** Takes further arguments after the required ones; the last parameter is then given by name. */
  readonly variadic?: boolean;
  build(call: FunctionCall): Tensor;
}

export type Axis = 1 | 2;

/**
 * The optional `dim` argument: the literal 1 or 2.
 * @param pairwise the function that does the same with two operands, for those who meant it
 */
export function axisOf(
  call: FunctionCall,
  argument: Argument | undefined,
  pairwise?: string,
): Axis | undefined {
  if (!argument) return undefined;
  const { syntax } = argument;
  if (syntax.kind === "number" && (syntax.text === "1" || syntax.text === "2")) {
    return Number(syntax.text) as Axis;
  }
  return call.context.fail(
    syntax.place,
    `the dimension of ${call.syntax.name} must be 1 or 2, not ${syntaxText(syntax)}`,
    `1 runs down the columns, 2 along the rows${pairwise === undefined ? "" : `; of two operands it is ${pairwise}(a, b)`}`,
  );
}
