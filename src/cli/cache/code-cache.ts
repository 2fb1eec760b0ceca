/** V8's code for the files that one command consists of: what an earlier run has compiled. */
import { closeSync, openSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Script } from "node:vm";
import { isOwn, prepareFolder } from "./folder.js";

/** V8 copies what is not aligned. */
const ALIGNMENT = 8;

export class CodeCache {
  private readonly kept: Kept | undefined;
  private prepared: Kept | undefined;
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
    this.kept = isOwn(folder) ? new Kept(this.path, copyOf(this.path)) : undefined;
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
    const cachedData = this.kept?.code(id, source) ?? this.ready()?.code(id, source);
    const script = new Script(wrap(source.toString()), { filename, cachedData });
    this.scripts.set(id, { source, script });
    if (!cachedData || script.cachedDataRejected) this.isComplete = false;
    return script;
  }

  /** Looked into when it is first asked for. */
  private ready(): Kept | undefined {
    if (this.preparedFolder === undefined) return undefined;
    return (this.prepared ??= new Kept(join(this.preparedFolder, this.name)));
  }

  /**
   * Writes the code of all files of this run, with the functions that were called, where some of it is new. Whoever
   * reads meanwhile finds the old file or the new one.
   */
  save(): void {
    if (this.isComplete || !prepareFolder(this.folder)) return;
    try {
      const bytes = written(this.scripts);
      replace(copyOf(this.path), bytes);
      replace(this.path, bytes);
    } catch {
      // no room, or no permission: the next run compiles again
    }
  }
}

/** A second file with the same code: V8 would take damaged code for code, and its own sum over it takes longer than to read it twice. */
function copyOf(path: string): string {
  return `${path}.copy`;
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
    parts.flatMap((part) => [part, Buffer.alloc(aligned(part.length) - part.length)]),
  );
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/** Where a file's text begins, and the lengths of the text and of its code. */
interface Place {
  readonly position: number;
  readonly source: number;
  readonly code: number;
}

const NOWHERE: ReadonlyMap<string, Place> = new Map();

/** A file of code that was written; of what is missing, cut off or damaged there is none. */
class Kept {
  private readonly places: ReadonlyMap<string, Place>;

  /** @param copy another file with the same, where the first is to be doubted */
  constructor(
    private readonly path: string,
    private readonly copy?: string,
  ) {
    this.places = read(path, 0, placesIn) ?? NOWHERE;
  }

  /** The code of a file, if it was made of this very text, of which V8 compares no more than the length. */
  code(id: string, source: Buffer): Buffer | undefined {
    const place = this.places.get(id);
    if (place?.source !== source.length) return undefined;
    const codeIn = (path: string): Buffer | undefined =>
      read(path, place.position, (next) =>
        next(place.source).equals(source) ? next(place.code) : undefined,
      );
    const code = codeIn(this.path);
    if (!code || this.copy === undefined) return code;
    return codeIn(this.copy)?.equals(code) ? code : undefined;
  }
}

/** Nothing where it cannot be read: the next run writes it again. */
function read<Result>(
  path: string,
  position: number,
  use: (next: (length: number) => Buffer) => Result,
): Result | undefined {
  let file: number | undefined;
  try {
    const opened = (file = openSync(path, "r"));
    return use((length) => {
      const bytes = Buffer.allocUnsafeSlow(length);
      if (readSync(opened, bytes, 0, length, position) !== length) throw new RangeError("cut off");
      position += aligned(length);
      return bytes;
    });
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function placesIn(next: (length: number) => Buffer): Map<string, Place> {
  const length = next(ALIGNMENT).readUInt32LE();
  let position = ALIGNMENT + aligned(length);
  const places = new Map<string, Place>();
  for (const [id, source, code] of JSON.parse(next(length).toString()) as Index) {
    places.set(id, { position, source, code });
    position += aligned(source) + aligned(code);
  }
  return places;
}
