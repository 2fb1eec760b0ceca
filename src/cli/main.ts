#!/usr/bin/env node
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { run } from "./run.js";

// A command is over after a second, mostly: V8's optimiser, which by default takes up what has run for
// some milliseconds, would cost more time than its code saves. It begins later here.
setFlagsFromString("--interrupt-budget=2000000");

// A reader such as `head` may go away before everything is written: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

// CommonJS knows no await here; run never throws
void run(process.argv.slice(2), {
  // opened when it is first read
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => 1000 * process.uptime(),
}).then((status) => {
  process.exitCode = status;
});
