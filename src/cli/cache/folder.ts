/** Where compiled code is kept from run to run. */
import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import process from "node:process";
import { cachedDataVersionTag } from "node:v8";
import { version } from "../../version.js";

/** Versions whose code is kept, of the command and of V8 together. */
const MOST_VERSIONS = 4;
/** Their folders; nothing else in the folder for caches is ours. */
const VERSION = /^\d+\.\d+\.\d+-[0-9a-f]+$/;

/**
 * The folder for this version of the command and of Node: `chainrule/VERSION-TAG` in the user's folder for caches. Undefined where there is to be no cache, or no place for one.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env["NODE_DISABLE_COMPILE_CACHE"]) return undefined;
  const given = process.platform === "win32" ? env["LOCALAPPDATA"] : env["XDG_CACHE_HOME"];
  const caches = given !== undefined && isAbsolute(given) ? given : cachesAtHome();
  return caches && join(caches, "chainrule", versionTag());
}

/**
 * The folder of the code that was made when the command was built, beside the command's files. It is there for
 * the Node that built it, and for no other.
 */
export function preparedFolder(command: string): string {
  return join(command, "code", versionTag());
}

/**
 * What code belongs to: a version of the command, of V8 with its flags, and a build of Node, which its length
 * tells: code refers to objects that V8 has from its build.
 */
function versionTag(): string {
  const node = statSync(process.execPath, { throwIfNoEntry: false })?.size ?? 0;
  return `${version}-${[cachedDataVersionTag(), node].map((part) => part.toString(16)).join("")}`;
}

/** Undefined for a user without a home, as in some containers. */
function cachesAtHome(): string | undefined {
  try {
    return join(homedir(), ".cache");
  } catch {
    return undefined;
  }
}

/** Whether a folder is there and nobody but who runs this can write to it: V8 believes what it reads. */
export function isOwn(folder: string): boolean {
  try {
    const found = lstatSync(folder);
    // Windows has neither: folders in a profile are their user's
    const user = process.getuid?.();
    const isUsers = user === undefined || (found.uid === user && (found.mode & 0o022) === 0);
    return found.isDirectory() && isUsers;
  } catch {
    // not there, or behind what is no folder
    return false;
  }
}

/** Makes the folder where it is not there, and room for it. @returns whether it may be used */
export function prepareFolder(folder: string): boolean {
  try {
    const isNew = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
    if (isNew) removeOld(join(folder, ".."));
  } catch {
    // a command without a cache is slower, and nothing else
  }
  return isOwn(folder);
}

/** Keeps the versions that were written last. */
function removeOld(versions: string): void {
  const all = readdirSync(versions)
    .filter((name) => VERSION.test(name))
    .map((name) => join(versions, name))
    .filter(isOwn);
  const written = new Map(all.map((path) => [path, statSync(path).mtimeMs]));
  const old = all.sort((a, b) => written.get(b)! - written.get(a)!).slice(MOST_VERSIONS);
  for (const path of old) rmSync(path, { recursive: true, force: true });
}
