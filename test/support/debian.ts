/** Debian packages that tests need, installed where that is allowed. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** How often it is tried while another test holds apt's lock, and the pause between, in seconds. */
const TRIES = 12;
const PAUSE = 10;

/** Longest time that an installation may take, for the time limits of hooks. */
export const INSTALL_TIMEOUT = 300_000;

/** Does nothing where this does not run as root beside apt; the caller looks again afterwards. */
export function installDebian(name: string): void {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { env, stdio: "ignore", timeout: INSTALL_TIMEOUT } as const;
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      execFileSync("apt-get", ["update", "-qq"], options);
      execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], options);
      return;
    } catch (error) {
      process.stderr.write(`${name} could not be installed (try ${tries}): ${String(error)}\n`);
      execFileSync("sleep", [`${PAUSE}`]);
    }
  }
}
