/** The code of notebooks as people write it. */
import { beforeAll, describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { randomPoint } from "../../src/numeric/random.js";
import { deriveAll } from "../../src/render/derivation.js";
import { notebookDocument } from "../../src/render/notebook/notebook.js";
import { codeOf, findPython, PYTHON_TIMEOUT, run } from "../support/notebook.js";

beforeAll(findPython, PYTHON_TIMEOUT);

describe("the code of statements and derivatives", () => {
  const softmaxNet = `
    N = size()
    X = input(N, 3)
    Y = target(N, 2)
    lam = input()
    W1 = param(3, 4)
    b1 = param(4)
    W2 = param(4, 2)
    Z1 = X * W1 + b1'
    H1 = tanh(Z1)
    Z2 = H1 * W2
    P = softmax(Z2, 2)
    CE = -mean(sum(Y .* log(P), 2))
    R = lam / 2 * (sum(W1.^2) + sum(W2.^2))
    J = CE + R`;
  const columns = `
    n = size()
    X = input(2, n)
    t = input(n)
    v = param(3)
    W = param(3, 2)
    b = param(3)
    Z = W * X + b
    y = Z' * v
    u = y - t
    E = dot(u, u) / n + norm(v - b)^2`;
  const vectors = `
    x = input(2)
    A = param(3, 2)
    c = param(3)
    z = A * x + c
    a = sigmoid(z)
    O = a * x'
    L = sum((1 - a).^2 .* [1, 2, 3]) + sum(O .* A) - dot(a, c)`;
  const CASES: readonly [string, string, readonly string[]][] = [
    [
      "a net with rows of examples",
      softmaxNet,
      [
        "Z1 = X @ W1 + b1",
        "H1 = np.tanh(Z1)",
        "P = softmax(Z2, axis=1)",
        "CE = -np.mean(np.sum(Y * np.log(P), axis=1))",
        "R = lam / 2 * (np.sum(W1**2) + np.sum(W2**2))",
        "d_Z1 = d_H1 * (1 - H1**2)",
        "d_W1 = X.T @ d_Z1 + lam * W1",
        "d_b1 = np.sum(d_Z1, axis=0)",
        "d_W2 = H1.T @ d_Z2 + lam * W2",
      ],
    ],
    [
      "columns of examples",
      columns,
      [
        "Z = W @ X + b[:, None]",
        "y = Z.T @ v",
        "E = (u @ u) / n + np.linalg.norm(v - b)**2",
        "d_Z = np.outer(v, d_y)",
        "d_W = d_Z @ X.T",
      ],
    ],
    [
      "vectors",
      vectors,
      [
        "z = A @ x + c",
        "O = np.outer(a, x)",
        "L = np.sum((1 - a)**2 * np.array([1.0, 2.0, 3.0])) + np.sum(O * A) - a @ c",
        "d_A = np.outer(d_z, x) + O",
      ],
    ],
  ];

  const normed = `
    x = input(3)
    W = param(4, 3)
    z = W * x
    mu = mean(z)
    s2 = mean((z - mu).^2)
    h = (z - mu) / sqrt(s2 + 0.00001)
    L = sum(relu(1 - h))`;

  it.each([
    ...CASES,
    [
      "a normalised layer",
      normed,
      [
        "h = (z - mu) / np.sqrt(s2 + 0.00001)",
        "L = np.sum(np.maximum(1 - h, 0))",
        "d_mu = -np.sum(d_h) / np.sqrt(s2 + 0.00001)",
        "d_z = d_mu / 4 + d_s2 / 2 * (z - mu) + d_h / np.sqrt(s2 + 0.00001)",
      ],
    ] as const,
  ])("%s is as people write it", (_, text, lines) => {
    const model = parseModel(text);
    const at = randomPoint(model, { seed: 4 });
    const found = notebookDocument(model, deriveAll(model, { at, forms: ["matrix"] }), at);
    const code = codeOf(found).split("\n");
    expect(code).toEqual(expect.arrayContaining([...lines]));
    expect(code.join("\n")).not.toContain("entries(");
    expect(run(found)).toBe("");
  });

  it("has the terms of the lines between matrices in the order of the text", () => {
    const model = parseModel(softmaxNet);
    const at = {
      ...randomPoint(model, { seed: 4, sizes: { N: 2 } }),
      Y: [
        [1, 0],
        [0, 1],
      ],
    };
    const code = codeOf(notebookDocument(model, deriveAll(model, { at, forms: ["matrix"] }), at));
    expect(code).toContain("\nsame((P - Y) / N, d_Z2)\n");
    expect(code).toContain("\nsame((X.T @ (((P - Y) @ W2.T) * (1 - H1**2))) / N + lam * W1, d_W1)");
  });

  it("computes with finite numbers what overflows as it is written", () => {
    const model = parseModel(
      "x = input(2)\nw = param(2)\nb = param()\ns = log(1 + exp(dot(w, x) + b))\nL = 2 * s",
    );
    const codeAt = (b: number): string => {
      const at = { x: [1, 2], w: [0.5, -0.25], b };
      const found = notebookDocument(model, deriveAll(model, { at }), at);
      expect(run(found)).toBe("");
      return codeOf(found);
    };
    expect(codeAt(1)).toContain("\ns = np.log(1 + np.exp(w @ x + b))\n");
    for (const far of [3000, -40]) {
      const code = codeAt(far);
      expect(code).toContain("# so that no digits are lost\n");
      expect(code).toContain("softplus(");
    }
  });

  it("defines the functions that it calls, and no others", () => {
    const model = parseModel("x = input(2)\nw = param(2)\nL = softplus(dot(w, x))");
    const at = randomPoint(model, { seed: 1 });
    const [first = ""] = codeOf(
      notebookDocument(model, deriveAll(model, { at, forms: ["index"] }), at),
    ).split("# the point");
    const defined = [...first.matchAll(/^(?:def )?(\w+)(?:\(| = )/gm)].map(([, name]) => name);
    expect(defined).toEqual(["sigmoid", "softplus", "same"]);
  });
});
