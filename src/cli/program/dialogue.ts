/**
 * Questions to a program, one line each, and its answers.
 *
 * Programs differ in how they read. Some answer line after line in one run, some answer one line and
 * end; some read stdin to its end before they answer, or let their answer wait in a buffer until they
 * end. All are served: a first question is asked with stdin left open; if no answer comes for a
 * while, stdin is closed, and from then on each question has a run of its own.
 */
import type { Writable } from "node:stream";
import { InputError } from "../../language/source.js";
import { splitCommand } from "./command.js";
import { type Ending, ProgramRun } from "./run.js";

/** After so long without an answer the program may be waiting for the end of stdin. */
const PATIENCE = 1000;
/** How long a program may take to end after its last answer; then it is stopped. */
const FAREWELL = 2000;
/** Bytes of one answer. */
const LIMIT = 64_000_000;

const ONE_LINE = "an answer is one line of JSON on stdout; print everything else to stderr";

export interface DialogueOptions {
  /** Time for one answer, with the start of the program where it is started for it. */
  readonly seconds: number;
  /** Gets what the program writes to its own stderr. */
  readonly stderr: Writable;
  /** Told what does not spoil the answers. */
  readonly warn?: (message: string) => Promise<void>;
  /** Milliseconds without an answer after which stdin is closed. */
  readonly patience?: number;
}

export class Dialogue {
  private readonly argv: readonly [string, ...string[]];
  private run: ProgramRun | undefined;
  /** How many questions were asked. */
  private asked = 0;
  /** Whether each question has a run of its own. */
  private isOneEach = false;
  private hasWarned = false;

  /** @throws UsageError for a command that needs a shell. */
  constructor(
    private readonly command: string,
    private readonly options: DialogueOptions,
  ) {
    this.argv = splitCommand(command);
  }

  /**
   * @returns the line that the program answers
   * @throws InputError where there is none: the program cannot be started, ends, says nothing in
   * time, or too much.
   */
  async ask(question: string): Promise<string> {
    if (this.isOneEach) await this.finish();
    this.asked++;
    const { seconds, patience = PATIENCE } = this.options;
    const deadline = performance.now() + 1000 * seconds;
    for (;;) {
      const isFirst = this.run === undefined;
      this.run ??= this.start();
      const { run } = this;
      if (run.hasLine) throw this.surplus();
      run.write(question);
      const rest = (): number => Math.max(0, deadline - performance.now());
      let heard = await run.next(this.isOneEach ? 0 : Math.min(patience, rest()));
      if (heard.kind === "silence") {
        this.isOneEach = true;
        run.closeInput();
        heard = await run.next(rest());
      }
      switch (heard.kind) {
        case "line":
          return heard.text;
        case "end":
          this.run = undefined;
          if (isFirst || heard.ending.status !== 0) throw this.ended(heard.ending);
          this.isOneEach = true;
          break;
        case "flood":
          throw this.error(
            `its answer to point ${this.asked} is longer than ${LIMIT / 1e6} million bytes`,
            ONE_LINE,
          );
        case "silence":
          throw this.error(
            `no answer to point ${this.asked} within ${seconds} s`,
            `--timeout SECONDS allows more; ${ONE_LINE}`,
          );
      }
    }
  }

  /**
   * Lets the program end.
   * @throws InputError where it has printed more lines than it was asked for, so that no answer can
   * be trusted to be that of its point.
   */
  async finish(): Promise<void> {
    this.run?.closeInput();
    const heard = await this.run?.next(FAREWELL);
    if (heard?.kind === "line" || heard?.kind === "flood") throw this.surplus();
    if (heard?.kind === "end") await this.warnOf(heard.ending);
    await this.stop();
  }

  /** A program that fails after its answers has still given them; said once. */
  private async warnOf(ending: Ending): Promise<void> {
    if (ending.status === 0 || this.hasWarned) return;
    this.hasWarned = true;
    await this.options.warn?.(
      `warning: ${this.shortCommand()}: ${howEnded(ending)} after its answer`,
    );
  }

  private start(): ProgramRun {
    try {
      return new ProgramRun(this.argv, this.options.stderr, LIMIT);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && typeof error.code === "string"))
        throw error;
      throw this.notStarted(error.code);
    }
  }

  /** Ends the program if it still runs. */
  async stop(): Promise<void> {
    await this.run?.stop();
    this.run = undefined;
  }

  private surplus(): InputError {
    return this.error("it printed more than one line for one point", ONE_LINE);
  }

  private ended(ending: Ending): InputError {
    const { failure, lastWords } = ending;
    if (failure) return this.notStarted(failure.code);
    const how = howEnded(ending);
    const why = lastWords === "" ? "" : `: ${lastWords}`;
    return this.error(`${how} before it answered point ${this.asked}${why}`, ONE_LINE);
  }

  private notStarted(code: string | undefined): InputError {
    const [program] = this.argv;
    if (code === "ENOENT") {
      return this.error(
        `no such program: ${program}`,
        program.includes("/")
          ? "a path is looked up from the working directory"
          : `a name without / is looked for in PATH; in this folder it is ./${program}`,
      );
    }
    if (code === "EACCES") {
      const hint = `make it executable, or name what runs it: --program "python3 ${program}"`;
      return this.error(`permission denied: ${program}`, hint);
    }
    if (code === "E2BIG") {
      return this.error("its arguments are too long to be started", "let it read them from a file");
    }
    return this.error(`it cannot be started (${code ?? "unknown error"})`);
  }

  private error(message: string, hint?: string): InputError {
    return new InputError(`${this.shortCommand()}: ${message}`, { hint });
  }

  private shortCommand(): string {
    const { command } = this;
    return command.length > 60 ? `${command.slice(0, 59)}…` : command;
  }
}

function howEnded({ status, signal }: Ending): string {
  return signal ? `it was ended by ${signal}` : `it ended with status ${status ?? "unknown"}`;
}
