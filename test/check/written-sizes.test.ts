/** Formulas with numbers in place of the sizes of a point. */
import { checkFormulas, type FormulaResult, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";

const model = parseModel(`
  N = size()
  X = input(N, 2)
  Y = target(N, 1)
  W1 = param(2, 3)
  b1 = param(1, 3)
  W2 = param(3, 1)
  Z1 = X * W1 + b1
  A1 = tanh(Z1)
  P = A1 * W2
  L = sum((P - Y).^2) / N`);

const file = ({
  dP = "2/6 * (P - Y)",
  dZ1 = "dA1 .* (1 - A1.^2)",
  db1 = "ones(1, 6) * dZ1",
} = {}): string => `
  dP = ${dP}
  dW2 = A1' * dP
  dA1 = dP * W2'
  dZ1 = ${dZ1}
  dW1 = X' * dZ1
  db1 = ${db1}`;

const at = (N: number) => randomPoint(model, { seed: 5, sizes: { N } });

const wrongLines = ({ lines }: FormulaResult): string[] =>
  lines.filter(({ ok }) => !ok).map(({ name }) => name);
const noteOf = ({ notes }: FormulaResult): string =>
  notes.filter((note) => note.includes("N = ")).join();

describe("numbers in place of the size that the point has", () => {
  it.each([
    ["a row of ones, a mean", {}, "lines 2 (dP), 7 (db1)"],
    ["a row of ones in brackets", { db1: "[1, 1, 1, 1, 1, 1]' * dZ1" }, "lines 2 (dP), 7 (db1)"],
    [
      "entries one by one",
      { dP: "2 * (P - Y) / N", db1: [1, 2, 3, 4, 5, 6].map((n) => `dZ1[${n}, :]'`).join(" + ") },
      "line 7 (db1)",
    ],
  ])("%s: right, and the note says where", (_, lines, subject) => {
    const result = checkFormulas(model, file(lines), { at: at(6) });
    expect(wrongLines(result)).toEqual([]);
    expect(noteOf(result)).toContain(`${subject} can hold for N = 6 only`);
  });

  it("a mistake beside them is the one that is told", () => {
    const result = checkFormulas(model, file({ dZ1: "dA1 .* (1 - A1)" }), { at: at(6) });
    expect(result.firstWrong?.name).toBe("dZ1");
    expect(result.firstWrong?.diagnosis.map(({ cause }) => cause)).toEqual(["wrong-function"]);
    expect(wrongLines(result)).toEqual(["dZ1", "dW1", "db1"]);
  });

  it("a mistake in the same line is told, and the right statement has the size by its name", () => {
    const { firstWrong } = checkFormulas(model, file({ dP: "1/6 * (P - Y)" }), { at: at(6) });
    expect(firstWrong?.diagnosis[0]).toMatchObject({ cause: "constant-factor", factor: 0.5 });
    expect(firstWrong?.right).toEqual(["dP = 2 * (P - Y) / N"]);
  });
});

describe("numbers that are no size of the point", () => {
  it("are told where the size has its name, and 2 is a size as a length alone", () => {
    const halves = parseModel(`
      N = size()
      X = input(N, 3)
      t = target(N)
      w = param(3)
      y = X * w
      L = 1/2 * sum((y - t).^2)`);
    const point = randomPoint(halves, { seed: 3, sizes: { N: 2 } });
    for (const text of ["dy = 2 * (y - t) / N", "dy = 2 * (y - t) / 3"]) {
      expect(checkFormulas(halves, text, { at: point }).ok).toBe(false);
    }
    const ones = "dw = X' * ((y - t) .* ones(2))";
    expect(checkFormulas(halves, ones, { at: point }).ok).toBe(true);
  });

  it("are wrong at points of other sizes, and without one", () => {
    for (const options of [{ at: at(5) }, {}]) {
      const result = checkFormulas(model, file({ db1: "sum(dZ1, 1)" }), options);
      expect(result.firstWrong?.name).toBe("dP");
      expect(result.firstWrong?.diagnosis[0]?.text).toBe("dP has the number 6 where N belongs");
      expect(noteOf(result)).toBe("");
    }
  });

  // at N = 2 the 2 and the 1/N cancel: such a line is not right because another one has a 2
  it("a forgotten factor is told although it is 1 at this size", () => {
    const text = file({ dP: "P - Y", db1: "ones(1, 2) * dZ1" });
    const result = checkFormulas(model, text, { at: at(2) });
    expect(result.firstWrong?.name).toBe("dP");
    expect(result.firstWrong?.diagnosis[0]?.cause).toBe("constant-factor");
  });
});
