import { describe, expect, it } from "vitest";
import { localDerivatives } from "../../src/derivation/local.js";
import { Workbench } from "../../src/derivation/workbench.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

const BATCH = parseModel(`
  N = size()
  X = input(2, N)
  T = target(2, N)
  W1 = param(3, 2)
  W2 = param(2, 3)
  Z1 = W1 * X
  A1 = tanh(Z1)
  Z2 = W2 * A1
  L = sum((T - Z2).^2) / N
`);

describe("the local derivatives", () => {
  it("begin where the forward pass begins", () => {
    const { steps } = localDerivatives(new Workbench(BATCH, undefined));
    const numerators = steps.flatMap(({ left }) =>
      left.kind === "scalar" && left.expression.kind === "reference"
        ? [left.expression.quantity.numerator!.name]
        : [],
    );
    expect([...new Set(numerators)]).toEqual(["Z1", "A1", "Z2", "L"]);
  });

  it("name their indices as they are read", () => {
    const text = passages(BATCH)
      .before.find(({ title }) => title === "The local derivatives")!
      .toMarkdown();
    expect(text).toContain(
      "\\frac{\\partial z^{(1)}_{in}}{\\partial w^{(1)}_{ij}} &= x_{jn} \\qquad i = 1, \\dots, 3",
    );
  });

  it("are conventions at kinks, where differences say nothing: units that are all off before a layer without biases", () => {
    const model = parseModel(`
      N = size()
      X = input(2, N)
      Y = target(1, N)
      W1 = param(3, 2)
      W2 = param(2, 3)
      W3 = param(1, 2)
      A1 = relu(W1 * X)
      A2 = relu(W2 * A1)
      L = sum((W3 * A2 - Y).^2) / N`);
    for (const seed of [1, 2, 3, 4, 5]) {
      const { steps } = localDerivatives(new Workbench(model, undefined, seed));
      expect(steps.every(({ check }) => check.points > 0)).toBe(true);
    }
  });
});

/** The general lines of the local derivatives, as ∂s/∂u = … without their ranges. */
function localLines(text: string): string[] {
  const model = parseModel(text);
  const part = passages(model).before.find(({ title }) => title === "The local derivatives")!;
  let left = "";
  return part
    .toLatex()
    .split("\n")
    .flatMap((line) => {
      left = /^\\frac\{\\partial .*&= /.exec(line)?.[0] ?? left;
      return line.replace(/^ &= /, () => left).match(/^\\frac\{\\partial .*&= .*$/) ?? [];
    })
    .map((line) =>
      line
        .replace(/ (\\\\|\\qquad.*)$/, "")
        .replace(/\\frac\{\\partial (.+?)\}\{\\partial (.+?)\} &=/, "∂$1/∂$2 ="),
    );
}

describe("the indices of a local derivative", () => {
  it.each([
    ["Q * K'", "∂s_{ti}/∂q_{tj} = k_{ij}"],
    ["Q * K' / sqrt(2)", "∂s_{ti}/∂q_{tj} = \\frac{k_{ij}}{\\sqrt{2}}"],
    [
      "softmax(Q, 2)",
      "∂s_{ti}/∂q_{tj} = s_{ti} \\left(\\mathbf{1}\\left[i = j\\right] - s_{tj}\\right)",
    ],
    ["Q .* K", "∂s_{ti}/∂q_{ti} = k_{ti}"],
    ["K' * Q", "∂s_{ij}/∂q_{tj} = k_{ti}"],
  ])("are those that its definition has, the row first: S = %s", (body, line) => {
    const lines = localLines(`
      T = size()
      X = input(T, 3)
      K = input(T, 2)
      W = param(3, 2)
      Q = X * W
      S = ${body}
      L = sum(S.^3)`);
    expect(lines).toContain(line);
  });
});

describe("the local derivative of a quotient by what it is divided by", () => {
  it.each([
    ["U * V' / tau", "-\\frac{s_{ij}}{\\tau}"],
    ["U * V' / tau^2", "-\\frac{2 s_{ij}}{\\tau}"],
    ["0.5 * U * V' / tau", "-\\frac{s_{ij}}{\\tau}"],
    ["-U * V' / tau", "-\\frac{s_{ij}}{\\tau}"],
    ["U * V' / (1 + tau)", "-\\frac{s_{ij}}{1 + \\tau}"],
    ["U * V' * tau", "\\sum_{k=1}^{2} u_{ik} v_{jk}"],
    ["exp(U * V') / tau", "-\\frac{s_{ij}}{\\tau}"],
  ])("has the name of the quotient: S = %s", (body, right) => {
    const lines = localLines(`
      U = input(3, 2)
      V = input(3, 2)
      tau = param()
      S = ${body}
      L = sum(S.^3)`);
    expect(lines).toContain(`∂s_{ij}/∂\\tau = ${right}`);
  });
});

describe("the derivative of a cosine similarity", () => {
  const text = `
    a = input(3)
    v = input(2)
    W = param(2, 3)
    u = W * a
    c = dot(u, v) / (norm(u) * norm(v))
    L = (1 - c)^2`;

  it("has its name where the norm is differentiated, v/‖u‖‖v‖ − c u/‖u‖², in every form", () => {
    const [line] = localLines(text).filter((one) => one.startsWith("∂c/∂u_{i}"));
    expect(line).toMatch(/ - \\frac\{c u_\{i\}\}\{\\sum_\{j=1\}\^\{2\} \{u_\{j\}\}\^\{2\}\}$/);
    for (const form of ["index", "matrix"] as const) {
      const { steps } = derive(parseModel(text), { wrt: "W", form, adjoints: "derivative" });
      const own = steps.filter(({ lhs }) => /\\partial u/.test(lhs)).map(({ rhs }) => rhs);
      expect(own.some((rhs) => rhs.includes("\\frac{c"))).toBe(true);
      // the sum that c is stands in no line
      for (const rhs of own) expect(rhs).not.toMatch(/u_\{j\} v_\{j\}|u\^\{\\top\} v/);
    }
  });
});
