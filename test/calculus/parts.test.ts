import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

const sliced = `
x = input(4)
W = param(4, 4)
z = W * x
u = sigmoid(z[1:2])
v = tanh(z[3:4])
c = concat(u .* v, z[1:2])
L = sum(c.^2)`;

const lines = (text: string, wrt: string): string[] =>
  derive(parseModel(text), { wrt, form: "index" }).steps.map(({ lhs, rhs, why }) => {
    const range = / For (.*)\.$/.exec(why)?.[1] ?? "";
    return `${lhs} = ${rhs}, ${range}`;
  });

describe("a quantity whose entries act in different places", () => {
  it("has one line for each part of its entries, with the range of each", () => {
    const all = lines(sliced, "W");
    expect(all).toContain(
      "\\delta_{i} = 2 \\left(c_{i} v_{i} u_{i} \\left(1 - u_{i}\\right) + c_{i + 2}\\right), i = 1, 2",
    );
    expect(all).toContain(
      "\\delta_{i + 2} = 2 c_{i} \\left(1 - {v_{i}}^{2}\\right) u_{i}, i = 1, 2",
    );
    expect(all.at(-2)).toMatch(/w_\{i \+ 2,j\}\} = .*, i = 1, 2, j = 1, …, 4$/);
    expect(all.slice(0, -1).join()).not.toContain("mathbf{1}");
  });

  it("ends with all of its entries in one line", () => {
    const all = lines(sliced, "W");
    expect(all.at(-1)).toMatch(/w_\{ij\}\} = .*mathbf\{1\}.*, i = 1, …, 4, j = 1, …, 4$/);
  });

  it("has local derivatives along the entries that meet", () => {
    const local = passages(parseModel(sliced)).before[1]!.toMarkdown();
    expect(local).toContain("{\\partial c_{i}}{\\partial v_{i}} &= u_{i} \\qquad i = 1, 2");
    expect(local).toContain("{\\partial^{+} c_{i + 2}}{\\partial z_{i}} &= 1 \\qquad i = 1, 2");
    expect(local).toContain("{\\partial v_{i}}{\\partial z_{i + 2}} &=");
    expect(local).not.toMatch(/mathbf\{1\}|&= 0/);
  });

  it("keeps its conditions where there are more parts than are read", () => {
    const many = Array.from({ length: 9 }, (_, at) => `${at + 1} * k[${at + 1}]^2`).join(" + ");
    expect(lines(`k = param(9)\nL = ${many}`, "k").at(-1)).toContain("\\mathbf{1}\\left[i = 9");
  });

  // every line is compared with the matrix backprop before it is printed
  it("is told part by part whatever the parts are", () => {
    const slices = fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(slices, (parts) => {
        const terms = parts.map(([from, count], at) => {
          const slice = `z[${from + 1}:${Math.min(from + count, 5)}]`;
          return ["sum(tanh(S))", "sum(S)^2", "dot(S, S)", "sum(exp(S))"][at]!.replaceAll(
            "S",
            slice,
          );
        });
        const all = lines(`x = input(5)\nw = param(5)\nz = w .* x\nL = ${terms.join(" + ")}`, "w");
        // all entries in one line come after their parts
        const own = all.filter((line) => line.includes("\\partial w_"));
        const isInParts = own.at(-1)!.includes("mathbf{1}");
        expect(own.slice(0, isInParts ? -1 : undefined).join()).not.toContain(
          "mathbf{1}\\left[i = j",
        );
        if (isInParts) expect(own.at(-2)).not.toContain("\\partial w_{i}}");
      }),
      { seed: 5, numRuns: 40 },
    );
  });
});
