import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

/** Folders of src in the order in which data flows: each may use itself and what stands above. */
const order = [
  "expression",
  "language",
  "calculus",
  "numeric",
  "forms",
  "backprop",
  "derivation",
  "check",
  "render",
  "cli",
];

/** Who may use less (or, for the files at the root of src, what). */
const exceptions: Record<string, string[]> = {
  // The oracle shares the parser with the engine and nothing else.
  backprop: ["language"],
  "index.ts": order.filter((folder) => folder !== "cli"),
  "matchers.ts": order.filter((folder) => folder !== "cli"),
  "vitest.ts": ["matchers.ts"],
  "jest.ts": ["matchers.ts"],
  // The types of a package, for jest.ts.
  "jest-globals.d.ts": [],
  "version.ts": [],
};

/** Folders within a folder, in their order; files that stand beside these are free. */
const inner: Record<string, string[]> = {
  check: [
    "verify",
    "claims",
    "explanations",
    "pass",
    "mutants",
    "alone",
    "search",
    "power",
    "formulas",
  ],
  "check/mutants": ["lines", "rules", "forward", "adjoints", "passes"],
  render: ["notation", "layout", "formula", "document", "notebook", "terminal", "page"],
};

/** Files at the root of src that every folder may use. */
const common = ["version.ts"];

const longestFile = 400;

const src = fileURLToPath(new URL("../src", import.meta.url));

interface Import {
  to: string;
  line: number;
  /** `import type`: gone when the code runs. */
  erased: boolean;
}

/** Where the relative imports of one file (its path from src) lead, as paths from src. */
function importsOf(file: string, text: string): Import[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, erased: boolean) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    if (!specifier.text.startsWith(".")) return;
    const to = posix.join(posix.dirname(file), specifier.text).replace(/\.js$/, ".ts");
    const line = tree.getLineAndCharacterOfPosition(specifier.getStart(tree)).line + 1;
    found.push({ to, line, erased });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** The folder of a file, or its name if it stands at the root of src. */
function placeOf(file: string): string {
  return file.split("/")[0]!;
}

function allowedFor(place: string): string[] | undefined {
  const exception = exceptions[place];
  if (exception !== undefined) return [place, ...exception, ...common];
  const position = order.indexOf(place);
  return position < 0 ? undefined : [...order.slice(0, position + 1), ...common];
}

/** Whether a file stands in an earlier one of the inner folders of some folder than what it imports. */
function isAbove(file: string, to: string): boolean {
  return Object.entries(inner).some(([folder, within]) => {
    const [own, other] = [file, to].map((path) =>
      within.findIndex((one) => path.startsWith(`${folder}/${one}/`)),
    ) as [number, number];
    return own >= 0 && own < other;
  });
}

/** One import that the table forbids a line. */
function violations(graph: Map<string, Import[]>): string[] {
  const wrong: string[] = [];
  for (const [file, imports] of graph) {
    const place = placeOf(file);
    const allowed = allowedFor(place);
    if (allowed === undefined) {
      wrong.push(`src/${file}: "${place}" has no row in the table of this test`);
      continue;
    }
    for (const { to, line } of imports) {
      if (!allowed.includes(placeOf(to))) {
        wrong.push(`src/${file}:${line}: ${place} may not use ${placeOf(to)} (${to})`);
      } else if (isAbove(file, to)) {
        wrong.push(`src/${file}:${line}: ${to} stands below it`);
      }
    }
  }
  return wrong;
}

/** The first cycle of imports that depth-first search meets, as the files along it. */
function findCycle(graph: Map<string, Import[]>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const search = (file: string): string[] | undefined => {
    if (done.has(file)) return undefined;
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    path.push(file);
    for (const { to, erased } of graph.get(file) ?? []) {
      const cycle = erased ? undefined : search(to);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = search(file);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

const graphOf = (files: Map<string, string>) =>
  new Map([...files].map(([file, text]) => [file, importsOf(file, text)]));

const files = new Map(
  readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [relative(src, path).split(sep).join("/"), readFileSync(path, "utf8")]),
);
const graph = graphOf(files);

describe("the source", () => {
  it("imports only files that are there", () => {
    const missing = [...graph].flatMap(([file, imports]) =>
      imports
        .filter(({ to }) => to.startsWith("..") || (to.endsWith(".ts") && !files.has(to)))
        .map(({ to, line }) => `src/${file}:${line}: ${to}`),
    );
    expect(missing).toEqual([]);
  });

  it("keeps the order of the folders", () => {
    expect(violations(graph)).toEqual([]);
  });

  it("has no import cycles", () => {
    expect(findCycle(graph)).toBeUndefined();
  });

  it(`has no file longer than ${longestFile} lines`, () => {
    const long = [...files]
      .map(([file, text]) => ({ file, lines: text.trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > longestFile);
    expect(long).toEqual([]);
  });
});

describe("the rules themselves", () => {
  const sample = (files: Record<string, string>) => graphOf(new Map(Object.entries(files)));

  it.each([
    ["language/a.ts", `import { b } from "../calculus/b.js";`],
    ["calculus/a.ts", `import type { B } from "../render/b.js";`],
    ["backprop/a.ts", `import { b } from "../expression/b.js";`],
    ["numeric/a.ts", `export * from "../forms/b.js";`],
    ["render/a.ts", `const b = await import("../cli/b.js");`],
    ["check/a.ts", `let b: import("../render/b.js").B;`],
    ["check/claims/a.ts", `import { b } from "../search/b.js";`],
    ["check/mutants/lines/a.ts", `import { b } from "../passes/b.js";`],
    ["expression/a.ts", `import "../index.js";`],
    ["index.ts", `import "./cli/b.js";`],
    ["unheard/a.ts", ""],
  ])("refuse, in %s, %s", (file, text) => {
    expect(violations(sample({ [file]: text }))).toHaveLength(1);
  });

  it.each([
    ["language/a.ts", `import { b } from "../expression/b.js";`],
    ["backprop/a.ts", `import { b } from "../language/b.js";`],
    ["check/a.ts", `import { b } from "../backprop/b.js";`],
    ["check/search/a.ts", `import { b } from "../claims/b.js";`],
    ["check/claims/a.ts", `import { b } from "../result.js";`],
    ["cli/a.ts", `import { version } from "../version.js";`],
    ["index.ts", `export { b } from "./render/b.js";`],
  ])("accept, in %s, %s", (file, text) => {
    expect(violations(sample({ [file]: text }))).toEqual([]);
  });

  it("find a cycle, and let `import type` close none", () => {
    const ring = (last: string) =>
      sample({
        "forms/a.ts": `import { b } from "./b.js";`,
        "forms/b.ts": `export { c } from "./c.js";`,
        "forms/c.ts": last,
      });
    expect(findCycle(ring(`import { a } from "./a.js";`))).toEqual([
      "forms/a.ts",
      "forms/b.ts",
      "forms/c.ts",
      "forms/a.ts",
    ]);
    expect(findCycle(ring(`import { type A } from "./a.js";`))).toBeDefined();
    expect(findCycle(ring(`import type { A } from "./a.js";`))).toBeUndefined();
  });
});
