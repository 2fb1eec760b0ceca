/**
 * Extreme arguments: what users write by hand must be finite and right to 1e-12, against formulas of
 * our own in 60 digits that share nothing with the engine.
 */
import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { parseModel, type Point } from "../../src/index.js";
import { compile } from "../../src/numeric/compile.js";

const D = Decimal.clone({ precision: 60, minE: -9e15, maxE: 9e15 });
type Numbers = readonly number[];

const exp = (x: Decimal.Value): Decimal => new D(x).exp();
const sum = (values: readonly Decimal[]): Decimal => values.reduce((a, b) => a.plus(b), new D(0));
/** ln Σ eᶻ, the largest taken out. */
function logSumExp(z: Numbers): Decimal {
  const most = Math.max(...z);
  return sum(z.map((one) => exp(new D(one).minus(most))))
    .ln()
    .plus(most);
}
const softmax = (z: Numbers): Decimal[] => z.map((one) => exp(new D(one).minus(logSumExp(z))));
const sigma = (z: number): Decimal => new D(1).div(exp(-z).plus(1));
const softplus = (z: number): Decimal => exp(z).plus(1).ln();

function expectNear(value: number, expected: Decimal, what: string): void {
  expect(Number.isFinite(value), `${what} is ${value}`).toBe(true);
  const target = expected.toNumber();
  const error = Math.abs(value - target);
  // numbers below the smallest double are 0
  const allowed = Math.max(1e-12 * Math.abs(target), 1e-300);
  expect(error, `${what}: ${value}, expected ${expected.toString()}`).toBeLessThanOrEqual(allowed);
}

function expectGradient(
  text: string,
  point: Point,
  loss: Decimal,
  gradient: readonly Decimal[],
  name = "z",
): void {
  const { loss: value, gradients } = compile(parseModel(text)).evaluate(point);
  expectNear(value, loss, "loss");
  for (const [k, one] of [gradients[name]!].flat(2).entries()) {
    expectNear(one, gradient[k]!, `∂/∂${name}[${k + 1}]`);
  }
}

const vectors: Numbers[] = [
  [0.3, -0.4, 1.2],
  [1000, 2000, -3000],
  [-1000, -1001, -1002.5],
  [5000, 5000, 4999],
  [1e5, -1e5, 0],
];
const weights = [0.2, 0.5, 0.3];

describe.each(vectors.map((z) => [z] as const))("z = %j", (z) => {
  const point: Point = { z, t: weights };
  const start = "t = target(3)\nz = param(3)\n";
  const p = softmax(z);
  const total = logSumExp(z);
  const crossEntropy = sum(z.map((one, k) => total.minus(one).times(weights[k]!)));
  // the weights add up to 1 but for rounding
  const mass = sum(weights.map((one) => new D(one)));
  const slope = p.map((one, k) => one.times(mass).minus(weights[k]!));

  it.each([
    ["softmax, then its logarithm", "p = softmax(z, 1)\nL = -sum(t .* log(p))"],
    ["log of softmax", "L = -dot(t, log(softmax(z)))"],
    ["logsoftmax", "L = -sum(t .* logsoftmax(z))"],
    ["logsumexp", "L = logsumexp(z) - dot(t, z)"],
    ["by hand, at once", "L = -sum(t .* log(exp(z) / sum(exp(z))))"],
    ["by hand, in steps", "e1 = exp(z)\ns = sum(e1)\np = e1 / s\nq = log(p)\nL = -dot(t, q)"],
    ["by hand, elementwise", "e1 = exp(z)\np = e1 ./ sum(e1)\nm = t .* log(p)\nL = -sum(m)"],
    ["a logarithm of a sum", "s = sum(exp(z))\nL = log(s) - sum(t .* z)"],
    ["shifted by the largest", "s = exp(z - max(z))\np = s / sum(s)\nL = -sum(t .* log(p))"],
  ])("cross-entropy: %s", (_, text) => {
    expectGradient(start + text, point, crossEntropy, slope);
  });

  it.each([
    ["softmax", "p = softmax(z)\nL = dot(t, p)"],
    ["by hand", "s = sum(exp(z))\np = exp(z) / s\nL = sum(t .* p)"],
  ])("a probability: %s", (_, text) => {
    const mean = sum(p.map((one, k) => one.times(weights[k]!)));
    const gradient = p.map((one, k) => one.times(new D(weights[k]!).minus(mean)));
    // 0.2 − mean cancels where one probability is nearly 1; the largest derivative is the scale
    const { loss, gradients } = compile(parseModel(start + text)).evaluate(point);
    expectNear(loss, mean, "loss");
    const scale = Math.max(1e-300, ...gradient.map((one) => Math.abs(one.toNumber())));
    for (const [k, value] of (gradients["z"] as number[]).entries()) {
      const error = Math.abs(value - gradient[k]!.toNumber());
      expect(error, `∂/∂z[${k + 1}]`).toBeLessThanOrEqual(1e-12 * scale + 1e-16);
    }
  });

  it("columns and rows of a matrix", () => {
    const text = "Z = param(3, 2)\nT = target(3, 2)\n";
    const Z = z.map((one) => [one, -one]);
    const T = weights.map((one) => [one, one]);
    const negative = z.map((one) => -one);
    const other = logSumExp(negative);
    const both = crossEntropy.plus(
      sum(negative.map((one, k) => other.minus(one).times(weights[k]!))),
    );
    const q = softmax(negative);
    const gradient = z.flatMap((_, k) => [slope[k]!, q[k]!.times(mass).minus(weights[k]!)]);
    const columns = "E = exp(Z)\nP = E ./ sum(E, 1)'\nL = -sum(T .* log(P))";
    expectGradient(
      `${text}P = softmax(Z, 1)\nL = -sum(T .* log(P))`,
      { Z, T },
      both,
      gradient,
      "Z",
    );
    expectGradient(text + columns, { Z, T }, both, gradient, "Z");
    const rows = "A = Z'\nP = softmax(A, 2)\nL = -sum(T' .* log(P))";
    expectGradient(text + rows, { Z, T }, both, gradient, "Z");
  });
});

describe.each([0.3, -2, 40, -40, 800, -800, 5000, -5000])("z = %d", (z) => {
  const start = "z = param()\n";
  const point: Point = { z };

  it.each([
    ["softplus", "L = softplus(z)"],
    ["log(1 + exp z)", "L = log(1 + exp(z))"],
    ["log1p(exp z)", "L = log1p(exp(z))"],
    ["in steps", "w = exp(z)\ns = 1 + w\nL = log(s)"],
    ["−log sigmoid(−z)", "p = sigmoid(-z)\nL = -log(p)"],
    ["−log of the quotient", "p = 1 / (1 + exp(z))\nL = -log(p)"],
    ["−log(1 − sigmoid z)", "p = sigmoid(z)\nL = -log(1 - p)"],
  ])("ln(1 + eᶻ): %s", (_, text) => {
    expectGradient(start + text, point, softplus(z), [sigma(z)]);
  });

  it("logsumexp with 0, to the rounding of the largest entry", () => {
    const { loss } = compile(parseModel(`${start}L = logsumexp([0, z])`)).evaluate(point);
    const allowed = 4e-16 * Math.max(1, Math.abs(z));
    expect(Math.abs(loss - softplus(z).toNumber())).toBeLessThanOrEqual(allowed);
  });

  it.each([
    ["log sigmoid", "L = log(sigmoid(z))"],
    ["in steps", "p = 1 ./ (1 + exp(-z))\nL = log(p)"],
    ["the other quotient", "p = exp(z) / (1 + exp(z))\nL = log(p)"],
  ])("ln σ(z): %s", (_, text) => {
    expectGradient(start + text, point, softplus(-z).neg(), [sigma(-z)]);
  });

  it.each([
    ["sigmoid", "L = sigmoid(z)"],
    ["1/(1 + e⁻ᶻ)", "L = 1 / (1 + exp(-z))"],
    ["a power", "L = (1 + exp(-z))^(-1)"],
    ["eᶻ/(1 + eᶻ)", "w = exp(z)\nL = w / (1 + w)"],
  ])("σ(z): %s", (_, text) => {
    const { loss, gradients } = compile(parseModel(start + text)).evaluate(point);
    expectNear(loss, sigma(z), "loss");
    const slope = gradients["z"] as number;
    const expected = sigma(z).times(sigma(-z)).toNumber();
    // σ(1 − σ) cancels where σ is nearly 1, to an absolute error below the rounding of σ itself
    expect(Math.abs(slope - expected)).toBeLessThanOrEqual(1e-12 * expected + 2e-16);
  });

  it.each([0, 0.25, 1])("binary cross-entropy with target %d, log(1 − p) and all", (t) => {
    const loss = softplus(-z)
      .times(t)
      .plus(softplus(z).times(1 - t));
    const gradient = [sigma(z).minus(t)];
    const text = "z = param()\nt = target()\n";
    const cross = "L = -(t * log(p) + (1 - t) * log(1 - p))";
    const check = (definition: string): void => {
      const model = parseModel(`${text}${definition}\n${cross}`);
      const { loss: value, gradients } = compile(model).evaluate({ z, t });
      expectNear(value, loss, "loss");
      const error = Math.abs((gradients["z"] as number) - gradient[0]!.toNumber());
      expect(error).toBeLessThanOrEqual(1e-12 * Math.abs(gradient[0]!.toNumber()) + 2e-16);
    };
    check("p = sigmoid(z)");
    check("p = 1 / (1 + exp(-z))");
    check("s = 1 + exp(-z)\np = 1 ./ s");
  });

  it.each([
    ["tanh", "L = tanh(z)"],
    ["by exponentials", "L = (exp(z) - exp(-z)) / (exp(z) + exp(-z))"],
    ["in steps", "a = exp(z)\nb = exp(-z)\nL = (a - b) / (a + b)"],
    ["by one exponential", "w = exp(2 * z)\nL = (w - 1) / (w + 1)"],
    ["by a sigmoid", "L = 2 * sigmoid(2 * z) - 1"],
  ])("tanh: %s", (_, text) => {
    const q = exp(-2 * Math.abs(z));
    const expected = new D(1).minus(q).div(q.plus(1)).times(Math.sign(z));
    const { loss, gradients } = compile(parseModel(start + text)).evaluate(point);
    expectNear(loss, expected, "loss");
    const slope = new D(1).minus(expected.times(expected)).toNumber();
    expect(Math.abs((gradients["z"] as number) - slope)).toBeLessThanOrEqual(1e-12 * slope + 1e-15);
  });
});

describe("layers with large weights", () => {
  it("a classifier with logits in the thousands", () => {
    const text = [
      "x = input(2)",
      "t = target(3)",
      "W = param(3, 2)",
      "z = W * x",
      "p = exp(z) / sum(exp(z))",
      "L = -sum(t .* log(p))",
    ].join("\n");
    const x = [30, -40];
    const W = [
      [50, 10],
      [-20, 60],
      [49, 9],
    ];
    const z = W.map(([a, b]) => a! * x[0]! + b! * x[1]!);
    const t = [0, 1, 0];
    const p = softmax(z);
    const gradient = z.flatMap((_, k) => x.map((one) => p[k]!.minus(t[k]!).times(one)));
    expectGradient(text, { x, t, W }, logSumExp(z).minus(z[1]!), gradient, "W");
  });
});
