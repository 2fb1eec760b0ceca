#!/usr/bin/env node
/**
 * Starts the command with the code that V8 made of it in an earlier run. Node's own cache, from 22.8 on, keeps less
 * of it: it saves a third as much.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { cacheFolder } from "./cache/folder.js";
import { loadWithCache } from "./cache/load.js";

// A command is over after a second, mostly: V8's optimiser, which by default takes up what has run for
// some milliseconds, would cost more time than its code saves. It begins later here. From 12 on V8 has no such
// flag, and nothing is gained by later ones. Nor is marking beforehand what is to be collected later worth its time,
// nor are notes on what functions meet that run but a few times.
if (Number.parseInt(process.versions.v8) < 12) {
  setFlagsFromString("--interrupt-budget=2000000");
  setFlagsFromString("--no-incremental-marking");
  setFlagsFromString("--interrupt-budget-factor-for-feedback-allocation=32");
}

const start = join(import.meta.dirname, "start.js");
const [name = ""] = process.argv.slice(2);
const folder = cacheFolder();
// what is no command has nothing to keep
if (folder !== undefined && /^[a-z]+$/.test(name)) loadWithCache(start, folder, name);
else createRequire(start)(start);
