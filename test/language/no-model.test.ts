/** What programs without types hand over in place of a model. */
import { describe, expect, it } from "vitest";
import * as chainrule from "../../src/index.js";

const TEXT = "w = param(2)\nL = sum(w.^2)";
const point = { w: [1, 2] };

const calls: Readonly<Record<string, (model: chainrule.Model) => unknown>> = {
  compile: (model) => chainrule.compile(model),
  backprop: (model) => chainrule.backprop(model, point),
  check: (model) => chainrule.check(model, { w: [2, 4] }, { at: point }),
  "check of a function": (model) => chainrule.check(model, () => ({ w: [2, 4] })),
  checkFormulas: (model) => chainrule.checkFormulas(model, "dw = 2 * w"),
  verify: (model) => chainrule.verify(model, point),
  derive: (model) => chainrule.derive(model, { wrt: "w", form: "index" }),
  deriveAll: (model) => chainrule.deriveAll(model),
  randomPoint: (model) => chainrule.randomPoint(model),
  evaluateDecimal: (model) => chainrule.evaluateDecimal(model, point, 20),
  evaluateExact: (model) => chainrule.evaluateExact(model, point),
};

describe.each(Object.entries(calls))("%s", (_, call) => {
  it("takes a model", () => {
    expect(() => call(chainrule.parseModel(TEXT))).not.toThrow();
  });

  it.each([
    [TEXT, "string", "parseModel(text) reads one"],
    [undefined, "undefined", "parseModel and network make them"],
    [null, "null", "parseModel and network make them"],
    [{ ...point }, "object", "parseModel and network make them"],
  ])("refuses what is none: %j", (value, kind, hint) => {
    const model = value as unknown as chainrule.Model;
    let thrown: unknown;
    try {
      call(model);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(chainrule.InputError);
    expect(thrown).toMatchObject({ message: `the first argument is a model, not ${kind}`, hint });
  });
});

it("checkAsync refuses what is no model", async () => {
  const model = TEXT as unknown as chainrule.Model;
  await expect(chainrule.checkAsync(model, () => ({ w: [2, 4] }))).rejects.toThrow(
    "the first argument is a model, not string",
  );
});
