import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simplify } from "../../src/calculus/simplify.js";
import type { Expression } from "../../src/expression/expression.js";
import { Graph } from "../../src/expression/graph.js";
import type { Quantity, QuantityRole } from "../../src/expression/quantity.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

function lines(text: string, wrt: string, form: "index" | "matrix" = "index"): string[] {
  return derive(parseModel(text), { wrt, form }).steps.map(({ rhs }) => rhs);
}

const RECURRENT = `
w = param()
h1 = tanh(w)
h2 = tanh(w * h1 + w)
L = h1 * h2`;

describe("sums that are equal but for the names of their indices", () => {
  it("are added", () => {
    const text = "x = input(3)\nw = param(3)\nA = param(3, 3)\nd = x - w\nL = d' * A * A' * d / 2";
    const { steps } = derive(parseModel(text), { wrt: "w", form: "index" });
    expect(steps.at(-1)!.rhs.match(/\\sum/g)).toHaveLength(2);
    expect(steps.at(-1)!.rhs).not.toContain("\\frac{1}{2}");
  });

  it("are kept where the sums differ", () => {
    const text = "w = param(3)\nA = input(3, 3)\nL = w' * A * A * w";
    const { steps } = derive(parseModel(text), { wrt: "w", form: "index" });
    expect(steps.at(-1)!.rhs.match(/\\sum/g)!.length).toBeGreaterThan(2);
  });
});

describe("what is multiplied by an adjoint", () => {
  it("stands in brackets behind it, and a sum before a 1", () => {
    expect(lines(RECURRENT, "w").at(-2)).toBe(
      "\\frac{\\partial L}{\\partial h^{(1)}} \\left(1 - {h^{(1)}}^{2}\\right) + " +
        "\\frac{\\partial L}{\\partial h^{(2)}} \\left(1 - {h^{(2)}}^{2}\\right) \\left(h^{(1)} + 1\\right)",
    );
  });

  it("is not multiplied out where adjoints are put in, so that there is a matrix form", () => {
    const elementwise = `
      x = param(2)
      y = sin(x) .* cos(x) + tan(x / 3) + tanh(x) - square(x)
      z = sqrt(1 + y.^2) + log1p(exp(x)) + erf(y) + gelu(x) + silu(y) + softplus(x)
      L = sum(z)`;
    const last = lines(elementwise, "x", "matrix").at(-1)!;
    expect(last).not.toContain("_{i}");
    expect(last.split("\\operatorname{silu}")).toHaveLength(2);
  });
});

describe("a whole number before a sum of halves", () => {
  it.each([
    // of a norm beside its square
    [
      "norm(u) + 1/2 * sum(u.^2)",
      "\\left(\\frac{1}{\\sqrt{\\sum_{j=1}^{3} {u_{j}}^{2}}} + 1\\right) u_{i}",
    ],
    // which has no halves to lose
    ["3 * sum((u - 2 * v).^2)", "6 \\left(u_{i} - 2 v_{i}\\right)"],
    ["sum((u - v).^2)", "2 \\left(u_{i} - v_{i}\\right)"],
  ])("goes into it where fewer numbers are left: %s", (loss, last) => {
    expect(lines(`v = input(3)\nu = param(3)\nL = ${loss} + 0 * sum(v)`, "u").at(-1)).toBe(last);
  });
});

describe("brackets behind a plus or a minus", () => {
  it("are taken away: differences that are subtracted cancel", () => {
    const triplet = `
      a = param(3)
      p = input(3)
      n = input(3)
      L = exp(sum((a - p).^2) - sum((a - n).^2))`;
    expect(lines(triplet, "a").at(-1)).toBe("2 L \\left(n_{i} - p_{i}\\right)");
  });
});

describe("a number that all terms and the constant have", () => {
  it("stands in front", () => {
    const quadratic = `
      m = param(2)
      q = m .* m + 2 * m
      L = sum(q)`;
    expect(lines(quadratic, "m").at(-1)).toBe("2 \\left(m_{i} + 1\\right)");
  });
});

describe("a power of e", () => {
  it("is its own derivative", () => {
    const power = `
      x = param()
      y = e^(2 * x)
      L = y + pi`;
    expect(lines(power, "x").at(-1)).toBe("2 y");
  });
});

describe("a logarithm of a sum of exponentials over all of a matrix", () => {
  it("has the exponential of an entry over that of all as its derivative", () => {
    const all = "N = size()\nS = param(N, 3)\nL = logsumexp(S)";
    expect(lines(all, "S").at(-1)).toBe("e^{s_{ni} - L}");
    expect(lines(all, "S", "matrix").join()).not.toMatch(/logsumexp|softmax/);
    const inner = lines(`${all.replace("L =", "f =")}\nL = f + sum(S.^2)`, "S");
    expect(inner.join()).toContain("e^{s_{ni} - f}");
  });

  it("is not printed as the exponential of a logarithm", () => {
    const shares = lines(
      "N = size()\nS = param(N, 3)\nP = softmax(S, 2)\nL = logsumexp(S) - sum(log(P))",
      "S",
    );
    expect(shares.join()).not.toContain("\\ln");
    expect(shares.at(-1)).toMatch(/\\frac\{\\sum_\{l=1\}\^\{3\} e\^\{s_\{nl\}\}\}\{\\sum/);
  });
});

describe("the square of a sign", () => {
  it("is 1 beside what it is the sign of", () => {
    const text = "s = param()\nL = log(abs(3 * s)) + sign(s) * s^3 / abs(s)";
    expect(lines(text, "s").at(-1)).toBe("2 s + \\frac{1}{s}");
  });
});

describe("simplify", () => {
  it("keeps the value of every expression", () => {
    fc.assert(
      fc.property(
        tree(),
        fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), NAMED),
        (make, at) => {
          const graph = new Graph();
          const expression = make(graph);
          const before = valueOf(expression, at);
          const after = valueOf(simplify(graph, expression), at);
          expect(Math.abs(after - before)).toBeLessThanOrEqual(1e-9 * magnitude(expression, at));
        },
      ),
      { seed: 5, numRuns: 1000 },
    );
  });
});

const ROLES: readonly QuantityRole[] = ["adjoint", "adjoint", "definition", "definition", "input"];
const QUANTITIES = ROLES.map((role, place): Quantity => ({ name: `q${place}`, role, shape: [] }));
const NAMED = { minLength: ROLES.length, maxLength: ROLES.length };

/** Sums and products of few quantities, so that terms share factors. */
function tree(): fc.Arbitrary<(graph: Graph) => Expression> {
  const leaf = fc
    .nat(ROLES.length - 1)
    .map((place) => (graph: Graph) => graph.reference(QUANTITIES[place]!, []));
  const number = fc
    .constantFrom(-2, -1, 1, 2)
    .map((value) => (graph: Graph) => graph.number(value));
  return fc.letrec<{ node: (graph: Graph) => Expression }>((tie) => {
    const parts = fc.array(tie("node"), { minLength: 2, maxLength: 4 });
    return {
      node: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        number,
        parts.map((all) => (graph: Graph) => graph.add(...all.map((one) => one(graph)))),
        parts.map((all) => (graph: Graph) => graph.multiply(...all.map((one) => one(graph)))),
        fc.tuple(tie("node"), leaf).map(
          ([above, below]) =>
            (graph: Graph) =>
              graph.divide(above(graph), below(graph)),
        ),
      ),
    };
  }).node;
}

/** @param size what is taken of a number: itself or its magnitude */
function compute(node: Expression, at: readonly number[], size: (value: number) => number): number {
  switch (node.kind) {
    case "number":
      return size(node.value.valueOf());
    case "reference":
      return at[QUANTITIES.indexOf(node.quantity)]!;
    case "sum":
      return node.terms.reduce(
        (total, { coefficient, term }) =>
          total + size(coefficient.valueOf()) * compute(term, at, size),
        size(node.constant.valueOf()),
      );
    case "product":
      return node.factors.reduce(
        (total, { base, exponent }) => total * compute(base, at, size) ** exponent,
        size(node.coefficient.valueOf()),
      );
    default:
      throw new Error(`no ${node.kind} is made here`);
  }
}

function valueOf(node: Expression, at: readonly number[]): number {
  return compute(node, at, (value) => value);
}

/** The value with all signs taken as plus: what rounding errors are measured by. */
function magnitude(node: Expression, at: readonly number[]): number {
  return compute(node, at, Math.abs);
}
