/** The help: how the program and its commands are called. */
import { type Command, usageOf } from "./command.js";

const WIDTH = 80;
const HELP = ["--help", "print this help"] as const;

/** A term and what it means. */
type Entry = readonly [term: string, text: string];

export function programHelp(commands: readonly Command[]): string {
  return page(
    "chainrule [options] [command]",
    "Symbolic chain-rule derivations: derive, evaluate and check gradients.",
    {
      Options: [["--version", "print the version"], HELP],
      Commands: [
        ...commands.map(({ name, text }): Entry => [`${name} [options] <model>`, text]),
        ["help [command]", "display help for command"],
      ],
    },
  );
}

export function commandHelp({ name, text, options }: Command): string {
  return page(`chainrule ${name} [options] <model>`, text, {
    Arguments: [["model", "file of the model, or - for stdin"]],
    Options: [
      ...Object.entries(options).map(([key, option]): Entry => [
        usageOf(key, options),
        option.text,
      ]),
      HELP,
    ],
  });
}

function page(
  usage: string,
  text: string,
  lists: Readonly<Record<string, readonly Entry[]>>,
): string {
  const width = Math.max(
    ...Object.values(lists).flatMap((list) => list.map(([term]) => term.length)),
  );
  const column = width + 4;
  const sections = Object.entries(lists).map(([title, list]) => {
    const entries = list.map(
      ([term, meaning]) => `  ${term.padEnd(width)}  ${wrapped(meaning, column)}\n`,
    );
    return `${title}:\n${entries.join("")}`;
  });
  return [`Usage: ${usage}\n`, `${wrapped(text, 0)}\n`, ...sections].join("\n");
}

/** A text that begins in a column, with its further lines under the first. */
function wrapped(text: string, column: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && column + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${" ".repeat(column)}`);
}
