import { describe, expect, it } from "vitest";
import type { Form } from "../../src/derivation/derive.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

// That terms and factors stand in one order in all lines is read back in test/readback/; here is what that order is.

const DECAY = `x = input(2)
  t = target(2)
  W1 = param(3, 2)
  W2 = param(2, 3)
  z1 = W1 * x
  a1 = tanh(z1)
  z2 = W2 * a1
  L = sum((z2 - t).^2) + 0.1 * (sum(W1.^2) + sum(W2.^2))`;

const RECURRENT = `x1 = input(2)
  x2 = input(2)
  x3 = input(2)
  t1 = target()
  t2 = target()
  t3 = target()
  U = param(2, 2)
  W = param(2, 2)
  v = param(2)
  h0 = input(2)
  h1 = tanh(U * x1 + W * h0)
  h2 = tanh(U * x2 + W * h1)
  h3 = tanh(U * x3 + W * h2)
  y1 = dot(v, h1)
  y2 = dot(v, h2)
  y3 = dot(v, h3)
  L = 1/2 * ((y1 - t1)^2 + (y2 - t2)^2 + (y3 - t3)^2)`;

const NORM = `x = input(3)
  t = target(4)
  W = param(4, 3)
  z = W * x
  mu = mean(z)
  s = mean((z - mu).^2)
  n = (z - mu) / sqrt(s + 0.00001)
  g = param(4)
  u = g .* n
  L = sum((u - t).^2)`;

const MARGIN = `X = input(3, 2)
  y = target(3)
  C = input()
  w = param(2)
  f = X * w
  xi = relu(1 - y .* f)
  J = 1/2 * dot(w, w) + C * sum(xi)`;

const FACTORS = `u = input(2)
  v = input(2)
  a = param(3)
  c = param()
  L = c * sum(exp(a)) * dot(u, v)`;

const DISTANCE = `p = input(3)
  v = input(2)
  s = target()
  W = param(2, 3)
  u = tanh(W * p)
  d = norm(u - v)
  L = s * d^2 + (1 - s) * relu(1 - d)^2`;

const EMBEDDING = `p = param(3)
  q = param(3)
  w = input(3)
  c = input(3)
  u = p + 2 * q
  v = u .* u
  L = sum(v .* w) + sum(u .* c) + sum(p.^2) / 2`;

const rows = (text: string, wrt: string, form: Form): readonly string[] =>
  derive(parseModel(text), { wrt, form })
    .toMarkdown()
    .replaceAll(/\\left|\\right/g, "")
    .split("\n")
    .filter((line) => line.includes("&"));

describe("the last line", () => {
  it.each([
    [
      "a penalty stays behind",
      DECAY,
      "W1",
      "index",
      /w\^\{\(2\)\}_\{ki\} \+ 0\.2 w\^\{\(1\)\}_\{ij\}/,
    ],
    [
      "the terms of one derivative stay together",
      EMBEDDING,
      "p",
      "index",
      /= 2 w_\{i\} u_\{i\} \+ c_\{i\} \+ p_\{i\}/,
    ],
    [
      "the same in matrices",
      EMBEDDING,
      "p",
      "matrix",
      /= 2 .*\{w\}.*\{u\}.* \+ .*\{c\}.* \+ .*\{p\}/,
    ],
    [
      "weights stand with their own layer",
      RECURRENT,
      "W",
      "index",
      /\(1 - \{h\^\{\(2\)\}_\{k\}\}\^\{2\}\) w_\{ki\}/,
    ],
    [
      "differences stay over their norm",
      DISTANCE,
      "u",
      "index",
      /\) \\frac\{u_\{i\} - v_\{i\}\}\{d\}/,
    ],
    [
      "each sum has a letter",
      FACTORS,
      "c",
      "index",
      /\(\\sum_\{i=1\}\^\{3\} e\^\{a_\{i\}\}\) \(\\sum_\{j=1\}\^\{2\} u_\{j\} v_\{j\}\)/,
    ],
  ] as const)("%s", (_, text, wrt, form, expected) => {
    expect(rows(text, wrt, form).join("\n")).toMatch(expected);
  });

  it.each([
    [
      "index",
      "W",
      "(2 (u_{i} - t_{i}) g_{i} - \\frac{1}{2} \\sum_{k=1}^{4} (u_{k} - t_{k}) g_{k} - \\frac{1}{2} n_{i}",
    ],
    [
      "matrix",
      "W",
      "(2 ((u - t) \\odot g) - \\frac{1}{2} (g^{\\top} (u - t)) \\mathbf{1} - \\frac{1}{2} (u^{\\top}",
    ],
    [
      "scalar",
      "W[2,1]",
      "(2 (u_{2} - t_{2}) g_{2} - \\frac{1}{2} \\sum_{i=1}^{4} (u_{i} - t_{i}) g_{i} - \\frac{1}{2} n_{2}",
    ],
  ] as const)(
    "has what is added first, then the ways in their order: %s form",
    (form, wrt, expected) => {
      const text = rows(NORM, wrt, form).join("\n");
      expect(text.replaceAll(/\\underbrace\{|\}_\{\d \\times \d\}| \{\}/g, "")).toContain(expected);
    },
  );
});

describe("one number for all entries", () => {
  it("stands in front of a derivative, in entries as in matrices", () => {
    for (const form of ["index", "matrix"] as const) {
      const text = rows(NORM, "z", form).join("\n");
      expect(text).toMatch(
        /\\frac\{1\}\{\\sqrt\{s \+ 0\.00001\}\} (?:\\underbrace\{)?\\frac\{\\partial L\}/,
      );
      expect(text).not.toMatch(/partial n_\{\w\}\} \\frac\{1\}\{\\sqrt/);
    }
  });
});

describe("what a quantity does itself", () => {
  it("has one place in general and entry by entry", () => {
    const [general] = rows(MARGIN, "w", "index").filter((line) => line.includes("\\partial^{+} J"));
    const [entry] = rows(MARGIN, "w[1]", "paths").filter((line) =>
      line.includes("\\partial^{+} J"),
    );
    for (const line of [general!, entry!]) expect(line).toMatch(/&= \\frac\{\\partial\^\{\+\} J\}/);
  });
});

describe("a sum that is written term by term", () => {
  it("stays in brackets behind its number, as behind a letter", () => {
    const [forward] = passages(parseModel(MARGIN)).before;
    const text = forward!.toMarkdown().replaceAll(/\\left|\\right/g, "");
    expect(text).toContain(
      "\\frac{1}{2} ({w_{1}}^{2} + {w_{2}}^{2}) + C (\\xi_{1} + \\xi_{2} + \\xi_{3})",
    );
  });

  it("has all its terms, also where others are like them", () => {
    const text = rows(NORM, "W[2,1]", "scalar").join("\n");
    expect(text).toContain("- \\frac{1}{2} ((u_{1} - t_{1}) g_{1} + (u_{2} - t_{2}) g_{2} +");
  });
});

describe("a statement whose sums are written term by term", () => {
  const parts = new Map([
    ["sum(q)", ["q_{1}", "q_{2}", "q_{3}"]],
    ["k * c", ["k c"]],
    ["log(1 + exp(c))", ["\\ln (1 + e^{c})"]],
    ["1/2 * sum(r.^2)", ["\\frac{1}{2} ({r_{1}}^{2} + {r_{2}}^{2} + {r_{3}}^{2})"]],
    ["sum(q .* r)", ["q_{1} r_{1}", "q_{2} r_{2}", "q_{3} r_{3}"]],
  ]);
  const orders = (rest: readonly string[]): readonly (readonly string[])[] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((one) =>
          orders(rest.filter((other) => other !== one)).map((behind) => [one, ...behind]),
        );

  it("has its author's order, whatever that is", () => {
    for (const order of orders([...parts.keys()])) {
      const names = "q = param(3)\nr = param(3)\nk = param()\nc = param()\n";
      const [forward] = passages(parseModel(`${names}L = ${order.join(" + ")}`)).before;
      const text = forward!.toMarkdown().replaceAll(/\\left|\\right/g, "");
      expect(text).toContain(`&= ${order.flatMap((one) => parts.get(one)!).join(" + ")}\n`);
    }
  });
});

describe("the slope of a softmax", () => {
  it("has the factors of p(1 − p) in general and entry by entry", () => {
    const text = "z = param(2)\ny = target(2)\np = softmax(z)\nL = sum((p - y).^2)";
    const [, local] = passages(parseModel(text)).before;
    const shown = local!.toMarkdown().replaceAll(/\\left|\\right/g, "");
    expect(shown).toContain("p_{i} (\\mathbf{1}[i = j] - p_{j})");
    expect(shown).toContain("p_{1} (1 - p_{1})");
  });
});

describe("a product of matrices that is multiplied out", () => {
  it("has the factors of its entries in its order", () => {
    const text = rows(DECAY, "a1", "matrix").join("\n");
    expect(text).toContain("w^{(2)}_{11} \\delta^{(2)}_{1} + w^{(2)}_{21} \\delta^{(2)}_{2}");
    expect(text).toMatch(/&= \\sum_\{j=1\}\^\{2\} \\delta\^\{\(2\)\}_\{j\} w/);
    const recurrent = rows(RECURRENT, "h1", "matrix").join("\n");
    expect(recurrent).toMatch(
      /w_\{11\} \\frac\{\\partial L\}\{\\partial h\^\{\(2\)\}_\{1\}\} \(1 - /,
    );
  });
});
