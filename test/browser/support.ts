/** A real browser for the tests of the page: found, or installed where that is allowed. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { installDebian } from "../support/debian.js";

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

/** @throws Error that says what to install, where there is no browser. */
export function browserPath(): string {
  const named = process.env["CHAINRULE_BROWSER"];
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return named;
    throw new Error(`CHAINRULE_BROWSER is ${named}, which is not a program that can be run`);
  }
  const found = find();
  if (found !== undefined) return found;
  installDebian("chromium");
  const installed = find();
  if (installed !== undefined) return installed;
  throw new Error(
    "the tests of the page need Chrome or Chromium: install it (Debian: apt-get install chromium), or name it in CHAINRULE_BROWSER",
  );
}

export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath(), args: ARGS, headless: true });
}
