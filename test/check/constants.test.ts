/** Models with quantities that are constant, 0 above all: every mistake can be made in them. */
import { check, type Claims, parseModel, randomPoint } from "chainrule";
import { expect, it } from "vitest";

const recurrent = (start: string): string => `
  x = input(2, 2)
  U = param(2, 2)
  V = param(2, 2)
  b = param(2)
  h0 = ${start}
  h1 = tanh(V * x[:, 1] + U * h0 + b)
  h2 = tanh(V * x[:, 2] + U * h1 + b)
  L = sum(h2.^2)`;

const lstm = `
  x = input(2)
  Wf = param(2, 2)
  Wi = param(2, 2)
  Uf = param(2, 2)
  h0 = zeros(2)
  c0 = zeros(2)
  f1 = sigmoid(Wf * x + Uf * h0)
  i1 = sigmoid(Wi * x)
  c1 = f1 .* c0 + i1
  h1 = tanh(c1)
  f2 = sigmoid(Wf * x + Uf * h1)
  c2 = f2 .* c1 + i1
  L = sum((f2 .* tanh(c2)).^2)`;

const normalised = `
  x = input(4)
  w = param(4)
  shift = zeros(4)
  scale = ones(4)
  y = w .* x
  m = mean(y)
  d = sqrt(mean((y - m).^2))
  q = scale .* (y - m) / d + shift
  L = sum(sigmoid(q) .* 0 + exp(q))`;

it.each([
  ["a first state of zeros", recurrent("zeros(2)")],
  ["a first state that is 0 times something", recurrent("0 * x[:, 1]")],
  ["a first state of ones", recurrent("ones(2)")],
  ["gates of zeros", lstm],
  ["a shift of zeros, a scale of ones", normalised],
])("%s", (_, text) => {
  const model = parseModel(text);
  const at = randomPoint(model, { seed: 3 });
  const off = (_: string, value: unknown): unknown =>
    typeof value === "number" ? Math.sin(12.9898 * value + 78.233) : value;
  const given = Object.fromEntries(model.params.map(({ name }) => [name, at[name]]));
  const claims = JSON.parse(JSON.stringify(given), off) as Claims;
  // numbers of nowhere: the whole search is run, and finds nothing
  const { checks } = check(model, claims, { at });
  for (const { diagnosis } of checks) {
    expect(diagnosis.map(({ cause }) => cause)).toEqual(["unknown"]);
  }
});
