/** A file of formulas → statements, and what each of them claims. */
import type { Quantity } from "../../expression/quantity.js";
import { DECLARATIONS } from "../../language/elaborate.js";
import { type Model, unfixedSize } from "../../language/model.js";
import { parseProgram } from "../../language/parse.js";
import { InputError, locate, nearest, type Source } from "../../language/source.js";
import { namesIn, type Statement } from "../../language/syntax.js";

/** One statement of a file of formulas. */
export interface Formula {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly statement: Statement;
  /** The quantity by which it claims to be the derivative; undefined for what only others use. */
  readonly claims: Quantity | undefined;
}

/**
 * Reads formulas over a model.
 *
 * A name of the model keeps its meaning, so that a statement may not take it: where the model itself
 * has a quantity dW1, the derivative by W1 is written grad_W1.
 * @throws InputError with the place, for syntax, for names that are taken, given twice or ambiguous,
 * for claims about what the model does not have, and where nothing is claimed.
 */
export function readFormulas(model: Model, source: Source): readonly Formula[] {
  const { statements } = parseProgram(source);
  const used = new Set(statements.flatMap(({ expression }) => [...namesIn(expression)]));
  const first = new Map<string, Statement>();
  const claimed = new Map<Quantity, Statement>();
  const formulas = statements.map((statement): Formula => {
    checkName(model, statement, first.get(statement.name));
    checkSizes(model, statement);
    first.set(statement.name, statement);
    const claims = claimOf(model, statement, used.has(statement.name));
    const before = claims && claimed.get(claims);
    if (before) {
      throw new InputError(
        `the derivative by ${claims.name} is claimed twice, as ${before.name} and as ${statement.name}`,
        { place: statement.place, hint: `it was given first by: ${before.text}` },
      );
    }
    if (claims) claimed.set(claims, statement);
    return { name: statement.name, line: locate(statement.place).line, statement, claims };
  });
  if (claimed.size === 0) {
    const [param = model.loss] = model.params;
    const names = [`d${param.name}`, `grad_${param.name}`].filter((one) => !model.scope.has(one));
    throw new InputError(
      statements.length === 0 ? "there is no formula" : "no statement claims a derivative",
      {
        place: statements.at(-1)?.place ?? { source, offset: 0 },
        hint: `a statement named ${names.join(" or ")} claims the derivative of ${model.loss.name} by ${param.name}`,
      },
    );
  }
  return formulas;
}

function checkName(model: Model, statement: Statement, earlier: Statement | undefined): void {
  const { name, place, expression } = statement;
  if (earlier) {
    throw new InputError(`the name ${name} is given twice`, {
      place,
      hint: `it was given first by: ${earlier.text}`,
    });
  }
  if (model.scope.has(name)) {
    const inner = name.startsWith("d") ? name.slice(1) : "";
    throw new InputError(`the name ${name} is one of the model's: a formula cannot redefine it`, {
      place,
      hint: model.scope.has(inner)
        ? `to claim the derivative by ${inner} write grad_${inner}`
        : `to claim the derivative by ${name} write d${name} or grad_${name}`,
    });
  }
  if (name === "end") {
    throw new InputError("the name end is taken: in an index it is the last entry", { place });
  }
  if (expression.kind === "call" && DECLARATIONS.has(expression.name)) {
    throw new InputError(`a formula declares nothing: ${expression.name}(…) belongs to the model`, {
      place: expression.place,
    });
  }
}

/** @throws InputError for a size that the model declares and uses nowhere. */
function checkSizes({ scope, sizes }: Model, { expression, place }: Statement): void {
  const names = [...namesIn(expression)];
  const open = names.find((name) => {
    const size = scope.get(name)?.size;
    return size?.constant === undefined && size !== undefined && !sizes.includes(name);
  });
  if (open !== undefined) throw unfixedSize(open, place);
}

function claimOf(model: Model, statement: Statement, isUsed: boolean): Quantity | undefined {
  const { name, place } = statement;
  const named = (candidate: string): Quantity | undefined => model.scope.get(candidate)?.quantity;
  const prefixes = [`d${model.loss.name}_d`, "grad_", "d"].filter((one) => name.startsWith(one));
  const rests = prefixes.map((prefix) => name.slice(prefix.length)).filter((rest) => rest !== "");
  const found = [...new Set(rests.flatMap((rest) => named(rest) ?? []))];
  if (found.length > 1) {
    const names = found.map((one) => one.name);
    throw new InputError(
      `${name} may claim the derivative by ${names.join(" or by ")}: the model has both`,
      { place, hint: `write ${names.map((one) => `grad_${one}`).join(" or ")}` },
    );
  }
  if (found[0]) return found[0];
  const [rest] = rests;
  if (rest === undefined) return undefined;
  const size = rests.find((one) => model.scope.has(one));
  if (size !== undefined && !isUsed) {
    throw new InputError(`${name} claims a derivative by ${size}, which is a size`, { place });
  }
  const known = [...model.scope].flatMap(([one, { quantity }]) => (quantity ? [one] : []));
  const near = nearest(rest, known);
  const isExplicit = prefixes[0] !== "d";
  // what only looks like a claim may be a name of the author's own, where others use it
  const isOwn = isExplicit ? isUsed && near === undefined : isUsed || near === undefined;
  if (isOwn) return undefined;
  throw new InputError(`${name} claims a derivative by ${rest}, which the model does not have`, {
    place,
    hint: near
      ? `did you mean ${name.slice(0, name.length - rest.length)}${near}?`
      : `the parameters are ${model.params.map((one) => one.name).join(", ")}`,
  });
}
