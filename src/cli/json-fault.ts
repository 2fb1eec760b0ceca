/** Where and how a text fails to be JSON: what JSON.parse knows but does not say. */

export interface JsonFault {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z0-9_$.+-]+/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^[-+]?(nan|inf(inity)?)$/i, "every number of a point is finite"],
  [/^(None|nil|undefined)$/i, "JSON has null, and a point has numbers only"],
  [/^(True|False)$/, "JSON writes true and false, and a point has numbers only"],
  [/^[-+]?\.\d/, "a number starts with a digit: 0.5"],
  [/^\+/, "a number has no + in front"],
  [/^-?0\d/, "a number has no 0 in front"],
  [/^-?\d+\.([eE]|$)/, "a digit follows the point: 1.0"],
];

/** The first fault of a text that is not JSON. */
export function findJsonFault(text: string): JsonFault {
  const open: ("{" | "[")[] = [];
  let expects: "value" | "first" | "key" | "separator" = "value";
  let offset = 0;
  for (;;) {
    while (" \t\n\r".includes(text[offset] ?? "x")) offset++;
    const character = text[offset];
    if (character === undefined) return endFault(text, open, expects);
    const container = open.at(-1);
    if (expects === "separator") {
      if (container === undefined) return { offset, message: "something follows the value" };
      const closing = container === "{" ? "}" : "]";
      if (character === closing) open.pop();
      else if (character === ",") expects = container === "{" ? "key" : "value";
      else return { offset, message: `a comma or ${closing} is expected here` };
      offset++;
    } else if (expects === "key" || (expects === "first" && container === "{")) {
      if (character === "}" && expects === "first") {
        open.pop();
        expects = "separator";
        offset++;
        continue;
      }
      if (character !== '"') return keyFault(offset, character);
      const end = stringEnd(text, offset);
      if (typeof end !== "number") return end;
      offset = end;
      while (" \t\n\r".includes(text[offset] ?? "x")) offset++;
      if (text[offset] !== ":") return { offset, message: "a : is expected here, after the name" };
      offset++;
      expects = "value";
    } else if (character === "]" && expects === "first") {
      open.pop();
      expects = "separator";
      offset++;
    } else if (character === "{" || character === "[") {
      open.push(character);
      expects = "first";
      offset++;
    } else {
      const end = scalarEnd(text, offset);
      if (typeof end !== "number") return end;
      offset = end;
      expects = "separator";
    }
  }
}

function endFault(text: string, open: readonly string[], expects: string): JsonFault {
  if (text.trim() === "") return { offset: 0, message: "there is nothing in it" };
  const last = text.trimEnd().length - 1;
  const unclosed = open.at(-1);
  return unclosed === undefined || expects === "value"
    ? { offset: last, message: "it ends where a value is expected" }
    : { offset: last, message: `it ends before the ${unclosed} is closed` };
}

function keyFault(offset: number, character: string): JsonFault {
  if (character === "}") return { offset, message: "a comma stands before the }" };
  return {
    offset,
    message: "a name in double quotes is expected here",
    hint: character === "'" ? "JSON has double quotes only" : undefined,
  };
}

/** The end of a number, string or word of JSON, or what is wrong with it. */
function scalarEnd(text: string, offset: number): number | JsonFault {
  const character = text[offset]!;
  if (character === '"') return stringEnd(text, offset);
  for (const word of ["true", "false", "null"]) {
    if (text.startsWith(word, offset)) return offset + word.length;
  }
  const word = matchAt(WORD, text, offset);
  const number = matchAt(NUMBER, text, offset);
  if (number !== undefined && number === word) return offset + number.length;
  if (word !== undefined) {
    return {
      offset,
      message: `${word.length > 40 ? `${word.slice(0, 40)}…` : word} is not a value of JSON`,
      hint: HINTS.find(([pattern]) => pattern.test(word))?.[1],
    };
  }
  if (character === "]" || character === "}") {
    return { offset, message: `a value is expected here, before the ${character}` };
  }
  const hint =
    character === "'"
      ? "JSON has double quotes only"
      : character === "/" || character === "#"
        ? "JSON has no comments"
        : undefined;
  return { offset, message: "a value is expected here", hint };
}

function stringEnd(text: string, start: number): number | JsonFault {
  for (let offset = start + 1; offset < text.length;) {
    const character = text[offset]!;
    if (character === '"') return offset + 1;
    if (character < " ") return { offset: start, message: "the string does not end on its line" };
    if (character === "\\") {
      const escape = matchAt(ESCAPE, text, offset);
      if (escape === undefined) return { offset, message: "JSON has no such escape" };
      offset += escape.length;
    } else {
      offset++;
    }
  }
  return { offset: start, message: "the string is never closed" };
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}
