import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

// How formulas are written, not whether they hold: that is read back in test/readback/.

const lines = (
  text: string,
  wrt: string,
  form: "index" | "matrix" | "scalar",
  at?: Point,
): string => derive(parseModel(text), { wrt, form, at }).toMarkdown();

describe("the order of terms and factors", () => {
  it("is that of the loss for its terms, with given scalars in front", () => {
    const ridge = `x = input(3, 2)
      t = target(3)
      lambda = input()
      w = param(2)
      r = x * w - t
      L = dot(r, r) + lambda * dot(w, w)`;
    expect(lines(ridge, "w", "index")).toContain(
      "\\sum_{j=1}^{3} \\delta_{j} x_{ji} + 2 \\lambda w_{i}",
    );
  });

  it("goes from the loss backwards in matrix lines", () => {
    const net = `x = input(2)
      t = target(3)
      W = param(3, 2)
      y = sigmoid(W * x)
      L = sum((y - t).^2)`;
    expect(lines(net, "W", "matrix")).toContain(
      "\\left(y - t\\right) \\odot y \\odot \\left(1 - y\\right)",
    );
  });
});

describe("a parameter that is used in several places", () => {
  it("stands with the factors of each place", () => {
    const recurrent = `x = input(2)
      t = target(2)
      W = param(2, 2)
      h1 = tanh(W * x)
      h2 = tanh(W * h1)
      h3 = tanh(W * h2)
      L = sum((h3 - t).^2)`;
    const index = lines(recurrent, "W", "index");
    for (const [before, after] of [
      ["1", "2"],
      ["2", "3"],
    ]) {
      expect(index).toContain(
        `\\frac{\\partial L}{\\partial h^{(${after})}_{j}} \\left(1 - {h^{(${after})}_{j}}^{2}\\right) w_{ji} \\qquad`,
      );
      expect(index).toContain(`{\\partial h^{(${before})}_{i}} &= \\sum_{j=1}^{2}`);
    }
  });

  it("is not drawn to the loss by its penalty", () => {
    const factorization = `R = target(3, 2)
      M = input(3, 2)
      lambda = input()
      U = param(3, 4)
      V = param(2, 4)
      E = M .* (U * V' - R)
      L = sum(E.^2) + lambda / 2 * (sum(U.^2) + sum(V.^2))`;
    expect(lines(factorization, "U", "index")).toContain("\\delta_{ik} m_{ik} v_{kj}");
  });
});

describe("ways to the loss", () => {
  it("are named and added in one order, the longest first", () => {
    const tied = `N = size()
      X = input(N, 3)
      W = param(3, 2)
      H = sigmoid(X * W)
      R = H * W'
      L = sum((R - X).^2) / 2`;
    expect(
      lines(tied, "W", "index")
        .match(/(?<=&= ).*(?= \\\\$| \\qquad)/gm)
        ?.slice(-3),
    ).toEqual([
      "\\sum_{n=1}^{N} \\frac{\\partial L}{\\partial h_{nj}} \\frac{\\partial h_{nj}}{\\partial w_{ij}} + \\sum_{n=1}^{N} \\frac{\\partial L}{\\partial r_{ni}} \\frac{\\partial r_{ni}}{\\partial w_{ij}}",
      "\\sum_{n=1}^{N} \\frac{\\partial L}{\\partial h_{nj}} h_{nj} \\left(1 - h_{nj}\\right) x_{ni} + \\sum_{n=1}^{N} \\frac{\\partial L}{\\partial r_{ni}} h_{nj}",
      "\\sum_{n=1}^{N} h_{nj} \\left(1 - h_{nj}\\right) x_{ni} \\sum_{k=1}^{3} \\left(r_{nk} - x_{nk}\\right) w_{kj} + \\sum_{n=1}^{N} \\left(r_{ni} - x_{ni}\\right) h_{nj}",
    ]);
  });
});

describe("what an author wrote", () => {
  const logistic = `m = size()
    X = input(2, m)
    y = target(1, m)
    lambda = input()
    w = param(2)
    A = sigmoid(w' * X)
    J = -1/m * sum(y .* log(A) + (1 - y) .* log(1 - A)) + lambda / (2 * m) * sum(w.^2)`;

  it("may begin with a minus", () => {
    const [forward] = passages(parseModel(logistic)).before;
    expect(forward!.toMarkdown()).toContain("J &= -\\frac{1}{m} \\sum");
  });

  it("begins with a plus where the order of its terms is not the author's", () => {
    const mixture = `x = input(2)
      a = param(2)
      q = logsoftmax(a) - 1/2 * log(2 * pi) - x.^2
      L = logsumexp(q)`;
    const [forward] = passages(parseModel(mixture)).before;
    expect(forward!.toMarkdown()).not.toMatch(/(&= |matrix\} |\\\\ )-/);
  });

  it("has a given scalar above the line of its number", () => {
    expect(lines(logistic, "w", "matrix")).toContain(" + \\frac{\\lambda}{m} w");
  });

  it("has no number twice in one fraction", () => {
    const mean = `N = size()
      x = input(N, 4)
      w = param(4)
      L = mean((x .* w').^2)`;
    expect(lines(mean, "w", "index")).toContain("\\frac{1}{2 N}");
  });
});

describe("numbers in place of names", () => {
  const text = `N = size()
    x = input(N)
    w = param()
    h = relu(w * x - 2)
    y = 0.5 * h
    L = mean(y .* h)`;
  const printed = lines(text, "w", "scalar", { x: [1, -3], w: -1.5 });

  it("have a dot before every number, also before (-3) and 1[z > 0]", () => {
    const numbers = printed.split("\n").filter((line) => /\[-?\d/.test(line));
    expect(numbers).not.toEqual([]);
    for (const line of numbers)
      expect(line).not.toMatch(/[\d)] (\\mathbf\{1\}|\\left\(-\d[\d.]*\\right\)|\d)/);
  });

  it("stand for sizes too", () => {
    const numbers = printed.split("\n").filter((line) => /\[-?\d/.test(line));
    for (const line of numbers) expect(line).not.toContain("N");
    expect(printed).toContain("&= \\frac{1}{2} ");
  });
});
