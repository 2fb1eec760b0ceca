/** Names and symbols in LaTeX: words, accents, and what stands above and below a letter. */
import { joined, type SymbolParts } from "../../language/symbol.js";
import { greekCharacter, greekWord } from "../../language/greek.js";

/** A character of a name; a command ends with a space, so that a letter may follow. */
function letterLatex(character: string): string {
  const greek = greekCharacter(character) ?? character;
  return greek.startsWith("\\") ? `${greek} ` : greek;
}

/** A word of a name: one letter in italics, a Greek word as its letter, a longer word upright. */
export function wordLatex(word: string): string {
  const greek = greekWord(word);
  if (greek !== undefined) return greek;
  const letters = Array.from(word, letterLatex).join("").trim();
  return word.length === 1 ? letters : `\\mathrm{${letters}}`;
}

/** What may stand above a letter: `Y_bar` is Ȳ. */
const ACCENTS: ReadonlySet<string | undefined> = new Set(["bar", "hat", "tilde"]);

/** A letter with an accent; undefined where the name says none, or what it stands on is a word. */
export function accentLatex(word: string, accent: string | undefined): string | undefined {
  const isLetter = Array.from(word).length === 1 || greekWord(word) !== undefined;
  return isLetter && ACCENTS.has(accent) ? `\\${accent!}{${wordLatex(word)}}` : undefined;
}

/** A name letter by letter, upright: `W\_1`; Greek letters are bold, to differ from their words. */
export function plainLatex(name: string): string {
  const isAscii = /^[\x20-\x7e]*$/.test(name);
  if (isAscii) return `\\mathrm{${name.replaceAll("_", "\\_")}}`;
  const letters = Array.from(name, letterLatex).join("").replaceAll("_", "\\_");
  return `\\boldsymbol{${letters}}`;
}

/** A capital letter, also one with an accent, small; anything else as it is. */
export function smallLetter(base: string): string {
  return base.replace(/^(?:[A-Z]|(\\(?:bar|hat|tilde)\{)([A-Z])\})$/, (letter, accent: string) =>
    accent ? `${accent}${letter.at(-2)!.toLowerCase()}}` : letter.toLowerCase(),
  );
}

const BOLD = /^\\(?:mathbf|boldsymbol)\{(.+)\}$/;

/** A bold letter as the entries of what it stands for are written, in italics; any other as it is. */
export function lightLetter(base: string): string {
  const inner = BOLD.exec(base)?.[1];
  return inner !== undefined && /^(?:[A-Za-z]|\\[A-Za-z]+)$/.test(inner) ? inner : base;
}

/** A symbol with indices; one that has a subscript of its own stands in brackets. */
export function indexed(parts: SymbolParts, indices: readonly string[]): string {
  const script = indexScript(indices);
  if (parts.sub !== undefined) return `\\left(${joined(parts)}\\right)_{${script}}`;
  return joined({ base: parts.base, sub: script, sup: parts.sup });
}

/** `ij`, `12`, or with commas where an index is longer than one sign. */
export function indexScript(indices: readonly string[]): string {
  return indices.join(indices.every((text) => text.length === 1 && /\w/.test(text)) ? "" : ",");
}

const SHAPE_LAST = /\\times [^{}]*\}\p{Co}*$/u;

/**
 * A sign between operands. TeX takes what has a brace below for the sign of an operation, behind
 * which a minus would belong to the next letter: an empty group stands between.
 */
export function betweenOperands(left: string, sign: string): string {
  return `${SHAPE_LAST.test(left) ? " {}" : ""} ${sign} `;
}

const WORD_FIRST = /^\p{Co}*\\mathrm\{[^}]{2,}\}/u;
const WORD_LAST = /\\mathrm\{[^}]{2,}\}\p{Co}*$/u;

const NUMBER_LAST = /\d\p{Co}*$/u;
const CONDITION_FIRST = /^\p{Co}*\\mathbf\{1\}\\left\[/u;

/**
 * What stands between two factors: a dot before a number and between a number and 1[z > 0], and room
 * beside a word, for lam w is not lamw.
 */
export function besideSign(left: string, right: string): string {
  if (left === "") return "";
  const isOneAfterNumber = CONDITION_FIRST.test(right) && NUMBER_LAST.test(left);
  if (/^\{?\d/.test(right) || isOneAfterNumber) return " \\cdot ";
  return WORD_LAST.test(left) || WORD_FIRST.test(right) ? " \\, " : " ";
}
