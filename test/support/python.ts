/** A Python with NumPy: found, or installed where that is allowed. */
import { spawnSync } from "node:child_process";
import { installDebian } from "./debian.js";

const CANDIDATES = ["python3", "/usr/bin/python3", "python"];

function find(): string | undefined {
  return CANDIDATES.find(
    (python) => spawnSync(python, ["-c", "import numpy"], { stdio: "ignore" }).status === 0,
  );
}

/** @throws Error that says what to install, where there is none. */
export function pythonWithNumpy(): string {
  const found = find();
  if (found !== undefined) return found;
  installDebian("python3-numpy");
  const installed = find();
  if (installed !== undefined) return installed;
  throw new Error(
    "the tests of the notebook run its code: install python3 with NumPy (Debian: apt-get install python3-numpy)",
  );
}
