/** What a command is doing, on stderr, once it has taken longer than a second. */
import type { Streams } from "./output.js";

/** Milliseconds before the first line, and between two lines. */
const PATIENCE = 1000;

export class Progress {
  private said: number;

  constructor(private readonly streams: Pick<Streams, "stderr" | "now">) {
    this.said = streams.now();
  }

  /** Told before each piece of work; says so when the pieces before it have taken long. */
  readonly stage = (what: string): void => {
    const now = this.streams.now();
    if (now - this.said < PATIENCE) return;
    this.said = now;
    this.streams.stderr.write(`${what} …\n`);
  };
}
