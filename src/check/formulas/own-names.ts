/** Sentences about parts of a model's statements, in the names that somebody's statements have for these. */
import type { Quantity } from "../../expression/quantity.js";
import { unbracketed } from "../../language/print.js";
import type { Model } from "../../language/model.js";
import type { Diagnosis } from "../result.js";
import { adjointName } from "../explanations/words.js";
import { isPart } from "./named-parts.js";

/**
 * A sentence about a statement, with the statements' own names for derivatives: grad_s for ds; what is in brackets by
 * itself needs no others.
 * @param subject whose derivative the sentence calls by its usual name, to begin with
 * @param own what statements call derivatives
 */
export function inOwnWords(
  text: string,
  subject: { readonly of: Quantity; readonly name: string },
  own: ReadonlyMap<Quantity, string>,
  { scope }: Model,
): string {
  const usual = adjointName(subject.of);
  const isSubject = wholeName(usual).exec(text)?.index === 0;
  const rest = isSubject ? text.slice(usual.length) : text;
  // where the model itself has a quantity dp, this is not the derivative by p
  const names = new Map([...own].map(([quantity, name]) => [adjointName(quantity), name] as const));
  const told = [...names.keys()].filter((name) => !scope.has(name)).map(escaped);
  let words = told.length === 0 ? rest : rest.replace(anyOf(told), (name) => names.get(name)!);
  for (const quantity of own.keys()) {
    if (isPart(quantity)) words = words.replaceAll(`(${quantity.name})`, quantity.name);
  }
  return isSubject ? `${subject.name}${words}` : words;
}

/**
 * With the statements' own names for values.
 * @param own what statements call parts of the model's statements
 */
export function inOwnNames(text: string, own: ReadonlyMap<string, string>): string {
  let words = text;
  for (const [part, name] of longestFirst(own)) {
    // the brackets of a function stay, those of a derivative by what is no name go
    words =
      unbracketed(part) === part
        ? words.replace(derivativeBy(`(${part})`), name)
        : words.replace(functionOf(part), `(${name})`);
    words = words.replace(wholeName(part), name);
  }
  return words;
}

/** What a part stands in goes before it. */
export function longestFirst(
  own: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  return [...own].sort(([a], [b]) => b.length - a.length);
}

/** The same of everything that a diagnosis says. */
export function toldInOwnNames(
  diagnosis: readonly Diagnosis[],
  own: ReadonlyMap<string, string>,
): readonly Diagnosis[] {
  if (own.size === 0) return diagnosis;
  return diagnosis.map((one) => {
    const told = Object.entries(one).map(([key, value]: readonly [string, unknown]) => [
      key,
      typeof value === "string" && key !== "cause" ? inOwnNames(value, own) : value,
    ]);
    return { ...one, ...(Object.fromEntries(told) as Partial<Diagnosis>) };
  });
}

/** A name where no longer one has it at its end or beginning: d(z), but not sigmoid(z). */
function wholeName(name: string): RegExp {
  return anyOf([escaped(name)]);
}

function anyOf(names: readonly string[]): RegExp {
  return new RegExp(`(?<![\\w'])(?:${names.join("|")})(?!(?<=\\w)\\w)`, "g");
}

function functionOf(brackets: string): RegExp {
  return new RegExp(`(?<=[\\w'])${escaped(brackets)}`, "g");
}

function derivativeBy(brackets: string): RegExp {
  return new RegExp(`(?<=∂|\\bd)${escaped(brackets)}`, "g");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
