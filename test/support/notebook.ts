/** The code of notebooks, and running it. */
import { spawnSync } from "node:child_process";
import type { Notebook } from "../../src/render/notebook/notebook.js";
import { INSTALL_TIMEOUT } from "./debian.js";
import { pythonWithNumpy } from "./python.js";

export const PYTHON_TIMEOUT = INSTALL_TIMEOUT + 60_000;

let python = "";

/** Before `run`. */
export function findPython(): void {
  python = pythonWithNumpy();
}

/** Runs the code cells one after the other, as a kernel does. */
export function run({ cells }: Notebook): string {
  const code = cells
    .filter((cell) => cell.cell_type === "code")
    .map(({ source }) => source.join(""))
    .join("\n\n");
  const { status, stderr } = spawnSync(python, ["-W", "error::SyntaxWarning", "-"], {
    input: code,
    encoding: "utf8",
    timeout: 60_000,
  });
  return status === 0 ? "" : stderr.slice(-2000) || `${python} did not run`;
}

/** All code cells as one text. */
export function codeOf({ cells }: Notebook): string {
  return cells
    .flatMap(({ cell_type, source }) => (cell_type === "code" ? source.join("") : []))
    .join("\n");
}
