/** Estimates of expressions: what they rule out is not right. */
import { checkFormulas, parseModel } from "chainrule";
import { describe, expect, test } from "vitest";
import { Estimator } from "../../src/check/formulas/estimator.js";
import { chooseSites } from "../../src/check/formulas/points.js";
import { Script } from "../../src/check/formulas/script.js";
import type { Site } from "../../src/check/formulas/site.js";
import { readFormulas } from "../../src/check/formulas/statements.js";
import { BINARY_OPERATORS, type Syntax } from "../../src/language/syntax.js";
import { binary, call, minus, named, numeral, transposed } from "../../src/language/compose.js";
import { InputError } from "../../src/language/source.js";
import { random } from "../../src/numeric/prng.js";

const model = parseModel(`
  N = size()
  X = input(N, 3)
  T = target(N, 2)
  s = input()
  large = s + 1e6
  k = param(1, 1)
  W1 = param(3, 4)
  b1 = param(4)
  W2 = param(4, 2)
  b2 = param(1, 2)
  Z1 = X * W1 + b1'
  A1 = relu(Z1)
  Y = s * A1 * W2 + b2
  L = sum((Y - T).^2) / (2 * N) + k * sum(W1.^2)
`);
const NAMES = [...model.scope.keys(), "pi"];
const FUNCTIONS = ["exp", "relu", "sigmoid", "sign", "square", "step", "tanh"];

const REDUCTIONS = ["sum", "mean", "logsumexp", "softmax"];

/** Expressions of all that the language has in operators, mostly ones whose shapes do not fit. */
function drawn(seed: number): Syntax {
  const generator = random(seed);
  const below = (count: number): number => Math.floor(generator.between(0, count));
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
  const draw = (depth: number): Syntax => {
    if (depth === 0) return below(6) === 0 ? numeral(1 + below(3)) : named(pick(NAMES));
    const inner = draw(depth - 1);
    switch (below(8)) {
      case 0:
        return minus(inner);
      case 1:
        return transposed(inner);
      case 2: {
        const reduction = pick(REDUCTIONS);
        return below(3) === 0
          ? call(reduction, inner)
          : call(reduction, inner, numeral(1 + below(2)));
      }
      case 3:
        return call(pick(FUNCTIONS), inner);
      default:
        return binary(pick(BINARY_OPERATORS), inner, draw(below(depth)));
    }
  };
  return draw(1 + below(4));
}

/** The value at a site, as formulas are evaluated; undefined where there is none. */
function valueOf(script: Script, site: Site, expression: Syntax) {
  const reading = script.attempt("drawn", expression, model.scope);
  if (!reading) return undefined;
  try {
    const lengths = reading.quantity.shape.map((size) => size.evaluate(site.sizes));
    return { lengths, numbers: site.evaluate(reading).numbers };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

test("an estimate is within its bound of the value of an expression, and what is valueless has none", () => {
  const script = new Script(model, readFormulas(model, { name: "formulas", text: "dL = 1" }));
  const site = chooseSites(model, undefined, 1, 50).quick[0]!;
  const estimator = new Estimator(site, model.scope);
  const counts = { compared: 0, products: 0, reductions: 0, valueless: 0, close: 0 };
  for (let seed = 0; seed < 3000; seed++) {
    const expression = drawn(seed);
    const estimate = estimator.estimate(expression);
    const value = valueOf(script, site, expression);
    const context = `seed ${seed}: ${JSON.stringify(expression, (key, one: unknown) => (key === "place" ? undefined : one))}`;
    if (estimate === "valueless") {
      expect(value, context).toBeUndefined();
      counts.valueless++;
    }
    if (typeof estimate !== "object" || !value) continue;
    const long = (lengths: readonly number[]): number[] => lengths.filter((one) => one > 1);
    expect(long(estimate.lengths), context).toEqual(long(value.lengths));
    const largest = Math.max(...value.numbers.map(Math.abs));
    for (const [k, one] of value.numbers.entries()) {
      expect(Math.abs(estimate.entries[k]! - one), context).toBeLessThanOrEqual(estimate.error);
    }
    if (estimate.error <= 1e-9 * largest || largest === 0) counts.close++;
    counts.compared++;
    if (expression.kind === "binary" && expression.operator === "*") counts.products++;
    if (expression.kind === "call" && REDUCTIONS.includes(expression.name)) counts.reductions++;
  }
  expect(counts.compared).toBeGreaterThan(500);
  expect(counts.close).toBeGreaterThan(0.8 * counts.compared);
  expect(counts.products).toBeGreaterThan(25);
  expect(counts.reductions).toBeGreaterThan(50);
  expect(counts.valueless).toBeGreaterThan(250);
});

test("what a function is not defined for has no value, however it is rounded", () => {
  const script = new Script(model, readFormulas(model, { name: "formulas", text: "dL = 1" }));
  const site = chooseSites(model, undefined, 1, 50).quick[0]!;
  const estimator = new Estimator(site, model.scope);
  const negative = call("log", minus(call("exp", named("b1"))));
  expect(estimator.estimate(binary("+", negative, named("b1")))).toBe("valueless");
  expect(valueOf(script, site, negative)!.numbers.every(Number.isNaN)).toBe(true);
  expect(estimator.estimate(call("log", call("exp", named("b1"))))).toBeTypeOf("object");
  // 0 as it is rounded may be a little more
  const nothing = binary("-", call("exp", named("s")), call("exp", named("s")));
  expect(estimator.estimate(call("log", minus(nothing)))).toBeUndefined();
});

describe("where large terms cancel, no estimate rules out the right repair", () => {
  const cancelling = (offset: string) =>
    parseModel(`
      x = input(5)
      w = param()
      s = x + ${offset}
      L = exp(w) * (sum(s.^2) - sum(s)^2 / 5)`);

  test.each(["0", "1e5", "1e7"])("data about %s", (offset) => {
    const text = "dw = exp(w) * (sum(s.^2) + sum(s)^2 / 5)";
    const [check] = checkFormulas(cancelling(offset), text).checks;
    expect(check!.diagnosis.map(({ cause }) => cause)).toEqual(["sign"]);
    expect(check!.repair).toBe("dw = exp(w) * (sum(s.^2) - sum(s)^2 / 5)");
  });
});
