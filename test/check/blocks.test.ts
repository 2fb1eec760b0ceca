/** Blocks of arrays: windows without their step, halves changed over, single columns counted back from the end. */
import { check, type Claims, compile, type Diagnosis, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { each, matrix, type Matrix, minus, mm, numbers, T, times } from "./corpus/matrices.js";
import { sum } from "./corpus/matrices.js";

function firsts(text: string, claims: Claims, at: Point): readonly (Diagnosis | undefined)[] {
  return check(parseModel(text), claims, { at }).checks.map(({ diagnosis }) => diagnosis[0]);
}

const STRIDED = `
  x = input(9)
  t = target(3)
  k = param(3)
  q = param(3)
  z = k[1] * x[1:7] + k[2] * x[2:8] + k[3] * x[3:9]
  a = tanh(z)
  y = q[1] * a[1:2:5] + q[2] * a[2:2:6] + q[3] * a[3:2:7]
  L = sum((y - t).^2) / 2`;

describe("windows with a stride", () => {
  const at = { x: numbers(9, 1), t: numbers(3, 2), k: numbers(3, 3), q: numbers(3, 4) };
  const a = numbers(7, 0).map((_, i) => Math.tanh(sum(at.k.map((one, j) => one * at.x[i + j]!))));
  const dy = [0, 1, 2].map((i) => sum(at.q.map((one, j) => one * a[2 * i + j]!)) - at.t[i]!);

  /** Where entry i of window j lies: as it is read, and as what comes back is added. */
  type Place = (i: number, j: number) => number;
  const right: Place = (i, j) => 2 * i + j;

  function gradients(read: Place, written: Place): Claims {
    const da = a.map(() => 0);
    for (const [j, weight] of at.q.entries()) {
      for (const [i, one] of dy.entries()) da[written(i, j)]! += weight * one;
    }
    const dz = da.map((one, i) => one * (1 - a[i]! ** 2));
    return {
      q: [0, 1, 2].map((j) => sum(dy.map((one, i) => one * a[read(i, j)]!))),
      k: [0, 1, 2].map((j) => sum(dz.map((one, i) => one * at.x[i + j]!))),
    };
  }

  it("are read without it", () => {
    expect(firsts(STRIDED, gradients(right, right), at)).toEqual([undefined, undefined]);
    const [q, k] = firsts(
      STRIDED,
      gradients((i, j) => i + j, right),
      at,
    );
    expect(k).toBeUndefined();
    expect(q).toMatchObject({ cause: "wrong-variable", used: "a[3:5]", instead: "a[3:2:7]" });
  });

  it("are added to without it, or with it between the windows", () => {
    for (const [written, used] of [
      [(i, j) => i + j, "da[3:5]"],
      [(i, j) => i + 2 * j, "da[5:7]"],
    ] as const satisfies readonly (readonly [Place, string])[]) {
      const [q, k] = firsts(STRIDED, gradients(right, written), at);
      expect(q).toBeUndefined();
      expect(k).toMatchObject({ cause: "wrong-variable", used, arisesIn: "a" });
    }
  });
});

const JOINED = `
  X = input(6, 4)
  t = target(6, 2)
  A = param(4, 3)
  B = param(4, 3)
  W = param(6, 2)
  P = tanh(X * A)
  Q = tanh(X * B)
  S = concat(P, Q, dim = 2)
  L = sum((S * W - t).^2) / 2`;

describe("what is put together of two halves", () => {
  const at = {
    ...{ X: matrix(6, 4, 5), t: matrix(6, 2, 6), A: matrix(4, 3, 7), B: matrix(4, 3, 8) },
    W: matrix(6, 2, 9),
  };
  const [P, Q] = [at.A, at.B].map((one) => each(mm(at.X, one), Math.tanh)) as [Matrix, Matrix];
  const S = P.map((row, i) => [...row, ...Q[i]!]);
  const dY = minus(mm(S, at.W), at.t);
  const dS = mm(dY, T(at.W));
  const halves = [dS.map((row) => row.slice(0, 3)), dS.map((row) => row.slice(3))] as const;
  const back = (d: Matrix, of: Matrix): Matrix =>
    mm(
      T(at.X),
      times(
        d,
        each(of, (one) => 1 - one ** 2),
      ),
    );
  const gradients = ([dP, dQ]: readonly [Matrix, Matrix]): Claims => ({
    W: mm(T(S), dY),
    A: back(dP, P),
    B: back(dQ, Q),
  });

  it("comes back with these changed over", () => {
    expect(firsts(JOINED, gradients(halves), at)).toEqual([undefined, undefined, undefined]);
    const [W, A, B] = firsts(JOINED, gradients([halves[1], halves[0]]), at);
    expect(W).toBeUndefined();
    for (const one of [A, B]) {
      expect(one).toMatchObject({ cause: "wrong-variable", firstIn: ["P", "Q"] });
      expect(one!.text).toContain("the parts of dS are changed over");
    }
  });
});

const PRODUCT = `
  x = input(6, 3)
  t = target(6, 2)
  A = param(6, 3)
  B = param(6, 3)
  W = param(6, 2)
  S = concat(x .* A, B, dim = 2)
  L = sum((S * W - t).^2) / 2`;

describe("halves of which one is a product", () => {
  const at = {
    ...{ x: matrix(6, 3, 5), t: matrix(6, 2, 6), A: matrix(6, 3, 7), B: matrix(6, 3, 8) },
    W: matrix(6, 2, 9),
  };
  const S = times(at.x, at.A).map((row, i) => [...row, ...at.B[i]!]);
  const dY = minus(mm(S, at.W), at.t);
  const dS = mm(dY, T(at.W));
  const halves = [dS.map((row) => row.slice(0, 3)), dS.map((row) => row.slice(3))] as const;
  const gradients = ([first, second]: readonly [Matrix, Matrix]): Claims => ({
    W: mm(T(S), dY),
    A: times(first, at.x),
    B: second,
  });

  it("come back changed over", () => {
    expect(firsts(PRODUCT, gradients(halves), at)).toEqual([undefined, undefined, undefined]);
    const [W, A, B] = firsts(PRODUCT, gradients([halves[1], halves[0]]), at);
    expect(W).toBeUndefined();
    for (const one of [A, B]) {
      expect(one).toMatchObject({ cause: "wrong-variable", firstIn: ["A", "B"] });
      expect(one!.text).toContain("dA takes dS[:, 4:6] where dS[:, 1:3] belongs");
    }
  });
});

const THREE = `
  X = input(6, 4)
  t = target(6, 2)
  A = param(4, 2)
  B = param(4, 3)
  C = param(4, 2)
  W = param(7, 2)
  P = tanh(X * A)
  Q = tanh(X * B)
  R = tanh(X * C)
  S = concat(P, Q, R, dim = 2)
  L = sum((S * W - t).^2) / 2`;

describe("one of three parts", () => {
  const at = {
    ...{ X: matrix(6, 4, 5), t: matrix(6, 2, 6), A: matrix(4, 2, 7), B: matrix(4, 3, 8) },
    ...{ C: matrix(4, 2, 9), W: matrix(7, 2, 10) },
  };
  const parts = [at.A, at.B, at.C].map((one) => each(mm(at.X, one), Math.tanh));
  const S = at.X.map((_, i) => parts.flatMap((part) => part[i]!));
  const dY = minus(mm(S, at.W), at.t);
  const dS = mm(dY, T(at.W));
  const gradients = (starts: readonly number[]): Claims => {
    const [A, B, C] = parts.map((part, k) => {
      const d = dS.map((row) => row.slice(starts[k], starts[k]! + part[0]!.length));
      const slope = each(part, (one) => 1 - one ** 2);
      return mm(T(at.X), times(d, slope));
    }) as [Matrix, Matrix, Matrix];
    return { W: mm(T(S), dY), A, B, C };
  };

  it("is taken from the place of another one", () => {
    expect(firsts(THREE, gradients([0, 2, 5]), at)).toEqual(Array(4).fill(undefined));
    const [W, A, B, C] = firsts(THREE, gradients([0, 0, 5]), at);
    expect([W, A, C]).toEqual([undefined, undefined, undefined]);
    const [used, instead] = ["dS[:, 1:3]", "dS[:, 3:5]"];
    expect(B).toMatchObject({ cause: "wrong-variable", used, instead });
  });
});

const GATES = `
  X = input(6, 4)
  c = input(6, 2)
  t = target(6, 2)
  W = param(4, 6)
  Z = X * W
  I = sigmoid(Z[:, 1:2])
  F = sigmoid(Z[:, 3:4])
  G = tanh(Z[:, 5:6])
  C = F .* c + I .* G
  L = sum((C - t).^2) / 2`;

describe("a derivative that is put together of blocks", () => {
  const at = {
    ...{ X: matrix(6, 4, 5), c: matrix(6, 2, 6), t: matrix(6, 2, 7), W: matrix(4, 6, 8) },
  };
  const Z = mm(at.X, at.W);
  const gate = (start: number, f: (z: number) => number): Matrix =>
    Z.map((row) => row.slice(start, start + 2).map(f));
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  const [I, F, G] = [gate(0, sigmoid), gate(2, sigmoid), gate(4, Math.tanh)];
  const C = I.map((row, i) => row.map((one, k) => F[i]![k]! * at.c[i]![k]! + one * G[i]![k]!));
  const dC = minus(C, at.t);
  const slope = (of: Matrix): Matrix => each(of, (a) => a * (1 - a));
  const blocks = [
    times(times(dC, G), slope(I)),
    times(times(dC, at.c), slope(F)),
    times(
      times(dC, I),
      each(G, (g) => 1 - g ** 2),
    ),
  ];
  const gradients = (order: readonly number[]): Claims => ({
    W: mm(
      T(at.X),
      Z.map((_, i) => order.flatMap((k) => blocks[k]![i]!)),
    ),
  });

  it.each([
    [
      [1, 0, 2],
      ["dI", "dF"],
    ],
    [
      [0, 2, 1],
      ["dF", "dG"],
    ],
    [
      [2, 0, 1],
      ["dI", "dF", "dG"],
    ],
  ])("has them in the order %j", (order, moved) => {
    expect(firsts(GATES, gradients([0, 1, 2]), at)).toEqual([undefined]);
    const [W] = firsts(GATES, gradients(order), at);
    expect(W).toMatchObject({ cause: "wrong-variable", arisesIn: "Z" });
    for (const name of ["dI", "dF", "dG"]) {
      expect(W!.text.includes(`what comes from ${name} stands in`)).toBe(moved.includes(name));
    }
  });
});

const GATED = `
  X = input(6, 4)
  G = input(6, 3)
  t = target(6, 2)
  W1 = param(4, 2)
  W2 = param(4, 2)
  W3 = param(4, 2)
  E1 = tanh(X * W1)
  E2 = tanh(X * W2)
  E3 = tanh(X * W3)
  Y = E1 .* G[:, 1] + E2 .* G[:, 2] + E3 .* G[:, 3]
  L = sum((Y - t).^2) / 2`;

describe("columns one place before the right ones", () => {
  const at = {
    ...{ X: matrix(6, 4, 10), G: matrix(6, 3, 11), t: matrix(6, 2, 12) },
    ...{ W1: matrix(4, 2, 13), W2: matrix(4, 2, 14), W3: matrix(4, 2, 15) },
  };
  const E = [at.W1, at.W2, at.W3].map((one) => each(mm(at.X, one), Math.tanh));
  const dY = each(at.t, (one, i, j) => sum(E.map((of, k) => of[i]![j]! * at.G[i]![k]!)) - one);
  const gradients = (column: (k: number) => number): Claims =>
    Object.fromEntries(
      E.map((of, k) => [
        `W${k + 1}`,
        mm(
          T(at.X),
          each(of, (one, i, j) => dY[i]![j]! * at.G[i]!.at(column(k))! * (1 - one ** 2)),
        ),
      ]),
    );

  it("are one mistake: before the first one stands the last", () => {
    expect(
      firsts(
        GATED,
        gradients((k) => k),
        at,
      ),
    ).toEqual([undefined, undefined, undefined]);
    for (const one of firsts(
      GATED,
      gradients((k) => k - 1),
      at,
    )) {
      expect(one!.cause).toBe("wrong-variable");
      expect(one!.text).toContain("the same mistake in 3 places");
      expect(one!.text).toContain("entries of G that are one place off");
    }
  });
});

describe("gates that are cut apart in another order in both passes", () => {
  const other = GATES.replace("Z[:, 1:2]", "Z[:, 0:0]")
    .replace("Z[:, 3:4]", "Z[:, 1:2]")
    .replace("Z[:, 0:0]", "Z[:, 3:4]");
  const at = {
    ...{ X: matrix(6, 4, 1), c: matrix(6, 2, 2), t: matrix(6, 2, 3), W: matrix(4, 6, 4) },
  };

  it("give the derivative of another forward pass", () => {
    const claims = compile(parseModel(other)).evaluate(at).gradients;
    const [W] = firsts(GATES, claims, at);
    const [used, instead] = ["Z[:, 3:4] and Z[:, 1:2]", "Z[:, 1:2] and Z[:, 3:4]"];
    expect(W).toMatchObject({ cause: "wrong-variable", used, instead, isForward: true });
    expect(W!.text).toContain(`I and F are computed with ${used} in place of ${instead}`);
  });
});

describe("three parts that lie one below the other", () => {
  const model = `
    x = input(2)
    p = input(2)
    q = input(2)
    t = target(3)
    A = param(2, 2)
    B = param(2, 2)
    C = param(2, 2)
    V = param(3, 6)
    u = tanh(A * x)
    v = tanh(B * p)
    w = tanh(C * q)
    c = concat(u, v, w)
    y = V * c
    L = sum((y - t).^2) / 2`;
  const at = {
    x: numbers(2, 21),
    p: numbers(2, 22),
    q: numbers(2, 23),
    t: numbers(3, 24),
    A: matrix(2, 2, 25),
    B: matrix(2, 2, 26),
    C: matrix(2, 2, 27),
    V: matrix(3, 6, 28),
  };
  const [A, B, C] = [
    [at.A, at.x],
    [at.B, at.p],
    [at.C, at.q],
  ] as const;
  const layers = [A, B, C].map(([W, input]) =>
    W.map((row) => Math.tanh(sum(row.map((one, k) => one * input[k]!)))),
  );
  const c = layers.flat();
  const dy = at.V.map((row, i) => sum(row.map((one, k) => one * c[k]!)) - at.t[i]!);
  const dc = c.map((_, k) => sum(dy.map((one, i) => one * at.V[i]![k]!)));
  /** Where the derivative of each part is taken from. */
  const given = (starts: readonly number[]): Claims =>
    Object.fromEntries(
      ["A", "B", "C"].map((name, k) => {
        const slopes = layers[k]!.map((a, i) => dc[starts[k]! + i]! * (1 - a ** 2));
        return [name, slopes.map((one) => [A, B, C][k]![1].map((input) => one * input))];
      }),
    );

  it("come back in another order", () => {
    expect(firsts(model, given([0, 2, 4]), at)).toEqual([undefined, undefined, undefined]);
    const [a, b, other] = firsts(model, given([4, 2, 0]), at);
    expect(b).toBeUndefined();
    for (const one of [a!, other!]) {
      expect(one.text).toMatch(
        /the parts of dc are changed over: du takes dc\[5:6\] where dc\[1:2\] belongs and dw takes dc\[1:2\] where dc\[5:6\] belongs$/,
      );
    }
    for (const one of firsts(model, given([2, 4, 0]), at)) {
      expect(one!.text).toContain("the parts of dc are changed over: du takes dc[3:4]");
    }
  });
});
