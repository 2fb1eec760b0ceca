import { backprop, check, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { matrix, numbers, type Matrix, type Vector } from "./corpus/matrices.js";

/** Backward passes by hand in single precision: every operation is rounded. */
const f = Math.fround;
const round = (a: Matrix): Matrix => a.map((row) => row.map(f));
const T = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const dot = (a: Vector, b: Vector): number => a.reduce((sum, v, k) => f(sum + f(v * b[k]!)), 0);
const mv = (a: Matrix, x: Vector): Vector => a.map((row) => dot(row, x));
const outer = (a: Vector, b: Vector): Matrix => a.map((p) => b.map((q) => f(p * q)));
const minus = (a: Vector, b: Vector): Vector => a.map((v, k) => f(v - b[k]!));
const tanhSlope = (h: number): number => f(1 - f(h * h));

interface Trial {
  readonly text: string;
  readonly point: Point;
  readonly gradients: Readonly<Record<string, Matrix>>;
}

/** tanh layers on top of each other. */
function deep(layers: number, gain: number): Trial {
  const [x, t] = [numbers(6, 7), numbers(6, 8)];
  const W = Array.from({ length: layers }, (_, k) =>
    matrix(6, 6, 20 + k).map((row) => row.map((v) => gain * v)),
  );
  const h: Vector[] = [x.map(f)];
  for (const one of W) h.push(mv(round(one), h.at(-1)!).map((z) => f(Math.tanh(z))));
  let d = minus(h.at(-1)!, t.map(f));
  const gradients: Record<string, Matrix> = {};
  for (let k = layers; k > 0; k--) {
    const dz = d.map((v, i) => f(v * tanhSlope(h[k]![i]!)));
    gradients[`W${k}`] = outer(dz, h[k - 1]!);
    d = mv(T(round(W[k - 1]!)), dz);
  }
  const lines = W.map((_, k) => `h${k + 1} = tanh(W${k + 1} * ${k > 0 ? `h${k}` : "x"})`);
  const declared = W.map((_, k) => `W${k + 1} = param(6, 6)`);
  return {
    text: `x = input(6)\nt = target(6)\n${[...declared, ...lines].join("\n")}
      L = 1/2 * sum((h${layers} - t).^2)`,
    point: { x, t, ...Object.fromEntries(W.map((one, k) => [`W${k + 1}`, one])) },
    gradients,
  };
}

/** A difference of numbers that are nearly equal: most digits of the error are lost. */
function cancelling(offset: number): Trial {
  const [x, w] = [numbers(5, 31).map((v) => v + offset), matrix(3, 5, 32)];
  const t = w.map((row) => row.reduce((sum, v, k) => sum + v * x[k]!, 0) + 0.01);
  const single = x.map(f);
  const e = minus(mv(round(w), single), t.map(f));
  return {
    text: "x = input(5)\nt = target(3)\nW = param(3, 5)\nL = 1/2 * sum((W * x - t).^2)",
    point: { x, t, W: w },
    gradients: { W: outer(e, single) },
  };
}

const trials: [string, Trial, isSharp: boolean][] = [
  ["2 layers", deep(2, 1), true],
  ["8 layers", deep(8, 1), false],
  ["3 layers, small weights", deep(3, 0.5), true],
  ["8 layers, small weights", deep(8, 0.3), false],
  ["6 layers, saturated", deep(6, 4), false],
  ["cancellation of 3 digits", cancelling(10), false],
  ["cancellation of 5 digits", cancelling(1000), false],
];

describe.each(trials)("gradients computed in single precision: %s", (_, trial, isSharp) => {
  const { text, point: at, gradients } = trial;
  const model = parseModel(text);

  it("are accepted", () => {
    const refused = check(model, gradients, { at }).checks.filter(({ ok }) => !ok);
    expect(refused.map(({ name, worst }) => [name, worst])).toEqual([]);
  });

  it.each([6, 7, 8, 9, 10])("are accepted when %d digits of them are printed", (digits) => {
    const printed = Object.fromEntries(
      Object.entries(gradients).map(([name, rows]) => [
        name,
        rows.map((row) => row.map((v) => Number(v.toPrecision(digits)))),
      ]),
    );
    const refused = check(model, printed, { at }).checks.filter(({ ok }) => !ok);
    expect(refused.map(({ name, worst }) => [name, worst])).toEqual([]);
  });

  if (!isSharp) return;
  it("and refused with a fault in the fourth digit", () => {
    const off = gradients["W1"]!.map((row, i) =>
      row.map((v, j) => (i + j === 4 ? f(v * 1.0004) : v)),
    );
    expect(check(model, { ...gradients, W1: off }, { at }).ok).toBe(false);
  });
});

it("8 digits of doubles are judged as doubles", () => {
  const { text, point: at } = deep(2, 1);
  const model = parseModel(text);
  const { W1 } = backprop(model, at).gradients as { W1: Matrix };
  const shown = (scale: number): Matrix =>
    W1.map((row) => row.map((v) => Number((v * scale).toPrecision(8))));
  expect(check(model, { W1: shown(1) }, { at }).ok).toBe(true);
  expect(check(model, { W1: shown(1 + 2e-7) }, { at }).ok).toBe(false);
});

describe.each([
  ["half precision", 11],
  ["bfloat16", 8],
] as const)("gradients in %s", (precision, bits) => {
  const { text, point: at } = deep(2, 1);
  const model = parseModel(text);
  const { W1 } = backprop(model, at).gradients as { W1: Matrix };
  const rounded = (entry: number): number => {
    const unit = 2 ** (Math.floor(Math.log2(Math.abs(entry))) - bits + 1);
    return Math.round(entry / unit) * unit;
  };
  const given = W1.map((row) => row.map(rounded));

  it("are accepted, and told as such", () => {
    const [told] = check(model, { W1: given }, { at }).checks;
    expect(told).toMatchObject({ ok: true, precision });
  });

  it("and refused where an entry or the scale is off", () => {
    const entry = given.map((row, i) => row.map((v, j) => (i + j === 4 ? rounded(v * 1.3) : v)));
    const scaled = given.map((row) => row.map((v) => 2 * v));
    expect(check(model, { W1: entry }, { at }).ok).toBe(false);
    const [told] = check(model, { W1: scaled }, { at }).checks;
    expect(told!.diagnosis[0]).toMatchObject({ cause: "constant-factor", factor: 2 });
  });
});

describe("numbers of few bits that are exact", () => {
  const wrongDecay = (text: string, at: Point, claim: Record<string, Vector>): unknown =>
    check(parseModel(text), claim, { at }).checks.map(({ ok, diagnosis: [first] }) => [
      ok,
      first?.cause,
      first?.term,
    ]);

  it("are wrong where a small term is left out", () => {
    // of dyadic data: the gradient without the decay is x itself
    const x = [42, 58, 98, 182, 210, 250].map((k) => k / 256);
    const text = `x = input(6)\nt = input()\nw = param(6)\ny = dot(w, x)
      R = sum(w.^2)\nL = y - t + 1/1024 * R`;
    const at = { x, t: 1, w: [1, 0.5, -1, 0.25, 1, -0.5] };
    expect(wrongDecay(text, at, { w: x })).toEqual([[false, "missing-term", "the path through R"]]);
  });

  it("are wrong where it is left out of a mean of signs", () => {
    // so many of 128 errors are positive: the means are odd multiples of 1/64
    const positive = [95, 29, 97, 107, 41, 99];
    const [count, rows] = [128, positive.length];
    const x = matrix(3, count, 51);
    const W = matrix(rows, 3, 52);
    const b = numbers(rows, 53);
    const signs = positive.map((most) => x[0]!.map((_, n) => (n < most ? 1 : -1)));
    const t = W.map((row, i) =>
      x[0]!.map(
        (_, n) =>
          dot(
            row,
            x.map((one) => one[n]!),
          ) +
          b[i]! -
          0.7 * signs[i]![n]!,
      ),
    );
    const db = signs.map((row) => row.reduce((sum, sign) => sum + sign / count, 0));
    const text = `N = size()\nx = input(3, N)\nt = target(6, N)\nW = param(6, 3)\nb = param(6)
      y = W * x + b\nR = sum(b.^2)\nL = sum(abs(y - t)) / N + 0.0005 * R`;
    expect(wrongDecay(text, { x, t, W, b }, { b: db })).toEqual([
      [false, "missing-term", "the path through R"],
    ]);
  });
});

describe("doubles with a single in them", () => {
  const model = parseModel(`X = input(5, 3)
    y = target(5)
    W = param(3, 4)
    v = param(4)
    q = tanh(X * W) * v
    L = mean((q - y).^2)`);
  const [X, W] = [matrix(5, 3, 61), matrix(3, 4, 62)];
  const [y, v] = [numbers(5, 63), numbers(4, 64)];
  const point = { X, y, W, v };
  const singles = { X: round(X), y: y.map(f), W: round(W), v: v.map(f) };
  const { gradients } = backprop(model, singles);

  it("are accepted, and said to be that", () => {
    const { ok, checks } = check(model, gradients, { at: point });
    expect(ok).toBe(true);
    expect(checks.map(({ precision }) => precision)).toContainEqual(
      expect.stringContaining("single precision"),
    );
  });

  it("are told their mistakes", () => {
    const halved = { ...gradients, v: (gradients["v"] as Vector).map((one) => one / 2) };
    const { checks } = check(model, halved, { at: point });
    expect(Object.fromEntries(checks.map(({ name, ok }) => [name, ok]))).toEqual({
      v: false,
      W: true,
    });
    const wrong = checks.find(({ ok }) => !ok);
    expect(wrong!.diagnosis[0]).toMatchObject({ cause: "constant-factor", factor: 0.5 });
  });

  it.each([
    ["one entry", (one: number, k: number) => (k === 1 ? one * (1 + 1e-7) : one)],
    ["all of them", (one: number) => one * (1 + 2e-8)],
    ["each by itself", (one: number, k: number) => one * (1 + 1e-7 * Math.cos(5 * k))],
  ] as const)("are not what errors as small tell in %s", (_, off) => {
    const exact = backprop(model, point).gradients;
    const given = { ...exact, v: (exact["v"] as Vector).map(off) };
    expect(check(model, given, { at: point }).ok).toBe(false);
  });

  it("are no excuse for an error in the fifth digit", () => {
    const off = (gradients["v"] as Vector).map((one, k) => (k === 1 ? one * 1.00003 : one));
    expect(check(model, { ...gradients, v: off }, { at: point }).ok).toBe(false);
  });
});

describe("doubles of a program whose data are singles, which the point is exact in", () => {
  const model = parseModel(`X = input(6, 4)
    y = target(6)
    w = param(4)
    b = param()
    m = mean(X, 1)
    C = X - m'
    s = sqrt(mean(C.^2, 1) + 0.001)
    Q = C ./ s'
    q = tanh(Q * w + b)
    L = mean((q - y).^2)`);
  // of eighths, far from 0: most of the digits of x - mean(x) cancel
  const X = matrix(6, 4, 71).map((row) => row.map((v) => 40 + Math.round(8 * v) / 8));
  const [y, w, b] = [numbers(6, 72), numbers(4, 73), 0.3];
  const point = { X, y, w, b };

  /** What is made of X alone is rounded by `r`; the parameters are doubles. */
  const gradientsBy = (r: (value: number) => number): Record<string, Vector | number> => {
    const mean = (list: Vector): number => r(list.reduce((sum, v) => r(sum + v), 0) / list.length);
    const Q = T(
      T(X).map((column) => {
        const m = mean(column);
        const centred = column.map((v) => r(v - m));
        const s = r(Math.sqrt(r(mean(centred.map((v) => r(v * v))) + r(0.001))));
        return centred.map((v) => r(v / s));
      }),
    );
    const q = Q.map((row) => Math.tanh(row.reduce((sum, v, k) => sum + v * w[k]!, b)));
    const d = q.map((v, n) => ((v - y[n]!) * (1 - v * v) * 2) / 6);
    const sum = (list: Vector): number => list.reduce((total, v) => total + v, 0);
    return { w: w.map((_, k) => sum(d.map((v, n) => v * Q[n]![k]!))), b: sum(d) };
  };
  const given = gradientsBy(f);

  it("are accepted by the bound of singles, and said to be that", () => {
    const { ok, checks } = check(model, given, { at: point });
    expect(checks.map(({ digitsAgreed }) => Math.min(digitsAgreed, 9))).not.toContain(9);
    expect(ok).toBe(true);
    expect(checks[0]!.precision).toContain("single precision");
  });

  it.each([
    ["a factor", { ...given, w: (given["w"] as Vector).map((v) => v * 1.001) }],
    ["one entry", { ...given, w: (given["w"] as Vector).map((v, k) => (k ? v : v * 1.001)) }],
    ["errors in one claim only", { ...gradientsBy((v) => v), w: given["w"]! }],
    ["a sign", { ...given, b: -(given["b"] as number) }],
  ])("are refused with %s", (_, claims) => {
    expect(check(model, claims, { at: point }).ok).toBe(false);
  });
});

describe("a pass in singles that a mask or a sum made doubles on the way", () => {
  const text = `X = input(8, 4)
    T = target(8, 3)
    W1 = param(4, 6)
    b1 = param(6)
    W2 = param(6, 3)
    b2 = param(3)
    Z = X * W1 + b1'
    Y = relu(Z) * W2 + b2'
    L = sum((Y - T).^2) / 16`;
  const model = parseModel(text);
  const add = (list: Vector, r: (value: number) => number): number =>
    list.reduce((sum, v) => r(sum + v), 0);
  const double = (v: number): number => v;

  /** @param late rounds what comes behind the mask, `sums` the sums by W2 and b2 */
  const passOf = (seed: number, late: (v: number) => number, sums: (v: number) => number) => {
    const [X, t] = [matrix(8, 4, seed), matrix(8, 3, seed + 1)];
    const [W1, b1] = [matrix(4, 6, seed + 2), numbers(6, seed + 3)];
    const [W2, b2] = [matrix(6, 3, seed + 4), numbers(3, seed + 5)];
    const [V, tall] = [round(W2), T(round(W1))];
    const Z = round(X).map((x) => mv(tall, x).map((z, k) => f(z + f(b1[k]!))));
    const H = Z.map((row) => row.map((z) => Math.max(z, 0)));
    const Y = H.map((h) => mv(T(V), h).map((y, k) => f(y + f(b2[k]!))));
    const dY = Y.map((y, n) => minus(y, t[n]!.map(f)).map((v) => f(v / 8)));
    const dZ = dY.map((d, n) => mv(V, d).map((v, k) => (Z[n]![k]! > 0 ? v : 0)));
    const by = (a: Matrix, d: Matrix, r: (v: number) => number): Matrix =>
      T(a).map((p) =>
        T(d).map((q) =>
          add(
            p.map((v, n) => r(v * q[n]!)),
            r,
          ),
        ),
      );
    const down = (d: Matrix, r: (v: number) => number): Vector => T(d).map((q) => add(q, r));
    return {
      at: { X, T: t, W1, b1, W2, b2 },
      claims: {
        W1: by(round(X), dZ, late),
        b1: down(dZ, late),
        W2: by(H, dY, sums),
        b2: down(dY, sums),
      },
    };
  };

  it.each([100, 200, 300, 400, 500, 600, 700, 800])("is right, drawn with %d", (seed) => {
    for (const [late, sums] of [
      [double, f],
      [double, double],
    ] as const) {
      const { at, claims } = passOf(seed, late, sums);
      const { ok, checks } = check(model, claims, { at });
      expect(checks.filter((one) => !one.ok).map(({ diagnosis }) => diagnosis[0]!.text)).toEqual(
        [],
      );
      expect(ok).toBe(true);
      expect(checks[0]!.precision).toContain("errors of single precision");
    }
  });

  it.each([100, 200, 300])("is refused with a factor, drawn with %d", (seed) => {
    const { at, claims } = passOf(seed, double, f);
    const W1 = claims.W1.map((row) => row.map((v) => v * 1.0003));
    const { checks } = check(model, { ...claims, W1 }, { at });
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(["W1"]);
  });
});
