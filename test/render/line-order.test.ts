import { describe, expect, it } from "vitest";
import type { Form } from "../../src/derivation/derive.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";
import { random, type Random } from "../../src/numeric/prng.js";

const NAMES = ["b", "c", "d", "f"];

/** h acts on the loss through four quantities, some with a minus, which the loss takes in some order. */
function fan(random: Random): string {
  const shuffled = (names: readonly string[]): string[] =>
    names
      .map((name) => ({ name, at: random.next() }))
      .sort((one, other) => one.at - other.at)
      .map(({ name }) => name);
  const sign = (): string => (random.next() < 0.5 ? "-" : "");
  const definitions = shuffled(NAMES).map((name, place) => `${name} = ${sign()}sin(h) * k${place}`);
  const loss = shuffled(NAMES).map((name) => `${name} * v_${name}`);
  return `
    ${NAMES.map((name, place) => `v_${name} = input(2)\nk${place} = input()`).join("\n")}
    t = target(2)
    h = param(2)
    ${definitions.join("\n")}
    L = sum((${loss.map((one) => one.replace(" * ", " .* ")).join(" + ")} - t).^2) ${random.next() < 0.5 ? "- sum(h.^3)" : ""}`;
}

/** The adjoints in a line in their order, of the first of several entries. */
function waysIn(line: string): readonly string[] {
  const found = [...line.matchAll(/\\frac\{\\partial L\}\{\\partial ([b-f])/g)];
  return found.map(([, name]) => name!).slice(0, NAMES.length);
}

describe("the terms of a derivative", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("keep their places from line to line, seed %i", (seed) => {
    const model = parseModel(fan(random(seed)));
    const orders = (["index", "matrix"] as const).flatMap((form: Form) =>
      derive(model, { wrt: "h", form })
        .steps.filter(({ lhs }) => /partial h(_\{i\})?\}$/.test(lhs))
        .map(({ rhs }) => waysIn(rhs).join(" "))
        .filter((order) => order !== ""),
    );
    expect(orders.length).toBeGreaterThan(2);
    expect(new Set(orders).size).toBe(1);
    expect(orders[0]!.split(" ")).toHaveLength(NAMES.length);
  });

  it("keep a minus in front where the first of the ways has it", () => {
    const text = `
      x = input(2)
      t = target(2)
      w = param(2)
      u = 1 ./ w
      v = x .* w
      y = u + v
      L = sum((y - t).^2)`;
    for (const form of ["index", "matrix"] as const) {
      const { steps } = derive(parseModel(text), {
        wrt: "w",
        form,
        adjoints: "derivative",
      });
      const lines = steps.filter(({ rhs }) => rhs.includes("partial v"));
      const own = lines.filter(({ lhs }) => lhs.includes("partial w"));
      expect(own.length).toBeGreaterThan(0);
      for (const { rhs } of own) expect(rhs).toMatch(/partial u.*partial v/);
    }
  });
});

describe("entries of one adjoint", () => {
  it("keep the order of their indices until they are put together", () => {
    const softmax = `
      x = input(2)
      a = param(2)
      q = softmax(a)
      L = sum(sin(q .* x))`;
    const { steps } = derive(parseModel(softmax), { wrt: "a", form: "index" });
    const [chain, put, whole] = steps.filter(({ lhs }) => lhs.endsWith("a_{2}}"));
    expect(chain!.rhs).toMatch(/partial q_\{1\}.*partial q_\{2\}/);
    expect(put!.rhs).toMatch(/^-\\frac\{\\partial L\}\{\\partial q_\{1\}\} q_\{1\} q_\{2\} \+/);
    expect(whole!.rhs).toMatch(/\\right\) q_\{2\}$/);
  });
});

describe("a difference of a statement", () => {
  const text = `
    x = input(3)
    t = target(3)
    lam = input()
    w = param(3)
    y = x .* w
    L = 1/2 * sum((y - t).^2) + lam * sum(exp(y .* x)) - 3 * sum(sin(y))`;

  it.each(["index", "matrix"] as const)("stays together beside long terms, %s", (form) => {
    const { steps } = derive(parseModel(text), { wrt: "w", form });
    const lines = steps.filter(({ rhs }) => /\bt\b|t_\{/.test(rhs));
    expect(lines.length).toBeGreaterThan(1);
    for (const { rhs } of lines) expect(rhs.replaceAll(/[{}_ ]|[i\d]/g, "")).toMatch(/y-t/);
  });

  it("is not multiplied out beside what cancels", () => {
    const beside = `
      x = input(3)
      t = target()
      s = target()
      w = param(3)
      y = dot(x, w)
      p = sigmoid(y)
      L = -(t * log(p) + (1 - t) * log(1 - p)) + 1/2 * (y - s)^2 * exp(-y)`;
    const { steps } = derive(parseModel(beside), { wrt: "w", form: "index" });
    for (const { rhs } of steps) expect(rhs).not.toContain("\\frac{1}{2} s");
    expect(steps.map(({ rhs }) => rhs).join("\n")).toContain("\\left(y - s\\right)");
    // and what is left of what cancels stands together
    const last = steps.filter(({ rhs }) => rhs.includes("e^{-y}") && !rhs.includes("partial"));
    expect(last.length).toBeGreaterThan(1);
    for (const { rhs } of last.slice(-2)) expect(rhs).toMatch(/^(\\left\()?p - t \+/);
  });
});

describe("what a quantity does in the loss itself", () => {
  const ridge = (lambda: string): string => `
    X = input(3, 2)
    t = target(3)
    ${lambda}
    Wq = param(2)
    r = X * Wq - t
    L = sum(r.^2) + lam/2 * sum(Wq.^2)`;

  it("is a partial derivative in the chain rule, and then put in", () => {
    const { steps } = derive(parseModel(ridge("lam = input()")), { wrt: "Wq", form: "index" });
    const [chain, local] = steps.filter(({ lhs }) => lhs.includes("mathrm{Wq}_{i}"));
    expect(chain!.rhs).toContain("\\frac{\\partial^{+} L}{\\partial \\mathrm{Wq}_{i}}");
    expect(chain!.rhs).not.toContain("\\lambda");
    expect(local!.rhs).toMatch(/\+ \\lambda \\, \\mathrm\{Wq\}_\{i\}$/);
  });

  it.each(["lam = input()", "lam = 0.01", "c = input()\nlam = c / 2"])(
    "has numbers first, then entries: %s",
    (lambda) => {
      for (const form of ["index", "matrix", "paths", "scalar"] as const) {
        const { latex } = derive(parseModel(ridge(lambda)), { wrt: "Wq[1]", form });
        expect(latex).toContain("\\lambda \\, \\mathrm{Wq}");
        expect(latex).not.toMatch(/mathrm\{Wq\}(_\{\w\})? \\, \\lambda/);
      }
    },
  );

  it("is in the layers in general, where it has one weight in all of them", () => {
    const net = `
      N = size()
      X = input(3, N)
      T = target(2, N)
      lam = input()
      W1 = param(4, 3)
      W2 = param(2, 4)
      Z1 = W1 * X
      A1 = tanh(Z1)
      Z2 = W2 * A1
      L = 1/N * sum((Z2 - T).^2) + lam/2 * (sum(W1.^2) + sum(W2.^2))`;
    for (const lambda of ["lam = input()", "lam = 0.01"]) {
      const { before } = passages(parseModel(net.replace("lam = input()", lambda)));
      const text = before.find(({ title }) => title === "The layers in general")!.toMarkdown();
      expect(text).toContain("A^{(l-1)\\top} + \\lambda W^{(l)} \\qquad l = 1, 2");
      expect(text).toContain(
        "\\frac{\\partial^{+} L}{\\partial w^{(l)}_{ij}} &= \\lambda w^{(l)}_{ij} \\qquad l = 1, 2",
      );
    }
  });

  it("has a penalty of its own in the layers in general, for all of them", () => {
    const net = `
      N = size()
      X = input(N, 3)
      T = target(N, 2)
      lam = input()
      W1 = param(3, 4)
      W2 = param(4, 2)
      H1 = tanh(X * W1)
      H2 = tanh(H1 * W2)
      R = lam/2 * (sum(W1.^2) + sum(W2.^2))
      J = 1/N * sum((H2 - T).^2) + R`;
    const { before } = passages(parseModel(net));
    const text = before.find(({ title }) => title === "The layers in general")!.toMarkdown();
    expect(text).toContain(
      "\\frac{\\partial R}{\\partial w^{(l)}_{ij}} &= \\lambda w^{(l)}_{ij} \\qquad l = 1, 2",
    );
  });
});
