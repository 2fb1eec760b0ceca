import type { CheckResult } from "../check/result.js";
import type { Model } from "../language/model.js";
import { readPoint } from "../language/point.js";
import { checkProgram } from "./check-program.js";
import { command } from "./command.js";
import { conclude } from "./conclude.js";
import { Inputs } from "./input.js";
import {
  asItIs,
  COMMON_OPTIONS,
  flag,
  type Options,
  seconds,
  value,
  type Values,
} from "./options.js";
import { withPlaces } from "./json.js";
import { print, printJson, type Streams } from "./output.js";
import { choosePoint, givenPoint, inModel } from "./point.js";
import { Progress } from "./progress.js";
import { type Status, UsageError } from "./usage.js";

const OPTIONS = {
  ...COMMON_OPTIONS,
  values: value("file", "JSON with the gradients of some or all parameters", asItIs),
  formulas: value("file", "statements dNAME = … of the model language", asItIs),
  program: value("command", "a program that answers points, one line of JSON each", asItIs),
  timeout: value("seconds", "time for one answer of the program (default: 10)", seconds),
  json: flag("print JSON instead of a report"),
} satisfies Options;

type CheckOptions = Values<typeof OPTIONS>;

export const check = command(
  "check",
  "is this hand-written gradient right, and if not, what is wrong with it",
  OPTIONS,
  runCheck,
);

async function runCheck(path: string, options: CheckOptions, streams: Streams): Promise<Status> {
  const judge = chooseJudge(options);
  const inputs = new Inputs(streams);
  const model = await inputs.model(path, options.loss);
  const { result, report } = await judge(model, inputs, streams);
  if (options.json) await printJson(streams, result);
  else await print(streams.stdout, [report, "\n"]);
  return result.ok ? 0 : 1;
}

/** What is printed: one of the two. */
interface Judgement {
  readonly result: { readonly ok: boolean };
  readonly report: string;
}

type Judge = (model: Model, inputs: Inputs, streams: Streams) => Promise<Judgement>;

/** @throws UsageError unless there is one thing to check, and for options that belong to another. */
function chooseJudge(options: CheckOptions): Judge {
  const { values, formulas, program, timeout } = options;
  const judges: { readonly flag: string; readonly judge: Judge }[] = [];
  if (values !== undefined) {
    judges.push({
      flag: "--values",
      judge: async (...rest) => reported(await checkValues(values, options, ...rest)),
    });
  }
  if (formulas !== undefined) {
    judges.push({
      flag: "--formulas",
      judge: (model, inputs) => judgeFormulas(formulas, options, model, inputs),
    });
  }
  if (program !== undefined) {
    judges.push({
      flag: "--program",
      judge: async (...rest) => reported(await checkProgram(program, options, ...rest)),
    });
  }
  const [first, second] = judges;
  if (first === undefined) {
    throw new UsageError(
      "check needs the gradients to check",
      "give them with --values FILE.json, --formulas FILE or --program COMMAND",
    );
  }
  if (second !== undefined) {
    throw new UsageError(
      `${first.flag} and ${second.flag} cannot be given together`,
      "check one, then the other",
    );
  }
  if (timeout !== undefined && program === undefined) {
    throw new UsageError(
      `--timeout has no meaning with ${first.flag}`,
      "it is the time for an answer of --program",
    );
  }
  return first.judge;
}

async function reported(result: CheckResult): Promise<Judgement> {
  const { checkReport } = await import("../render/terminal/report.js");
  return { result, report: checkReport(result) };
}

async function checkValues(
  file: string,
  options: CheckOptions,
  model: Model,
  inputs: Inputs,
  streams: Streams,
): Promise<CheckResult> {
  const { hear, testify } = await import("../check/hearing.js");
  const { use } = await choosePoint(model, options, inputs, streams);
  const claims = await inputs.values(file);
  const { stage } = new Progress(streams);
  const hearing = use((point) => {
    // first the point by itself: what is wrong with it is not told as a fault of the claims
    readPoint(model, point);
    return withPlaces(claims, () => hear(model, [testify(model, point, claims.value)], stage));
  });
  return await conclude(hearing, stage);
}

/** Formulas are decided at random points; a given one is looked at too. */
async function judgeFormulas(
  file: string,
  options: CheckOptions,
  model: Model,
  inputs: Inputs,
): Promise<Judgement> {
  const { checkFormulas } = await import("../check/formulas/check-formulas.js");
  const { formulaReport } = await import("../render/terminal/formula-report.js");
  const given = await givenPoint(model, options, inputs);
  if (options.savePoint !== undefined) {
    throw new UsageError(
      "--save-point has no meaning with --formulas",
      "formulas are decided at several points",
    );
  }
  const { name, text } = await inputs.formulas(file);
  const { seed } = options;
  const result = given
    ? given.use((at) => {
        readPoint(model, at);
        return checkFormulas(model, text, { at, seed, name });
      })
    : inModel(model, () => checkFormulas(model, text, { seed, name }));
  return { result, report: formulaReport(result) };
}
