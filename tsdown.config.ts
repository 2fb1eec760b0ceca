import { defineConfig } from "tsdown";
import { pageAssets } from "./page-assets.config.js";

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
    ...["@babel/runtime", "complex.js", "tiny-emitter", "typed-function"].map((name) => ({
      from: `node_modules/${name}/LICENSE`,
      to: `dist/licenses/${name.replace("/", "-")}`,
    })),
    { from: "node_modules/escape-latex/LICENSE.md", to: "dist/licenses/escape-latex" },
    // these two state their licence, MIT, in the head of their own source
    { from: "node_modules/javascript-natural-sort/package.json", to: "dist/licenses/natural-sort" },
    { from: "node_modules/seedrandom/package.json", to: "dist/licenses/seedrandom" },
  ],
  plugins: [pageAssets()],
  inputOptions: { checks: { pluginTimings: false } },
});
