import { defineConfig } from "tsdown";

export default defineConfig({
  entry: { index: "src/index.ts", "cli/main": "src/cli/main.ts" },
  format: "esm",
  platform: "node",
  target: "es2023",
  fixedExtension: false,
  dts: true,
  sourcemap: false,
  clean: true,
});
