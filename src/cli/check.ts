import type { Command } from "commander";
import type { Claims } from "../check/check.js";
import { readPoint } from "../language/point.js";
import { Inputs } from "./input.js";
import { withPlaces } from "./json.js";
import { print, printJson, type Streams } from "./output.js";
import { choosePoint } from "./point.js";

import { addCommonOptions, type CommonOptions, type Finish, once, UsageError } from "./usage.js";

interface CheckOptions extends CommonOptions {
  readonly values?: string;
  readonly formulas?: string;
  readonly program?: string;
  readonly json?: boolean;
}

export function addCheck(program: Command, streams: Streams, finish: Finish): void {
  addCommonOptions(program.command("check"))
    .description("is this hand-written gradient right, and if not, what is wrong with it")
    .option("--values <file>", "JSON with the gradients of some or all parameters", once)
    .option("--formulas <file>", "hand-written formulas (not in this version)", once)
    .option("--program <command>", "a program that answers points (not in this version)", once)
    .option("--json", "print JSON instead of a report")
    .action((path: string, options: CheckOptions) => runCheck(path, options, streams, finish));
}

async function runCheck(
  path: string,
  options: CheckOptions,
  streams: Streams,
  finish: Finish,
): Promise<void> {
  for (const later of ["formulas", "program"] as const) {
    if (options[later] === undefined) continue;
    throw new UsageError(`--${later} is not available in this version`, "use --values FILE.json");
  }
  if (options.values === undefined) {
    throw new UsageError("check needs the gradients to check", "give them with --values FILE.json");
  }
  const { check } = await import("../check/check.js");
  const { checkReport } = await import("../render/report.js");
  const inputs = new Inputs(streams.stdin);
  const model = await inputs.model(path, options.loss);
  const { use } = await choosePoint(model, options, inputs, streams);
  const claims = await inputs.values(options.values);
  const result = use((point) => {
    // first the point by itself: what is wrong with it is not told as a fault of the claims
    readPoint(model, point);
    return withPlaces(claims, () => check(model, claims.value as Claims, { at: point }));
  });
  if (options.json) await printJson(streams, result);
  else await print(streams.stdout, [checkReport(result), "\n"]);
  finish(result.ok ? 0 : 1);
}
