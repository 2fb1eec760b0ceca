/** A real browser for the tests of the page: found, or installed where that is allowed. */
import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const PLACES = [
  "/usr/bin",
  "/usr/local/bin",
  "/snap/bin",
  "/opt/google/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function find(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...PLACES];
  return [
    ...PLACES.slice(-2),
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
  ].find(isExecutable);
}

/** Debian's package, where this runs as root beside apt. */
function install(): void {
  if (process.getuid?.() !== 0 || !isExecutable("/usr/bin/apt-get")) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { env, stdio: "ignore", timeout: 300_000 } as const;
  try {
    execFileSync("apt-get", ["update", "-qq"], options);
    execFileSync(
      "apt-get",
      ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
      options,
    );
  } catch (error) {
    process.stderr.write(`chromium could not be installed: ${String(error)}\n`);
  }
}

/** @throws Error that says what to install, where there is no browser. */
export function browserPath(): string {
  const named = process.env["CHAINRULE_BROWSER"];
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return named;
    throw new Error(`CHAINRULE_BROWSER is ${named}, which is not a program that can be run`);
  }
  const found = find();
  if (found !== undefined) return found;
  install();
  const installed = find();
  if (installed !== undefined) return installed;
  throw new Error(
    "the tests of the page need Chrome or Chromium: install it (Debian: apt-get install chromium), or name it in CHAINRULE_BROWSER",
  );
}

export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath(), args: ARGS, headless: true });
}
