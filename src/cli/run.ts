/** The command line: arguments → a command → an exit status. */
import { Command, CommanderError } from "commander";
import { InputError, printable } from "../language/source.js";
import { version } from "../version.js";
import { addCheck } from "./check.js";
import { addDerive } from "./derive.js";
import { addExport } from "./export.js";
import { addGrad } from "./grad.js";
import { print, type Streams } from "./output.js";
import type { Finish, Status } from "./usage.js";
import { addVerify } from "./verify.js";

/**
 * Runs one command to its end; never throws.
 * @param args what stands behind `chainrule`
 */
export async function run(args: readonly string[], streams: Streams): Promise<Status> {
  const { stdout, stderr } = streams;
  let status: Status = 0;
  let said = "";
  const program = new Command("chainrule")
    .description("Symbolic chain-rule derivations: derive, evaluate and check gradients.")
    .version(version, "--version", "print the version")
    .helpOption("--help", "print this help")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => (said += text),
    });
  const finish: Finish = (result) => (status = result);
  for (const add of [addDerive, addGrad, addCheck, addExport, addVerify])
    add(program, streams, finish);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    await print(stderr, [error instanceof CommanderError ? usage(said) : report(error)]);
    return 2;
  }
  return status;
}

/** What commander says about wrong arguments, in the form of our other errors. */
function usage(said: string): string {
  const [first = "", ...rest] = said.trimEnd().split("\n");
  if (!first.startsWith("error: ")) return `${said.trimEnd()}\n`;
  const hints = rest.map((line) => `  hint: ${printable(line.replace(/^\(|\)$/g, ""))}\n`);
  const help =
    hints.length > 0 ? [] : ["  hint: chainrule --help shows the commands and options\n"];
  const message = first.slice("error: ".length).replaceAll("'", "");
  return [`chainrule: ${printable(message)}\n`, ...hints, ...help].join("");
}

/** What people see of an error: one line, its place, a hint; never a stack. */
function report(error: unknown): string {
  if (error instanceof InputError) return `${error.report}\n`;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const [line = ""] = printable(text.split("\n")[0]!.slice(0, 300)).split("\n");
  return `chainrule: internal error: ${line}\n  hint: this is a fault of chainrule; please report it together with the model\n`;
}
