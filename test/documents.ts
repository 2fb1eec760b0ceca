/** Code blocks of Markdown documents, and commands as the documents show them. */
import { readFileSync } from "node:fs";
import { splitCommand } from "../src/cli/program/command.js";

export interface Block {
  /** What stands behind the opening fence: `js`, `console`, `model wrong`. */
  readonly kind: string;
  readonly text: string;
  readonly line: number;
}

export function blocksOf(path: string): Block[] {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
  return [...text.matchAll(/^```(.+)\n([^]*?)^```$/gm)].map((match) => ({
    kind: match[1]!,
    text: match[2]!,
    line: text.slice(0, match.index).split("\n").length,
  }));
}

export interface Shown {
  readonly args: readonly string[];
  readonly output: readonly string[];
}

/** Lines `$ chainrule …`, each with the output below it. */
export function commandsOf({ text }: Block): Shown[] {
  const [, ...pieces] = text.split(/^\$ chainrule /m);
  return pieces.map((piece) => {
    const [line, ...output] = piece.trimEnd().split("\n");
    return { args: splitCommand(line!), output };
  });
}

/** Whether lines are those shown; a line `…` stands for any number of them. */
export function isShown(lines: readonly string[], shown: readonly string[]): boolean {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = shown.map((line) => (line === "…" ? "(?:.*\n)*" : `${literal(line)}\n`));
  return new RegExp(`^${pattern.join("")}$`).test(lines.map((line) => `${line}\n`).join(""));
}
