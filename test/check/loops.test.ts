import { check, compile, parseModel, type Point, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { Backward } from "../../src/check/pass/backward.js";
import { Loops } from "../../src/check/pass/loops.js";
import { matrix, mv, numbers, outer, plus, T, vminus, vplus, vtimes } from "./corpus/matrices.js";

const RECURRENT = `
  x1 = input(3)
  x2 = input(3)
  x3 = input(3)
  h0 = zeros(4)
  t1 = target(2)
  t2 = target(2)
  t3 = target(2)
  U = param(4, 3)
  W = param(4, 4)
  V = param(2, 4)
  z1 = U * x1 + W * h0
  h1 = tanh(z1)
  y1 = V * h1
  z2 = U * x2 + W * h1
  h2 = tanh(z2)
  y2 = V * h2
  z3 = U * x3 + W * h2
  h3 = tanh(z3)
  y3 = V * h3
  L = sum((y1 - t1).^2) + sum((y2 - t2).^2) + sum((y3 - t3).^2)`;

const DEEP = `
  x = input(3)
  t = target(3)
  W1 = param(4, 3)
  W2 = param(3, 4)
  z1 = W1 * x
  h1 = sigmoid(z1)
  z2 = W2 * h1
  h2 = sigmoid(z2)
  L = sum((h2 - t).^2)`;

const TIED = `
  x = input(4)
  W = param(4, 4)
  z1 = W * x
  h1 = sigmoid(z1)
  z2 = W' * h1
  h2 = sigmoid(z2)
  L = sum((h2 - x).^2)`;

const SIAMESE = `
  p1 = input(3)
  p2 = input(3)
  t = target()
  E = param(4, 3)
  b = param(4)
  v = param(4)
  z1 = E * p1 + b
  z2 = E * p2 + b
  a1 = tanh(z1)
  a2 = tanh(z2)
  d = a1 - a2
  y = dot(v, d.^2)
  L = (y - t)^2 / 2`;

/** Layers that share the slope of their function. */
const sharedSlope = (layers: number): string => `
  a0 = input(3)
  t = target(3)
  k = param()
  ${Array.from({ length: layers }, (_, l) => [
    `W${l + 1} = param(3, 3)`,
    `z${l + 1} = W${l + 1} * a${l}`,
    `a${l + 1} = tanh(k * z${l + 1})`,
  ])
    .flat()
    .join("\n")}
  L = sum((a${layers} - t).^2)`;

/** A mask m1 that all steps share. */
const MASKED = `
  x1 = input(3)
  x2 = input(3)
  x3 = input(3)
  m1 = input(4)
  t = target(4)
  U = param(4, 3)
  W = param(4, 4)
  z1 = U * x1
  h1 = tanh(z1) .* m1
  z2 = U * x2 + W * h1
  h2 = tanh(z2) .* m1
  z3 = U * x3 + W * h2
  h3 = tanh(z3) .* m1
  L = sum((h3 - t).^2)`;

/** The quantities that are computed in a loop, with their steps. */
function inLoops(text: string): string[] {
  const backward = Backward.of(parseModel(text));
  return backward.order.flatMap((quantity) => {
    const place = Loops.of(backward).placeOfQuantity(quantity);
    return place ? [`${place.code} ${place.step}`] : [];
  });
}

describe("loops that are written out", () => {
  it("are found by the parameters that all steps share", () => {
    const steps = [3, 2, 1].flatMap((k) => ["h", "y", "z"].map((stem) => `${stem} ${k}`));
    expect(inLoops(RECURRENT).sort()).toEqual(steps.sort());
  });

  it("are no branches that share their weights", () => {
    const branches = `
      x1 = input(3)
      x2 = input(3)
      W = param(4, 3)
      z1 = W * x1
      z2 = W * x2
      a1 = tanh(z1)
      a2 = tanh(z2)
      L = sum((a1 - a2).^2)`;
    expect(inLoops(branches)).toEqual([]);
  });

  it("have what is computed for their steps alone", () => {
    const embedded = RECURRENT.replaceAll(/U \* x(\d)/g, "U * e$1")
      .replaceAll(/z(\d) =/g, "e$1 = E * x$1\n  z$1 =")
      .replace("V =", "E = param(3, 3)\n  V =");
    expect(inLoops(embedded)).toEqual(expect.arrayContaining(["e 1", "e 2", "e 3"]));
  });

  it("are no layers, nor weights that are used in two ways", () => {
    expect(inLoops(DEEP)).toEqual([]);
    expect(inLoops(TIED)).toEqual([]);
  });

  it("are no branches, nor layers that share a parameter beside their own", () => {
    expect(inLoops(SIAMESE)).toEqual([]);
    for (const layers of [2, 3, 4]) expect(inLoops(sharedSlope(layers))).toEqual([]);
  });

  it("may have two steps, each of one line, and run towards the first", () => {
    const inputs = ["x1 = input(3)", "x2 = input(3)", "U = param(3, 3)", "W = param(3, 3)"];
    const twoSteps = (first: number, second: number): string =>
      [
        ...inputs,
        `h${first} = tanh(U * x${first})`,
        `h${second} = tanh(U * x${second} + W * h${first})`,
        `L = sum(h${second}.^2)`,
      ].join("\n");
    expect(inLoops(twoSteps(1, 2))).toEqual(["h 2", "h 1"]);
    expect(inLoops(twoSteps(2, 1))).toEqual(["h 1", "h 2"]);
  });

  it("know what all steps share from what each has of its own", () => {
    const loops = Loops.of(Backward.of(parseModel(MASKED)));
    expect(loops.relative("dz3 .* m1 with x2, W and t", 3)).toBe("dz[0] .* m1 with x[-1], W and t");
  });

  it("name places in their code at any step alike", () => {
    const backward = Backward.of(parseModel(RECURRENT));
    const loops = Loops.of(backward);
    const codes = backward.edges.flatMap((edge) =>
      edge.to.name.startsWith("h") ? [loops.placeOfEdge(edge)!.code] : [],
    );
    // of h0 nothing is told: it is given
    expect([...new Set(codes)].sort()).toEqual(["y[0] > h[0]", "z[0] > h[-1]"]);
    expect(loops.relative("dz2 with h1 for x2, W and U", 2)).toBe(
      "dz[0] with h[-1] for x[0], W and U",
    );
  });
});

const point = {
  x1: numbers(3, 1),
  x2: numbers(3, 2),
  x3: numbers(3, 3),
  t1: numbers(2, 4),
  t2: numbers(2, 5),
  t3: numbers(2, 6),
  U: matrix(4, 3, 7),
  W: matrix(4, 4, 8),
  V: matrix(2, 4, 9),
} satisfies Point;

/** What a person writes, in a loop back over the steps. */
function gradients(slip: {
  readonly slope?: readonly number[];
  readonly squared?: number;
  readonly isTransposed?: boolean;
}) {
  const { U, W, V } = point;
  const hs = [[0, 0, 0, 0]];
  const [xs, ts] = [
    [point.x1, point.x2, point.x3],
    [point.t1, point.t2, point.t3],
  ];
  for (const x of xs) hs.push(vplus(mv(U, x), mv(W, hs.at(-1)!)).map(Math.tanh));
  let [dU, dW, dV] = [U, W, V].map((one) => one.map((row) => row.map(() => 0)));
  let later = [0, 0, 0, 0];
  for (const k of [3, 2, 1]) {
    const h = hs[k]!;
    const dy = vminus(mv(V, h), ts[k - 1]!).map((v) => 2 * v);
    const dh = vplus(mv(T(V), dy), later);
    const isLost = slip.slope?.includes(k);
    const dz = isLost
      ? dh
      : vtimes(
          dh,
          h.map((v) => (slip.squared === k ? (1 - v) ** 2 : 1 - v * v)),
        );
    dU = plus(dU!, outer(dz, xs[k - 1]!));
    dW = plus(dW!, outer(dz, hs[k - 1]!));
    dV = plus(dV!, outer(dy, h));
    later = mv(slip.isTransposed ? W : T(W), dz);
  }
  return { U: dU!, W: dW!, V: dV! };
}

describe("a slip in the code of a loop", () => {
  const model = parseModel(RECURRENT);
  const told = (claims: ReturnType<typeof gradients>) =>
    check(model, claims, { at: point }).checks.flatMap(({ diagnosis }) =>
      diagnosis.filter(({ explanation }) => explanation === 1),
    );

  it("is nothing where there is none", () => {
    expect(told(gradients({}))).toEqual([]);
  });

  it("is one mistake, made at every step", () => {
    const [first, ...others] = told(gradients({ slope: [1, 2, 3] }));
    expect(first?.cause).toBe("missing-factor");
    expect(first?.text).toMatch(/^at every step, such as the last: dU follows from dz3, /);
    expect(others.map(({ cause }) => cause)).toEqual(["missing-factor"]);
  });

  it("is told of one step where it is made in that alone", () => {
    const [first] = told(gradients({ slope: [2] }));
    expect(first).toMatchObject({ cause: "missing-factor", arisesIn: "z2" });
    expect(first?.text).not.toContain("every step");
  });

  it("is told of one step where few make it", () => {
    // (1 - h2)^2 for tanh'(z2)
    const [first] = told(gradients({ squared: 2 }));
    expect(first).toMatchObject({ cause: "wrong-function", arisesIn: "z2" });
  });

  it("is told beside another one", () => {
    const causes = told(gradients({ slope: [1, 2, 3], isTransposed: true })).map(
      ({ cause }) => cause,
    );
    expect(causes.sort()).toEqual(["missing-factor", "missing-factor", "transposed", "transposed"]);
  });
});

describe("a slip beside a shared parameter", () => {
  const model = parseModel(SIAMESE);
  const [p1, p2, b, v] = [numbers(3, 21), numbers(3, 22), numbers(4, 23), numbers(4, 24)];
  const E = matrix(4, 3, 25);
  const [a1, a2] = [p1, p2].map((p) => vplus(mv(E, p), b).map(Math.tanh)) as [number[], number[]];
  const d = vminus(a1, a2);
  const dy = d.reduce((sum, one, k) => sum + v[k]! * one * one, 0) - 0.5;
  const dd = d.map((one, k) => 2 * dy * v[k]! * one);
  const slope = (a: readonly number[]): number[] => a.map((one) => 1 - one * one);
  /** @param slopes of both branches */
  const told = (slopes: number[][]) => {
    const [dz1, dz2] = [vtimes(dd, slopes[0]!), vtimes(dd, slopes[1]!).map((one) => -one)];
    return toldOf(dz1, dz2);
  };
  const toldOf = (dz1: number[], dz2: number[]) => {
    const dE = plus(outer(dz1, p1), outer(dz2, p2));
    const point = { p1, p2, t: 0.5, E, b, v };
    return check(model, { E: dE, b: vplus(dz1, dz2) }, { at: point }).checks.map(
      ({ diagnosis: [first] }) => first,
    );
  };
  const ones = [1, 1, 1, 1];

  it("in both branches is not told of steps", () => {
    const [first] = told([ones, ones]);
    expect(first?.cause).toBe("missing-factor");
    expect(first?.text).not.toContain("step");
  });

  it("in one branch is told of it", () => {
    const other = a1.map((one) => (1 - one) ** 2);
    const [first, second] = told([other, slope(a2)]);
    for (const one of [first, second]) {
      expect(one).toMatchObject({ cause: "wrong-function", arisesIn: "z1" });
    }
    const dz1 = vtimes(dd, slope(a1));
    const sum = dz1.reduce((total, one) => total + one, 0);
    const summed = toldOf(
      dz1.map(() => sum),
      vtimes(dd, slope(a2)).map((one) => -one),
    );
    for (const one of summed) expect(one).toMatchObject({ cause: "over-summed", arisesIn: "z1" });
  });
});

describe("the gradient of a bias in a loop over one-hot data", () => {
  const { text, steps } = {
    text: `
      x1 = input(3)
      x2 = input(3)
      x3 = input(3)
      h0 = input(2)
      t = target(2)
      U = param(2, 3)
      W = param(2, 2)
      b = param(2)
      h1 = tanh(U * x1 + W * h0 + b)
      h2 = tanh(U * x2 + W * h1 + b)
      h3 = tanh(U * x3 + W * h2 + b)
      L = sum((h1 - t).^2) + sum((h2 - t).^2) + sum((h3 - t).^2)`,
    steps: { x1: [1, 0, 0], x2: [0, 1, 0], x3: [0, 0, 1] },
  };
  const model = parseModel(text);
  const point = { ...randomPoint(model, { seed: 3 }), ...steps };
  const { gradients } = compile(model).evaluate(point);

  it("that has one step is not told as a sum of the weights' gradient", () => {
    // the column of U that x1 chooses has the numbers of its step
    const U = gradients["U"] as readonly (readonly number[])[];
    const W = (gradients["W"] as readonly (readonly number[])[]).map((row) => row.map((w) => -w));
    const { checks } = check(model, { b: U.map((row) => row[0]!), W }, { at: point });
    const [first] = checks.find(({ name }) => name === "b")!.diagnosis;
    expect(first!.text).not.toContain("dU");
    expect(first).toMatchObject({ cause: "not-summed" });
  });
});
