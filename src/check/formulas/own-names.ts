/** Sentences about parts of a model's statements, in the names that somebody's statements have for these. */
import type { Quantity } from "../../expression/quantity.js";
import { unbracketed } from "../../language/print.js";
import type { Diagnosis } from "../result.js";
import { adjointName } from "../explanations/words.js";
import { isPart } from "./named-parts.js";

/**
 * With the statements' own names for derivatives; what is in brackets by itself needs no others.
 * @param own what statements call derivatives that they do not claim
 */
export function inOwnWords(text: string, own: ReadonlyMap<Quantity, string>): string {
  let words = text;
  for (const [quantity, name] of own) {
    words = words.replace(wholeName(adjointName(quantity)), name);
    if (isPart(quantity)) words = words.replaceAll(`(${quantity.name})`, quantity.name);
  }
  return words;
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
  return new RegExp(`(?<![\\w'])${escaped(name)}(?!(?<=\\w)\\w)`, "g");
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
