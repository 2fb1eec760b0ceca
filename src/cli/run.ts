/** The command line: arguments → a command → an exit status. */
import { InputError, printable } from "../language/source.js";
import { version } from "../version.js";
import { check } from "./check.js";
import { type Command, unknownName } from "./command.js";
import { derive } from "./derive.js";
import { exportCommand } from "./export.js";
import { grad } from "./grad.js";
import { commandHelp, programHelp } from "./help.js";
import { print, type Streams } from "./output.js";
import type { Status } from "./usage.js";
import { verify } from "./verify.js";

const COMMANDS: readonly Command[] = [derive, grad, check, exportCommand, verify];

/**
 * Runs one command to its end; never throws.
 * @param args what stands behind `chainrule`
 */
export async function run(args: readonly string[], streams: Streams): Promise<Status> {
  try {
    return await dispatch(args, streams);
  } catch (error) {
    await print(streams.stderr, [report(error)]);
    return 2;
  }
}

async function dispatch(args: readonly string[], streams: Streams): Promise<Status> {
  const [first, ...rest] = args;
  if (first === undefined) {
    await print(streams.stderr, [programHelp(COMMANDS)]);
    return 2;
  }
  const asked = helpAsked(first, rest);
  if (asked !== undefined) {
    await print(streams.stdout, [asked]);
    return 0;
  }
  if (first.startsWith("-")) throw unknownName("option", first, ["--version", "--help"]);
  return await named(first).run(rest, streams);
}

/** What `--version`, `--help` and `help` print; undefined for a command that is to run. */
function helpAsked(first: string, rest: readonly string[]): string | undefined {
  if (first === "--version") return `${version}\n`;
  if (first === "--help") return programHelp(COMMANDS);
  if (first === "help") {
    const [name = "help"] = rest;
    return name === "help" || name === "--help" ? programHelp(COMMANDS) : commandHelp(named(name));
  }
  const command = COMMANDS.find((one) => one.name === first);
  return command?.asksForHelp(rest) ? commandHelp(command) : undefined;
}

function named(name: string): Command {
  const found = COMMANDS.find((one) => one.name === name);
  if (!found) throw unknownName("command", name, [...COMMANDS.map((one) => one.name), "help"]);
  return found;
}

/** What people see of an error: one line, its place, a hint; never a stack. */
function report(error: unknown): string {
  if (error instanceof InputError) return `${error.report}\n`;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const [line = ""] = printable(text.split("\n")[0]!.slice(0, 300)).split("\n");
  return `chainrule: internal error: ${line}\n  hint: this is a fault of chainrule; please report it together with the model\n`;
}
