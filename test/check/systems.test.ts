import { readFileSync } from "node:fs";
import { check, type Claims, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { checkReport } from "../../src/render/report.js";
import { each, mm, rowSums, sigmoid, T, times } from "./corpus/matrices.js";
import { explanations } from "./explanations.js";

interface Published {
  readonly point: Point;
  readonly values: Record<string, number[]>;
  readonly gradients: Record<string, number[][]>;
}

function published(name: string): Published {
  const file = new URL(`../../examples/systems/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Published;
}

const sigmoidText = (second: string) => `
  x = input(2)
  t = target(2)
  W1 = param(3, 2, "W^{(1)}")
  W2 = param(2, 3, "W^{(2)}")
  z1 = W1 * x
  a1 = sigmoid(z1)
  z2 = W2 * ${second}
  y = z2
  MSE = 1/2 * sum((t - y).^2)`;

function causes(text: string, claims: Claims, at: Point): Record<string, string[]> {
  const { checks } = check(parseModel(text), claims, { at });
  return Object.fromEntries(checks.map((one) => [one.name, explanations(one.diagnosis)]));
}

const negative = (a: number[][]) => each(a, (v) => -v);

describe("A, relu-3-4-2", () => {
  const text = `
    x = input(3)
    t = target(2)
    W1 = param(4, 3)
    b1 = param(4)
    W2 = param(2, 4)
    b2 = param(2)
    z1 = W1 * x + b1
    h1 = relu(z1)
    z2 = W2 * h1 + b2
    y = relu(z2)
    L = 1/2 * sum((y - t).^2)`;
  const { point } = published("relu-3-4-2");

  it("as published, to the printed digits, and intermediate quantities too", () => {
    const claims = {
      dW2: [[11.145, 25.262, 39.379, 53.496], [14.235, 32.266, 50.297, 68.328]],
      dy: [7.43, 9.49],
      dz2: [7.43, 9.49],
    }; // prettier-ignore
    expect(causes(text, claims, point)).toEqual({ W2: [], y: [], z2: [] });
  });
});

describe("B, sigmoid-2-3-2", () => {
  const { point, gradients } = published("sigmoid-2-3-2");
  const asRun = published("sigmoid-2-3-2-as-run");

  it("as derived", () => {
    expect(causes(sigmoidText("a1"), gradients, point)).toEqual({ W1: [], W2: [] });
  });

  it("-(t - y) written as -y + t", () => {
    const claims = { W1: negative(gradients["W1"]!), W2: negative(gradients["W2"]!) };
    expect(causes(sigmoidText("a1"), claims, point)).toEqual({ W1: ["sign"], W2: ["sign"] });
  });

  it("the step that adds for W1", () => {
    const claims = { ...gradients, W1: negative(gradients["W1"]!) };
    expect(causes(sigmoidText("a1"), claims, point)).toEqual({ W1: ["sign"], W2: [] });
  });

  it("the hand gradients of the network that ran", () => {
    const claims = {
      W2: [[-3.15879422, -3.27631294, -3.04682123], [-5.27037919, -5.4664566, -5.0835547]],
      W1: [[-0.22806964, -0.68420891], [-0.17762574, -0.53287723], [-0.54926157, -1.64778472]],
    }; // prettier-ignore
    const result = check(parseModel(sigmoidText("z1")), claims, { at: asRun.point });
    const report = checkReport(result).replace(/\d+ of \d+ known/, "… of … known");
    expect(report).toMatchInlineSnapshot(`
      "WRONG  W2  worst entry dW2[2,2]: given -5.4664566, expected 21.4896713
             0 digits agree, 7 may be expected (8 decimals)
             wrong-variable: dW2 is computed with a1 where z1 belongs: put z1 in its place
             and sign: dW2 has the wrong sign: multiply by -1
             right  dW2 = dz2 * z1'
             that is  ∂MSE/∂W2 = ∂MSE/∂z2 · z1ᵀ
      WRONG  W1  worst entry dW1[3,2]: given -1.64778472, expected 20.233504
             0 digits agree, 7 may be expected (8 decimals)
             extra-factor: dW1 follows from dz1, which is the right gradient times sigmoid'(z1):
               leave that factor out
             and sign: dW1 has the wrong sign: multiply by -1
             right  dz1 = W2' * dz2
                    dW1 = dz1 * x'
             that is  ∂MSE/∂z1 = W2ᵀ · (∂MSE/∂z2)
                      ∂MSE/∂W1 = ∂MSE/∂z1 · xᵀ
      these numbers would show … of … known mistakes
      2 of 2 gradients are wrong"
    `);
    const found = causes(sigmoidText("z1"), claims, asRun.point);
    expect(found).toEqual({
      W2: ["sign + wrong-variable"],
      W1: ["extra-factor + sign"],
    });
  });

  it("the last factor by w_10 and w_11 instead of w_20 and w_21", () => {
    // ∂z_2/∂w_10 is 0, and so are both entries
    const W1 = gradients["W1"]!.map((row, i) => (i === 2 ? [0, 0] : row));
    const [first] = check(parseModel(sigmoidText("a1")), { W1 }, { at: point }).checks;
    expect(first!.ok).toBe(false);
    expect(first!.worst.entry[0]).toBe(3);
  });
});

describe("C, batch-3-4-4-2", () => {
  const text = `
    N = size()
    X = input(3, N)
    T = target(2, N)
    W1 = param(4, 3)
    b1 = param(4)
    W2 = param(4, 4)
    b2 = param(4)
    W3 = param(2, 4)
    b3 = param(2)
    Z1 = W1 * X + b1
    H1 = sigmoid(Z1)
    Z2 = W2 * H1 + b2
    H2 = sigmoid(Z2)
    O = W3 * H2 + b3
    L = 1/N * 1/2 * sum((O - T).^2)`;

  it("the derivative by the pre-activations, called that by the activations", () => {
    const { point } = published("batch-3-4-4-2");
    const matrix = (name: string) => point[name] as number[][];
    const layer = (W: number[][], b: number[], H: number[][]) =>
      each(mm(W, H), (v, i) => v + b[i]!);
    const H1 = each(layer(matrix("W1"), point["b1"] as number[], matrix("X")), sigmoid);
    const H2 = each(layer(matrix("W2"), point["b2"] as number[], H1), sigmoid);
    const O = layer(matrix("W3"), point["b3"] as number[], H2);
    const dO = each(O, (v, i, n) => (v - matrix("T")[i]![n]!) / O[0]!.length);
    const dZ2 = times(
      mm(T(matrix("W3")), dO),
      each(H2, (h) => h * (1 - h)),
    );
    const claims = { dH2: dZ2, W2: mm(dZ2, T(H1)), b2: rowSums(dZ2) };
    const [H, W, b] = check(parseModel(text), claims, { at: point }).checks;
    expect(H!.diagnosis).toMatchObject([{ cause: "other-quantity", is: "Z2" }]);
    expect([W!.ok, b!.ok]).toEqual([true, true]);
  });
});

describe("D, row-4-5-3", () => {
  it("the bias gradient unsummed, on a batch", () => {
    const text = `
      N = size()
      x = input(N, 4)
      t = target(N, 3)
      W = param(4, 3)
      b = param(1, 3)
      u = x * W + b
      y = sigmoid(u)
      L = sum((y - t).^2)`;
    const { point } = published("row-4-3");
    const x = [...(point["x"] as number[][]), [0.5, -0.25, 1.5, 0.75]];
    const t = [...(point["t"] as number[][]), [0.25, 0.5, 0.125]];
    const [W, [b]] = [point["W"] as number[][], point["b"] as number[][]];
    const y = each(mm(x, W), (v, _, j) => sigmoid(v + b![j]!));
    const du = each(y, (v, i, j) => 2 * (v - t[i]![j]!) * v * (1 - v));
    const found = causes(text, { W: mm(T(x), du), b: du }, { ...point, x, t });
    expect(found).toEqual({ W: [], b: ["not-summed"] });
  });
});

describe("E, logistic-2-5-1", () => {
  it("the two conventions for W_i mixed", () => {
    const text = `
      x = input(2)
      t = target()
      W1 = param(5, 2)
      b1 = param(5)
      w2 = param(5)
      b2 = param()
      z1 = W1 * x + b1
      h = relu(z1)
      y = dot(w2, h) + b2
      L = softplus(-t * y)`;
    const { point, gradients } = published("logistic-2-5-1");
    const found = causes(text, { W1: T(gradients["W1"]!) }, point);
    expect(found).toEqual({ W1: ["transposed"] });
  });
});
