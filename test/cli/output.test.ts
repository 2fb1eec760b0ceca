/** What is printed reaches readers of all kinds: those that are slow, and those that go away. */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const derive = ["derive", "examples/batch-3-4-4-2.model", "--wrt", "W1", "--format", "json"];
const command = [process.execPath, "dist/cli/main.js", ...derive];

/** Runs the command in a pipe that a program in Python reads. @returns what it prints */
function read(program: string): string {
  const { stdout, stderr, status } = spawnSync("python3", ["-c", program, ...command], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout;
}

const whole = spawnSync(command[0]!, command.slice(1), { cwd: root, encoding: "utf8" }).stdout;

it("is whole for a reader that is behind, of a pipe that waits and of one that does not", () => {
  // a pipe holds 64 KB
  expect(whole.length).toBeGreaterThan(2 ** 17);
  for (const waits of ["True", "False"]) {
    const program = `
import os, subprocess, sys, time
end, start = os.pipe()
child = subprocess.Popen(sys.argv[1:], stdout=start)
os.set_blocking(start, ${waits})
os.close(start)
time.sleep(1)
with os.fdopen(end) as pipe:
    sys.stdout.write(pipe.read())
sys.exit(child.wait())`;
    expect(read(program) === whole, `a pipe that waits: ${waits}`).toBe(true);
  }
});

it("ends without a word when the reader goes away", () => {
  const program = `
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
sys.stdout.write(child.stdout.read(9).decode())
child.stdout.close()
sys.exit(child.wait())`;
  expect(read(program)).toBe(whole.slice(0, 9));
});
