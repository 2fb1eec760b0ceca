/** An answer of a program: a line of JSON. */
import { type JsonDocument, parseJson } from "../json.js";

/**
 * @param position of the point, from 1
 * @throws InputError with the beginning of the answer and a hint, for anything but JSON.
 */
export function readAnswer(text: string, position: number): JsonDocument {
  const goesOn = /^\s*[[{]/.test(text) && /[[{,]\s*$/.test(text);
  const hint = goesOn
    ? "an answer is one line: print it without indentation"
    : "stdout is for answers, one line of JSON each; print everything else to stderr";
  return parseJson({ name: `<answer to point ${position}>`, text }, { allowNonFinite: true, hint });
}
