/** The signs of LaTeX, as a reader of formulas sees them. Written from LaTeX alone. */

/** Something that is printed and cannot be read in exactly one way. */
export class UnreadableError extends Error {
  override readonly name: string = "UnreadableError";
}

const SPACING: ReadonlySet<string> = new Set(["\\,", "\\;", "\\:", "\\!"]);

/**
 * Commands, numbers, letters and single signs; a delimiter belongs to its `\left`, `\bigl` or `\right`.
 * Thin spaces are left out; `\quad`, `\qquad`, `\\` and `&` separate and stay.
 */
export function tokenize(tex: string): string[] {
  const pattern =
    /\\\\\[\dpt\]|\\(?:left|right|[bB]ig[lr])\s*(?:\\[A-Za-z]+|[()[\]|.])|\\[A-Za-z]+|\\[^A-Za-z]|\d+(?:\.\d+)?|[^\s]/gu;
  const tokens = tex.match(pattern) ?? [];
  for (const token of tokens) {
    if (!/^[\x21-\x7e]+$/.test(token.replace(/\s/g, ""))) {
      throw new UnreadableError(`the sign ${token} is no LaTeX`);
    }
  }
  // how far rows stand apart is no sign
  const signs = tokens.map((token) => token.replace(/\s|(?<=^\\\\)\[\dpt\]$/g, ""));
  return signs.filter((token) => !SPACING.has(token));
}

/** Tokens as one text that is equal for equal mathematics: braces around one token are left out. */
export function canonical(tokens: readonly string[]): string {
  const text: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const isBraced = tokens[at] === "{" && tokens[at + 2] === "}";
    text.push(tokens[isBraced ? at + 1 : at]!);
    if (isBraced) at += 2;
  }
  return text.join(" ");
}

/** Splits at a separator outside braces, delimiters and environments. */
export function splitAt(tokens: readonly string[], separator: string): string[][] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token === "{" || token === "\\begin" || token.startsWith("\\left")) depth++;
    if (token === separator && depth === 0) {
      parts.push([]);
      continue;
    }
    if (token === "}" || token === "\\end" || token.startsWith("\\right")) depth--;
    parts.at(-1)!.push(token);
  }
  return parts;
}
