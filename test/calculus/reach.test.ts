import { describe, expect, it } from "vitest";
import { lettersAlong } from "../../src/calculus/partial.js";
import { reachOf } from "../../src/calculus/reach.js";
import { parseModel } from "../../src/language/model.js";
import { Workbench } from "../../src/derivation/workbench.js";
import { derive } from "../../src/render/derivation.js";

/** Statements of u in terms of v, and how many entries of u one entry of v acts on. */
const cases: readonly [statement: string, shape: string, reach: ReturnType<typeof reachOf>][] = [
  ["tanh(v)", "6", "one"],
  ["ones(2, 6) * v", "6", "several"],
  ["softmax(v)", "N", "several"],
  ["v[2:4]", "6", "at most one"],
  ["concat(v, ones(2, 1))", "6", "one"],
  ["concat(v, v)", "6", "several"],
  ["v[1:4] + v[2:5]", "6", undefined],
  ["v[1:300]", "1000", undefined],
  ["exp(v) / sum(exp(v))", "1000", "several"],
  ["ones(4, 1) * v[2]", "6", undefined],
];

describe("how many entries one entry acts on", () => {
  it.each(cases)("is known of %s with v(%s)", (statement, size, expected) => {
    const isNamed = size === "N";
    const model = parseModel(`
      ${isNamed ? "N = size()" : ""}
      v = param(${size})
      c = param()
      u = ${statement}
      L = c * sum(u.^2)`);
    const v = model.scope.get("v")!.quantity!;
    const u = model.scope.get("u")!.quantity!;
    const route = new Workbench(model, undefined, undefined).route(v);
    const { expression, outer } = route.partialOf(u, v)!;
    const { letters } = lettersAlong("q", v.shape);
    expect(reachOf(model.graph, expression, outer, letters)).toBe(expected);
  });

  it("is said as it is", () => {
    const said = (statement: string): string => {
      const model = parseModel(`
        w = param(5)
        h = tanh(w)
        u = ${statement}
        L = sum(u.^2)`);
      return derive(model, { wrt: "w", form: "index" })
        .steps.map(({ why }) => why)
        .join(" ");
    };
    expect(said("h[2:4]")).toContain(
      "Each entry of h acts on one entry of u at most: all other terms of the sum are 0.",
    );
    expect(said("h[1:4] + h[2:5]")).toContain("The products are summed over the entries of u.");
    expect(said("ones(3, 5) * h")).toContain(
      "Each entry of h acts on several entries of u, so the products are summed over them.",
    );
    expect(said("exp(h)")).toContain(
      "Each entry of h acts on one entry of u only, so there is no sum.",
    );
  });
});
