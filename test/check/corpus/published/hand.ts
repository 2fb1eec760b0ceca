/** Calculations by hand: statements in mathjs's syntax, run by mathjs. Nothing here knows the engine. */
import type { Claims } from "chainrule";
import { all, create, type FactoryFunctionMap } from "mathjs";
import type { Publication, Study } from "./study.js";

type Rows = number[][];
type Value = number | Rows;

const math = create(all as FactoryFunctionMap, { matrix: "Array" });

const rowsOf = (value: Value): Rows => (typeof value === "number" ? [[value]] : value);
const transposed = (a: Rows): Rows => a[0]!.map((_, j) => a.map((row) => row[j]!));
const total = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0);
const all1 = (f: (v: number) => number) => (a: Value) =>
  typeof a === "number" ? f(a) : a.map((row) => row.map(f));

/** Of all entries, of every column (1) or of every row (2): then a column, as in the language. */
const folded = (f: (list: readonly number[]) => number) => (a: Value, along?: number) => {
  if (along === undefined) return f(rowsOf(a).flat());
  return (along === 1 ? transposed(rowsOf(a)) : rowsOf(a)).map((list) => [f(list)]);
};
const softmaxOf = (list: readonly number[]): number[] => {
  const e = list.map((v) => Math.exp(v - Math.max(...list)));
  return e.map((v) => v / total(e));
};
const softmax = (a: Rows, along = 1): Rows =>
  along === 1 ? transposed(transposed(a).map(softmaxOf)) : a.map(softmaxOf);

math.import(
  {
    sum: folded(total),
    mean: folded((list) => total(list) / list.length),
    max: folded((list) => Math.max(...list)),
    softmax,
    logsoftmax: (a: Rows, along = 1) => softmax(a, along).map((row) => row.map(Math.log)),
    dot: (a: Rows, b: Rows) => total(a.flat().map((v, k) => v * b.flat()[k]!)),
    norm: (a: Rows) => Math.hypot(...a.flat()),
    sigmoid: all1((z) => 1 / (1 + Math.exp(-z))),
    softplus: all1((z) => Math.log1p(Math.exp(z))),
    tanh: all1(Math.tanh),
    exp: all1(Math.exp),
    log: all1(Math.log),
    sqrt: all1(Math.sqrt),
    abs: all1(Math.abs),
    sign: all1(Math.sign),
    relu: all1((z) => Math.max(0, z)),
    step: all1((z) => (z > 0 ? 1 : 0)),
    leakyrelu: (a: Value, slope = 0.01) => all1((z) => (z > 0 ? z : slope * z))(a),
    elu: (a: Value, alpha = 1) => all1((z) => (z > 0 ? z : alpha * Math.expm1(z)))(a),
    minimum: (a: Value, bound: number) => all1((z) => Math.min(z, bound))(a),
    maximum: (a: Value, bound: number) => all1((z) => Math.max(z, bound))(a),
    silu: all1((z) => z / (1 + Math.exp(-z))),
  },
  { override: true },
);

type Scope = Map<string, unknown>;

/** Runs statements, one a line, and keeps what they name; vectors are columns. */
function run(code: string, scope: Scope): void {
  for (const line of code.split("\n").filter((one) => one.trim() !== "")) {
    const name = /^\s*(\w+)\s*=/.exec(line)?.[1];
    const value = math.evaluate(line, scope) as unknown;
    if (name !== undefined) scope.set(name, settled(value));
  }
}

/** A 1×1 matrix counts as its entry, true as 1. */
function settled(value: unknown): Value {
  const numbers = all1(Number)(value as Value);
  return typeof numbers !== "number" && numbers.flat().length === 1 ? numbers[0]![0]! : numbers;
}

const DECLARATION = /=\s*(input|target|param|size)\(/;

/** The given quantities and all definitions, computed from the model's own text. */
function forward({ model, point }: Study): Scope {
  const scope: Scope = new Map();
  for (const [name, value] of Object.entries(point)) {
    const isVector = Array.isArray(value) && typeof value[0] === "number";
    scope.set(name, isVector ? (value as number[]).map((entry) => [entry]) : value);
  }
  const sized = /^\s*X = (?:input|param)\((?:N, \w+|\w+, N)\)/m.exec(model);
  if (sized) {
    const X = (point as Readonly<Record<string, Rows>>)["X"]!;
    scope.set("N", sized[0].includes("(N") ? X.length : X[0]!.length);
  }
  const lines = model.split("\n").filter((line) => !DECLARATION.test(line));
  run(lines.join("\n"), scope);
  return scope;
}

/** The numbers that a publication claims, by the names of the claims. */
export function claimed(study: Study, { code, decimals }: Publication): Claims {
  const scope = forward(study);
  const known = new Set(study.model.match(/^\s*\w+(?= =)/gm)!.map((name) => name.trim()));
  run(code, scope);
  const names = code.match(/^\s*d\w+(?= =)/gm)!.map((name) => name.trim().slice(1));
  const round = all1((v) => (decimals === undefined ? v : Number(v.toFixed(decimals))));
  return Object.fromEntries(
    names
      .filter((name) => known.has(name))
      .map((name) => [name, round(scope.get(`d${name}`) as Value)]),
  );
}
