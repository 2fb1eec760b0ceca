import { describe, expect, it } from "vitest";
import { check, type CheckResult } from "../../src/check/check.js";
import { type Model, parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { compile } from "../../src/numeric/compile.js";
import { randomPoint } from "../../src/numeric/random.js";
import { checkReport } from "../../src/render/terminal/report.js";
import { explanations } from "../check/explanations.js";
import { modelOf, type Named, pointOf, systemOf, textOf } from "../support/systems.js";
import { columnsOf, flat, type Matrix, outer, scaled, times } from "./support.js";

// The published mistakes, as the numbers that they lead to. What is right is accepted beside them.

function verdicts({ checks }: CheckResult): Record<string, boolean> {
  return Object.fromEntries(checks.map(({ name, ok }) => [name, ok]));
}

/** Checks claims, and says which are right. */
function judged(model: Model, at: Point, claims: Named): Record<string, boolean> {
  const result = check(model, claims, { at });
  for (const { ok, diagnosis } of result.checks) expect(diagnosis.length > 0).toBe(!ok);
  return verdicts(result);
}

function causes(model: Model, at: Point, claims: Named): string[] {
  return check(model, claims, { at }).checks.flatMap(({ diagnosis }) =>
    diagnosis.filter(({ explanation }) => explanation === 1).map(({ cause }) => cause),
  );
}

const vector = (value: unknown): number[] => value as number[];
const matrix = (value: unknown): Matrix => value as Matrix;
const masked = (values: readonly number[], mask: readonly number[]): number[] =>
  values.map((value, k) => (mask[k]! > 0 ? value : 0));

describe("A", () => {
  const model = modelOf("relu-3-4-2");
  // where some units are off, above and below
  const point: Point = { ...pointOf("relu-3-4-2"), b1: [-3, 0.2, 0.3, -9], b2: [-9, 0.6] };
  const { values, gradients } = compile(model).evaluate(point);
  const [z1, z2, y] = [vector(values["z1"]), vector(values["z2"]), vector(values["y"])];
  const dy = y.map((value, k) => value - vector(point["t"])[k]!);
  const back = (delta: readonly number[]) => times(columnsOf(matrix(point["W2"])), delta);
  const forW1 = (delta: readonly number[]) => outer(delta, vector(point["x"]));

  it("is at a point that tells the masks apart", () => {
    expect(z1.map(Math.sign)).toEqual([-1, 1, 1, -1]);
    expect(z2.map(Math.sign)).toEqual([-1, 1]);
  });

  it("accepts the right masks, and the published gradients at the published point", () => {
    const delta = masked(back(masked(dy, z2)), z1);
    expect(
      judged(model, point, { W1: forW1(delta), b1: delta, W2: matrix(gradients["W2"]) }),
    ).toEqual({ W1: true, b1: true, W2: true });
    const published = {
      y: [7.43, 9.49],
      z2: [7.43, 9.49],
      W2: [
        [11.145, 25.262, 39.379, 53.496],
        [14.235, 32.266, 50.297, 68.328],
      ],
    };
    expect(judged(model, pointOf("relu-3-4-2"), published)).toEqual({
      y: true,
      z2: true,
      W2: true,
    });
  });

  it("refuses masks that are missing, and the mask of z2 on the hidden layer", () => {
    expect(judged(model, point, { W1: forW1(back(masked(dy, z2))) })).toEqual({ W1: false });
    expect(judged(model, point, { W1: forW1(masked(back(dy), z1)) })).toEqual({ W1: false });
    // two entries where four are needed: the shape cannot be right
    const short = forW1(masked(back(masked(dy, z2)).slice(0, 2), z2));
    expect(judged(model, point, { W1: short })).toEqual({ W1: false });
    expect(causes(model, point, { W1: short })).toContain("shape");
    // … and repeated until it fits
    const repeated = forW1(masked(back(masked(dy, z2)), [...z2, ...z2]));
    expect(judged(model, point, { W1: repeated })).toEqual({ W1: false });
  });
});

describe("B", () => {
  const derived = modelOf("sigmoid-2-3-2");
  const ran = modelOf("sigmoid-2-3-2-as-run");
  const point = pointOf("sigmoid-2-3-2");
  const right = systemOf("sigmoid-2-3-2").gradients;
  const rightAsRun = systemOf("sigmoid-2-3-2-as-run").gradients;
  const { values } = compile(ran).evaluate(point);
  const [a1, y] = [vector(values["a1"]), vector(values["y"])];
  const dy = y.map((value, k) => value - vector(point["t"])[k]!);
  const published = {
    W2: [
      [-3.15879422, -3.27631294, -3.04682123],
      [-5.27037919, -5.4664566, -5.0835547],
    ],
    W1: [
      [-0.22806964, -0.68420891],
      [-0.17762574, -0.53287723],
      [-0.54926157, -1.64778472],
    ],
  };

  it("accepts the gradients of each network for itself, and for no other", () => {
    expect(judged(derived, point, right)).toEqual({ W1: true, W2: true });
    expect(judged(ran, point, rightAsRun)).toEqual({ W1: true, W2: true });
    expect(judged(derived, point, rightAsRun)).toEqual({ W1: false, W2: false });
    expect(judged(ran, point, right)).toEqual({ W1: false, W2: false });
  });

  it("names what the chains of w20 and w21 leave out, whose last factors are by w10 and w11", () => {
    // z1[2] does not depend on w10 and w11: as they stand, the two chains are 0
    const W1 = (rightAsRun["W1"] as number[][]).with(2, [0, 0]);
    const { checks } = check(ran, { ...rightAsRun, W1 }, { at: point });
    const [wrong, ...others] = checks.filter(({ ok }) => !ok);
    expect(others).toEqual([]);
    expect(wrong).toMatchObject({
      name: "W1",
      diagnosis: [{ cause: "missing-term", term: "row 3" }],
    });
    expect(wrong!.diagnosis[0]!.text).toContain(
      "the last factor, ∂z1/∂W1, is taken by entries of another line",
    );
  });

  it("refuses the published gradients, for both networks", () => {
    expect(judged(derived, point, published)).toEqual({ W1: false, W2: false });
    const result = check(ran, published, { at: point });
    const found = result.checks.map(({ name, diagnosis }) => [name, explanations(diagnosis)]);
    expect(found).toEqual([
      ["W2", ["sign + wrong-variable"]],
      ["W1", ["extra-factor + sign"]],
    ]);
    const report = checkReport(result).replace(/\d+ of \d+ known/, "… of … known");
    expect(report).toMatchInlineSnapshot(`
      "WRONG  W2  worst entry dW2[2,2]: given -5.4664566, expected 21.4896713
             0 digits agree, 7 may be expected (8 decimals)
             wrong-variable: dW2 is computed with a1 where z1 belongs: put z1 in its place
             and sign: dW2 has the wrong sign: multiply by -1
             right  dW2 = dz2 * z1'
             that is  ∂MSE/∂W2 = ∂MSE/∂z2 · z1ᵀ
      WRONG  W1  worst entry dW1[2,2]: given -0.53287723, expected 26.0989565
             0 digits agree, 7 may be expected (8 decimals)
             extra-factor: dW1 follows from dz1, which is the right gradient times sigmoid'(z1):
               leave that factor out
             and sign: dW1 has the wrong sign: multiply by -1
             right  dz1 = W2' * dz2
                    dW1 = dz1 * x'
             that is  ∂MSE/∂z1 = W2ᵀ · (∂MSE/∂z2)
                      ∂MSE/∂W1 = ∂MSE/∂z1 · xᵀ
      these numbers would show … of … known mistakes (usual slips, one at a time)
      2 of 2 gradients are wrong"
    `);
  });

  it("refuses the sign of −(t − y) rewritten as −y + t", () => {
    for (const [model, gradients] of [
      [derived, right],
      [ran, rightAsRun],
    ] as const) {
      const flipped = { W1: scaled(-1, gradients["W1"]!), W2: scaled(-1, gradients["W2"]!) };
      expect(judged(model, point, flipped)).toEqual({ W1: false, W2: false });
      expect(causes(model, point, flipped)).toEqual(["sign", "sign"]);
    }
  });

  it("refuses a1 in ∂/∂W2 where z1 was fed forward", () => {
    expect(judged(ran, point, { W2: outer(dy, a1) })).toEqual({ W2: false });
  });

  it("refuses a1(1 − a1) in δ1 where no sigmoid was in the way", () => {
    const delta = times(columnsOf(matrix(point["W2"])), dy).map(
      (value, k) => value * a1[k]! * (1 - a1[k]!),
    );
    expect(judged(ran, point, { W1: outer(delta, vector(point["x"])) })).toEqual({ W1: false });
  });

  it("refuses a step that adds for W1 and subtracts for W2", () => {
    const rate = 0.01;
    const step = { W1: scaled(rate, right["W1"]!), W2: scaled(-rate, right["W2"]!) };
    expect(judged(derived, point, step)).toEqual({ W1: false, W2: false });
    const undone = { W1: scaled(-1, right["W1"]!), W2: right["W2"]! };
    expect(judged(derived, point, undone)).toEqual({ W1: false, W2: true });
    expect(causes(derived, point, undone)).toEqual(["sign"]);
  });

  it("refuses the last factors of w20 and w21 taken for w10 and w11", () => {
    // z2 does not depend on w10 and w11: the factor is 0
    const rows = matrix(right["W1"]).map((row, i) => (i === 2 ? [0, 0] : row));
    expect(judged(derived, point, { W1: rows })).toEqual({ W1: false });
    // … or the row of the other unit is printed
    const copied = matrix(right["W1"]).map((row, i, all) => (i === 2 ? all[1]! : row));
    expect(judged(derived, point, { W1: copied })).toEqual({ W1: false });
  });
});

describe("C", () => {
  const model = modelOf("batch-3-4-4-2");
  const { point, gradients } = systemOf("batch-3-4-4-2");
  const { values } = compile(model).evaluate(point);
  const examples = 5;
  const deltaOut = matrix(values["O"]).map((row, i) =>
    row.map((value, n) => (value - matrix(point["T"])[i]![n]!) / examples),
  );
  const dH2 = columnsOf(
    deltaOut.length
      ? columnsOf(deltaOut).map((delta) => times(columnsOf(matrix(point["W3"])), delta))
      : [],
  );
  const dZ2 = dH2.map((row, i) =>
    row.map((value, n) => {
      const h = matrix(values["H2"])[i]![n]!;
      return value * h * (1 - h);
    }),
  );

  it("accepts each derivative under its own name", () => {
    expect(judged(model, point, { H2: dH2, Z2: dZ2 })).toEqual({ H2: true, Z2: true });
  });

  it("refuses the derivative by the pre-activations as the one by the activations", () => {
    expect(judged(model, point, { H2: dZ2 })).toEqual({ H2: false });
    const [wrong] = check(model, { H2: dZ2 }, { at: point }).checks;
    expect(wrong!.diagnosis).toMatchObject([{ cause: "other-quantity", is: "Z2" }]);
  });

  it("refuses what lacks the mean over the batch, and transposes", () => {
    const summed = { W3: scaled(examples, gradients["W3"]!) };
    expect(judged(model, point, summed)).toEqual({ W3: false });
    const transposed = { W2: columnsOf(matrix(gradients["W2"])) };
    expect(judged(model, point, transposed)).toEqual({ W2: false });
    expect(causes(model, point, transposed)).toEqual(["transposed"]);
  });
});

describe("D", () => {
  const model = modelOf("row-4-5-3");
  const { point, gradients } = systemOf("row-4-5-3");

  it("accepts an unsummed bias gradient for one row, and refuses it for a batch", () => {
    const single = systemOf("row-4-3");
    expect(judged(modelOf("row-4-3"), single.point, { b: single.gradients["b"]! })).toEqual({
      b: true,
    });
    const text = textOf("row-4-3")
      .replace("x = input(1, 4)", "N = size()\nx = input(N, 4)")
      .replace("target(1, 3)", "target(N, 3)");
    const batch = parseModel(text);
    const at = randomPoint(batch, { seed: 3, sizes: { N: 6 } });
    const { values, gradients: right } = compile(batch).evaluate(at);
    const unsummed = matrix(values["y"]).map((row, n) =>
      row.map((y, j) => 2 * (y - matrix(at["t"])[n]![j]!) * y * (1 - y)),
    );
    const total = columnsOf(unsummed).map((column) => column.reduce((a, b) => a + b));
    expect(judged(batch, at, { b: [total], W: matrix(right["W"]) })).toEqual({ b: true, W: true });
    expect(judged(batch, at, { b: unsummed })).toEqual({ b: false });
    expect(causes(batch, at, { b: unsummed })).toEqual(["not-summed"]);
    expect(judged(batch, at, { b: [unsummed[0]!] })).toEqual({ b: false });
  });

  it("refuses differences that shift both layers' weights at once", () => {
    const epsilon = 1e-4;
    const compiled = compile(model);
    const shifted = (i: number, j: number, names: readonly string[]): number => {
      const moved = structuredClone(point) as Record<string, number[][]>;
      for (const name of names) moved[name]![i]![j]! += epsilon;
      return (compiled.evaluate(moved).loss - systemOf("row-4-5-3").loss) / epsilon;
    };
    const [w1, w2] = [matrix(gradients["W1"]), matrix(gradients["W2"])];
    const both = w1.map((row, i) =>
      row.map((_, j) => (j < 3 ? shifted(i, j, ["W1", "W2"]) : shifted(i, j, ["W1"]))),
    );
    // it is the sum of two entries, but for the error of the step
    expect(both[0]![0]).toBeCloseTo(w1[0]![0]! + w2[0]![0]!, 2);
    expect(judged(model, point, { W1: both })).toEqual({ W1: false });
    const alone = w1.map((row, i) => row.map((_, j) => shifted(i, j, ["W1"])));
    const error = (claim: Matrix) =>
      Math.max(...flat(claim).map((value, k) => Math.abs(value - flat(w1)[k]!)));
    expect(error(alone)).toBeLessThan(0.1);
    expect(error(both)).toBeGreaterThan(1);
  });
});

describe("E", () => {
  const [columns, rows] = [modelOf("logistic-2-5-1"), modelOf("logistic-2-5-1-row")];
  const { point, gradients } = systemOf("logistic-2-5-1");
  const transposed = columnsOf(matrix(gradients["W1"]));

  it("refuses the gradient of one convention in the other", () => {
    expect(judged(columns, point, gradients)).toEqual({ W1: true, b1: true, w2: true, b2: true });
    expect(judged(rows, pointOf("logistic-2-5-1-row"), { W1: transposed })).toEqual({ W1: true });
    expect(judged(columns, point, { W1: transposed })).toEqual({ W1: false });
    expect(causes(columns, point, { W1: transposed })).toEqual(["transposed"]);
    expect(judged(rows, pointOf("logistic-2-5-1-row"), { W1: gradients["W1"]! })).toEqual({
      W1: false,
    });
  });
});
