/** Pages of the example models, and what a browser has to say about them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { verify } from "../../src/check/verify/verify.js";
import { type Model, parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { deriveAll } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";
import { htmlDocument } from "../../src/render/page/page.js";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

export function exampleModel(name: string): Model {
  return parseModel(readFileSync(join(examples, `${name}.model`), "utf8"));
}

export function examplePoint(name: string): Point {
  return JSON.parse(readFileSync(join(examples, `${name}.point.json`), "utf8")) as Point;
}

/** Every example that has a point. */
export const EXAMPLES = readdirSync(examples)
  .filter((name) => name.endsWith(".point.json"))
  .map((name) => name.replace(/\.point\.json$/, ""));

/**
 * The page of an example at its point: its first and its last parameter as a whole, which have the
 * longest and the shortest derivation, and one entry of the first.
 */
export function examplePage(name: string): string {
  return pageOf(exampleModel(name), examplePoint(name));
}

/** With everything that a page may have. */
export function pageOf(model: Model, at: Point): string {
  const [first, last] = [model.params[0]!, model.params.at(-1)!];
  const { shape } = first;
  const entry = shape.length === 0 ? first.name : `${first.name}[${shape.map(() => 1).join(",")}]`;
  const derivations = [
    ...deriveAll(model, { at, wrt: [entry], forms: ["paths", "scalar"] }),
    ...deriveAll(model, {
      at,
      wrt: [...new Set([first.name, last.name])],
      forms: ["index", "matrix", "jacobian"],
    }),
  ];
  return htmlDocument(model, derivations, {
    passages: passages(model, { at }),
    verification: verify(model, at),
  });
}

/** Writes pages where a browser can open them as files, without a server. */
export class Folder {
  private readonly path = mkdtempSync(join(tmpdir(), "chainrule-pages-"));

  write(name: string, text: string): string {
    const file = join(this.path, `${name}.html`);
    writeFileSync(file, text);
    return pathToFileURL(file).href;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Everything that should not happen on a page, as it happens. */
export function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") found.push(message.text());
  });
  page.on("pageerror", (error) => found.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("data:") && url !== page.url() && !request.isNavigationRequest())
      found.push(`request: ${url}`);
  });
  return found;
}
