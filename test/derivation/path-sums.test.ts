import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";
import { modelOf } from "../support/systems.js";

/** The lines of the sums over paths, with ∂a/∂b in place of fractions. */
function lines(text: string, wrt: string): string[] {
  const [passage] = passages(parseModel(text), { wrt: [wrt] }).paths;
  return readable(passage?.toLatex() ?? "");
}

function readable(tex: string): string[] {
  return tex
    .split("\n")
    .filter((line) => line.includes("&="))
    .map((line) =>
      line
        .replace(/^.*&= /, "")
        .replace(/ (\\\\|\\qquad.*)$/, "")
        .replace(/\\frac\{\\partial ([^ ]+)\}\{\\partial ([^ ]+)\}/g, "∂$1/∂$2"),
    );
}

const deep = `
  x = input(2)
  t = target(2)
  A = param(3, 2)
  B = param(4, 3)
  C = param(2, 4)
  u = tanh(A * x)
  v = tanh(B * u)
  y = C * v
  L = sum((y - t).^2)
`;

describe("the sum over paths in general", () => {
  it("has the factors of every path in the order of the chain, behind the sums", () => {
    const [first] = lines(deep, "A");
    // from the loss back to the entry, the two sums over what lies between in front
    expect(first).toBe(
      "\\sum_{k=1}^{4} \\sum_{l=1}^{2} ∂L/∂y_{l} ∂y_{l}/∂v_{k} ∂v_{k}/∂u_{i} ∂u_{i}/∂a_{ij}",
    );
    expect(lines(deep, "C")[0]).toBe("∂L/∂y_{i} ∂y_{i}/∂c_{ij}");
  });

  it("is that of the write-up: five factors for a hidden weight, three for the others", () => {
    const [passage] = passages(modelOf("sigmoid-2-3-2"), { notation: { indexBase: 0 } }).paths;
    const [hidden, , output] = readable(passage!.toLatex());
    expect(hidden).toBe(
      "\\sum_{k=0}^{1} ∂\\mathrm{MSE}/∂y_{k} ∂y_{k}/∂z^{(2)}_{k} ∂z^{(2)}_{k}/∂a^{(1)}_{i} ∂a^{(1)}_{i}/∂z^{(1)}_{i} ∂z^{(1)}_{i}/∂w^{(1)}_{ij}",
    );
    expect(output).toContain("∂y_{i}/∂z^{(2)}_{i} ∂z^{(2)}_{i}/∂w^{(2)}_{ij}");
  });

  it("is there for a number that acts through all entries, not for one with a path of its own", () => {
    const shared = "x = input(3)\nt = target(3)\nb = param()\ny = tanh(x + b)\nL = sum((y - t).^2)";
    expect(lines(shared, "b")[0]).toBe("\\sum_{i=1}^{3} ∂L/∂y_{i} ∂y_{i}/∂b");
    const [passage] = passages(parseModel(shared), { wrt: ["b"] }).paths;
    expect(passage!.toMarkdown()).toContain("Along every path from $`L`$ to $`b`$ the derivatives");
    expect(lines("x = input()\nw = param()\ny = tanh(w*x)\nL = y^2", "w")).toEqual([]);
  });

  it("adds the ways through several quantities", () => {
    const residual = "x = input(2)\nw = param(2)\nh = w .* x\ny = h + tanh(h)\nL = sum(y.^2)";
    expect(lines(residual, "w")[0]).toBe("∂L/∂y_{i} ∂y_{i}/∂h_{i} ∂h_{i}/∂w_{i}");
    const twice = "w = param(2)\nu = sin(w)\nv = exp(w)\nL = sum(u .* v)";
    expect(lines(twice, "w")[0]).toBe("∂L/∂u_{i} ∂u_{i}/∂w_{i} + ∂L/∂v_{i} ∂v_{i}/∂w_{i}");
  });

  it("is left out where there is one entry, where the loss alone uses it, and where it is long", () => {
    expect(lines("w = param()\nh = w^2\nL = sin(h)", "w")).toEqual([]);
    expect(lines("w = param(2)\nL = sum(w.^2)", "w")).toEqual([]);
    const many = Array.from({ length: 40 }, (_, k) => `h${k + 1} = sin(h${k})`).join("\n");
    expect(lines(`h0 = param(2)\n${many}\nL = sum(h40)`, "h0")).toEqual([]);
  });

  it("says how many paths there are, as it is written", () => {
    const sentences = (text: string, wrt: string): string =>
      passages(parseModel(text), { wrt: [wrt] }).paths[0]!.toMarkdown();
    expect(sentences(deep, "A")).toContain("the sums run over the entries");
    expect(sentences(deep, "C")).toContain("One path leads from $`L`$ to every entry of $`C`$:");
    // two ways without a sum over an index
    const twice = sentences("w = param(2)\nu = sin(w)\nv = exp(w)\nL = sum(u .* v)", "w");
    expect(twice).toContain("the paths are added. The local derivatives");
    // the loss contains a sum itself, no path leads through it
    const direct = "w = param(2)\nc = input(3)\ns = norm(w)\nL = w[1] * s * sum(c)";
    expect(sentences(direct, "w")).not.toContain("the sums run");
    // some entries are not used
    const some = "v = param(3)\ns = v[1]^2\nq = s * 2\nL = q^2";
    expect(sentences(some, "v")).toContain(
      "At most one path leads from $`L`$ to an entry of $`v`$:",
    );
  });

  it("is there for the form of paths alone", () => {
    const model = parseModel(deep);
    expect(passages(model, { forms: ["index", "scalar"] }).paths).toEqual([]);
    expect(passages(model, { forms: ["paths"] }).paths).toHaveLength(1);
  });
});

describe("the sum over paths of a softmax and its cross-entropy", () => {
  const softmax = `
    X = input(3, 2)
    Y = target(3, 2)
    V = param(3, 3)
    S = V * X
    P = softmax(S, 1)
    L = -sum(Y .* log(P))`;

  it("has the line before P cancels, and the one after it", () => {
    expect(lines(softmax, "V")).toEqual([
      "\\sum_{k=1}^{2} \\sum_{l=1}^{3} ∂L/∂p_{lk} ∂p_{lk}/∂s_{ik} ∂s_{ik}/∂v_{ij}",
      "\\sum_{k=1}^{2} \\left(∂L/∂p_{ik} - \\sum_{l=1}^{3} ∂L/∂p_{lk} p_{lk}\\right) p_{ik} x_{jk}",
      expect.stringMatching(/^\\sum_\{k=1\}\^\{2\} \\left\(.* - y_\{ik\}\\right\) x_\{jk\}$/),
    ]);
  });

  it("goes on without sums over labels that add up to 1 at the point, terms in their places", () => {
    const decayed = `${softmax} + 0.1 * sum(V.^2)`;
    const at = (labels: number[][]) => ({
      X: [
        [1, 2],
        [0, 1],
        [3, 1],
      ],
      Y: labels,
      V: [
        [1, 0, 1],
        [0, 2, 1],
        [1, 1, 0],
      ],
    });
    const told = (text: string, labels: number[][]): string[] => {
      const [passage] = passages(parseModel(text), { wrt: ["V"], at: at(labels) }).paths;
      return readable(passage!.toLatex());
    };
    const oneHot = [
      [1, 0],
      [0, 0],
      [0, 1],
    ];
    const known = "\\sum_{k=1}^{2} \\left(p_{ik} - y_{ik}\\right) x_{jk}";
    expect(told(softmax, oneHot).at(-1)).toBe(known);
    expect(told(decayed, oneHot).at(-1)).toBe(`${known} + 0.2 v_{ij}`);
    expect(told(softmax, [[1, 1], ...oneHot.slice(1)])).toHaveLength(3);
  });

  it("has nothing that cancels where a root of a number goes above the line: 2/√2 is √2", () => {
    const model = parseModel(`
      u = param(2)
      t = target(2)
      v = u .* t / sqrt(2)
      L = sum(v .* v)`);
    const all = passages(model);
    expect(all.paths.map((one) => one.toMarkdown()).join("\n")).not.toContain("cancel");
    const { steps } = derive(model, { wrt: "u[1]", form: "paths" });
    expect(steps.map(({ why }) => why).join("\n")).not.toContain("cancel");
  });
});
