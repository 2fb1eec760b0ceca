import { describe, expect, it } from "vitest";
import { chainrule, useFolder } from "./support.js";

const { file } = useFolder();

describe.each(["(N - 2)", "sqrt(N - 30)"])("a loss that is divided by %s", (divisor) => {
  const write = () =>
    file(
      "variance.model",
      `N = size()\nx = input(N)\ny = target(N)\na = param()\nL = sum((a * x - y).^2) / ${divisor}`,
    );

  it.each(["index", "matrix", "scalar", "paths"])("is derived in the form %s", async (form) => {
    const args = ["derive", write(), "--form", form, "--format", "json"];
    const { status, stderr } = await chainrule(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("is derived in all forms, and has a point to be saved", async () => {
    const at = file("variance.json", "");
    const args = ["derive", write(), "--format", "json", "--save-point", at];
    const { status, stderr } = await chainrule(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect((await chainrule(["grad", write(), "--at", at])).status).toBe(0);
  });
});
