/** The command in a process of its own. Nothing imports this file: `main.ts` loads what becomes of it. */
import process from "node:process";
import { run } from "./run.js";

// A reader such as `head` may go away before everything is written: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

/** The exit status, which is the process's own then; `run` never throws. */
export const status = run(process.argv.slice(2), {
  // opened when it is first read
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => 1000 * process.uptime(),
}).then((result) => (process.exitCode = result));
