/**
 * Tokens of the model language. mathjs parses the expressions, but its tree has no positions: the
 * tokens give them back, keep numbers exact, and let through only characters that the language has.
 */
import { memberElsewhere } from "./elsewhere.js";
import { pattern } from "./pattern.js";
import { InputError, type Place, printable, type Source } from "./source.js";

export interface Token {
  readonly kind: "number" | "name" | "string" | "sign";
  readonly text: string;
  readonly offset: number;
}

/** The tokens of one statement; empty lines give none. */
export type TokenLine = readonly Token[];

export const MAX_TEXT_LENGTH = 1_000_000;
const MAX_BRACKET_DEPTH = 200;

const TOKEN = new RegExp(
  [
    String.raw`(?<space>[ \t\r\uFEFF]+|#[^\n]*)`,
    String.raw`(?<newline>\n)`,
    String.raw`(?<radix>0[xXoObB][0-9A-Za-z]+)`,
    String.raw`(?<number>(?:\d+(?:\.(?![*/^'])\d*)?|\.\d+)(?:[eE][+-]?\d+)?)`,
    String.raw`(?<name>[A-Za-z_\u0391-\u03A9\u03B1-\u03C9][A-Za-z0-9_\u0391-\u03A9\u03B1-\u03C9]*)`,
    String.raw`(?<string>"[^"\n]*")`,
    String.raw`(?<sign>\.\*|\.\/|\.\^|<=|>=|==|!=|[-+*/^'<>=:,;()[\]])`,
  ].join("|"),
  "uy",
);

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
]);

const LOGIC = "comparisons give 0 or 1; multiply them for “and”";
const TRUTH = "comparisons give 0 or 1; as a name, choose another, such as y_true";
const FINITE = "every number is finite and written in decimals";
const TAKEN = "choose another name";

/** Words that mathjs reads as operators or values, and what to write instead. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ...["and", "or", "xor", "not"].map((word) => [word, LOGIC] as const),
  ...["true", "false"].map((word) => [word, TRUTH] as const),
  ...["null", "undefined", "NaN", "Infinity"].map((word) => [word, FINITE] as const),
  ["mod", "there is no remainder; as a name, choose another"],
  ["to", TAKEN],
  ["in", TAKEN],
]);

const LONGEST_NAME = 200;

/**
 * Splits a text into statements of tokens. A statement ends with its line, unless a bracket is open.
 * @throws InputError for characters that the language does not have and for brackets that do not match.
 */
export function tokenLines(source: Source): TokenLine[] {
  const { text } = source;
  const place = (offset: number): Place => ({ source, offset });
  if (text.length > MAX_TEXT_LENGTH) {
    throw new InputError(
      `${printable(source.name)}: too long: ${text.length} characters; a model has at most ${MAX_TEXT_LENGTH}`,
    );
  }
  const lines: Token[][] = [];
  let line: Token[] = [];
  const open: Token[] = [];
  const finish = (): void => {
    if (line.length > 0) lines.push(line);
    line = [];
  };
  for (let offset = 0; offset < text.length;) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(text);
    if (!match) throw unreadable(source, offset);
    const groups = match.groups!;
    const [matched] = match;
    if (groups["radix"] !== undefined) {
      throw new InputError(`the number ${matched} is not decimal`, { place: place(offset) });
    }
    if (groups["newline"] !== undefined) {
      if (open.length === 0) finish();
    } else if (groups["space"] === undefined) {
      const kinds = ["number", "name", "string", "sign"] as const;
      const kind = kinds.find((candidate) => groups[candidate] !== undefined)!;
      const token: Token = { kind, text: matched, offset };
      // a loop is refused as a whole
      const isInLoop = line[0]?.text === "for" && matched === "in";
      if (kind === "name" && !isInLoop) checkName(token, place);
      if (kind === "sign") matchBracket(token, open, place);
      line.push(token);
    }
    offset += matched.length;
  }
  const unclosed = open.at(-1);
  if (unclosed) {
    throw new InputError(`the bracket ${unclosed.text} is never closed`, {
      place: place(unclosed.offset),
    });
  }
  finish();
  return lines;
}

function checkName({ text, offset }: Token, place: (offset: number) => Place): void {
  const instead = RESERVED.get(text);
  if (instead !== undefined) {
    throw new InputError(`the model language has no ${text}`, {
      place: place(offset),
      hint: instead,
    });
  }
  if (text.length > LONGEST_NAME) {
    throw new InputError(`a name has at most ${LONGEST_NAME} characters, not ${text.length}`, {
      place: place(offset),
    });
  }
}

function matchBracket(token: Token, open: Token[], place: (offset: number) => Place): void {
  if (CLOSING.has(token.text)) {
    open.push(token);
    if (open.length > MAX_BRACKET_DEPTH) {
      throw new InputError(`brackets nested more than ${MAX_BRACKET_DEPTH} deep`, {
        place: place(token.offset),
        hint: "give the inner expressions names of their own",
      });
    }
  } else if (token.text === ")" || token.text === "]") {
    const opening = open.pop();
    if (!opening || CLOSING.get(opening.text) !== token.text) {
      throw new InputError(
        opening
          ? `the bracket ${opening.text} is closed by ${token.text}`
          : `the bracket ${token.text} closes nothing`,
        { place: place(token.offset) },
      );
    }
  }
}

/** What people mean by characters that the language does not have. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ["!", "there is no factorial; “not equal” is !="],
  ["&", "multiply comparisons for “and”"],
  ["|", "for |x| write abs(x)"],
  ["%", "a comment starts with #"],
  ["@", "the matrix product is *"],
  ["{", "use ( ) or [ ]"],
  ["}", "use ( ) or [ ]"],
  ["?", "for a choice multiply by comparisons, which give 0 or 1"],
  [".", "there are no properties; elementwise operators are .* ./ .^"],
  ["·", "the product is *"],
  ["⊙", "the elementwise product is .*"],
  ["∘", "the elementwise product is .*"],
  ["ᵀ", "the transpose of A is A'"],
  ["⊤", "the transpose of A is A'"],
  ["∂", "name a derivative dNAME or dLOSS_dNAME: dL_dW for ∂L/∂W"],
  ["√", "the square root is sqrt(x)"],
  ["−", "the minus sign is -"],
  ["×", "the product is *"],
  ["²", "a square is x^2, entry by entry x.^2"],
  ["³", "a cube is x^3, entry by entry x.^3"],
  ["’", "the transpose is '"],
  ['"', 'a string ends on its line, with another "'],
]);

const LETTER = pattern(String.raw`\p{L}`);

function unreadable(source: Source, offset: number): InputError {
  const character = String.fromCodePoint(source.text.codePointAt(offset)!);
  const isLetter = LETTER().test(character);
  return new InputError(`the character ${character} has no meaning here`, {
    place: { source, offset },
    hint:
      memberOf(source, offset) ??
      INSTEAD.get(character) ??
      (isLetter ? "names are made of a–z, A–Z, Greek letters, digits and _" : undefined),
  });
}

/** What people mean by a dot between names. */
function memberOf({ text }: Source, offset: number): string | undefined {
  if (text[offset] !== ".") return undefined;
  const reach = 50;
  return memberElsewhere(
    text.slice(Math.max(0, offset - reach), offset),
    text.slice(offset + 1, offset + reach),
  );
}
