import { describe, expect, it } from "vitest";
import { systemOf, textOf } from "../support/systems.js";
import { expectClose, run } from "./support.js";

const SYSTEMS = [
  "relu-3-4-2",
  "sigmoid-2-3-2",
  "sigmoid-2-3-2-as-run",
  "batch-3-4-4-2",
  "row-4-3",
  "row-4-5-3",
  "logistic-2-5-1",
];

describe.each(SYSTEMS)("%s", (name) => {
  const system = systemOf(name);
  const result = run(textOf(name), system.point);

  it("has the loss and the values", () => {
    expectClose(result.loss, system.loss, 1e-12, "loss");
    for (const [quantity, expected] of Object.entries(system.values)) {
      expectClose(result.values[quantity]!, expected, 1e-12, quantity);
    }
  });

  it("has the gradients, of all parameters", () => {
    expect(Object.keys(result.gradients).sort()).toEqual(Object.keys(system.gradients).sort());
    for (const [parameter, expected] of Object.entries(system.gradients)) {
      expectClose(result.gradients[parameter]!, expected, 1e-12, parameter);
    }
  });
});
