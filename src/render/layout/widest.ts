/**
 * An upper bound of the width of printed LaTeX, which takes no boxes to find: everything beside one another, nothing
 * small, with all the space that may be around it. Most formulas have room by it.
 */
import {
  BESIDE,
  BRACE,
  bracketWidth,
  codeWidth,
  COLUMN_SPACE,
  commandWidth,
  LINE,
  LARGEST_MATRIX_BRACKET,
  NAME_SPACE,
  ROOT,
  wordWidth,
  SIGN_SPACE,
  WORDS,
} from "./metrics.js";

/** Of commands, where that is not as wide as they are printed alone. */
const COMMANDS: ReadonlyMap<string, number> = new Map([
  ["\\frac", LINE + BESIDE],
  ["\\underbrace", BRACE + BESIDE],
  ["\\sqrt", ROOT],
  ["\\left", BESIDE + bracketWidth(Infinity)],
  ["\\begin", 2 * LARGEST_MATRIX_BRACKET],
  ...["\\cdot", "\\odot", "\\otimes", "\\oslash"].map(
    (join) => [join, commandWidth(join) + SIGN_SPACE] as const,
  ),
]);

const BACKSLASH = "\\".charCodeAt(0);

/** Of the other signs that one byte holds, by their codes. */
const SIGNS = Float64Array.from({ length: 0x80 }, (_, code) => {
  const sign = String.fromCharCode(code);
  if (/[\s{}]/.test(sign)) return 0;
  if (sign === "&") return COLUMN_SPACE;
  return codeWidth(code) + (/[+-]/.test(sign) ? SIGN_SPACE : 0);
});

/** An upper bound of how wide a formula is in em. */
export function widestOf(tex: string): number {
  let total = 0;
  for (let at = 0; at < tex.length;) {
    const code = tex.charCodeAt(at);
    if (code !== BACKSLASH) {
      total += SIGNS[code] ?? codeWidth(code);
      at++;
      continue;
    }
    const end = commandEnd(tex, at);
    const command = tex.slice(at, end);
    at = end;
    if (WORDS.has(command)) {
      at = groupEnd(tex, end);
      total += wordWidth(tex.slice(end, at)) + NAME_SPACE;
    } else {
      total += COMMANDS.get(command) ?? commandWidth(command);
      // the name of an environment is not printed
      if (command === "\\begin" || command === "\\end") at = groupEnd(tex, end);
      // the sign of a bracket is in the width of both
      else if (command === "\\left" || command === "\\right") at++;
    }
  }
  return total;
}

/** Where the command that begins at a place ends. */
function commandEnd(tex: string, start: number): number {
  let end = start + 1;
  for (; ; end++) {
    const small = tex.charCodeAt(end) | 0x20;
    if (!(small >= 0x61 && small <= 0x7a)) return Math.max(end, start + 2);
  }
}

/** Where a group that may begin at a place ends. */
function groupEnd(tex: string, start: number): number {
  let depth = 0;
  for (let at = start; at < tex.length; at++) {
    const sign = tex[at];
    if (sign === "{") depth++;
    if (sign === "}" && --depth === 0) return at + 1;
  }
  return tex.length;
}
