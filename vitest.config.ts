import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { pageAssets } from "./page-assets.config.js";

// CI names a file here and counts the tests from it.
const report = process.env["CHAINRULE_TEST_REPORT"];

export default defineConfig({
  plugins: [pageAssets()],
  resolve: {
    alias: [
      {
        find: /^chainrule$/,
        replacement: fileURLToPath(new URL("src/index.ts", import.meta.url)),
      },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    // commands that tests start leave nothing in the user's folders
    env: { NODE_DISABLE_COMPILE_CACHE: "1" },
    reporters: report === undefined ? ["default"] : ["default", "json"],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text", "html"],
    },
  },
});
