/** Reads models, points and values: from files or from stdin, and never more than they may hold. */
import { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type Model, parseModel } from "../language/model.js";
import { InputError, printable, type Source } from "../language/source.js";
import { type JsonDocument, parseJson } from "./json.js";
import type { Streams } from "./output.js";
import { UsageError } from "./usage.js";

/** What is read, what it is called, and how many bytes of it are accepted. */
interface Kind {
  readonly name: string;
  readonly limit: number;
}

const MODEL: Kind = { name: "a model", limit: 1_000_000 };
const POINT: Kind = { name: "a point", limit: 64_000_000 };
const VALUES: Kind = { name: "a file of values", limit: 64_000_000 };
const FORMULAS: Kind = { name: "a file of formulas", limit: 1_000_000 };

const STDIN_NAME = "<stdin>";
const CHUNK = 1 << 16;

/** The inputs of one run of a command; stdin can be one of them. */
export class Inputs {
  private stdinReader: string | undefined;

  constructor(private readonly streams: Pick<Streams, "stdin">) {}

  /** @throws InputError for files that cannot be read and for whatever is wrong with the model. */
  async model(path: string, loss: string | undefined): Promise<Model> {
    const { name, text } = await this.read(path, MODEL);
    return parseModel(text, { name, loss });
  }

  async point(path: string): Promise<JsonDocument> {
    return parseJson(await this.read(path, POINT));
  }

  async values(path: string): Promise<JsonDocument> {
    return parseJson(await this.read(path, VALUES), { allowNonFinite: true });
  }

  async formulas(path: string): Promise<Source> {
    return this.read(path, FORMULAS);
  }

  private async read(path: string, kind: Kind): Promise<Source> {
    if (path !== "-") return decode(path, await readFile(path, kind), kind);
    if (this.stdinReader !== undefined) {
      throw new UsageError(
        `stdin (-) cannot be ${this.stdinReader} and ${kind.name} at once`,
        "give one of them as a file",
      );
    }
    this.stdinReader = kind.name;
    return decode(STDIN_NAME, await collect(STDIN_NAME, this.streams.stdin, kind), kind);
  }
}

async function readFile(path: string, kind: Kind): Promise<Uint8Array> {
  if (path === "") throw new UsageError(`the name of the file of ${kind.name} is empty`);
  let file: number | undefined;
  try {
    // Node's promises of files take longer to load than a small model to read
    file = openSync(path, "r");
    const stats = fstatSync(file);
    if (stats.isDirectory()) throw new InputError(`${path}: a directory, not ${kind.name}`);
    if (stats.isFile() && stats.size > kind.limit) throw tooLong(path, kind);
    return await collect(path, chunks(file), kind);
  } catch (error) {
    throw fileError(path, error, "cannot be read");
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function* chunks(file: number): Generator<Uint8Array> {
  for (;;) {
    const chunk = new Uint8Array(CHUNK);
    const count = readSync(file, chunk, 0, CHUNK, null);
    if (count === 0) return;
    yield chunk.subarray(0, count);
  }
}

async function collect(
  name: string,
  stream: AsyncIterable<unknown> | Iterable<unknown>,
  kind: Kind,
): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    const bytes = Buffer.from(piece as Uint8Array);
    length += bytes.length;
    if (length > kind.limit) throw tooLong(name, kind);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

function tooLong(name: string, kind: Kind): InputError {
  return new InputError(
    `${name}: too long; ${kind.name} has at most ${kind.limit / 1_000_000} million bytes`,
  );
}

const FAILURES: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "no such file"],
  ["ENOTDIR", "no such file: a part of the path is not a directory"],
  ["EISDIR", "a directory, not a file"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["ELOOP", "a loop of symbolic links"],
  ["ENAMETOOLONG", "the name is too long"],
  ["EROFS", "the file system is read-only"],
  ["ENOSPC", "no space is left"],
  ["ERR_INVALID_ARG_VALUE", "not the name of a file"],
]);

/** What went wrong with a file, in one line; anything but a failed system call stays as it is. */
export function fileError(path: string, error: unknown, otherwise: string): unknown {
  if (error instanceof InputError || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new InputError(`${path}: ${FAILURES.get(code) ?? `${otherwise} (${code})`}`);
}

/** @throws InputError for bytes that are not UTF-8 text. */
function decode(name: string, bytes: Uint8Array, kind: Kind): Source {
  const text = new TextDecoder("utf-8").decode(bytes);
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    throw new InputError(`${name}: not a text file: byte ${nul + 1} is 0; ${kind.name} is UTF-8`);
  }
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const given = bytes.subarray(start);
  const same = Buffer.from(text);
  if (same.equals(given)) return { name, text };
  const differs = given.findIndex((byte, k) => byte !== same[k]);
  // what is cut off may be the beginning of the three bytes that stand for it
  const offset = start + (differs < 0 ? same.length - 3 : differs);
  const before = Buffer.from(bytes.subarray(0, offset)).toString("utf8");
  const line = before.split("\n").length;
  const byte = bytes[offset]!.toString(16).toUpperCase().padStart(2, "0");
  throw new InputError(`${printable(name)}: line ${line} is not UTF-8 (byte ${byte})`, {
    hint: "save the file as UTF-8",
  });
}
