import { readPoint } from "../language/point.js";
import { command } from "./command.js";
import { Inputs } from "./input.js";
import { COMMON_OPTIONS, oneOf, type Options, OUTPUT, required, type Values } from "./options.js";
import { deliver, type Streams } from "./output.js";
import { choosePoint, savePointOf } from "./point.js";
import type { Status } from "./usage.js";

const LANGUAGES = ["js"] as const;

const OPTIONS = {
  ...COMMON_OPTIONS,
  to: required("language", `the language: ${LANGUAGES.join(", ")}`, oneOf(LANGUAGES)),
  output: OUTPUT,
} satisfies Options;

export const exportCommand = command(
  "export",
  "the compiled gradient as readable source that stands alone",
  OPTIONS,
  runExport,
);

async function runExport(
  path: string,
  options: Values<typeof OPTIONS>,
  streams: Streams,
): Promise<Status> {
  const { moduleText } = await import("../numeric/code/module.js");
  const { BoundCode } = await import("../numeric/bound.js");
  const inputs = new Inputs(streams);
  const model = await inputs.model(path, options.loss);
  const isFixed = model.sizes.length === 0 && options.at === undefined;
  if (isFixed) await savePointOf(model, options, undefined);
  const sizes = isFixed
    ? new Map<string, number>()
    : (await choosePoint(model, options, inputs, streams)).use((at) => readPoint(model, at).sizes);
  const source = new BoundCode(model, "standalone").sourceAt(sizes);
  await deliver(streams, options.output, moduleText(model, source, sizes));
  return 0;
}
