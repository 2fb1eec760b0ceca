/** Loads CommonJS files with code that V8 has kept. */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createRequire } from "node:module";
import { CodeCache } from "./code-cache.js";
import { preparedFolder } from "./folder.js";

/** A CommonJS module's function around its text. */
type Body = (
  exports: object,
  require: (id: string) => unknown,
  module: { exports: object },
  filename: string,
  folder: string,
) => void;

const wrap = (text: string): string =>
  `(function (exports, require, module, __filename, __dirname) {${text}\n})`;

/** What a command's first file exports. */
interface Started {
  /** The exit status. */
  readonly status: Promise<number>;
}

/** Of a status above this, what was asked for was not done: the next run calls other functions. */
const MOST_DONE = 1;

/**
 * Runs a command, and keeps the code when it has ended well.
 * @param start its first file; the others stand beside it
 * @param folder of the cache
 * @param name of the command
 */
export function loadWithCache(start: string, folder: string, name: string): void {
  const cache = new CodeCache(folder, name, preparedFolder(dirname(start)));
  const require = createRequire(start);
  const modules = new Map<string, { exports: object }>();
  const load = (id: string): unknown => {
    if (!id.startsWith("./")) return require(id);
    const loaded = modules.get(id);
    if (loaded) return loaded.exports;
    const module = { exports: {} };
    modules.set(id, module);
    const filename = join(dirname(start), id);
    const script = cache.compile(id, filename, readFileSync(filename), wrap);
    const body = script.runInThisContext() as Body;
    body(module.exports, load, module, filename, dirname(filename));
    return module.exports;
  };
  const { status } = load(`./${basename(start)}`) as Started;
  void status.then((result) => {
    if (result <= MOST_DONE) cache.save();
  });
}
