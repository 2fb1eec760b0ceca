import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

/** The last line of the matrix form. */
function lastLine(text: string, wrt: string): string {
  return derive(parseModel(text), { wrt, form: "matrix" }).steps.at(-1)!.rhs;
}

describe("the gradient as one matrix expression", () => {
  it("has cancelled what a softmax and a logarithm leave of each other", () => {
    const line = lastLine(
      `
        N = size()
        X = input(4, N)
        T = target(3, N)
        W = param(3, 4)
        P = softmax(W * X, 1)
        L = -1/N * sum(T .* log(P))
      `,
      "W",
    );
    expect(line).toMatch(/^\\frac\{1\}\{N\} \\left\(/);
    expect(line).not.toContain("\\oslash");
  });

  it("keeps the sum over the batch where nothing cancels, two layers below a bias", () => {
    const line = lastLine(
      `
        N = size()
        X = input(N, 3)
        T = target(N, 2)
        V = param(3, 4)
        b = param(4)
        W = param(4, 3)
        U = param(3, 2)
        A = tanh(X * V + b')
        B = relu(A * W)
        Y = B * U
        L = sum((T - Y).^2)
      `,
      "b",
    );
    expect(line).toMatch(/\\top\} \\mathbf\{1\}$/);
  });

  it("has what all terms of a sum share in front", () => {
    const contrastive = `
      A = input(4, 3)
      B = input(4, 3)
      W = param(3, 2)
      tau = param()
      P = A * W
      Q = B * W
      S = P * Q' / tau
      L = -mean(diag(logsoftmax(S, 2)))
    `;
    const line = lastLine(contrastive, "W");
    expect(line).toMatch(/^\\frac\{1\}\{4 \\tau\} \\left\(/);
    expect(line).toContain("\\left(S\\right) - I_{4}");
    // ∂s/∂τ is −s/τ
    expect(lastLine(contrastive, "tau")).toMatch(/^-\\frac\{.*S.*\}\{4 \\tau\}$/);
  });

  it("has numbers where they are when other factors stand before some terms only", () => {
    const ridge = `
      N = size()
      X = input(N, 3)
      t = target(N)
      w = param(3)
      lambda = input()
      y = X * w
      L = sum((y - t).^2) / N + lambda * sum(w.^2)
    `;
    expect(lastLine(ridge, "w")).toMatch(/^\\frac\{2\}\{N\} .* 2 \\lambda/);
  });

  it("exists where an adjoint is used in parts", () => {
    const line = lastLine(
      `
        X = input(3, 2)
        T = target(3, 4)
        W = param(2, 2)
        V = param(2, 2)
        Y = concat(X * W, X * V, 2)
        L = sum((Y - T).^2)
      `,
      "W",
    );
    expect(line).toContain("Y_{:,1:2} - T_{:,1:2}");
    expect(line).not.toContain("\\sum");
  });

  it("has names where products that were put together have one", () => {
    const line = lastLine(
      `
        X = input(3, 2)
        T = target(3, 2)
        W = param(2, 3)
        V = param(3, 2)
        A = softmax(X * W, 2)
        Y = A * V
        L = 1/2 * sum((Y - T).^2)
      `,
      "W",
    );
    expect(line).toContain("\\left(Y - T\\right) \\odot Y");
    expect(line).not.toContain("A V");
  });

  it("adds a matrix and its transpose where both have the same factors", () => {
    const model = parseModel(`
      A = input(3, 3)
      b = input(3)
      x = param(3)
      f = 1/2 * x' * A * x - b' * x
    `);
    const { steps } = derive(model, { wrt: "x", form: "matrix" });
    expect(steps.at(-1)!.rhs).toMatch(/A.*\+.*A\^\{\\top\}.*\\right\).*x.* - .*b/);
    expect(steps.map(({ why }) => why).join(" ")).toContain(
      "A and its transpose are added because the summed index is its column index in one term",
    );
  });

  it("has the parts of a vector in their order", () => {
    const line = lastLine(
      `
        x = input(5)
        t = target(3)
        k = param(3)
        c = k[1] * x[1:3] + k[2] * x[2:4] + k[3] * x[3:5]
        L = 1/2 * sum((c - t).^2)
      `,
      "k",
    );
    const places = Array.from(line.matchAll(/\\mathbf\{e\}_\{(\d)\}/g), ([, place]) => place);
    expect(places).toEqual(["1", "2", "3"]);
  });

  it("writes equal scalars below a line as a power", () => {
    const line = derive(
      parseModel(`
        z = param(3)
        t = target(3)
        v = mean(z.^2)
        s = sqrt(v)
        u = z / s
        L = 1/2 * sum((u - t).^2)
      `),
      { wrt: "z", form: "jacobian" },
    ).steps.at(-1)!.rhs;
    expect(line).toContain("s^{2}");
    expect(line).not.toContain("s s");
  });
});

describe("matrices entry by entry", () => {
  it("are left out where arrays would stand in norms and below lines", () => {
    const { latex } = derive(
      parseModel(`
        x = input(2)
        y = input(2)
        W = param(2, 2)
        u = W * x
        v = W * y
        L = 1 - dot(u, v) / (norm(u) * norm(v))
      `),
      { wrt: "W", form: "matrix" },
    );
    expect(latex).toContain("\\begin{bmatrix}");
    expect(latex).not.toMatch(/lVert \\begin\{bmatrix\}/);
  });
});

describe("the gradient of a long loop", () => {
  it("is not put together where it would be too long to be written", () => {
    const steps = Array.from({ length: 100 }, (_, k) => `h${k + 1} = tanh(h${k} * w)`);
    const model = parseModel(
      ["h0 = input()", "w = param()", "t = target()", ...steps, "L = (h100 - t)^2"].join("\n"),
    );
    const { steps: lines } = derive(model, { wrt: "w", form: "index" });
    expect(lines.at(-1)!.rule).not.toBe("substitution");
  });
});

/** A loop of some steps, each of which uses the two before it. */
function loop(steps: number): string {
  const lines = Array.from({ length: steps }, (_, k) => {
    const before = k === 0 ? "h0" : `h${k - 1}`;
    return `h${k + 1} = tanh(A * x[:, ${k + 1}] + U * h${k} + h${k} .* ${before})`;
  });
  return `
    x = input(2, ${steps})
    y = target(2)
    A = param(3, 2)
    U = param(3, 3)
    B = param(2, 3)
    h0 = input(3)
    ${lines.join("\n    ")}
    L = sum((B * h${steps} - y).^2)`;
}

describe("a last line with indices behind lines of matrices", () => {
  it.each(["matrix", "jacobian"] as const)("says why it has them: %s form", (form) => {
    const told = [1, 2, 4].map((steps) => {
      const last = derive(parseModel(loop(steps)), { wrt: "U", form }).steps.at(-1)!;
      const hasIndices = last.lhs.includes("u_{");
      expect(last.why.includes("no line of matrices was found")).toBe(hasIndices);
      return hasIndices;
    });
    expect(told[0]).toBe(false);
    expect(told).toContain(true);
  });
});
