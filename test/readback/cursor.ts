/** A place in a list of tokens: what all parts of the parser stand on. */
import { UnreadableError } from "./tokens.js";
import type { Node } from "./tree.js";

export abstract class Cursor {
  protected at = 0;

  constructor(protected readonly tokens: readonly string[]) {}

  /** Terms up to something that is no term. */
  abstract sum(): Node;

  /** An atom with its scripts. */
  abstract factor(): Node;

  /** @throws UnreadableError when something is left. */
  end(): void {
    if (this.at < this.tokens.length) this.fail(`unread: ${this.tokens.slice(this.at).join(" ")}`);
  }

  peek(ahead = 0): string {
    return this.tokens[this.at + ahead] ?? "";
  }

  take(expected?: string): string {
    const token = this.peek();
    if (expected !== undefined && token !== expected) this.fail(`${expected} expected`);
    this.at++;
    return token;
  }

  protected fail(message: string): never {
    const [before, after] = [this.tokens.slice(0, this.at), this.tokens.slice(this.at)];
    throw new UnreadableError(`${message}: ${before.join(" ")} ▸ ${after.join(" ")}`);
  }

  /** What stands in braces, or one token. */
  group(): string[] {
    if (this.peek() !== "{") return [this.take()];
    return this.enclosed("{", "}");
  }

  protected enclosed(open: string, close: string): string[] {
    this.take(open);
    const start = this.at;
    for (let depth = 1; ; this.at++) {
      const token = this.peek();
      if (token === "") this.fail(`${close} is missing`);
      if (token === open) depth++;
      if (token === close && --depth === 0) break;
    }
    return this.tokens.slice(start, this.at++);
  }
}
