import type { Command } from "commander";
import { Inputs } from "./input.js";
import { print, printJson, type Streams } from "./output.js";
import { choosePoint } from "./point.js";
import { Progress } from "./progress.js";
import { addCommonOptions, type CommonOptions, type Finish, step } from "./usage.js";

interface VerifyOptions extends CommonOptions {
  readonly json?: boolean;
  readonly step?: number;
}

export function addVerify(program: Command, streams: Streams, finish: Finish): void {
  addCommonOptions(program.command("verify"))
    .description(
      "the engine against itself: symbolic gradient, matrix backprop, finite differences, 50 digits",
    )
    .option(
      "--step <number>",
      "also central differences with this step, with the error that it explains",
      step,
    )
    .option("--json", "print JSON instead of a table")
    .action((path: string, options: VerifyOptions) => runVerify(path, options, streams, finish));
}

async function runVerify(
  path: string,
  options: VerifyOptions,
  streams: Streams,
  finish: Finish,
): Promise<void> {
  const { verify } = await import("../check/verify/verify.js");
  const { verificationTable } = await import("../render/terminal/verification.js");
  const inputs = new Inputs(streams.stdin);
  const model = await inputs.model(path, options.loss);
  const { use } = await choosePoint(model, options, inputs, streams);
  const progress = new Progress(streams);
  const result = use((point) =>
    verify(model, point, { step: options.step, onStage: progress.stage }),
  );
  if (options.json) await printJson(streams, result);
  else await print(streams.stdout, [verificationTable(result), "\n"]);
  finish(result.ok ? 0 : 1);
}
