/** What lines say of their sums, slopes and sums over labels. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deriveSteps } from "../../src/derivation/derive.js";
import { localDerivatives } from "../../src/derivation/local.js";
import { Workbench } from "../../src/derivation/workbench.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

const MODELS = new URL("../readback/models/", import.meta.url);

const HINGE = `
  n = size()
  X = input(n, 3)
  y = target(n)
  C = input()
  w = param(3)
  b = param()
  f = X * w + b
  xi = relu(1 - y .* f)
  J = 1/2 * dot(w, w) + C * sum(xi)`;

describe("a chain rule with a sum over entries", () => {
  it.each(readdirSync(MODELS))("says why it is summed: %s", (file) => {
    const model = parseModel(readFileSync(new URL(file, MODELS), "utf8"));
    const bench = new Workbench(model, undefined);
    for (const { name } of model.params) {
      for (const { rule, why, right } of deriveSteps(bench, { wrt: name, form: "index" }).steps) {
        if (rule !== "chain rule" || right.kind !== "scalar") continue;
        const isSummed = right.expression.height > 0;
        if (isSummed) expect(why.text).toMatch(/are summed over|all other terms of the sum are 0/);
      }
    }
  });

  it("says so of the ways among several that lead through many entries", () => {
    const why = (wrt: string, form: "index" | "scalar") =>
      derive(parseModel(HINGE), { wrt, form })
        .steps.map((one) => one.why)
        .join(" ");
    const sentence = "acts on several entries of f, so the products are summed over them.";
    expect(why("w", "index")).toContain(`Each entry of w ${sentence}`);
    expect(why("b", "index")).toContain(`b ${sentence}`);
    expect(why("w[1]", "scalar")).toContain(`It ${sentence}`);
  });
});

describe("relu times its slope", () => {
  const squared = (name: string): string =>
    `x = input(3)\nw = param(3)\nd = dot(w, x)\nL = ${name}(1 - d)^2`;
  const OWN_STEP = "The product of relu and its slope is relu, which is 0 where its slope is.";

  it("is relu for a reason, in the adjoint and in the local derivative", () => {
    const model = parseModel(squared("relu"));
    const whys = (steps: readonly { why: { text: string } }[]) => steps.map(({ why }) => why.text);
    const bench = new Workbench(model, undefined);
    for (const steps of [
      deriveSteps(bench, { wrt: "w", form: "index" }).steps,
      localDerivatives(bench).steps,
    ]) {
      expect(whys(steps).filter((why) => why.includes(OWN_STEP))).toHaveLength(1);
    }
  });

  it("is not told of other functions", () => {
    const { steps } = derive(parseModel(squared("softplus")), { wrt: "w", form: "index" });
    expect(steps.filter(({ why }) => why.includes(OWN_STEP))).toEqual([]);
  });
});
