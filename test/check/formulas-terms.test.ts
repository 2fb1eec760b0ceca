/** Statements of many terms: what each of them would have to be. */
import { describe, expect, it, test } from "vitest";
import { checkFormulas } from "../../src/check/formulas/check-formulas.js";
import { differs } from "../../src/check/formulas/estimate.js";
import { Estimator } from "../../src/check/formulas/estimator.js";
import { isOf } from "../../src/check/formulas/clarity.js";
import { readLines, wantedOf } from "../../src/check/formulas/lines.js";
import { chooseSites } from "../../src/check/formulas/points.js";
import { Script } from "../../src/check/formulas/script.js";
import { Shares } from "../../src/check/formulas/shares.js";
import { readFormulas } from "../../src/check/formulas/statements.js";
import { Vocabulary } from "../../src/check/formulas/surroundings.js";
import { variantsOf } from "../../src/check/formulas/variants/index.js";
import { Backward } from "../../src/check/pass/backward.js";
import { parseModel } from "../../src/language/model.js";

const model = parseModel(`
  N = size()
  X = input(N, 3)
  Y = target(N, 2)
  W = param(3, 2)
  V = param(3, 2)
  U = tanh(X * W)
  G = sigmoid(X * V)
  P = U .* G + X * W
  L = sum(sum((P - Y).^2)) + 0.1 * sum(sum(W.^2)) + 0.2 * sum(sum(W .* V))`);

function read(text: string) {
  const formulas = readFormulas(model, { name: "formulas", text });
  const script = new Script(model, formulas);
  const sites = chooseSites(model, undefined, 1, 50);
  const all = [...sites.judges, ...sites.quick];
  return { script, sites, lines: readLines(model, script, formulas, new Map(), sites.judges, all) };
}

describe("a variant that is ruled out by one of its terms", () => {
  it.each([
    "dW = X' * (dP .* G .* (1 - U.^2)) + X' * dP + 0.1 * W + 0.2 * V",
    "dW = 0.2 * W - (-X' * dP - X' * (dP .* G .* (1 - U))) + 0.2 * V",
    "dW = (X' * dP) - ((-0.2 * W) - (0.4 * V)) + X' * (dP .* G .* (1 - U.^2))",
  ])("is ruled out as a whole: %s", (line) => {
    const { script, sites, lines } = read(`dP = 2 * (P - Y)\n${line}`);
    const own = lines[1]!;
    const estimator = new Estimator(sites.quick[0]!, own.scope);
    const right = estimator.right(wantedOf(own)!);
    const { expression } = own.formula.statement;
    const shares = new Shares(expression, estimator, right);
    const around = new Vocabulary(model).around(script, own, lines, undefined, new Map());
    const counts = { out: 0, in: 0 };
    for (const { share, syntax } of variantsOf(expression, around)) {
      const isOther = share && shares.isOther(share);
      if (isOther === undefined) continue;
      const whole = estimator.estimate(syntax);
      const isWholeOther = whole === "valueless" || (whole !== undefined && differs(whole, right));
      expect(isWholeOther).toBe(isOther);
      counts[isOther ? "out" : "in"]++;
    }
    expect(counts.out).toBeGreaterThan(200);
    expect(counts.in).toBeGreaterThan(0);
  });
});

test("the least surprising variants come first", () => {
  const { script, lines } = read("dP = 2 * (P - Y)\ndW = X' * dP + 0.2 * W - 0.2 * V + X' * U");
  const own = lines[1]!;
  const around = new Vocabulary(model).around(script, own, lines, undefined, new Map());
  const costs = [...variantsOf(own.formula.statement.expression, around)].map(({ cost }) => cost);
  expect(costs).toEqual(costs.toSorted((a, b) => a - b));
});

test("one name in a line of forty terms is found", () => {
  const steps = Array.from({ length: 40 }, (_, k) => `h${k + 1}`);
  const long = parseModel(
    [
      "x = input(3)",
      "w = param(3)",
      ...steps.map((name, k) => `${name} = tanh(w .* x + ${k + 1}/100)`),
      `L = ${steps.map((name) => `sum(${name})`).join(" + ")}`,
    ].join("\n"),
  );
  const right = steps.map((name) => `(1 - ${name}.^2) .* x`).join(" + ");
  const { firstWrong } = checkFormulas(long, `dw = ${right.replace("h23.^2", "h24.^2")}`);
  expect(firstWrong).toMatchObject({
    repair: `dw = ${right}`,
    diagnosis: [{ cause: "wrong-variable", used: "h24", instead: "h23" }],
  });
});

test("targets have a part in a line that uses them, or that lacks a derivative which they are in", () => {
  const { lines } = read(
    "e = P - Y\ndP = 2 * e\ndU = dP .* G\ndG = U\ndW = X' * (dU .* (1 - U.^2)) + X' * dP",
  );
  const byFormula = new Map(lines.map((line) => [line.formula, line]));
  const isOfTargets = (name: string): boolean => {
    const line = lines.find(({ formula }) => formula.name === name)!;
    return isOf(model.targets, line, Backward.of(model), byFormula);
  };
  expect(["dP", "dU", "dG", "dW"].map(isOfTargets)).toEqual([true, false, true, false]);
});
