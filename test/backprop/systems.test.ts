import { describe, expect, it } from "vitest";
import { SYSTEMS, systemOf, textOf } from "../support/systems.js";
import { expectClose, run } from "./support.js";

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
