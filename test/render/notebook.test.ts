import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { type Model, parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { randomPoint } from "../../src/numeric/random.js";
import { deriveAll } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";
import { type Notebook, notebookDocument } from "../../src/render/notebook/notebook.js";
import { codeOf, findPython, PYTHON_TIMEOUT, run } from "../support/notebook.js";

const examples = new URL("../../examples/", import.meta.url);

function notebook(model: Model, at: Point, wrt?: readonly string[]): Notebook {
  return notebookDocument(model, deriveAll(model, { at, forms: ["paths", "index"], wrt }), at);
}

beforeAll(findPython, PYTHON_TIMEOUT);

describe("a notebook", () => {
  const text = "x = input(2)\nW = param(3, 2)\na = sigmoid(W * x)\nL = sum(a)";
  const model = parseModel(text);
  const at = randomPoint(model, { seed: 1 });

  it("asserts the lines between matrices of what several parameters share", () => {
    const net = parseModel(`
      N = size()
      X = input(2, N)
      T = target(2, N)
      W1 = param(3, 2)
      W2 = param(2, 3)
      Z1 = W1 * X
      A1 = tanh(Z1)
      Y = W2 * A1
      L = sum((Y - T).^2) / N`);
    const point = randomPoint(net, { seed: 3 });
    const both = notebookDocument(net, deriveAll(net, { at: point, forms: ["matrix"] }), point);
    const code = codeOf(both);
    for (const line of [
      "d_Y = 2 / N * (Y - T)",
      "d_A1 = W2.T @ d_Y",
      "d_Z1 = d_A1 * (1 - A1**2)",
      "d_W1 = d_Z1 @ X.T",
      "d_W2 = d_Y @ A1.T",
    ]) {
      expect(code).toContain(`\n${line}\n`);
    }
    const [part = ""] = /# other lines between matrices[^#]*/.exec(code) ?? [];
    const between = "same((W2.T @ d_Y) * (1 - A1**2), d_Z1)";
    expect(part).toContain(between);
    // what was computed by a line is not compared with it
    expect(part).not.toContain("same(W2.T @ d_Y, d_A1)");
    expect(run(both)).toBe("");
    // a wrong line fails
    const cells = both.cells.map((cell) => ({
      ...cell,
      source: cell.source.map((line) => line.replace(between, between.replace("1 -", "1 +"))),
    }));
    expect(run({ ...both, cells })).toContain("AssertionError");
  });

  it("is nbformat 4.5", () => {
    const found = JSON.parse(JSON.stringify(notebook(model, at))) as Notebook;
    expect(found).toMatchObject({ nbformat: 4, nbformat_minor: 5 });
    const ids = found.cells.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, cell_type, source, ...rest } of found.cells) {
      expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(source.slice(0, -1).every((line) => line.endsWith("\n"))).toBe(true);
      expect(source.join("")).not.toBe("");
      const isCode = cell_type === "code";
      expect(Object.keys(rest).sort()).toEqual(
        isCode ? ["execution_count", "metadata", "outputs"] : ["metadata"],
      );
    }
  });

  it("has no code where no point is known", () => {
    const { cells } = notebookDocument(model, deriveAll(model, { forms: ["index"] }));
    expect(cells.some(({ cell_type }) => cell_type === "code")).toBe(false);
  });

  it("holds the forward pass where it is given", () => {
    const { cells } = notebookDocument(model, [], at, passages(model, { at }));
    expect(cells.some(({ source }) => source.join("").includes("## The forward pass"))).toBe(true);
  });

  it("has the lines between matrices, which fail where one is wrong", () => {
    const batch = parseModel(`
      N = size()
      X = input(N, 3)
      T = target(N, 2)
      W = param(3, 2)
      Y = tanh(X * W)
      L = sum((Y - T).^2) / N`);
    const point = randomPoint(batch, { seed: 2, sizes: { N: 4 } });
    const forms = ["matrix", "jacobian"] as const;
    const found = notebookDocument(batch, deriveAll(batch, { at: point, forms }), point);
    expect(codeOf(found)).toContain("\nd_Y = 2 / N * (Y - T)\n");
    expect(codeOf(found)).toMatch(/\nsame\(.*X\.T @ .*, d_W\)/);
    expect(codeOf(found)).toMatch(/\nsame\(.*np\.kron\(np\.eye\(2\), X\).*order="F"\)\)/);
    expect(run(found)).toBe("");
    const cells = found.cells.map((cell) => ({
      ...cell,
      source: cell.source.map((line) => line.replace("X.T @", "2 * X.T @")),
    }));
    expect(run({ ...found, cells })).toContain("AssertionError");
  }, 60_000);

  it("has its code behind the text that explains it, and the gradient step with the loss after it", () => {
    const found = notebookDocument(
      model,
      deriveAll(model, { at, forms: ["index"] }),
      at,
      passages(model, { at }),
    );
    const sources = found.cells.map(({ source }) => source.join(""));
    const place = (start: string): number => sources.findIndex((one) => one.startsWith(start));
    const order = [
      "# the point",
      "## The forward pass",
      "# a = sigmoid(W * x)",
      "## The local derivatives",
      "# the derivative of L by a",
      "## A gradient step",
      "# one step against the derivatives",
    ].map(place);
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(run(found)).toBe("");
    const step = sources.at(-1)!;
    expect(step).toMatch(/\nnew_W = W - step_rate \* d_W\nsame\(new_W, np\.array\(/);
    expect(step).toMatch(/\nsame\(L, [\d.]+\)\nsame\(loss_at\(new_W\), [\d.]+\)$/);
    for (const wrong of [
      step.replace("W - step_rate", "W + step_rate"),
      step.replace(/(same\(loss_at\(new_W\), )/, "$11 + "),
      step.replace(/(same\(L, )/, "$11 + "),
    ]) {
      expect(wrong).not.toBe(step);
      const cells = found.cells.map((cell, position) =>
        position === sources.length - 1 ? { ...cell, source: [wrong] } : cell,
      );
      expect(run({ ...found, cells })).toContain("AssertionError");
    }
  }, 60_000);

  it("fails where a number of the text is wrong", () => {
    const found = notebook(model, at);
    const cells = found.cells.map((cell) => ({
      ...cell,
      source: cell.source.map((line) => line.replace(/^(W = np\.array\(\[\[)/, "$11 + ")),
    }));
    expect(run({ ...found, cells })).toContain("AssertionError");
  }, 60_000);
});

describe("the code of", () => {
  const names = readdirSync(examples)
    .filter((name) => name.endsWith(".model"))
    .map((name) => name.replace(/\.model$/, ""))
    .filter((name) => name !== "wrong"); // the example of an error

  it.each(names)(
    "%s agrees with the engine",
    (name) => {
      const model = parseModel(readFileSync(new URL(`${name}.model`, examples), "utf8"));
      const at = randomPoint(model, { seed: 3 });
      const [first] = model.params;
      const whole = deriveAll(model, { at, forms: ["index", "matrix", "jacobian"] });
      const entries = deriveAll(model, { at, forms: ["paths"], wrt: [first!.name] });
      const found = notebookDocument(model, [...whole, ...entries], at);
      expect(found.cells.map(({ source }) => source.join(""))).not.toContain(
        "Not written in NumPy",
      );
      expect(run(found)).toBe("");
    },
    60_000,
  );

  it("every function of the language agrees with the engine", () => {
    const model = parseModel(`
      x = input(3)
      A = param(3, 4)
      s = param()
      u = exp(A) + log(A.^2 + 1) + log1p(A.^2) + sqrt(A.^2 + 1) + square(A) + abs(A) + sign(A)
      v = sin(A) + cos(A) + tan(A / 4) + tanh(A) + sigmoid(A) + softplus(A) + relu(A) + step(A)
      w = leakyrelu(A, 0.1) + elu(A, 2) + silu(A) + gelu(A) + erf(A)
      c = maximum(u, v) + minimum(u, s) + (u > v) + (u <= w) .* A + (A.^2 + 1) .^ s
      d = softmax(c, 1) + logsoftmax(v, 2) + concat(A[1:1, :], w[2:3, :]) + kron([1, 2; 3, 4][1, 1], A)
      p = sum(d, 1) + mean(w, 1) + max(v, 1) + min(u, 1)
      q = logsumexp(d, 2) + diag(x) * norm(s * x) * ones(3) + identity(3)[:, 2] + zeros(3)
      L = dot(p, p) + trace(d * d') + dot(q, q) + logsumexp(w) + max(u) + pi * s + e
    `);
    const at = randomPoint(model, { seed: 5 });
    expect(run(notebookDocument(model, deriveAll(model, { at, forms: ["index"] }), at))).toBe("");
  }, 60_000);
});

describe("names and statements", () => {
  it("of Python, of the code itself and beyond ASCII stay names", () => {
    const model = parseModel(
      "lambda = input(2)\nnp = param(2)\nd_np = param(2)\nβ = param(2)\ni = param(2)\nsame = param()\nL = sum(lambda .* np .* d_np .* β .* i) * same",
    );
    const at = randomPoint(model, { seed: 2 });
    const found = notebook(model, at);
    expect(run(found)).toBe("");
    expect(codeOf(found)).toContain("\nlambda_ = np.array(");
    expect(codeOf(found)).toContain("\nsame_ = ");
  }, 60_000);

  it("of two quantities stay two where one has the other's", () => {
    const model = parseModel(
      "lambda_ = input(2)\nlambda = param(2)\nnew_w = param(2)\nw = param(2)\nL = sum(lambda .* new_w .* w.^2 .* lambda_)",
    );
    const point = randomPoint(model, { seed: 2 });
    const found = notebookDocument(
      model,
      deriveAll(model, { at: point, forms: ["index"] }),
      point,
      passages(model, { at: point }),
    );
    expect(run(found)).toBe("");
  }, 60_000);

  it("cannot run code from comments or strings", () => {
    const text =
      'x = input(2, "\\mathrm{x}") # """\nw = param(2) # \\n import os\nL = sum( # __import__\n  x .* w)';
    const model = parseModel(text);
    const at = randomPoint(model, { seed: 2 });
    const found = notebook(model, at);
    expect(run(found)).toBe("");
    expect(codeOf(found)).not.toMatch(/import os|__import__/);
  }, 60_000);
});
