import { esmExternalRequirePlugin } from "rolldown/plugins";
import { defineConfig } from "tsdown";
import { pageAssets } from "./page-assets.config.js";

/** The decimal arithmetic, which loads decimal.js, and what uses it. */
const DECIMALS = "decimal|precise|bounded|distributions";

/** The modules of these folders of `src/`, but not their declarations nor those that begin with `others`. */
function source(folders: string, others: string): RegExp {
  return new RegExp(`/src/(${folders})/(?!${others}).*(?<!\\.d)\\.ts$`);
}

export default defineConfig({
  entry: {
    index: "src/index.ts",
    jest: "src/jest.ts",
    vitest: "src/vitest.ts",
    "cli/main": "src/cli/main.ts",
  },
  format: "esm",
  platform: "node",
  target: "es2023",
  fixedExtension: false,
  dts: true,
  sourcemap: false,
  clean: true,
  // Of mathjs and what it needs only the parts that are used go into the build: whole, it takes a
  // second to load. decimal.js and fraction.js stay packages: their types are ours too.
  deps: {
    alwaysBundle: [
      /^mathjs(\/|$)/,
      /^@babel\/runtime\//,
      "commander",
      "complex.js",
      "escape-latex",
      "javascript-natural-sort",
      "seedrandom",
      "tiny-emitter",
      "typed-function",
    ],
  },
  copy: [
    ...["LICENSE", "NOTICE"].map((name) => ({
      from: `node_modules/mathjs/${name}`,
      to: "dist/licenses/mathjs",
    })),
    ...["@babel/runtime", "commander", "complex.js", "tiny-emitter", "typed-function"].map(
      (name) => ({
        from: `node_modules/${name}/LICENSE`,
        to: `dist/licenses/${name.replace("/", "-")}`,
      }),
    ),
    { from: "node_modules/escape-latex/LICENSE.md", to: "dist/licenses/escape-latex" },
    // these two state their licence, MIT, in the head of their own source
    { from: "node_modules/javascript-natural-sort/package.json", to: "dist/licenses/natural-sort" },
    { from: "node_modules/seedrandom/package.json", to: "dist/licenses/seedrandom" },
  ],
  plugins: [
    pageAssets(),
    // commander requires Node's modules; left so, the chunk of the bundler's own helpers would too
    esmExternalRequirePlugin({ external: [/^node:/] }),
  ],
  // What every command needs is one chunk, and what a check of numbers needs another: each further
  // file costs a start about a millisecond, and so do comments, which are read each time.
  outputOptions: {
    comments: false,
    codeSplitting: {
      groups: [
        { name: "core", test: source("expression|language|calculus|numeric", DECIMALS) },
        {
          name: "check",
          test: source("check", "formulas/(?!right-formula)|verify/"),
        },
      ],
    },
  },
  // An external module of which nothing is used is not loaded.
  treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
  inputOptions: { checks: { pluginTimings: false } },
});
