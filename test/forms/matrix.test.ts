import { describe, expect, it } from "vitest";
import { Bodies } from "./support.js";

/** Models, and what a person writes for their quantities (`d:` for the derivative by one). */
const cases: Record<string, { model: string; forms: Record<string, string> }> = {
  "a dense layer, column convention": {
    model: `
x = input(2)
t = target(2)
W1 = param(3, 2)
b1 = param(3)
W2 = param(2, 3)
z1 = W1 * x + b1
a1 = sigmoid(z1)
z2 = W2 * a1
L = 1/2 * sum((t - z2).^2)`,
    forms: {
      z1: String.raw`W^{(1)} x + b^{(1)}`,
      a1: String.raw`\sigma\left(z^{(1)}\right)`,
      L: String.raw`\frac{1}{2} \left\lVert t - z^{(2)} \right\rVert^{2}`,
      "d:z2": String.raw`-\left(t - z^{(2)}\right)`,
      "d:a1": String.raw`W^{(2)\top} \frac{\partial L}{\partial z^{(2)}}`,
      "d:z1": String.raw`\frac{\partial L}{\partial a^{(1)}} \odot a^{(1)} \odot \left(1 - a^{(1)}\right)`,
      "d:W1": String.raw`\frac{\partial L}{\partial z^{(1)}} x^{\top}`,
      "d:b1": String.raw`\frac{\partial L}{\partial z^{(1)}}`,
      "d:W2": String.raw`\frac{\partial L}{\partial z^{(2)}} a^{(1)\top}`,
    },
  },
  "two steps of a recurrence": {
    model: `
x1 = input(2)
x2 = input(2)
W = param(2, 2)
h1 = tanh(W * x1)
h2 = tanh(W * (x2 + h1))
L = sum(h2.^2)`,
    forms: {
      h2: String.raw`\tanh\left(W \left(x^{(2)} + h^{(1)}\right)\right)`,
    },
  },
  "a dense layer, row convention": {
    model: `
x = input(1, 4)
t = target(1, 3)
W1 = param(4, 5)
b1 = param(1, 5)
W2 = param(5, 3)
z1 = x * W1 + b1
a1 = sigmoid(z1)
z2 = a1 * W2
L = sum((z2 - t).^2)`,
    forms: {
      z1: String.raw`x W^{(1)} + b^{(1)}`,
      L: String.raw`\left\lVert z^{(2)} - t \right\rVert^{2}`,
      "d:z2": String.raw`2 \left(z^{(2)} - t\right)`,
      "d:a1": String.raw`\frac{\partial L}{\partial z^{(2)}} W^{(2)\top}`,
      "d:z1": String.raw`\frac{\partial L}{\partial a^{(1)}} \odot a^{(1)} \odot \left(1 - a^{(1)}\right)`,
      "d:W1": String.raw`x^{\top} \frac{\partial L}{\partial z^{(1)}}`,
      "d:W2": String.raw`a^{(1)\top} \frac{\partial L}{\partial z^{(2)}}`,
    },
  },
  "a batch, one example a column": {
    model: `
N = size()
X = input(3, N)
T = target(2, N)
W1 = param(4, 3)
b1 = param(4)
W2 = param(2, 4)
b2 = param(2)
Z1 = W1 * X + b1
H1 = sigmoid(Z1)
O = W2 * H1 + b2
L = 1/N * sum(1/2 * sum((O - T).^2, 1))`,
    forms: {
      Z1: String.raw`W^{(1)} X + b^{(1)} \mathbf{1}^{\top}`,
      L: String.raw`\frac{1}{2 N} \left\lVert O - T \right\rVert_{F}^{2}`,
      "d:O": String.raw`\frac{1}{N} \left(O - T\right)`,
      "d:H1": String.raw`W^{(2)\top} \frac{\partial L}{\partial O}`,
      "d:Z1": String.raw`\frac{\partial L}{\partial H^{(1)}} \odot H^{(1)} \odot \left(1 - H^{(1)}\right)`,
      "d:W2": String.raw`\frac{\partial L}{\partial O} H^{(1)\top}`,
      "d:b2": String.raw`\frac{\partial L}{\partial O} \mathbf{1}`,
      "d:W1": String.raw`\frac{\partial L}{\partial Z^{(1)}} X^{\top}`,
    },
  },
  "a batch, one example a row": {
    model: `
N = size()
X = input(N, 3)
T = target(N, 4)
W = param(3, 4)
b = param(1, 4)
Z = X * W + b
P = softmax(Z, 2)
L = -sum(sum(T .* log(P))) / N`,
    forms: {
      Z: String.raw`X W + \mathbf{1} b`,
      P: String.raw`\operatorname{softmax}_{\mathrm{rows}}\left(Z\right)`,
      L: String.raw`-\frac{1}{N} \mathbf{1}^{\top} \left(T \odot \ln P\right) \mathbf{1}`,
      "d:P": String.raw`-\frac{1}{N} T \oslash P`,
      "d:b": String.raw`\mathbf{1}^{\top} \frac{\partial L}{\partial Z}`,
      "d:W": String.raw`X^{\top} \frac{\partial L}{\partial Z}`,
    },
  },
  "softmax and cross-entropy": {
    model: `
x = input(3)
t = target(4)
W = param(4, 3)
z = W * x
p = softmax(z, 1)
L = -sum(t .* log(p))`,
    forms: {
      p: String.raw`\operatorname{softmax}\left(z\right)`,
      L: String.raw`-t^{\top} \ln p`,
      "d:p": String.raw`-t \oslash p`,
      "d:z": String.raw`\frac{\partial L}{\partial p} \odot p - \left(p^{\top} \frac{\partial L}{\partial p}\right) p`,
    },
  },
  "a bilinear form": {
    model: `
A = param(3, 3)
x = param(3)
L = x' * A * x`,
    forms: {
      L: String.raw`x^{\top} A x`,
      "d:x": String.raw`\left(A + A^{\top}\right) x`,
      "d:A": String.raw`x x^{\top}`,
    },
  },
  "a trace": {
    model: `
A = param(3, 4)
B = param(3, 4)
C = param(3, 3)
t = trace(C)
L = trace(A' * B) + t`,
    forms: {
      t: String.raw`\operatorname{tr}\left(C\right)`,
      L: String.raw`\operatorname{tr}\left(A^{\top} B\right) + t`,
      "d:A": "B",
      "d:C": String.raw`\frac{\partial L}{\partial t} I_{3}`,
    },
  },
  "least squares": {
    model: `
A = input(4, 3)
b = target(4)
x = param(3)
r = norm(A * x - b)
L = norm(A * x - b)^2 + r`,
    forms: {
      r: String.raw`\left\lVert A x - b \right\rVert`,
      L: String.raw`\left\lVert A x - b \right\rVert^{2} + r`,
      "d:x": String.raw`2 A^{\top} \left(A x - b\right) + \frac{\partial L}{\partial r} \frac{1}{r} A^{\top} \left(A x - b\right)`,
    },
  },
  attention: {
    model: `
N = size()
X = input(N, 4)
T = target(N, 3)
Wq = param(4, 5)
Wk = param(4, 5)
Wv = param(4, 3)
Q = X * Wq
K = X * Wk
V = X * Wv
S = Q * K' / sqrt(5)
A = softmax(S, 2)
Y = A * V
L = sum(sum((Y - T).^2))`,
    forms: {
      S: String.raw`\frac{1}{\sqrt{5}} Q K^{\top}`,
      A: String.raw`\operatorname{softmax}_{\mathrm{rows}}\left(S\right)`,
      "d:A": String.raw`\frac{\partial L}{\partial Y} V^{\top}`,
      "d:S": String.raw`\frac{\partial L}{\partial A} \odot A - \operatorname{diag}\left(\left(\frac{\partial L}{\partial A} \odot A\right) \mathbf{1}\right) A`,
      "d:K": String.raw`\frac{1}{\sqrt{5}} \left(\frac{\partial L}{\partial S}\right)^{\top} Q`,
      "d:V": String.raw`A^{\top} \frac{\partial L}{\partial Y}`,
    },
  },
  "layer and batch normalisation": {
    model: `
N = size()
X = input(N, 4)
g = param(1, 4)
b = param(1, 4)
h = param(4)
W = param(4, 4)
H = X * W
m = mean(h)
y = (h - m) / sqrt(m^2 + 1)
mu = mean(H, 1)'
v = mean((H - mu).^2, 1)'
Y = g .* (H - mu) ./ sqrt(v + 0.001) + b
L = sum(sum(Y.^2)) + sum(y)`,
    forms: {
      m: String.raw`\frac{1}{4} \mathbf{1}^{\top} h`,
      y: String.raw`\frac{1}{\sqrt{m^{2} + 1}} \left(h - m \mathbf{1}\right)`,
      mu: String.raw`\frac{1}{N} \mathbf{1}^{\top} H`,
      v: String.raw`\frac{1}{N} \mathbf{1}^{\top} \left(H - \mathbf{1} \mu\right)^{\odot 2}`,
      Y: String.raw`\left(H - \mathbf{1} \mu\right) \operatorname{diag}\left(g \oslash \sqrt{v + 0.001}\right) + \mathbf{1} b`,
      "d:g": String.raw`\left(\mathbf{1}^{\top} \left(\frac{\partial L}{\partial Y} \odot \left(H - \mathbf{1} \mu\right)\right)\right) \oslash \sqrt{v + 0.001}`,
      "d:b": String.raw`\mathbf{1}^{\top} \frac{\partial L}{\partial Y}`,
    },
  },
  "parts, diagonals, reductions": {
    model: `
x = param(5)
W = param(3, 5)
A = param(3, 3)
y = x[2:4]
w = W[2, :]
D = diag(y)
d = diag(A)
E = A + D + 2 * identity(3)
s = sum(A, 1)
m = max(A, 2)
l = logsumexp(A, 1)
q = y[1] * sum(w) + x[1]
L = q^2 + sum(d) + sum(sum(E)) + sum(s) + sum(m) + sum(l)`,
    forms: {
      y: String.raw`x_{2:4}`,
      w: String.raw`W_{2,:}^{\top}`,
      D: String.raw`\operatorname{diag}\left(y\right)`,
      d: String.raw`\operatorname{diag}\left(A\right)`,
      E: String.raw`A + D + 2 I_{3}`,
      s: String.raw`A^{\top} \mathbf{1}`,
      m: String.raw`\operatorname{rowmax}\left(A\right)`,
      l: String.raw`\operatorname{collogsumexp}\left(A\right)^{\top}`,
      q: String.raw`x_{1} + y_{1} \mathbf{1}^{\top} w`,
      "d:W": String.raw`\mathbf{e}_{2} \left(\frac{\partial L}{\partial w}\right)^{\top}`,
      "d:x": String.raw`\frac{\partial L}{\partial q} \mathbf{e}_{1} + \left(I_{5}\right)_{:,2:4} \frac{\partial L}{\partial y}`,
    },
  },
};

describe.each(Object.entries(cases))("the matrix form of %s", (_, { model, forms }) => {
  const bodies = new Bodies(model);

  it.each(Object.entries(forms))("%s", (name, latex) => {
    expect(bodies.latex(name)).toBe(latex);
  });
});

describe("with shapes", () => {
  const { model } = cases["a batch, one example a column"]!;
  const bodies = new Bodies(model);

  it.each([
    [
      "d:W1",
      String.raw`\underbrace{\frac{\partial L}{\partial Z^{(1)}}}_{4 \times N} \underbrace{X^{\top}}_{N \times 3}`,
    ],
    [
      "d:b2",
      String.raw`\underbrace{\frac{\partial L}{\partial O}}_{2 \times N} \underbrace{\mathbf{1}}_{N \times 1}`,
    ],
    [
      "d:H1",
      String.raw`\underbrace{W^{(2)\top}}_{4 \times 2} \underbrace{\frac{\partial L}{\partial O}}_{2 \times N}`,
    ],
  ])("%s", (name, latex) => {
    expect(bodies.latex(name, true)).toBe(latex);
  });

  it("also in a trace, which is one number itself", () => {
    const text = "A = param(2, 3)\nB = param(3, 2)\nc = param()\nL = c * trace(A * B)";
    expect(new Bodies(text).latex("d:c", true)).toBe(
      String.raw`\operatorname{tr}\left(\underbrace{B}_{3 \times 2} \underbrace{A}_{2 \times 3}\right)`,
    );
  });

  // an empty group between a brace and a sign: TeX would take the minus for that of a number
  it.each([
    ["r = p - q", String.raw`\underbrace{p}_{3 \times 1} {} - \underbrace{q}_{3 \times 1}`],
    ["r = 2 * (p - q)", String.raw`2 \underbrace{\left(p - q\right)}_{3 \times 1}`],
    ["r = c * p", String.raw`c \underbrace{p}_{3 \times 1}`],
    [
      "r = p .* (1 - p) - c * q",
      String.raw`\underbrace{p}_{3 \times 1} {} \odot \underbrace{\left(1 - p\right)}_{3 \times 1} {} - c \underbrace{q}_{3 \times 1}`,
    ],
    // of one piece the left side has the shape
    ["r = p", "p"],
    ["r = sigmoid(p)", String.raw`\sigma\left(p\right)`],
  ])("entry by entry: %s", (definition, latex) => {
    const text = `p = input(3)\nq = input(3)\nc = input()\n${definition}\nL = sum(r)`;
    expect(new Bodies(text).latex("r", true)).toBe(latex);
  });
});

describe("the reasons", () => {
  const reasons = (model: string, name: string): string[] =>
    new Bodies(cases[model]!.model).form(name)!.reasons.map(({ why }) => why.text);

  it.each([
    [
      "a batch, one example a column",
      "d:H1",
      ["W2 is transposed because its row index is summed with the factor behind it."],
    ],
    [
      "a batch, one example a column",
      "d:W2",
      ["H1 is transposed because its column index is summed with the factor before it."],
    ],
    [
      "a batch, one example a column",
      "d:b2",
      ["The product with the vector of ones adds all columns of ∂L/∂O."],
    ],
    [
      "a batch, one example a column",
      "Z1",
      [
        "The summed index is the column index of the first factor and the row index of the second: a matrix product.",
        "The row of ones writes b1 in every column.",
      ],
    ],
    [
      "a dense layer, column convention",
      "d:W1",
      [
        "No index is summed between ∂L/∂z1 and x: every entry of one times every entry of the other.",
        "x is transposed because its index is the column index of the result.",
      ],
    ],
    [
      "a dense layer, column convention",
      "d:z1",
      ["Factors with the same indices and no sum over them are multiplied entry by entry."],
    ],
    [
      "a dense layer, row convention",
      "d:W1",
      [
        "No index is summed between x and ∂L/∂z1: every entry of one times every entry of the other.",
        "x is transposed because its index is the row index of the result.",
      ],
    ],
  ])("%s, %s", (model, name, texts) => {
    expect(reasons(model, name)).toEqual(texts);
  });

  it("are said once of all that is transposed for the same reason", () => {
    expect(reasons("two steps of a recurrence", "d:W")).toContain(
      "x2 + h1 and x1 are transposed because the index of each is the column index of the result.",
    );
  });
});
