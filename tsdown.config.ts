import { defineConfig, type UserConfig } from "tsdown";
import { pageAssets } from "./page-assets.config.js";

/** The decimal arithmetic, which loads decimal.js, and what uses it. */
const DECIMALS = "decimal|precise|bounded|distributions";

/** The fast code of `bind`, which only exports need, and differences. */
const FAST_CODE =
  "bound\\b|compile|differences|code/(applications|choose|module|paired|placement|scalar|schedule|straight|stream|unroll|uses)|wasm/(?!host)";

/** What explains wrong gradients: a check of right ones does without. */
const DIAGNOSIS =
  "alone/|check\\b|claims/evidence|explanations/factors|formulas/right-formula|pass/composed|power/points|refused|search/";

/** Checks of formulas and of the engine itself. */
const OTHERS = "formulas/(?!right-formula)|verify/";

/** The modules of these folders of `src/`, but not their declarations nor those that begin with `others`. */
function source(folders: string, others: string): RegExp {
  return new RegExp(`/src/(${folders})[/.](?!${others}).*(?<!\\.d\\.)ts$`);
}

/** What the library and the command have in common. */
const common = {
  platform: "node",
  target: "es2023",
  fixedExtension: false,
  sourcemap: false,
  // An external module of which nothing is used is not loaded.
  treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
  inputOptions: { checks: { pluginTimings: false } },
} satisfies UserConfig;

// Of mathjs only the parser and one function go into the build: whole, it takes a second to load.
const MATHJS = /^mathjs(\/|$)/;

const library = {
  ...common,
  // without comments and long names of variables, which take time to read; lines and the names of functions and
  // classes stay for those whose errors show them
  minify: { compress: true, mangle: { toplevel: false }, codegen: { removeWhitespace: false } },
  entry: { index: "src/index.ts", jest: "src/jest.ts", vitest: "src/vitest.ts" },
  format: "esm",
  dts: true,
  clean: true,
  // decimal.js and fraction.js stay packages: their types are ours too
  deps: { alwaysBundle: [MATHJS] },
  plugins: [pageAssets(), ascii()],
  // the declarations have what is written above functions
  outputOptions: { comments: { jsdoc: false } },
  copy: [
    ...["LICENSE", "NOTICE"].map((name) => ({
      from: `node_modules/mathjs/${name}`,
      to: "dist/licenses/mathjs",
    })),
    ...["fraction.js", "shell-quote"].map((name) => ({
      from: `node_modules/${name}/LICENSE`,
      to: `dist/licenses/${name}`,
    })),
    { from: "node_modules/decimal.js/LICENCE.md", to: "dist/licenses/decimal.js" },
  ],
} satisfies UserConfig;

/** What the command and the file that starts it have in common. */
const inCommand = {
  outDir: "dist/cli",
  format: "cjs",
  outExtensions: () => ({ js: ".js" }),
  dts: false,
  clean: false,
} satisfies UserConfig;

// What loads the command stands by itself.
const launcher = {
  ...common,
  minify: true,
  entry: { main: "src/cli/main.ts" },
  ...inCommand,
} satisfies UserConfig;

// The command is CommonJS, which Node loads faster, and needs no package beside it. What
// every command needs is one chunk, and what a check of numbers needs another: each file costs a start
// about a millisecond. What only some commands need is loaded by them.
const command = {
  ...common,
  // what is loaded is read from its first letter to its last: long names take time
  minify: true,
  entry: { start: "src/cli/start.ts" },
  ...inCommand,
  deps: { alwaysBundle: [MATHJS, "decimal.js", "fraction.js", /^shell-quote/] },
  plugins: [pageAssets(), commonJs(), ascii()],
  outputOptions: {
    // a script that is run with kept code has no import()
    dynamicImportInCjs: false,
    codeSplitting: {
      groups: [
        {
          name: "core",
          test: source("expression|language|calculus|numeric", `${DECIMALS}|${FAST_CODE}`),
        },
        { name: "check", test: source("check|render/terminal/report", `${DIAGNOSIS}|${OTHERS}`) },
        { name: "diagnosis", test: source("check", OTHERS) },
      ],
    },
  },
} satisfies UserConfig;

/** Says of the folder that its files are CommonJS, unlike those of the package around it. */
function commonJs(): { name: string; generateBundle(this: Emitter): void } {
  return {
    name: "common-js",
    generateBundle() {
      const source = `${JSON.stringify({ type: "commonjs" })}\n`;
      this.emitFile({ type: "asset", fileName: "package.json", source });
    },
  };
}

/**
 * Writes letters beyond ASCII as escapes. A single one in a file would make V8 hold all of it in two bytes a letter, which
 * takes longer to read.
 */
function ascii(): { name: string; generateBundle(options: unknown, bundle: Bundle): void } {
  return {
    name: "ascii",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk" || !file.fileName.endsWith(".js")) continue;
        // an escape is not read in such a template
        const raw = /String\.raw`[^`]*[\u0080-\uFFFF]/.exec(file.code);
        if (raw) throw new Error(`${file.fileName}: write escapes in ${raw[0]}`);
        file.code = file.code.replace(
          /[\u0080-\uFFFF]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
      }
    },
  };
}

type Bundle = Record<string, { type: "asset" } | { type: "chunk"; fileName: string; code: string }>;

interface Emitter {
  emitFile(file: { type: "asset"; fileName: string; source: string }): unknown;
}

export default defineConfig([library, launcher, command]);
