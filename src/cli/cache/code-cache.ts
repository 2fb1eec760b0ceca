/** V8's code for the files that one command consists of, in one file: what an earlier run has compiled. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Script } from "node:vm";
import { isOwn, prepareFolder } from "./folder.js";

/** A file's text, and the code that was made of this very text: V8 itself compares no more than its length. */
interface Compiled {
  readonly source: Buffer;
  readonly code: Buffer;
}

type Files = ReadonlyMap<string, Compiled>;
const NONE: Files = new Map();

/** Undefined where it is that of another text. */
function codeOf(source: Buffer, known: Compiled | undefined): Buffer | undefined {
  return known?.source.equals(source) ? known.code : undefined;
}

/** V8 copies what is not aligned. */
const ALIGNMENT = 8;

export class CodeCache {
  private readonly kept: Files;
  private prepared: Files | undefined;
  private readonly scripts = new Map<
    string,
    { readonly source: Buffer; readonly script: Script }
  >();
  private isComplete = true;

  /**
   * @param folder not read where others can write to it
   * @param name of the command
   * @param preparedFolder beside the command's files, and as little to be doubted: its code is used where the folder has none
   */
  constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly preparedFolder?: string,
  ) {
    this.kept = isOwn(folder) ? read(this.path) : NONE;
  }

  private get path(): string {
    return join(this.folder, this.name);
  }

  /**
   * The script of a file, which may stand elsewhere than when it was compiled.
   * @param id of the file among those of the command
   * @param wrap makes the script of the file's text
   */
  compile(id: string, filename: string, source: Buffer, wrap: (text: string) => string): Script {
    const cachedData = codeOf(source, this.kept.get(id)) ?? codeOf(source, this.ready().get(id));
    const script = new Script(wrap(source.toString()), { filename, cachedData });
    this.scripts.set(id, { source, script });
    if (!cachedData || script.cachedDataRejected) this.isComplete = false;
    return script;
  }

  /** Read when it is first asked for. */
  private ready(): Files {
    return (this.prepared ??= this.preparedFolder
      ? read(join(this.preparedFolder, this.name))
      : NONE);
  }

  /**
   * Writes the code of all files of this run, with the functions that were called, where some of it is new. Whoever
   * reads meanwhile finds the old file or the new one.
   */
  save(): void {
    if (this.isComplete || !prepareFolder(this.folder)) return;
    try {
      replace(this.path, written(this.scripts));
    } catch {
      // no room, or no permission: the next run compiles again
    }
  }
}

function replace(path: string, bytes: Buffer): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, bytes, { mode: 0o600 });
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** The lengths of what follows: of each file, its text and its code. */
type Index = readonly (readonly [id: string, source: number, code: number])[];

function written(
  scripts: ReadonlyMap<string, { readonly source: Buffer; readonly script: Script }>,
): Buffer {
  const all = [...scripts].map(([id, { source, script }]) => ({
    id,
    source,
    code: script.createCachedData(),
  }));
  const index: Index = all.map(({ id, source, code }) => [id, source.length, code.length]);
  const head = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(ALIGNMENT);
  length.writeUInt32LE(head.length);
  const parts = [length, head, ...all.flatMap(({ source, code }) => [source, code])];
  return Buffer.concat(
    parts.flatMap((part) => [part, Buffer.alloc(-part.length & (ALIGNMENT - 1))]),
  );
}

/** Nothing where there is no such file, or not all of one. */
function read(path: string): Files {
  const found = new Map<string, Compiled>();
  try {
    const file = readFileSync(path);
    let position = 0;
    const next = (length: number): Buffer => {
      const part = file.subarray(position, position + length);
      if (part.length !== length) throw new RangeError("cut off");
      position += Math.ceil(length / ALIGNMENT) * ALIGNMENT;
      return part;
    };
    const head = next(next(ALIGNMENT).readUInt32LE());
    for (const [id, source, code] of JSON.parse(head.toString()) as Index) {
      found.set(id, { source: next(source), code: next(code) });
    }
    return found;
  } catch {
    return NONE;
  }
}
