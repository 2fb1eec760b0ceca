/** JSON files: values, the places where they stand, and errors with line and column. */
import { InputError, type Place, type Source } from "../language/source.js";
import { findJsonFault } from "./json-fault.js";

/** A JSON text that was read; paths lead into it: `["W1", 0, 2]`. */
export interface JsonDocument {
  readonly source: Source;
  readonly value: unknown;
  /** Where the value at a path stands, or as much of the path as there is. */
  place(path: readonly (string | number)[]): Place;
}

export interface JsonOptions {
  /** Reads NaN and infinities as Python and C print them, so that their entry can be named. */
  readonly allowNonFinite?: boolean;
  /** Told with what is not JSON, where the fault itself has no hint. */
  readonly hint?: string;
}

/** @throws InputError for anything that is not JSON, and for names that an object gives twice. */
export function parseJson(source: Source, options: JsonOptions = {}): JsonDocument {
  const standard = parsed(source.text);
  const isRead = standard !== undefined || options.allowNonFinite !== true;
  const value = isRead ? standard : parsedNonFinite(source.text);
  if (value === undefined) {
    const { offset, message, hint = options.hint } = findJsonFault(source.text);
    throw new InputError(`this is not JSON: ${message}`, { place: { source, offset }, hint });
  }
  const place = (path: readonly (string | number)[]): Place => ({
    source,
    offset: offsetOf(source.text, path),
  });
  refuseRepeatedNames(source, value);
  return { source, value, place };
}

/** Undefined, which no JSON is, for what is not JSON. */
function parsed(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Strings, and the words for numbers that JSON does not have. */
const NON_FINITE = /"(?:[^"\\]|\\.)*"|(-?)\b(?:(nan)|inf(?:inity)?)\b/gi;
const NAN = "\0NaN";

function parsedNonFinite(text: string): unknown {
  const standard = text.replace(NON_FINITE, (word, sign: string | undefined, nan?: string) => {
    if (sign === undefined) return word;
    return nan === undefined ? `${sign}1e999` : JSON.stringify(NAN);
  });
  return parsed(standard, (_, value) => (value === NAN ? Number.NaN : value));
}

/** Runs an action on a document's value; input errors about a part of it get that part's place. */
export function withPlaces<Result>(
  document: JsonDocument | undefined,
  action: () => Result,
): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof InputError) || !document || error.place || !error.subject) throw error;
    throw error.placedAt(document.place(error.subject));
  }
}

function refuseRepeatedNames(source: Source, value: unknown): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const seen = new Set<string | number>();
  for (const { key, keyOffset } of children(source.text, skipSpace(source.text, 0))) {
    if (seen.has(key)) {
      throw new InputError(`the name ${key} is given twice`, {
        place: { source, offset: keyOffset },
      });
    }
    seen.add(key);
  }
}

// ————— places in valid JSON —————

interface Child {
  readonly key: string | number;
  readonly keyOffset: number;
  readonly offset: number;
}

function offsetOf(text: string, path: readonly (string | number)[]): number {
  let offset = skipSpace(text, 0);
  for (const step of path) {
    let found: number | undefined;
    for (const child of children(text, offset)) if (child.key === step) found = child.offset;
    if (found === undefined) return offset;
    offset = found;
  }
  return offset;
}

/** The entries of the list or object that starts at an offset; none for other values. */
function* children(text: string, start: number): Generator<Child> {
  const isObject = text[start] === "{";
  if (!isObject && text[start] !== "[") return;
  let offset = skipSpace(text, start + 1);
  for (let count = 0; text[offset] !== "}" && text[offset] !== "]"; count++) {
    if (count > 0) offset = skipSpace(text, offset + 1);
    const keyOffset = offset;
    let key: string | number = count;
    if (isObject) {
      const end = skipString(text, offset);
      key = JSON.parse(text.slice(offset, end)) as string;
      offset = skipSpace(text, skipSpace(text, end) + 1);
    }
    yield { key, keyOffset, offset };
    offset = skipSpace(text, skipValue(text, offset));
  }
}

export function skipSpace(text: string, offset: number): number {
  while (" \t\n\r".includes(text[offset] ?? "x")) offset++;
  return offset;
}

function skipString(text: string, start: number): number {
  let offset = start + 1;
  while (text[offset] !== '"') offset += text[offset] === "\\" ? 2 : 1;
  return offset + 1;
}

function skipValue(text: string, start: number): number {
  let depth = 0;
  for (let offset = start; offset < text.length;) {
    const character = text[offset]!;
    if (character === '"') offset = skipString(text, offset);
    else if (depth === 0 && ",]} \t\n\r".includes(character)) return offset;
    else {
      if (character === "[" || character === "{") depth++;
      if (character === "]" || character === "}") depth--;
      offset++;
    }
    if (depth === 0 && '"]}'.includes(character)) return offset;
  }
  return text.length;
}
