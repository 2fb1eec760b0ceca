/** One run of a program: lines in, lines out, and nothing left behind. */
import { Buffer } from "node:buffer";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import process from "node:process";
import type { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** How a run ended. */
export interface Ending {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not even be started. */
  readonly failure: NodeJS.ErrnoException | undefined;
  /** The last line that it wrote to stderr. */
  readonly lastWords: string;
}

/** What comes next from a program; `silence` when nothing came in time. */
export type Heard =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "end"; readonly ending: Ending }
  | { readonly kind: "flood" }
  | { readonly kind: "silence" };

/** How long a program that was asked to end may take. */
const GRACE = 500;
/** How much of stderr is kept, to quote its end. */
const TAIL = 2000;

/** Tab, line feed, carriage return, space. */
const BLANKS: ReadonlySet<number> = new Set([9, 10, 13, 32]);

/**
 * The program is started in a process group of its own, so that what it starts itself ends with it.
 * For the same reason Ctrl-C does not reach it: signals that end this process end the group first.
 */
export class ProgramRun {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: Buffer[] = [];
  /** Of the line that is not complete yet. */
  private pieces: Buffer[] = [];
  /** Bytes of what nobody has heard yet. */
  private unheard = 0;
  private tail = "";
  private failure: NodeJS.ErrnoException | undefined;
  private ending: Ending | undefined;
  private wake: () => void = () => undefined;

  /**
   * @param stderr gets what the program writes to its own, as it comes
   * @param limit bytes that may come before somebody hears them
   * @throws NodeJS.ErrnoException where the system refuses at once, as it does arguments that are too long
   */
  constructor(
    [program, ...args]: readonly [string, ...string[]],
    stderr: Writable,
    private readonly limit: number,
  ) {
    this.child = spawn(program, args, { detached: true, stdio: "pipe", windowsHide: true });
    const { child } = this;
    const release = onDeath(() => this.signal("SIGKILL"));
    let straggling: NodeJS.Timeout | undefined;
    child.on("error", (error) => (this.failure = error));
    child.on("exit", () => {
      // what it started may still hold the pipes
      straggling = setTimeout(() => {
        this.signal("SIGKILL");
        child.stdout.destroy();
        child.stderr.destroy();
      }, GRACE);
    });
    child.on("close", (status, signal) => {
      clearTimeout(straggling);
      release();
      this.signal("SIGKILL");
      this.takeLine();
      const lastWords = this.tail.trimEnd().split("\n").at(-1)!.trim();
      const { failure } = this;
      this.ending = { status: failure ? null : status, signal, failure, lastWords };
      this.wake();
    });
    child.stdout.on("data", (chunk: Buffer) => this.take(chunk));
    // a character may come in two chunks
    const decoder = new StringDecoder("utf8");
    child.stderr.on("data", (chunk: Buffer) => {
      this.tail = (this.tail + decoder.write(chunk)).slice(-TAIL);
    });
    child.stderr.pipe(stderr, { end: false });
    // A program that does not read to the end: its answer or its ending tells.
    child.stdin.on("error", () => undefined);
  }

  write(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  closeInput(): void {
    this.child.stdin.end();
  }

  /** Whether a line has come that nobody has heard. */
  get hasLine(): boolean {
    return this.lines.length > 0;
  }

  /** The next line that is not blank; once the program has ended, how. */
  async next(milliseconds: number): Promise<Heard> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const line = this.lines.shift();
      if (line !== undefined) {
        this.unheard -= line.length;
        return { kind: "line", text: line.toString("utf8") };
      }
      if (this.unheard > this.limit) return { kind: "flood" };
      if (this.ending) return { kind: "end", ending: this.ending };
      const rest = deadline - performance.now();
      if (rest <= 0) return { kind: "silence" };
      await this.somethingWithin(rest);
    }
  }

  /** Ends the program, and waits until it is gone. */
  async stop(): Promise<void> {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const deadline = performance.now() + GRACE;
      if (!this.ending) this.signal(signal);
      while (!this.ending && performance.now() < deadline) {
        await this.somethingWithin(deadline - performance.now());
      }
    }
  }

  private somethingWithin(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private take(chunk: Buffer): void {
    this.unheard += chunk.length;
    if (this.unheard > this.limit) {
      this.child.stdout.pause();
    } else {
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        this.pieces.push(chunk.subarray(start, end));
        this.takeLine();
        this.unheard--;
        start = end + 1;
      }
      this.pieces.push(chunk.subarray(start));
    }
    this.wake();
  }

  private takeLine(): void {
    const line = Buffer.concat(this.pieces);
    this.pieces = [];
    if (line.some((byte) => !BLANKS.has(byte))) this.lines.push(line);
    else this.unheard -= line.length;
  }

  /** To the whole group; Windows has none. */
  private signal(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    if (process.platform === "win32") {
      this.child.kill(signal);
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // nobody is left (macOS: only what nobody has waited for yet)
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ESRCH" && code !== "EPERM") throw error;
    }
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does something before this process ends, by a signal or otherwise.
 * @returns what takes that back
 */
function onDeath(last: () => void): () => void {
  const bySignal = (signal: NodeJS.Signals): void => {
    last();
    release();
    // now that nobody listens, the signal does what it does
    process.kill(process.pid, signal);
  };
  const release = (): void => {
    process.off("exit", last);
    for (const signal of SIGNALS) process.off(signal, bySignal);
  };
  process.on("exit", last);
  for (const signal of SIGNALS) process.on(signal, bySignal);
  return release;
}
