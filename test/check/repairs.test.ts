/** The expressions in sentences: what is repaired as they say is the right derivative. */
import { backprop, parseModel, type Point, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { catalogueOf } from "../../src/check/mutants/catalogue.js";
import type { Mutant } from "../../src/check/mutants/mutant.js";
import { Backward } from "../../src/check/pass/backward.js";
import { Bench } from "../../src/check/pass/bench.js";
import type { Quantity } from "../../src/expression/quantity.js";
import { readPoint } from "../../src/language/point.js";

const ATTENTION = `
  n = size()
  X = input(n, 4)
  T = target(n, 4)
  Wq = param(4, 3)
  Wk = param(4, 3)
  Wv = param(4, 3)
  Wo = param(3, 4)
  Q = X * Wq
  K = X * Wk
  V = X * Wv
  S = Q * K' / sqrt(3)
  P = softmax(S, 2)
  O = P * V
  Y = X + O * Wo
  L = sum((Y - T).^2) / (2 * n)`;

const VARIATIONAL = `
  N = size()
  X = target(N, 5)
  eps = input(N, 2)
  W1 = param(5, 4)
  b1 = param(4)
  Wm = param(4, 2)
  Wl = param(4, 2)
  W3 = param(2, 5)
  H = tanh(X * W1 + b1')
  mu = H * Wm
  lv = H * Wl
  sd = exp(lv / 2)
  Z = mu + sd .* eps
  O = Z * W3
  BCE = sum(softplus(O) - X .* O) / N
  KL = -1/2 * sum(1 + lv - mu.^2 - exp(lv)) / N
  L = BCE + KL`;

const GATED = `
  x1 = input(2)
  x2 = input(2)
  h0 = input(3)
  t = target(3)
  Wz = param(3, 2)
  Uz = param(3, 3)
  Wh = param(3, 2)
  Uh = param(3, 3)
  z1 = sigmoid(Wz * x1 + Uz * h0)
  g1 = tanh(Wh * x1 + Uh * (z1 .* h0))
  h1 = (1 - z1) .* h0 + z1 .* g1
  z2 = sigmoid(Wz * x2 + Uz * h1)
  g2 = tanh(Wh * x2 + Uh * (z2 .* h1))
  h2 = (1 - z2) .* h1 + z2 .* g2
  L = 1/2 * sum((h2 - t).^2)`;

const NORMALISED = `
  N = size()
  X = input(N, 3)
  T = target(N, 2)
  W1 = param(3, 4)
  gamma = param(4)
  W2 = param(4, 2)
  Z1 = X * W1
  mu = mean(Z1, 1)
  C1 = Z1 - mu'
  v = mean(C1.^2, 1)
  s = sqrt(v + 0.001)
  Q1 = C1 ./ s'
  A1 = relu(Q1 .* gamma')
  P = softmax(A1 * W2, 2)
  L = -sum(T .* log(P)) / N + 0.05 * (sum(W1.^2) + sum(W2.^2))`;

/** Values of an expression over the values and derivatives of a model, by the matrix implementation. */
function evaluated(text: string, at: string, values: ReadonlyMap<string, Entries>): number[] {
  const given = [...values].map(([name, { lengths }]) => `${name} = input(${lengths.join(", ")})`);
  const lengths = values.get(at)!.lengths;
  const model = parseModel(`
    ${given.join("\n    ")}
    probe = param(${lengths.join(", ")})
    loss = sum((${text}) .* probe)`);
  const point: Point = Object.fromEntries([...values].map(([name, { nested }]) => [name, nested]));
  const probe = values.get(at)!.nested;
  return [backprop(model, { ...point, probe }).gradients.probe].flat(2) as number[];
}

/** How many examples or positions there are. */
const COUNT = 5;

interface Entries {
  readonly lengths: readonly number[];
  readonly nested: number | number[] | number[][];
}

function entriesOf(list: Float64Array, lengths: readonly number[]): Entries {
  const [rows, columns] = lengths;
  if (rows === undefined) return { lengths, nested: list[0]! };
  if (columns === undefined) return { lengths, nested: [...list] };
  const nested = Array.from({ length: rows }, (_, k) => [
    ...list.slice(k * columns, (k + 1) * columns),
  ]);
  return { lengths, nested };
}

/** What a sentence says to do with what was computed. */
const REPAIRS: readonly {
  readonly said: RegExp;
  readonly repaired: (given: number, used: number, right: number) => number;
}[] = [
  {
    said: /^is the right gradient with one term left out: add (?!the path)(.*)$/,
    repaired: (given, term) => given + term,
  },
  {
    said: /^is the right gradient with one term counted twice: (?!the path)(.*)$/,
    repaired: (given, term) => given - term,
  },
  {
    said: /^is computed with the wrong sign before (?!the path)(.*)$/,
    repaired: (given, term) => given + 2 * term,
  },
  { said: /^is the right .* left out.*: multiply by (.*)$/, repaired: (given, by) => given * by },
  { said: /^is the right .* taken twice: divide by (.*)$/, repaired: (given, by) => given / by },
  {
    said: /^is computed with (.*) where (.*) belongs: the factor .* is (?:left out|taken twice)/,
    repaired: (given, used, right) => given - used + right,
  },
];

describe.each([
  ["attention", ATTENTION],
  ["a variational autoencoder", VARIATIONAL],
  ["gated steps", GATED],
  ["a normalised layer", NORMALISED],
])("%s", (_, text) => {
  const model = parseModel(text);
  const backward = Backward.of(model);
  const sizes = Object.fromEntries(model.sizes.map((name) => [name, COUNT]));
  const point = readPoint(model, randomPoint(model, { seed: 3, sizes }));
  // parts of statements that have no name among them
  const all = backward.order;
  const bench = new Bench(backward, point, new Set(all));
  const lengthsOf = ({ shape }: Quantity): number[] =>
    shape.map((size) => size.evaluate(point.sizes));
  const values = new Map(
    all.flatMap((one): [string, Entries][] => [
      [one.name, entriesOf(bench.valueOf(one), lengthsOf(one))],
      [`d${one.name}`, entriesOf(bench.adjoints.get(one)!, lengthsOf(one))],
    ]),
  );
  const told = catalogueOf(backward, bench, false).usual(2.4, Infinity).flatMap(statement);

  /** A mistake whose sentence says how to repair it, and with which expressions. */
  function statement({ fault, change }: Mutant) {
    const at = all.find(({ name }) => name === fault.arisesIn);
    if (!at) return [];
    const name = `d${at.name}`;
    const sentence = fault.say(name).slice(name.length + 1);
    // sums for which the language has no word
    if (/the sum of|…/.test(sentence)) return [];
    return REPAIRS.flatMap(({ said, repaired }) => {
      const found = said.exec(sentence);
      return found ? [{ at, sentence, texts: found.slice(1), repaired, change }] : [];
    });
  }

  it("has sentences with repairs", () => {
    expect(told.length).toBeGreaterThan(20);
  });

  it("is right where it is repaired as the sentences say", () => {
    for (const { at, sentence, texts, repaired, change } of told) {
      const right = [...bench.adjoints.get(at)!];
      const given = bench.evaluate(change())?.get(at) ?? right;
      const numbers = texts.map((one) =>
        evaluated(one.replaceAll(/\b[nN]\b/g, `${COUNT}`), at.name, values),
      );
      const result = right.map((_, k) =>
        repaired(given[k]!, numbers[0]![k]!, numbers[1]?.[k] ?? 0),
      );
      expect(result, `d${at.name} ${sentence}`).toEqual(
        right.map((one) => expect.closeTo(one, 9) as number),
      );
    }
  });
});

it("several ways from one state to the one before are no factor", () => {
  const model = parseModel(GATED);
  const point = readPoint(model, randomPoint(model, { seed: 3 }));
  const backward = Backward.of(model);
  const bench = new Bench(backward, point, new Set(backward.order));
  const sentences = catalogueOf(backward, bench, false)
    .usual(1.7, Infinity)
    .filter(({ fault }) => fault.arisesIn === "h1")
    .map(({ fault }) => fault.say("dh1"));
  const told = sentences.filter((one) => one.startsWith("dh1 is taken to be dh2"));
  expect(told).toEqual([
    "dh1 is taken to be dh2: the step back from h2 to h1 is left out; add up what comes from dh2, dg2 and dz2",
  ]);
});
