import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { random, type Random } from "../../src/numeric/prng.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

const last = (text: string, wrt: string) =>
  derive(parseModel(text), { wrt, form: "paths" }).steps.filter(({ rule }) =>
    ["local derivatives put in", "cancellation"].includes(rule),
  );

/** Single numbers and labels stand in front elsewhere. */
const KINDS = ["input(3)", "target(3)", "param(3)", "input()"];

/** A chain of products, each with a factor of its own, whose names are in no order. */
function products(random: Random): { readonly text: string; readonly factors: readonly string[] } {
  const letters = Array.from("bcdfgkpqrsuv").sort(() => random.next() - 0.5);
  const factors = letters.slice(0, 4);
  const links = letters.slice(4, 8);
  const shift = random.below(KINDS.length);
  const given = factors
    .map((one, at) => `${one} = ${KINDS[(at + shift) % KINDS.length]!}`)
    .sort(() => random.next() - 0.5);
  const chain = links.map((one, at) => {
    const before = at === 0 ? "w" : links[at - 1]!;
    return random.next() < 0.5
      ? `${one} = ${factors[at]!} .* ${before}`
      : `${one} = -(${before} .* ${factors[at]!})`;
  });
  const text = `${given.join("\n")}\nw = param(3)\n${chain.join("\n")}\nL = sum(sin(${links[3]!}))`;
  return { text, factors: factors.toReversed() };
}

describe("the product of a path", () => {
  it.each([1, 2, 3, 4, 5, 6])("has its factors in the order of the path, seed %i", (seed) => {
    const { text, factors } = products(random(seed));
    const [line] = last(text, "w[2]");
    const order = [...line!.rhs.matchAll(/([b-v])(_\{2\})?(?=$| [b-v])/g)].map(([, name]) => name);
    expect(order).toEqual(factors);
  });

  it("stands behind the sums over what it leads through", () => {
    const net = `
      x = input(2)
      t = target(2)
      A = param(3, 2)
      B = param(2, 3)
      u = sigmoid(A * x)
      y = B * u
      L = 1/2 * sum((y - t).^2)`;
    const [passage] = passages(parseModel(net), { wrt: ["A"] }).paths;
    expect(passage!.toMarkdown()).toContain(
      "&= \\sum_{k=1}^{2} \\left(y_{k} - t_{k}\\right) b_{ki} u_{i} \\left(1 - u_{i}\\right) x_{j}",
    );
  });

  it("is shown before factors cancel, with the reason", () => {
    const text = `
      x = input(2)
      y = target()
      w = param(2)
      z = dot(w, x)
      p = sigmoid(z)
      L = -log(p) * y`;
    const [put, cancelled] = last(text, "w[1]");
    expect(put!.rhs).toBe("-\\frac{y}{p} p \\left(1 - p\\right) x_{1}");
    expect(cancelled!.rhs).toBe("-y \\left(1 - p\\right) x_{1}");
    expect(cancelled!.why).toContain("p cancels.");
    // also where a label stands before the weights that a path passes
    const deep = `
      x = input(2)
      t = target()
      V = param(2, 2)
      w = param(2)
      h = tanh(V * x)
      p = sigmoid(dot(w, h))
      L = -t * log(p)`;
    const [, rest] = last(deep, "V[1,2]");
    expect(rest!.rhs).toBe("-t \\left(1 - p\\right) w_{1} \\left(1 - {h_{1}}^{2}\\right) x_{2}");
  });
});

describe("a path whose local derivative is 0", () => {
  const normalised = `
    x = input(3)
    W = param(3, 3)
    a = W * x
    m = mean(a)
    v = mean((a - m).^2)
    n = (a - m) / sqrt(v)
    L = sum(sin(n))`;

  it("is left out where a known sum says so, with the reason", () => {
    const { steps } = derive(parseModel(normalised), { wrt: "W[1,2]", form: "paths" });
    const zero = steps.find(({ lhs }) => lhs === "\\frac{\\partial v}{\\partial m}")!;
    expect(zero.rhs).toContain("\\sum");
    const put = steps.find(({ rule }) => rule === "local derivatives put in")!;
    expect(put.rhs).not.toContain("\\sum");
    expect(put.why).toContain("Paths through ∂v/∂m, which is 0, are left out.");
    expect(put.why).toContain("Differences from the mean m add up to 0");
  });

  it("is told from what leads nowhere", () => {
    const mask = "x = input(2)\nw = param(2)\nm = step(w)\nL = sum(m .* x)";
    expect(last(mask, "w[1]")[0]!.why).toContain("Along every path from L to");
    const slices = "w = param(2)\nL = w[1]^2";
    expect(last(slices, "w[2]")[0]!.why).toContain("No path leads from L to");
  });
});
