import type { Command } from "commander";
import type { Claims } from "../check/check.js";
import { readPoint } from "../language/point.js";
import { Inputs } from "./input.js";
import { withPlaces } from "./json.js";
import { print, printJson, type Streams } from "./output.js";
import { choosePoint, givenPoint, inModel } from "./point.js";
import {
  addCommonOptions,
  type CommonOptions,
  type Finish,
  once,
  type Status,
  UsageError,
} from "./usage.js";

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
    .option("--formulas <file>", "statements dNAME = … of the model language", once)
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
  const { values, formulas, program, json = false } = options;
  if (program !== undefined) {
    throw new UsageError("--program is not available in this version", "use --values FILE.json");
  }
  if (values !== undefined && formulas !== undefined) {
    throw new UsageError(
      "--values and --formulas cannot be given together",
      "check one, then the other",
    );
  }
  const inputs = new Inputs(streams.stdin);
  if (formulas !== undefined) {
    finish(await checkFormulaFile(path, formulas, options, inputs, streams));
    return;
  }
  if (values === undefined) {
    throw new UsageError(
      "check needs the gradients to check",
      "give them with --values FILE.json or --formulas FILE",
    );
  }
  const { check } = await import("../check/check.js");
  const { checkReport } = await import("../render/report.js");
  const model = await inputs.model(path, options.loss);
  const { use } = await choosePoint(model, options, inputs, streams);
  const claims = await inputs.values(values);
  const result = use((point) => {
    // first the point by itself: what is wrong with it is not told as a fault of the claims
    readPoint(model, point);
    return withPlaces(claims, () => check(model, claims.value as Claims, { at: point }));
  });
  if (json) await printJson(streams, result);
  else await print(streams.stdout, [checkReport(result), "\n"]);
  finish(result.ok ? 0 : 1);
}

/** Formulas are decided at random points; a given one is looked at too. */
async function checkFormulaFile(
  path: string,
  formulas: string,
  options: CheckOptions,
  inputs: Inputs,
  streams: Streams,
): Promise<Status> {
  const { checkFormulas } = await import("../check/formulas/check-formulas.js");
  const { formulaReport } = await import("../render/formula-report.js");
  const model = await inputs.model(path, options.loss);
  const given = await givenPoint(model, options, inputs);
  if (options.savePoint !== undefined) {
    throw new UsageError(
      "--save-point has no meaning with --formulas",
      "formulas are decided at several points",
    );
  }
  const { name, text } = await inputs.formulas(formulas);
  const { seed } = options;
  const result = given
    ? given.use((at) => {
        readPoint(model, at);
        return checkFormulas(model, text, { at, seed, name });
      })
    : inModel(model, () => checkFormulas(model, text, { seed, name }));
  if (options.json) await printJson(streams, result);
  else await print(streams.stdout, [formulaReport(result), "\n"]);
  return result.ok ? 0 : 1;
}
