/** The command in a process of its own. Nothing imports this file: `main.ts` loads what becomes of it. */
import { writeSync } from "node:fs";
import process from "node:process";
import { Writable } from "node:stream";
import { run } from "./run.js";

/** What opens a stream when it is first asked for, which takes time, and what it does with its errors from then on. */
function opener(
  open: () => Writable,
  onError: (error: NodeJS.ErrnoException) => void,
): () => Writable {
  let stream: Writable | undefined;
  return () => (stream ??= open().on("error", onError));
}

/** Writes to a file descriptor as `process.stdout` does to a pipe, which takes a fiftieth of a short command to open. */
function writing(descriptor: number, slow: () => Writable): Writable {
  return new Writable({
    decodeStrings: true,
    write(bytes: Buffer, _, done) {
      let written = 0;
      try {
        while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      } catch (error) {
        // a reader that is behind, of a pipe that does not wait for it
        if ((error as NodeJS.ErrnoException).code === "EAGAIN")
          slow().write(bytes.subarray(written), done);
        else done(error as Error);
        return;
      }
      done();
    },
  });
}

// A reader such as `head` may go away before everything is written: that is no error.
const stdout = opener(
  () => writing(1, () => process.stdout),
  (error) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  },
);

const stderr = opener(
  () => process.stderr,
  (error) => {
    if (error.code !== "EPIPE") throw error;
  },
);

/** The exit status, which is the process's own then; `run` never throws. */
export const status = run(process.argv.slice(2), {
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return stdout();
  },
  get stderr() {
    return stderr();
  },
  now: () => 1000 * process.uptime(),
}).then((result) => (process.exitCode = result));
