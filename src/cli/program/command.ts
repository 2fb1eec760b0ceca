/** A command line as people write it, as the words that a program is started with. */
import parse, { type ParseEntry } from "shell-quote/parse.js";
import { UsageError } from "../usage.js";

/** What a shell would take for its own, in words. */
const SHELL_HINT = "no shell runs it; where one is needed: --program \"sh -c '…'\"";

/** Everything up to the end, with every quote closed and something behind every backslash. */
const CLOSED = /^(?:[^'"\\]|\\[^]|'[^']*'|"(?:[^"\\]|\\[^])*")*$/;

/**
 * Splits a command at its spaces; quotes and backslashes work as in a POSIX shell.
 * @returns the program and its arguments
 * @throws UsageError for what only a shell can do (pipes, redirections, variables, patterns), which
 * would otherwise reach the program as words.
 */
export function splitCommand(command: string): readonly [string, ...string[]] {
  if (command.includes("\0")) throw new UsageError("--program contains a NUL character");
  if (!CLOSED.test(command)) {
    throw new UsageError("--program ends within a quote, or with a backslash");
  }
  const [program, ...args] = parse(command, (name) => ({ variable: name })).map(word);
  if (program === undefined || program === "") {
    throw new UsageError("--program is empty", 'give a command: --program "python3 gradient.py"');
  }
  return [program, ...args];
}

function word(entry: ParseEntry | { readonly variable: string }): string {
  if (typeof entry === "string") return entry;
  if ("variable" in entry) return refuse(`the variable $${entry.variable}`);
  if ("comment" in entry) return refuse("a comment (#)");
  return entry.op === "glob" ? refuse(`the pattern ${entry.pattern}`) : refuse(entry.op);
}

function refuse(what: string): never {
  throw new UsageError(`--program contains ${what}, which only a shell understands`, SHELL_HINT);
}
