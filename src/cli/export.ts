import type { Command } from "commander";
import { readPoint } from "../language/point.js";
import { Inputs } from "./input.js";
import { deliver, type Streams } from "./output.js";
import { choosePoint } from "./point.js";
import { addCommonOptions, type CommonOptions, once, oneOf } from "./usage.js";

const LANGUAGES = ["js"] as const;

interface ExportOptions extends CommonOptions {
  readonly to: (typeof LANGUAGES)[number];
  readonly output?: string;
}

export function addExport(program: Command, streams: Streams): void {
  addCommonOptions(program.command("export"))
    .description("the compiled gradient as readable source that stands alone")
    .requiredOption("--to <language>", `the language: ${LANGUAGES.join(", ")}`, oneOf(LANGUAGES))
    .option("-o, --output <file>", "file to write instead of stdout", once)
    .action((path: string, options: ExportOptions) => runExport(path, options, streams));
}

async function runExport(path: string, options: ExportOptions, streams: Streams): Promise<void> {
  const { moduleText } = await import("../numeric/code/module.js");
  const { BoundCode } = await import("../numeric/bound.js");
  const inputs = new Inputs(streams.stdin);
  const model = await inputs.model(path, options.loss);
  const isFixed = model.sizes.length === 0 && options.at === undefined;
  const sizes = isFixed
    ? new Map<string, number>()
    : (await choosePoint(model, options, inputs, streams)).use((at) => readPoint(model, at).sizes);
  const source = new BoundCode(model, "standalone").sourceAt(sizes);
  await deliver(streams, options.output, moduleText(model, source, sizes));
}
