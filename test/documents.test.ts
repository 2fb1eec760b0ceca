import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verify } from "../src/check/verify/verify.js";
import { operations } from "../src/expression/operations/index.js";
import { functions } from "../src/language/functions/index.js";
import { parseModel } from "../src/language/model.js";
import { InputError } from "../src/language/source.js";
import { chainrule } from "./cli/support.js";
import { blocksOf, commandsOf, isShown } from "./documents.js";
import { INSTALL_TIMEOUT } from "./support/debian.js";
import { pythonWithNumpy } from "./support/python.js";

// The documents are run. Blocks of js need `npm run build` before: they import the built package.

const root = fileURLToPath(new URL("..", import.meta.url));
const before = process.cwd();
beforeAll(() => {
  process.chdir(root);
});
afterAll(() => {
  process.chdir(before);
});

const DOCUMENTS = [
  "README.md",
  ...["language", "cli", "checking", "notation", "matrix-form", "gallery/README"].map(
    (name) => `docs/${name}.md`,
  ),
];
const blocks = DOCUMENTS.flatMap((path) =>
  blocksOf(path).map((block) => ({ ...block, title: `${path}:${block.line}` })),
);
const ofKind = (kind: string) => blocks.filter((block) => block.kind === kind);

describe("models in the documents", () => {
  it.each(ofKind("model"))("$title is verified", ({ text }) => {
    expect(verify(parseModel(text)).ok).toBe(true);
  });

  it.each(ofKind("model wrong"))("$title has the error that stands below it", (block) => {
    const { text: report } = blocks[blocks.indexOf(block) + 1]!;
    const parse = () => parseModel(block.text);
    expect(parse).toThrow(InputError);
    try {
      parse();
    } catch (error) {
      expect(`${(error as InputError).report}\n`).toBe(report);
    }
  });
});

describe("commands in the documents", () => {
  const commands = ofKind("console").flatMap((block) =>
    commandsOf(block).map((shown) => ({ ...shown, title: `${block.title}: ${shown.args[0]!}` })),
  );

  let python: string;
  beforeAll(() => {
    python = pythonWithNumpy();
  }, INSTALL_TIMEOUT);

  it.each(commands)(
    "$title",
    async ({ args, output }) => {
      const here = args.map((word) => word.replace(/^python3 /, `${python} `));
      const { stdout, stderr } = await chainrule(here);
      const lines = (stdout + stderr).replaceAll(`${python} `, "python3 ").trimEnd().split("\n");
      expect(isShown(lines, output), lines.join("\n")).toBe(true);
    },
    60_000,
  );
});

describe("programs in the documents", () => {
  it.each(ofKind("js"))("$title prints what its comments say", async ({ text }) => {
    const program = [process.execPath, ["--input-type=module", "-e", text], { cwd: root }] as const;
    const { stdout } = await promisify(execFile)(...program);
    const expected = [...text.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map(([, line]) => line);
    expect(stdout.trimEnd().split("\n")).toEqual(expected);
  });
});

describe("the language's document", () => {
  const text = blocks
    .filter(({ title, kind }) => title.startsWith("docs/language.md") && kind === "model")
    .map((block) => block.text)
    .join("\n");
  const named = [...functions.keys(), ...operations.keys()].filter((name) => /^\w+$/.test(name));

  it.each(named)("has an example of %s", (name) => {
    expect(text).toMatch(new RegExp(`\\b${name}\\(`));
  });
});
