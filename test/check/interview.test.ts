import {
  type Claims,
  check,
  checkAsync,
  checkFormulas,
  compile,
  type Diagnosis,
  type Model,
  parseModel,
  type Point,
} from "chainrule";
import { describe, expect, it } from "vitest";

/** Cross-entropy where each example has the weight of its class: labels stand in the weights too. */
const WEIGHTED = parseModel(`
  N = size()
  X = input(N, 3)
  Y = target(N, 4)
  c = input(4)
  W = param(3, 4)
  b = param(4)
  P = softmax(X * W + b', 2)
  k = Y * c
  L = -sum(k .* sum(Y .* log(P), 2)) / sum(k)`);

const LABELS = "right where each row of Y sums to 1, as one-hot labels do";

type Rows = number[][];

const kinds = (all: readonly Diagnosis[]): string[] => all.map(({ cause }) => cause);

/** k (P − Y) / Σ k, as people write it for one-hot labels. */
function written(at: Point, factor = 1): Claims {
  const { values } = compile(WEIGHTED).evaluate(at);
  const [P, Y, X, k] = [values.P, at.Y, at.X, values.k] as unknown as [Rows, Rows, Rows, number[]];
  const total = k.reduce((sum, one) => sum + one, 0);
  const dZ = P.map((row, n) => row.map((p, j) => (k[n]! * (p - Y[n]![j]!)) / total));
  const dW = X[0]!.map((_, i) =>
    dZ[0]!.map((__, j) => dZ.reduce((sum, row, n) => sum + X[n]![i]! * row[j]!, 0)),
  );
  const db = dZ[0]!.map((_, j) => dZ.reduce((sum, row) => sum + row[j]!, 0));
  return { dW: dW.map((row) => row.map((one) => factor * one)), db };
}

describe("labels that a function counts on", () => {
  it("make it right, with a note", async () => {
    const { ok, notes } = check(WEIGHTED, (at) => written(at));
    expect([ok, notes.join()]).toEqual([true, expect.stringContaining(`W, b are ${LABELS}`)]);
    const later = await checkAsync(WEIGHTED, (at) => Promise.resolve(written(at)));
    expect([later.ok, later.notes]).toEqual([true, notes]);
  });

  it("leave other mistakes wrong", () => {
    const { ok, checks, notes } = check(WEIGHTED, (at) => written(at, 2));
    expect([ok, checks.map((one) => one.ok)]).toEqual([false, [false, true]]);
    expect(checks[0]!.diagnosis[0]).toMatchObject({ cause: "constant-factor", factor: 2 });
    expect(notes.join()).toContain(`b is ${LABELS}`);
  });

  it("are looked at where only two mistakes at once explain others, or the weights are in a total", () => {
    const others = (loss: string): Model =>
      parseModel(`
        N = size()
        X = input(N, 3)
        Y = target(N, 4)
        c = input(4)
        W = param(3, 4)
        b = param(4)
        Z = X * W + b'
        P = softmax(Z, 2)
        k = Y * c
        L = ${loss}`);
    const losses = [
      "-sum(k .* sum(Y .* logsoftmax(Z, 2), 2)) / sum(k)",
      "-sum((Y .* log(P)) * c) / sum(Y * c)",
    ];
    for (const loss of losses) {
      const { checks, notes } = check(others(loss), (at) => {
        const { dW, db } = written(at, -1);
        return { dW: dW!, db: (db as number[]).map((one) => -one) };
      });
      expect(checks.map(({ diagnosis }) => kinds(diagnosis))).toEqual([["sign"], ["sign"]]);
      expect(notes.join()).toContain("labels are taken to be usual ones");
    }
  });

  it("are tried at one point each where they make nothing right", () => {
    const net = parseModel(`
      N = size()
      X = input(N, 3)
      T = target(N, 2)
      W = param(3, 2)
      Y = X * W
      L = sum((Y - T).^2) / N`);
    const asked: Point[] = [];
    const doubled = (at: Point): Claims => {
      asked.push(at);
      const { gradients } = compile(net).evaluate(at);
      return { W: (gradients["W"] as Rows).map((row) => row.map((entry) => 2 * entry)) };
    };
    expect(check(net, doubled).checks[0]!.diagnosis[0]).toMatchObject({ factor: 2 });
    const isOf = (numbers: readonly number[]) => (point: Point) =>
      (point["T"] as Rows).flat().every((entry) => numbers.includes(entry));
    expect(asked.filter(isOf([0, 1]))).toHaveLength(2);
    expect(asked.filter(isOf([-1, 1]))).toHaveLength(1);
    expect(asked.length).toBeLessThanOrEqual(10);
  });

  it("are passed over where a function has no numbers for them", () => {
    const logged = (at: Point): Claims => {
      const isOneHot = (at["Y"] as Rows).flat().some((entry) => entry === 0);
      const { dW, db } = written(at, 2) as { dW: Rows; db: number[] };
      return { dW: dW.map((row) => row.map((entry) => (isOneHot ? NaN : entry))), db };
    };
    const { ok, checks } = check(WEIGHTED, logged);
    expect([ok, checks.map((one) => one.ok)]).toEqual([false, [false, true]]);
  });

  it("let a mistake be told that arbitrary ones do not show", () => {
    const columns = parseModel(`
      N = size()
      Z = param(N, 3)
      Y = target(N, 3)
      c = input(3)
      P = softmax(Z, 2)
      L = -sum(Y .* log(P) .* c') / N`);
    const { firstWrong, notes } = checkFormulas(columns, "dZ = (P - Y) .* c' / N");
    expect(firstWrong!.diagnosis.map(({ text }) => text)).toEqual([
      "dZ is computed with c at the entry's own place where the sum of Y .* c' has it at each place: multiply by c first, then add up",
    ]);
    // nobody's labels sum to 1 over examples
    expect(notes.join()).not.toContain("column");
  });

  it("are taken where no mistake is known with arbitrary ones", () => {
    const { checks, notes } = check(WEIGHTED, (at) => {
      const { values } = compile(WEIGHTED).evaluate(at);
      const weights = values.k as number[];
      const total = weights.reduce((sum, one) => sum + one, 0);
      const { dW, db } = written(at) as { dW: Rows; db: number[] };
      const factor = total / weights.length;
      return {
        dW: dW.map((row) => row.map((one) => factor * one)),
        db: db.map((one) => factor * one),
      };
    });
    expect(checks[0]!.diagnosis[0]).toMatchObject({ used: "N", instead: "sum(k)" });
    expect(notes.join()).toContain(
      "labels are taken to be usual ones: each row of Y sums to 1, as one-hot labels do",
    );
  });

  it("decide where arbitrary ones never show a mistake", () => {
    const chosen = parseModel(`
      x = input(3)
      Y = target(4)
      W = param(4, 3)
      p = softmax(W * x)
      L = -sum((Y == 1) .* log(p))`);
    const right = "s = p - Y\ndW = s * x'";
    expect(checkFormulas(chosen, right).ok).toBe(true);
    expect(checkFormulas(chosen, "dp = -(Y == 1) ./ p").ok).toBe(true);
    expect(checkFormulas(chosen, "dp = (Y == 1) .* (p + 7)").ok).toBe(false);
    const asked = (factor: number) => (at: Point) => {
      const { values } = compile(chosen).evaluate(at);
      const p = values.p as number[];
      return { p: p.map((one, k) => ((at.Y as number[])[k] === 1 ? -factor / one : 0)) };
    };
    expect(check(chosen, asked(1)).ok).toBe(true);
    expect(check(chosen, asked(2)).ok).toBe(false);
  });

  it("are left out where the loss has no value for them", () => {
    const divergence = parseModel(`
      N = size()
      X = input(N, 3)
      Y = target(N, 4)
      W = param(3, 4)
      Z = X * W
      P = softmax(Z, 2)
      L = sum(Y .* (log(Y) - log(P))) / N`);
    const { ok, firstWrong } = checkFormulas(divergence, "dZ = 2 * (P - Y)\ndW = X' * dZ");
    expect([ok, firstWrong?.line]).toEqual([false, 1]);
    expect(checkFormulas(divergence, "dZ = (P - Y) / N\ndW = X' * dZ").ok).toBe(true);
  });

  it("that no data decide make masks of padding right", () => {
    const padded = parseModel(`
      X = input(5, 3)
      Y = target(5, 4)
      W = param(3, 4)
      S = X * W
      P = softmax(S, 2)
      m = sum(Y, 2) > 0
      L = -sum(m .* sum(Y .* log(P), 2)) / 5`);
    expect(checkFormulas(padded, "dS = m .* (P - Y) / 5\ndW = X' * dS").ok).toBe(true);
  });

  it("make nothing right that fails where they have no effect", () => {
    // the mask of the hinge is left out: with labels 0 and 1 it fails where an example of label 0 is far away
    const pairs = parseModel(`
      N = size()
      A = input(N, 3)
      s = target(N)
      W = param(3, 2)
      U = tanh(A * W)
      d = sqrt(sum(U.^2, 2) + 0.01)
      h = maximum(0, 1 - d)
      L = sum(s .* d.^2 + (1 - s) .* h.^2) / 2`);
    const gradient = (isMasked: boolean) => (at: Point) => {
      const { values } = compile(pairs).evaluate(at);
      const [d, s] = [values.d, at.s] as unknown as [number[], number[]];
      return {
        dd: d.map((one, n) => {
          const open = isMasked ? Math.max(0, 1 - one) : 1 - one;
          return s[n]! * one - (1 - s[n]!) * open;
        }),
      };
    };
    for (let seed = 1; seed <= 6; seed++) {
      expect(check(pairs, gradient(true), { seed }).ok).toBe(true);
      expect(check(pairs, gradient(false), { seed }).ok).toBe(false);
    }
  });
});

describe("labels with weights of their own", () => {
  /** A policy's loss: the actions that were taken are labels, of whatever role. */
  const policy = (role: string, log = "log(softmax(Z, 2))"): Model =>
    parseModel(`
      N = size()
      X = input(N, 4)
      A = ${role}(N, 3)
      adv = input(N)
      W = param(4, 3)
      Z = X * W
      l = ${log}
      L = -mean(adv .* sum(A .* l, 2))`);
  type Slip = (p: number, a: number, weight: number, count: number) => number;
  /** ∂L/∂Z as people write it for one-hot actions. */
  const written =
    (model: Model, entry: Slip = (p, a, weight, count) => (weight * (p - a)) / count) =>
    (at: Point): Claims => {
      const { values } = compile(model).evaluate(at);
      const [l, A, adv] = [values.l, at.A, at.adv] as unknown as [Rows, Rows, number[]];
      const Z = l.map((row, n) =>
        row.map((one, j) => entry(Math.exp(one), A[n]![j]!, adv[n]!, l.length)),
      );
      return { Z };
    };
  const CONDITION = "each row of A sums to 1, as one-hot labels do";

  it.each([
    ["target", "log(softmax(Z, 2))", []],
    [
      "input",
      "log(softmax(Z, 2))",
      [`labels are taken to be usual ones: ${CONDITION}; give a point, and its data decide`],
    ],
    [
      "input",
      "logsoftmax(Z, 2)",
      [`labels are taken to be usual ones: ${CONDITION}; give a point, and its data decide`],
    ],
  ])("suit who counts on them: %s, %s", (role, log, notes) => {
    const model = policy(role, log);
    expect(check(model, written(model))).toMatchObject({ ok: true, notes });
  });

  it.each(["target", "input"])("let slips be named: %s", (role) => {
    const model = policy(role);
    const causeOf = (entry: Slip): string | undefined => {
      const { ok, checks } = check(model, written(model, entry));
      expect(ok).toBe(false);
      return checks[0]!.diagnosis[0]?.cause;
    };
    expect(causeOf((p, a, weight, count) => (weight * (a - p)) / count)).toBe("sign");
    expect(causeOf((p, a, weight) => weight * (p - a))).toBe("constant-factor");
    expect(causeOf((p, a, _, count) => (p - a) / count)).toBe("missing-factor");
  });

  it("are tried in formulas, inputs after targets", () => {
    for (const role of ["target", "input"]) {
      const { ok, notes } = checkFormulas(policy(role), "dZ = adv .* (softmax(Z, 2) - A) / N");
      expect([ok, notes.join()]).toEqual([
        true,
        expect.stringContaining(`right where ${CONDITION}`),
      ]);
      const slip = checkFormulas(policy(role), "dZ = adv .* (A - softmax(Z, 2)) / N");
      expect([slip.ok, slip.firstWrong?.diagnosis[0]?.cause]).toEqual([false, "sign"]);
    }
  });

  it("make nothing right of inputs that are no labels", () => {
    const plain = parseModel(`
      N = size()
      X = input(N, 3)
      W = param(N, 3)
      L = sum(X.^2 .* exp(W))`);
    expect(checkFormulas(plain, "dW = X.^2 .* exp(W)").ok).toBe(true);
    // it would be right for one-hot X
    expect(checkFormulas(plain, "dW = X .* exp(W)").ok).toBe(false);
  });
});

/** Binary cross-entropy where each class has a weight. */
const CLASSES = parseModel(`
  N = size()
  X = input(N, 3)
  y = target(N)
  c0 = input()
  c1 = input()
  w = param(3)
  z = X * w
  p = sigmoid(z)
  s = c1 * y + c0 * (1 - y)
  L = -sum(s .* (y .* log(p) + (1 - y) .* log(1 - p))) / N`);

/** What numbers at a point the formulas of a class need. */
interface Batch {
  readonly X: Rows;
  readonly y: readonly number[];
  readonly p: readonly number[];
  readonly c0: number;
  readonly c1: number;
}

/** Σ dz x, with the weight of each example found by comparing its label. */
function comparing(dz: (y: number, p: number, weight: number, batch: Batch) => number) {
  return (at: Point): Claims => {
    const { values } = compile(CLASSES).evaluate(at);
    const batch = { ...at, p: values.p } as unknown as Batch;
    const { X, y, p, c0, c1 } = batch;
    const slopes = y.map((label, n) => dz(label, p[n]!, label === 1 ? c1 : c0, batch) / y.length);
    return { w: [0, 1, 2].map((i) => slopes.reduce((sum, one, n) => sum + one * X[n]![i]!, 0)) };
  };
}

describe("labels that a function compares", () => {
  const TAKEN = "labels are taken to be usual ones: the entries of y are 0 or 1";

  it.each<[string, Parameters<typeof comparing>[0], object]>([
    ["a sign", (y, p, weight) => weight * (y - p), { cause: "sign" }],
    [
      "a square",
      (y, p, weight) => weight * weight * (p - y),
      { cause: "extra-factor", factor: "s" },
    ],
    [
      "the other weight",
      (y, p, weight, { c0, c1 }) => (c0 + c1 - weight) * (p - y),
      { cause: "wrong-variable", used: "1 - y", instead: "y" },
    ],
  ])("are the usual ones where %s is told", (_, dz, fault) => {
    const { ok, checks, notes } = check(CLASSES, comparing(dz));
    expect([ok, checks[0]!.diagnosis.filter(({ explanation }) => explanation === 1)]).toEqual([
      false,
      [expect.objectContaining(fault)],
    ]);
    expect(notes.join()).toContain(TAKEN);
  });

  it("are arbitrary where nothing is compared", () => {
    const { checks, notes } = check(
      CLASSES,
      comparing((y, p, _, { c0, c1 }) => (c1 * y + c0 * (1 - y)) * (y - p)),
    );
    expect(checks[0]!.diagnosis[0]!.cause).toBe("sign");
    expect(notes.join()).not.toContain(TAKEN);
  });

  it("may be what is missing where no mistake is known", () => {
    const advice =
      "where labels have to be 0 or 1, or inputs one-hot or whole numbers, give a point";
    const unknown = comparing((y, p) => Math.cos(7 * p) - Math.sin(3 * y));
    const { checks, notes } = check(CLASSES, unknown);
    expect([checks[0]!.diagnosis[0]!.cause, notes.join().includes(advice)]).toEqual([
      "unknown",
      true,
    ]);
    const at = {
      X: [
        [1, 2, -1],
        [0.5, 1, 2],
      ],
      y: [0, 1],
      c0: 1,
      c1: 3,
      w: [0.1, -0.3, 0.2],
    };
    expect(check(CLASSES, unknown, { at }).notes.join()).not.toContain(advice);
  });
});

describe("a point without numbers", () => {
  const right = comparing((y, p, _, { c0, c1 }) => (c1 * y + c0 * (1 - y)) * (p - y));
  /** NaN at the second point that is asked. */
  const failing = (claims: (at: Point) => Claims, factor: number) => {
    let asked = 0;
    return (at: Point): Claims => {
      const isSecond = ++asked === 2;
      return { w: (claims(at).w as number[]).map((one) => (isSecond ? Number.NaN : factor * one)) };
    };
  };

  it("is left out where the others tell what is wrong", async () => {
    const { ok, checks, notes } = check(CLASSES, failing(right, 2));
    expect([ok, checks[0]!.diagnosis[0]]).toEqual([
      false,
      expect.objectContaining({ cause: "constant-factor", factor: 2 }),
    ]);
    expect(notes.join()).toContain("at point 2 the gradient w[1] is NaN, not a finite number");
    const slow = failing(right, 2);
    expect((await checkAsync(CLASSES, (at) => Promise.resolve(slow(at)))).notes).toEqual(notes);
  });

  it("keeps its number among the others", () => {
    const wrongLast = failing(right, 1);
    let asked = 0;
    const { checks } = check(CLASSES, (at) => {
      const { w } = wrongLast(at);
      return { w: (w as number[]).map((one) => (++asked > 6 ? 3 * one : one)) };
    });
    expect([checks[0]!.ok, checks[0]!.point]).toEqual([false, 3]);
  });

  it("is no right answer", () => {
    expect(() => check(CLASSES, failing(right, 1))).toThrow("the gradient w[1] is NaN");
  });
});
