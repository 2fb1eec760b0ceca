/** Functions that a model writes out are those that it could have named. */
import { check, compile, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { Backward } from "../../src/check/pass/backward.js";
import { writtenOut } from "../../src/check/pass/known-functions.js";

const modelOf = (call: string) =>
  parseModel(`
    x = input(4)
    w = param(4)
    z = w .* x
    y = ${call}
    L = sum(w .* y)`);

describe.each([
  ["1 ./ (1 + exp(-z))", "sigmoid(z)"],
  ["1 ./ (1 + exp(z))", "sigmoid(-z)"],
  ["exp(z) ./ (1 + exp(z))", "sigmoid(z)"],
  ["(exp(z) - exp(-z)) ./ (exp(z) + exp(-z))", "tanh(z)"],
  ["(exp(-z) - exp(z)) ./ (exp(z) + exp(-z))", "tanh(-z)"],
  ["(exp(2 * z) - 1) ./ (exp(2 * z) + 1)", "tanh(z)"],
  ["(1 - exp(-2 * z)) ./ (1 + exp(-2 * z))", "tanh(z)"],
  ["2 ./ (1 + exp(-2 * z)) - 1", "tanh(z)"],
  ["1 - 2 ./ (1 + exp(2 * z))", "tanh(z)"],
  ["z ./ (1 + exp(-z))", "silu(z)"],
  ["z .* sigmoid(z)", "silu(z)"],
  ["1 ./ (1 + exp(-1 ./ (1 + exp(-z))))", "sigmoid(sigmoid(z))"],
])("%s", (written, named) => {
  const model = modelOf(written);
  const { definitions, graph } = Backward.of(model).model;
  const [z, y] = definitions;

  it(`is ${named}`, () => {
    const other = modelOf(named);
    const point = randomPoint(model, { seed: 5 });
    const { loss, gradients } = compile(other).evaluate(point);
    const own = compile(model).evaluate(point);
    expect(own.loss).toBeCloseTo(loss, 12);
    const { checks } = check(model, { w: gradients.w! }, { at: point });
    expect(checks[0]!.ok).toBe(true);
    const exponentials = y!.clauses.flatMap(({ body }) => {
      const found: string[] = [];
      graph.transform(body, (node) => {
        if (node.kind === "apply") found.push(node.operation.name);
        return undefined;
      });
      return found;
    });
    expect(exponentials).not.toContain("exp");
    expect(exponentials).toContain(/(sigmoid|silu|tanh)/.exec(named)![0]);
  });

  it("keeps its quantities", () => {
    expect(z!.quantity).toBe(model.definitions[0]!.quantity);
    expect(writtenOut(Backward.of(model).model)).toEqual([model.definitions[1]]);
  });
});

it.each([
  "exp(z) ./ (1 + exp(-z))",
  "1 ./ (2 + exp(-z))",
  "exp(z) ./ (exp(z) - exp(-z))",
  "(exp(z) - 1) ./ (exp(2 * z) + 1)",
])("%s is no function of that name", (call) => {
  const model = modelOf(call);
  const point = randomPoint(model, { seed: 5 });
  const { gradients } = compile(model).evaluate(point);
  const { checks } = check(
    model,
    { w: (gradients.w as number[]).map((one) => -one) },
    { at: point },
  );
  expect(checks[0]!.diagnosis[0]!.cause).toBe("sign");
});

it("what would divide by 0 is no mistake that is tried", () => {
  const model = parseModel(`
    y = target(4)
    u = param(3)
    V = param(4, 3)
    f = V * u
    D = f * ones(1, 4) - ones(4, 1) * f'
    L = -sum((y * y') .* log(1 - (1 ./ (1 + exp(-D)))))`);
  const point = randomPoint(model, { seed: 2 });
  const { gradients } = compile(model).evaluate(point);
  const wrong = (gradients.u as number[]).map((one, k) => one + k);
  expect(check(model, { u: wrong }, { at: point }).ok).toBe(false);
});

it("what would divide by 0 while it is made is no mistake that is tried either", () => {
  const model = parseModel(`
    x = param(6)
    low = min(x)
    high = max(x)
    s = sum((x - low).^2 ./ (high - low))`);
  const point = randomPoint(model, { seed: 3 });
  const { gradients } = compile(model).evaluate(point);
  const wrong = (gradients.x as number[]).map((one, k) => one + k);
  expect(check(model, { x: wrong }, { at: point }).ok).toBe(false);
});
