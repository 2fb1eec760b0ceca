/**
 * What the HTML page carries in itself, as a module for the bundler and for the tests: KaTeX's script
 * and style, its fonts as data, and the page's own script and style, each with the hash that the
 * page's Content-Security-Policy names. So the package needs no files beside its code.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const NAME = "virtual:page-assets";
const RESOLVED = `\0${NAME}`;

const katex = new URL("./node_modules/katex/dist/", import.meta.url);
const page = new URL("./src/render/page/", import.meta.url);

/** Faces that only some commands need, by their family or by family, style and weight; all others are in `core`. */
const GROUPS: Readonly<Record<string, string>> = {
  KaTeX_AMS: "ams",
  "KaTeX_Main normal 700": "bold",
  "KaTeX_Math italic 700": "boldLetters",
  "KaTeX_Main italic 400": "italic",
  "KaTeX_Main italic 700": "boldItalic",
  KaTeX_Caligraphic: "caligraphic",
  KaTeX_Fraktur: "fraktur",
  KaTeX_SansSerif: "sansSerif",
  KaTeX_Script: "script",
  KaTeX_Typewriter: "typewriter",
};

interface Asset {
  readonly text: string;
  /** As a source of a Content-Security-Policy. */
  readonly hash: string;
}

interface AssetsPlugin {
  readonly name: string;
  resolveId(id: string): string | undefined;
  load(id: string): Promise<string | undefined>;
}

export function pageAssets(): AssetsPlugin {
  return {
    name: "page-assets",
    resolveId: (id) => (id === NAME ? RESOLVED : undefined),
    load: async (id) => (id === RESOLVED ? moduleText(await assets()) : undefined),
  };
}

async function assets(): Promise<Record<string, Asset | Record<string, Asset>>> {
  const style = read(new URL("katex.min.css", katex));
  const license = `/*! KaTeX, https://katex.org\n${read(new URL("../LICENSE", katex))}*/\n`;
  return {
    katexScript: asset(license + read(new URL("katex.min.js", katex))),
    clientScript: asset(await compiled(new URL("client/client.ts", page))),
    katexStyle: asset(license + style.replace(/@font-face\{[^}]*\}/g, "")),
    pageStyle: asset(read(new URL("page.css", page))),
    fontStyles: fonts(style),
  };
}

/** The faces of each group of families, with their files in them. */
function fonts(css: string): Record<string, Asset> {
  const groups: Record<string, string> = {};
  for (const [face] of css.matchAll(/@font-face\{[^}]*\}/g)) {
    const [family, style, weight] = ["family", "style", "weight"].map(
      (property) => new RegExp(`font-${property}:"?(\\w+)`).exec(face)![1]!,
    );
    const [, file] = /url\((fonts\/[^)]+\.woff2)\)/.exec(face)!;
    const data = readFileSync(new URL(file!, katex)).toString("base64");
    const source = `src:url(data:font/woff2;base64,${data}) format("woff2")}`;
    const group = GROUPS[family!] ?? GROUPS[`${family} ${style} ${weight}`] ?? "core";
    groups[group] = `${groups[group] ?? ""}${face.replace(/src:.*$/s, source)}\n`;
  }
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, asset(text)]));
}

/** The page's script: its modules in one, without their types, in a scope of their own. */
async function compiled(file: URL): Promise<string> {
  const bundle = await rolldown({ input: fileURLToPath(file), logLevel: "silent" });
  const { output } = await bundle.generate({ format: "iife" });
  await bundle.close();
  return output[0].code;
}

function read(file: URL): string {
  return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
}

function asset(text: string): Asset {
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error("an asset would end its own element");
  return { text, hash: `sha256-${createHash("sha256").update(text).digest("base64")}` };
}

function moduleText(exports: Readonly<Record<string, unknown>>): string {
  return Object.entries(exports)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`)
    .join("");
}
