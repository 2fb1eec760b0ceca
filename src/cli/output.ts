/** Writes what was asked for: to stdout or to a file, which is replaced as a whole. */
import { once } from "node:events";
import { existsSync, lstatSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { fileError } from "./input.js";
import { UsageError } from "./usage.js";

/** Where a command reads and writes: the process's streams, or those of a test. */
export interface Streams {
  readonly stdin: AsyncIterable<unknown>;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Milliseconds since some moment. */
  readonly now: () => number;
}

/** Writes pieces one after the other, at the reader's pace. */
export async function print(stream: Writable, pieces: Iterable<string>): Promise<void> {
  let pending = "";
  const flush = async (): Promise<void> => {
    const ready = stream.write(pending);
    pending = "";
    if (!ready) await once(stream, "drain");
  };
  for (const piece of pieces) {
    pending += piece;
    if (pending.length > 1 << 16) await flush();
  }
  if (pending !== "") await flush();
}

/**
 * Writes a file under a temporary name and moves it to its place, so that a failure leaves what
 * stood there before. What is not a regular file (a pipe, a device) is written to directly.
 */
export function writeOutput(path: string, text: string): void {
  if (path === "") throw new UsageError("the name of the output file is empty");
  try {
    const target = existsSync(path) ? realpathSync(path) : path;
    const stats = lstatSync(target, { throwIfNoEntry: false });
    if (stats && !stats.isFile()) {
      writeFileSync(target, text);
      return;
    }
    const name = `.${basename(target)}.${crypto.randomUUID()}.tmp`;
    const temporary = join(dirname(target), name);
    try {
      writeFileSync(temporary, text, { flag: "wx", mode: stats?.mode ?? 0o666 });
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw fileError(path, error, "cannot be written");
  }
}

/** Prints to stdout, or writes to the file that `-o` names. */
export async function deliver(
  { stdout }: Streams,
  file: string | undefined,
  text: string,
): Promise<void> {
  if (file === undefined || file === "-") await print(stdout, [text]);
  else writeOutput(file, text);
}

export async function warn({ stderr }: Streams, message: string): Promise<void> {
  await print(stderr, [`chainrule: ${message}\n`]);
}

// ————— JSON —————

/** JSON with a line for every name and for every row of a matrix; numbers stay on one line. */
export function* jsonPieces(value: unknown, indent = ""): Generator<string> {
  const inner = `${indent}  `;
  if (isList(value)) {
    if (!value.some((item) => typeof item === "object" && item !== null)) {
      yield `[${value.map(scalar).join(", ")}]`;
      return;
    }
    yield* bracketed(
      "[",
      value.map((item) => ["", item] as const),
      "]",
    );
  } else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    if (entries.length === 0) yield "{}";
    else
      yield* bracketed(
        "{",
        entries.map(([key, entry]) => [`${JSON.stringify(key)}: `, entry] as const),
        "}",
      );
  } else {
    yield scalar(value);
  }

  function* bracketed(
    open: string,
    entries: readonly (readonly [string, unknown])[],
    close: string,
  ): Generator<string> {
    yield open;
    for (const [position, [label, entry]] of entries.entries()) {
      yield `${position === 0 ? "" : ","}\n${inner}${label}`;
      yield* jsonPieces(entry, inner);
    }
    yield `\n${indent}${close}`;
  }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** What JSON has no number for is written as a string: "Infinity", "-Infinity", "NaN". */
function scalar(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) return `"${value}"`;
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`JSON has no ${typeof value}`);
  return text;
}

export async function printJson({ stdout }: Streams, value: unknown): Promise<void> {
  await print(stdout, jsonPieces(value));
  await print(stdout, ["\n"]);
}
