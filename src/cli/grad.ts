import type { Decimal } from "decimal.js";
import type { Model } from "../language/model.js";
import type { Point } from "../language/point.js";
import { evaluator } from "../numeric/evaluator.js";
import { MAX_DIGITS } from "../numeric/digits.js";
import { command } from "./command.js";
import { Inputs } from "./input.js";
import { COMMON_OPTIONS, type Options, value, type Values, wholeNumber } from "./options.js";
import { printJson, type Streams, warn } from "./output.js";
import { choosePoint } from "./point.js";
import type { Status } from "./usage.js";

type Entry = number | Decimal;
type Nested = Entry | readonly Entry[] | readonly (readonly Entry[])[];

const OPTIONS = {
  ...COMMON_OPTIONS,
  precision: value(
    "digits",
    `decimals of that many digits, 1 to ${MAX_DIGITS}`,
    wholeNumber(1, MAX_DIGITS),
  ),
} satisfies Options;

export const grad = command(
  "grad",
  "the loss, all values and all gradients at a point, as JSON",
  OPTIONS,
  runGrad,
);

async function runGrad(
  path: string,
  options: Values<typeof OPTIONS>,
  streams: Streams,
): Promise<Status> {
  const inputs = new Inputs(streams);
  const model = await inputs.model(path, options.loss);
  const { use } = await choosePoint(model, options, inputs, streams);
  const { precision } = options;
  const evaluate = await evaluatorOf(precision);
  const { loss, values, gradients } = use((point) => evaluate(model, point));
  for (const [kind, named] of [
    ["value", values],
    ["gradient", gradients],
  ] as const) {
    const strange = Object.keys(named).find((name) => !isFinite(named[name]!));
    if (strange === undefined) continue;
    await warn(
      streams,
      `warning: the ${kind} of ${strange} is not finite; such numbers are written as strings`,
    );
    break;
  }
  await printJson(streams, {
    loss: written(loss),
    values: allWritten(values),
    gradients: allWritten(gradients),
  });
  return 0;
}

interface Evaluated {
  readonly loss: Entry;
  readonly values: Readonly<Record<string, Nested>>;
  readonly gradients: Readonly<Record<string, Nested>>;
}

/** In doubles, or with a number of digits; only then are decimals loaded. */
async function evaluatorOf(
  precision: number | undefined,
): Promise<(model: Model, point: Point) => Evaluated> {
  if (precision === undefined) return (model, point) => evaluator(model)(point);
  const { evaluateDecimal } = await import("../numeric/precise.js");
  return (model, point) => evaluateDecimal(model, point, precision);
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

function isFinite(value: Nested): boolean {
  if (isList<Entry | readonly Entry[]>(value)) return value.every(isFinite);
  return typeof value === "number" ? Number.isFinite(value) : value.isFinite();
}

/** Decimals as strings; doubles stay numbers. */
function written(value: Nested): unknown {
  if (isList<Entry | readonly Entry[]>(value)) return value.map(written);
  return typeof value === "number" ? value : value.toString();
}

/** For every name; `fromEntries` also keeps names such as `__proto__`. */
function allWritten(named: Readonly<Record<string, Nested>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, written(value)]));
}
