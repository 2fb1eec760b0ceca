/** Statements without a factor that their numbers show. */
import { binary, minus } from "../../language/compose.js";
import { parseProgram } from "../../language/parse.js";
import { InputError } from "../../language/source.js";
import type { Syntax } from "../../language/syntax.js";
import { remedyOf } from "../explanations/hypothesis.js";
import type { Diagnosis } from "../result.js";

/** A statement without a factor and a sign, where nothing else is told of it. */
export function scaledBack(expression: Syntax, faults: readonly Diagnosis[]): Syntax | undefined {
  const isScale = ({ cause }: Diagnosis): boolean =>
    cause === "sign" || cause === "constant-factor";
  if (!faults.every(isScale) || faults.length === 0) return undefined;
  let scaled: Syntax | undefined = expression;
  for (const { cause, factor } of faults) {
    if (cause === "sign") scaled = scaled && minus(scaled);
    else scaled = scaled && factor !== undefined ? without(scaled, factor) : undefined;
  }
  return scaled;
}

function without(expression: Syntax, factor: number | string): Syntax | undefined {
  const { isDivision, by } = remedyOf(factor);
  const number = numberIn(by);
  if (!number) return undefined;
  return isDivision ? binary("/", expression, number) : binary("*", number, expression);
}

function numberIn(text: string): Syntax | undefined {
  try {
    const { statements } = parseProgram({ name: "factor", text: `factor = ${text}` });
    return statements[0]?.expression;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
