/** What is said of syntax that mathjs refuses, and of what it has and the model language has not. */
import type { Token } from "./tokens.js";

/** mathjs's message in the words of this language, and a hint. */
export function inOwnWords(
  message: string,
  { text, offset }: Token,
  tokens: readonly Token[],
): [message: string, hint?: string] {
  const before = tokens.findLast((token) => token.offset < offset);
  if (text === "*" && before?.text === "*") {
    return ["a value is expected here", "powers are ^ for scalars and .^ for entries"];
  }
  if (/^Value expected/.test(message)) return ["a value is expected here"];
  if (/^Unexpected end of expression/.test(message)) return [`a value is expected after ${text}`];
  if (/^Unexpected part/.test(message)) return [`an operator is expected before ${text}`];
  if (/^Column dimensions mismatch/.test(message)) {
    return ["the rows of an array differ in length", "rows are separated by ;"];
  }
  const isBetween = text === "," && depthAt(tokens, offset) === 0;
  if (isBetween) return [`a statement ends before ${text}`, "one statement a line"];
  if (/expected/.test(message)) return [`something is missing before ${text}`];
  return [message.charAt(0).toLowerCase() + message.slice(1)];
}

/** How many brackets are open at a place. */
function depthAt(tokens: readonly Token[], offset: number): number {
  const before = tokens.filter((token) => token.offset < offset).map(({ text }) => text);
  const count = (signs: string): number => before.filter((text) => signs.includes(text)).length;
  return count("([") - count(")]");
}

/** Syntax that the model language does not have. */
export interface Unsupported {
  readonly message: string;
  readonly hint?: string;
  /** The sign that is marked, and which one of those. */
  readonly sign?: RegExp;
  readonly which?: number;
}

const UNSUPPORTED: ReadonlyMap<string, Unsupported> = new Map([
  [
    "RelationalNode",
    {
      message: "comparisons cannot be chained",
      hint: "multiply them: (a < b) .* (b < c)",
      sign: /^([<>]=?|[=!]=)$/,
      which: 1,
    },
  ],
  [
    "RangeNode",
    { message: "a range stands only in an index", hint: "write A[1:3, :]", sign: /^:$/ },
  ],
  [
    "AssignmentNode",
    { message: "= stands only once in a statement", hint: "“equal” is ==", sign: /^=$/ },
  ],
  [
    "BlockNode",
    {
      message: "; stands only between the rows of a matrix",
      hint: "one statement a line",
      sign: /^;$/,
    },
  ],
  [
    "FunctionAssignmentNode",
    {
      message: "functions cannot be defined",
      hint: "give quantities names, one a line",
      sign: /^=$/,
    },
  ],
]);

/** @param type the type of the node of mathjs */
export function unsupported(type: string): Unsupported {
  return UNSUPPORTED.get(type) ?? { message: "this syntax is not supported" };
}
