/** pdflatex: found, or installed where that is allowed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installDebian } from "./debian.js";

const PACKAGES = ["texlive-latex-base", "texlive-latex-recommended"];
const COMPILE_TIMEOUT = 120_000;

/** Whether pdflatex is there with what documents load. */
function isThere(): boolean {
  const { status } = spawnSync("kpsewhich", ["geometry.sty", "amsmath.sty", "amssymb.sty"], {
    stdio: "ignore",
  });
  return status === 0 && spawnSync("pdflatex", ["--version"], { stdio: "ignore" }).status === 0;
}

/** @throws Error that says what to install, where there is none. */
export function requirePdflatex(): void {
  if (isThere()) return;
  for (const name of PACKAGES) installDebian(name);
  if (isThere()) return;
  throw new Error(
    `the tests of LaTeX documents compile them: install pdflatex (Debian: apt-get install ${PACKAGES.join(" ")})`,
  );
}

export interface Compiled {
  readonly isWritten: boolean;
  /** What pdflatex said, one line for each message. */
  readonly log: string;
}

/** Compiles a document once, in a folder of its own, and stops at the first error. */
export function compileLatex(document: string): Compiled {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-latex-"));
  try {
    writeFileSync(join(folder, "document.tex"), document);
    const options = ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"];
    const { status } = spawnSync("pdflatex", [...options, "document.tex"], {
      cwd: folder,
      stdio: "ignore",
      timeout: COMPILE_TIMEOUT,
      // long messages in one line
      env: { ...process.env, max_print_line: "1000" },
    });
    return { isWritten: status === 0, log: readFileSync(join(folder, "document.log"), "latin1") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
