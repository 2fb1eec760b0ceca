/** Layered networks: options → model text, which is then read like any other model. */
import { operations } from "../expression/operations/index.js";
import { type Model, parseModel } from "./model.js";
import { InputError, nearest } from "./source.js";

export interface NetworkOptions {
  /** Entries of the input, of each hidden layer and of the output. */
  readonly sizes: readonly number[];
  /** The elementwise function of the hidden layers, or one for each; "identity" for none. */
  readonly hidden?: string | readonly string[] | undefined;
  /** The function of the output: elementwise, "identity" or "softmax". */
  readonly output?: string | undefined;
  readonly loss?: string | undefined;
  /** Whether layers have biases; they do by default. */
  readonly bias?: boolean | undefined;
  /** Many examples at once, one a column; the loss is then the mean over them. */
  readonly batch?: boolean | undefined;
}

interface Loss {
  readonly name: string;
  /** The function that the output must have. */
  readonly output?: string;
  /** Of the target, the output, and how the mean over examples is written. */
  readonly text: (t: string, y: string, perExample: string) => string;
}

const LOSSES: ReadonlyMap<string, Loss> = new Map<string, Loss>([
  ["half-squared-error", { name: "MSE", text: (t, y, per) => `1/2 * sum((${t} - ${y}).^2)${per}` }],
  ["squared-error", { name: "SSE", text: (t, y, per) => `sum((${t} - ${y}).^2)${per}` }],
  ["mean-squared-error", { name: "MSE", text: (t, y) => `mean((${t} - ${y}).^2)` }],
  ["mean-absolute-error", { name: "MAE", text: (t, y) => `mean(abs(${t} - ${y}))` }],
  [
    "cross-entropy",
    { name: "L", output: "softmax", text: (t, y, per) => `-sum(${t} .* log(${y}))${per}` },
  ],
  [
    "binary-cross-entropy",
    {
      name: "L",
      output: "sigmoid",
      text: (t, y, per) => `-sum(${t} .* log(${y}) + (1 - ${t}) .* log(1 - ${y}))${per}`,
    },
  ],
  // targets are −1 or 1
  [
    "logistic",
    {
      name: "L",
      output: "identity",
      text: (t, y, per) => `sum(log(1 + exp(-${t} .* ${y})))${per}`,
    },
  ],
  [
    "hinge",
    { name: "L", output: "identity", text: (t, y, per) => `sum(relu(1 - ${t} .* ${y}))${per}` },
  ],
]);

const IDENTITY = "identity";
const SOFTMAX = "softmax";
const OPTIONS = ["sizes", "hidden", "output", "loss", "bias", "batch"];

/** Functions of one operand, entry by entry. */
function activations(): string[] {
  const rows = [...operations.values()].filter(
    ({ name, operands, defaults = [] }) =>
      operands.length - defaults.length === 1 && /^\w+$/.test(name),
  );
  return [IDENTITY, ...rows.map(({ name }) => name), "square"];
}

/**
 * A layered network with its loss: z1 = W1 * x + b1, a1 = f(z1), …, y, and the loss of y and t.
 * @throws InputError for options that are unknown, of a wrong type, or do not go together.
 */
export function network(options: NetworkOptions): Model {
  return parseModel(networkText(options), { name: "network" });
}

/** The text that `network` reads. */
export function networkText(options: NetworkOptions): string {
  const { sizes, hidden, output, loss, bias, batch } = check(options);
  const capital = (name: string): string => (batch ? name.toUpperCase() : name);
  const [x, t, y] = [capital("x"), capital("t"), capital("y")];
  const columns = batch ? ", N" : "";
  const lines = batch ? ["N = size()"] : [];
  lines.push(`${x} = input(${sizes[0]!}${columns})`, `${t} = target(${sizes.at(-1)!}${columns})`);
  for (let layer = 1; layer < sizes.length; layer++) {
    lines.push(`W${layer} = param(${sizes[layer]!}, ${sizes[layer - 1]!})`);
    if (bias) lines.push(`b${layer} = param(${sizes[layer]!})`);
  }
  let before = x;
  for (let layer = 1; layer < sizes.length; layer++) {
    const [z, a] = [capital(`z${layer}`), capital(`a${layer}`)];
    lines.push(`${z} = W${layer} * ${before}${bias ? ` + b${layer}` : ""}`);
    const isLast = layer === sizes.length - 1;
    const name = isLast ? output : hidden[layer - 1]!;
    before = isLast ? y : a;
    lines.push(`${before} = ${applied(name, z)}`);
  }
  lines.push(`${loss.name} = ${loss.text(t, y, batch ? " / N" : "")}`);
  return `${lines.join("\n")}\n`;
}

function applied(name: string, argument: string): string {
  if (name === IDENTITY) return argument;
  return name === SOFTMAX ? `softmax(${argument}, 1)` : `${name}(${argument})`;
}

interface Checked {
  readonly sizes: readonly number[];
  readonly hidden: readonly string[];
  readonly output: string;
  readonly loss: Loss;
  readonly bias: boolean;
  readonly batch: boolean;
}

function check(options: NetworkOptions): Checked {
  if (typeof options !== "object" || (options as unknown) === null) {
    throw new InputError(
      "a network is made from an object of options, such as { sizes: [2, 3, 2] }",
    );
  }
  for (const key of Object.keys(options)) {
    if (!OPTIONS.includes(key)) {
      throw unknown("a network has no option", key, OPTIONS);
    }
  }
  const sizes: unknown = options.sizes;
  if (!Array.isArray(sizes) || sizes.length < 2) {
    throw new InputError("sizes lists the entries of the input, the hidden layers and the output", {
      hint: "such as sizes: [2, 3, 2]",
    });
  }
  for (const [position, size] of (sizes as unknown[]).entries()) {
    if (!Number.isSafeInteger(size) || (size as number) < 1) {
      throw new InputError(
        `sizes[${position}] is ${String(size)}; it must be a positive whole number`,
      );
    }
  }
  const known = activations();
  const count = sizes.length - 2;
  const given = options.hidden ?? "sigmoid";
  if (typeof given !== "string" && !Array.isArray(given)) {
    throw new InputError("hidden is the name of a function, or a list of names");
  }
  const hidden =
    typeof given === "string" ? Array<string>(count).fill(given) : [...(given as string[])];
  if (hidden.length !== count) {
    throw new InputError(
      `hidden names ${hidden.length} functions, but there are ${count} hidden layers`,
      { hint: "give one function for all, or one for each hidden layer" },
    );
  }
  for (const name of typeof given === "string" ? [given] : hidden) {
    if (!known.includes(name)) throw unknown("no elementwise function is called", name, known);
  }
  const lossName = options.loss ?? "half-squared-error";
  const loss = LOSSES.get(lossName);
  if (!loss) throw unknown("no loss is called", lossName, [...LOSSES.keys()]);
  const output = options.output ?? loss.output ?? IDENTITY;
  if (output !== SOFTMAX && !known.includes(output)) {
    throw unknown("no output function is called", output, [...known, SOFTMAX]);
  }
  if (loss.output !== undefined && output !== loss.output) {
    throw new InputError(`the loss ${lossName} needs the output ${loss.output}, not ${output}`, {
      hint: `write output: "${loss.output}", or choose another loss`,
    });
  }
  return {
    sizes: sizes as number[],
    hidden,
    output,
    loss,
    bias: flag("bias", options.bias, true),
    batch: flag("batch", options.batch, false),
  };
}

function flag(name: string, value: unknown, otherwise: boolean): boolean {
  if (value === undefined) return otherwise;
  if (typeof value === "boolean") return value;
  throw new InputError(`${name} must be true or false, not a ${typeof value}`);
}

function unknown(what: string, given: unknown, known: readonly string[]): InputError {
  const name = typeof given === "string" ? given : JSON.stringify(given);
  const near = nearest(name, known);
  return new InputError(`${what} ${name}`, {
    hint: near ? `did you mean ${near}?` : `known are ${known.join(", ")}`,
  });
}
