import { command } from "./command.js";
import { Inputs } from "./input.js";
import { COMMON_OPTIONS, flag, type Options, step, value, type Values } from "./options.js";
import { print, printJson, type Streams } from "./output.js";
import { choosePoint } from "./point.js";
import { Progress } from "./progress.js";
import type { Status } from "./usage.js";

const OPTIONS = {
  ...COMMON_OPTIONS,
  step: value(
    "number",
    "also central differences with this step, with the error that it explains",
    step,
  ),
  json: flag("print JSON instead of a table"),
} satisfies Options;

export const verify = command(
  "verify",
  "the engine against itself: symbolic gradient, matrix backprop, finite differences, 50 digits",
  OPTIONS,
  runVerify,
);

async function runVerify(
  path: string,
  options: Values<typeof OPTIONS>,
  streams: Streams,
): Promise<Status> {
  const { verify: verified } = await import("../check/verify/verify.js");
  const { verificationTable } = await import("../render/terminal/verification.js");
  const inputs = new Inputs(streams);
  const model = await inputs.model(path, options.loss);
  const { use } = await choosePoint(model, options, inputs, streams);
  const progress = new Progress(streams);
  const result = use((point) =>
    verified(model, point, { step: options.step, onStage: progress.stage }),
  );
  if (options.json) await printJson(streams, result);
  else await print(streams.stdout, [verificationTable(result), "\n"]);
  return result.ok ? 0 : 1;
}
