#!/usr/bin/env node
/**
 * Starts the command with the code that V8 made of it in an earlier run, which is a third of a short command's time.
 * Node has such a cache from 22.8 on; before that, chunks are loaded here.
 */
import module from "node:module";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { cacheFolder, prepareFolder } from "./cache/folder.js";
import { loadWithCache } from "./cache/load.js";

// A command is over after a second, mostly: V8's optimiser, which by default takes up what has run for
// some milliseconds, would cost more time than its code saves. It begins later here.
setFlagsFromString("--interrupt-budget=2000000");

const START = "./start.js";
const require = module.createRequire(import.meta.url);
const [name = ""] = process.argv.slice(2);
const folder = cacheFolder();
// newer than the types
const { enableCompileCache } = module as { readonly enableCompileCache?: (folder: string) => void };

if (folder === undefined || !/^[a-z]+$/.test(name)) {
  require(START);
} else if (enableCompileCache) {
  if (prepareFolder(folder)) enableCompileCache(folder);
  require(START);
} else {
  loadWithCache(START, require, { folder, name });
}
