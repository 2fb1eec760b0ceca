import { describe, expect, it } from "vitest";
import { InputError, locate, nearest } from "../../src/language/source.js";

describe("the nearest name", () => {
  it.each([
    ["weigth", ["weight", "width"], "weight"],
    ["MES", ["a1", "MSE"], "MSE"],
    ["w1", ["W1", "w2"], "W1"],
    ["relu6", ["relu", "elu"], "relu"],
    ["q", ["x", "y"], undefined],
    ["foo", ["x", "sigmoid"], undefined],
    ["", ["x"], undefined],
  ])("of %s", (name, known, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });
});

describe("reports", () => {
  const report = (text: string, offset: number, hint?: string): string =>
    new InputError("it is wrong", { place: { source: { name: "m", text }, offset }, hint }).report;

  it("name file, line and column, and mark the place", () => {
    expect(report("a = 1\n  b = 2\r\n", 8, "so")).toBe(
      "m:2:3: it is wrong\n    b = 2\n    ^\n  hint: so",
    );
  });

  it("show a stretch of a long line", () => {
    const [, line, mark] = report("x".repeat(500) + "!" + "y".repeat(500), 500).split("\n");
    expect(line).toHaveLength(104);
    expect(line![mark!.indexOf("^")]).toBe("!");
  });

  it("show no characters that act on a terminal", () => {
    const error = new InputError("the name \u001b[2J is wrong", {
      place: { source: { name: "\u0007", text: "a\u001b[31m" }, offset: 0 },
    });
    expect(error.report).toBe("<U+0007>:1:1: the name <U+001B>[2J is wrong\n  a<U+001B>[31m\n  ^");
  });

  it("cut words as long as files", () => {
    expect(new InputError(`no ${"y".repeat(1e6)} here`).message).toHaveLength(309);
  });

  it("know the last line without a line end", () => {
    expect(locate({ source: { name: "m", text: "a\nb" }, offset: 2 })).toEqual({
      line: 2,
      column: 1,
      text: "b",
    });
  });
});
