/** One slip throughout a backward pass, or in all of one path, is one mistake: no right derivative is blamed for it. */
import { check, type Claims, type Diagnosis, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import {
  addRow,
  columnSums,
  each,
  matrix,
  type Matrix,
  minus,
  mm,
  plus,
  rowSums,
  scale,
  sigmoid,
  T,
  times,
} from "./corpus/matrices.js";

/** What is told of all wrong claims, each sentence once, without the name of the claim. */
function told(text: string, claims: Claims, at: Point): Diagnosis[] {
  const model = parseModel(text);
  const firsts = check(model, claims, { at })
    .checks.filter(({ ok }) => !ok)
    .flatMap(({ diagnosis }) => diagnosis.filter(({ explanation }) => explanation === 1));
  const distinct = new Map(
    firsts.map((one) => [one.text.replace(/^\w+(: | is | follows from \w+, which is )/, ""), one]),
  );
  return [...distinct.values()];
}

function isRight(text: string, claims: Claims, at: Point): boolean {
  const model = parseModel(text);
  return check(model, claims, { at }).ok;
}

const SCALED = `
  N = size()
  X = input(N, 4)
  T = target(N, 3)
  V = input(4, 3)
  alpha = input()
  A = param(4, 2)
  B = param(2, 5)
  C = param(5, 3)
  s = alpha / 4
  H = tanh(s * X * A * B)
  Y = X * V + s * H * C
  L = sum((Y - T).^2) / (2 * N)`;

describe("a number taken for another", () => {
  const at = {
    ...{ X: matrix(6, 4, 1), T: matrix(6, 3, 2), V: matrix(4, 3, 3), alpha: 1.5 },
    ...{ A: matrix(4, 2, 4), B: matrix(2, 5, 5), C: matrix(5, 3, 6) },
  };
  const s = at.alpha / 4;

  /** By hand; the backward pass has another number for s. */
  function gradients(used: number): Claims {
    const { X, A, B, C, V } = at;
    const H = each(scale(s, mm(mm(X, A), B)), Math.tanh);
    const Y = plus(mm(X, V), scale(s, mm(H, C)));
    const dY = scale(1 / 6, minus(Y, at.T));
    const dH = scale(used, mm(dY, T(C)));
    const dZ = times(
      dH,
      each(H, (h) => 1 - h ** 2),
    );
    const dXA = scale(used, mm(dZ, T(B)));
    return {
      A: mm(T(X), dXA),
      B: scale(used, mm(T(mm(X, A)), dZ)),
      C: scale(used, mm(T(H), dY)),
    };
  }

  it("in all lines is one mistake, and what comes in is right", () => {
    expect(isRight(SCALED, gradients(s), at)).toBe(true);
    const [only, ...others] = told(SCALED, gradients(at.alpha), at);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ cause: "wrong-variable", used: "alpha", instead: "s" });
    expect(only!.text).toContain("in all lines of the backward pass");
  });

  it("in the two lines that there are is told as what may be in them, or in what they share", () => {
    const text = `
      X = input(5, 4)
      T = target(5, 3)
      alpha = input()
      A = param(4, 2)
      B = param(2, 3)
      s = alpha / 4
      Y = s * X * A * B
      L = sum((Y - T).^2) / 2`;
    const B = matrix(2, 3, 7);
    const point = { X: matrix(5, 4, 1), T: matrix(5, 3, 2), alpha: 1.5, A: at.A, B };
    const dY = minus(scale(s, mm(mm(point.X, point.A), B)), point.T);
    const [only, ...others] = told(
      text,
      {
        A: scale(point.alpha, mm(T(point.X), mm(dY, T(B)))),
        B: scale(point.alpha, mm(T(mm(point.X, point.A)), dY)),
      },
      point,
    );
    expect(others).toEqual([]);
    expect(only!.text).toContain(
      "both 4 times the right ones, in their own lines (such as alpha for s) or in one before",
    );
  });
});

const GATED = `
  x1 = input(4, 3)
  x2 = input(4, 3)
  x3 = input(4, 3)
  h0 = input(4, 3)
  t = target(4, 3)
  Wz = param(3, 3)
  Uz = param(3, 3)
  Wg = param(3, 3)
  z1 = sigmoid(x1 * Wz + h0 * Uz)
  g1 = tanh(x1 * Wg)
  h1 = z1 .* h0 + (1 - z1) .* g1
  z2 = sigmoid(x2 * Wz + h1 * Uz)
  g2 = tanh(x2 * Wg)
  h2 = z2 .* h1 + (1 - z2) .* g2
  z3 = sigmoid(x3 * Wz + h2 * Uz)
  g3 = tanh(x3 * Wg)
  h3 = z3 .* h2 + (1 - z3) .* g3
  L = sum((h3 - t).^2) / 2`;

describe("the state of this step for that before it", () => {
  const at = {
    ...{ x1: matrix(4, 3, 11), x2: matrix(4, 3, 12), x3: matrix(4, 3, 13), h0: matrix(4, 3, 14) },
    ...{ t: matrix(4, 3, 15), Wz: matrix(3, 3, 16), Uz: matrix(3, 3, 17), Wg: matrix(3, 3, 18) },
  };

  /** @param late how many steps later the states of the backward pass are */
  function gradients(late: 0 | 1): Claims {
    const xs = [at.x1, at.x2, at.x3];
    const hs = [at.h0];
    const gates = xs.map((x) => {
      const before = hs.at(-1)!;
      const z = each(plus(mm(x, at.Wz), mm(before, at.Uz)), sigmoid);
      const g = each(mm(x, at.Wg), Math.tanh);
      hs.push(
        plus(
          times(z, before),
          times(
            each(z, (v) => 1 - v),
            g,
          ),
        ),
      );
      return { x, z, g };
    });
    let dh = minus(hs.at(-1)!, at.t);
    const zero = (): Matrix => each(matrix(3, 3, 1), () => 0);
    const total = { Wz: zero(), Uz: zero(), Wg: zero() };
    for (const [step, { x, z, g }] of [...gates.entries()].reverse()) {
      const h = hs[step + late]!;
      const dz = times(
        times(dh, minus(h, g)),
        each(z, (v) => v * (1 - v)),
      );
      const dg = times(
        times(
          dh,
          each(z, (v) => 1 - v),
        ),
        each(g, (v) => 1 - v ** 2),
      );
      total.Wz = plus(total.Wz, mm(T(x), dz));
      total.Uz = plus(total.Uz, mm(T(h), dz));
      total.Wg = plus(total.Wg, mm(T(x), dg));
      dh = plus(times(dh, z), mm(dz, T(at.Uz)));
    }
    return total;
  }

  it("is one mistake, at every step and in all lines", () => {
    expect(isRight(GATED, gradients(0), at)).toBe(true);
    const [only, ...others] = told(GATED, gradients(1), at);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ cause: "wrong-variable", used: "h3", instead: "h2" });
    expect(only!.text).toContain("at every step, such as the last, h3 is used where h2 belongs");
  });
});

const EXPERTS = `
  X = input(5, 4)
  T = target(5, 3)
  G = param(4, 2)
  W1 = param(4, 3)
  W2 = param(4, 3)
  P = softmax(X * G, 2)
  E1 = tanh(X * W1)
  E2 = tanh(X * W2)
  Y = E1 .* P[:, 1] + E2 .* P[:, 2]
  m = mean(P, 1)
  L = sum((Y - T).^2) / 5 + 0.3 * sum(m.^2)`;

describe("a path through several experts", () => {
  const at = {
    ...{ X: matrix(5, 4, 21), T: matrix(5, 3, 22), G: matrix(4, 2, 23) },
    ...{ W1: matrix(4, 3, 24), W2: matrix(4, 3, 25) },
  };
  const { X } = at;
  const P = each(mm(X, at.G), Math.exp).map((row) => row.map((v) => v / (row[0]! + row[1]!)));
  const E = [at.W1, at.W2].map((W) => each(mm(X, W), Math.tanh)) as [Matrix, Matrix];
  const Y = plus(
    each(E[0], (v, i) => v * P[i]![0]!),
    each(E[1], (v, i) => v * P[i]![1]!),
  );
  const dY = scale(2 / 5, minus(Y, at.T));
  const dm = columnSums(P).map((v) => (0.6 * v) / 5);

  /**
   * @param share of the path through Y in the derivative by the shares
   * @param gates which share each expert's derivative is multiplied by
   */
  function gradients(share: number, gates: readonly [number, number] = [0, 1]): Claims {
    const [d1, d2] = E.map((one) => rowSums(times(dY, one)).map((v) => share * v));
    const dP = addRow(T([d1!, d2!]), [dm[0]! / 5, dm[1]! / 5]);
    const inner = rowSums(times(dP, P));
    const dS = each(dP, (v, i, j) => P[i]![j]! * (v - inner[i]!));
    const [dW1, dW2] = E.map((one, k) =>
      mm(
        T(X),
        each(one, (v, i, j) => dY[i]![j]! * P[i]![gates[k]!]! * (1 - v ** 2)),
      ),
    );
    return { W1: dW1!, W2: dW2!, P: dP, G: mm(T(X), dS) };
  }

  it("has a mean for a sum, with the derivative that has it and without", () => {
    expect(isRight(EXPERTS, gradients(1), at)).toBe(true);
    const { P: _, ...parameters } = gradients(1 / 3);
    for (const claims of [gradients(1 / 3), parameters]) {
      const [only, ...others] = told(EXPERTS, claims, at);
      expect(others).toEqual([]);
      expect(only).toMatchObject({ cause: "constant-factor", arisesIn: "P" });
      expect(only!.text).toContain("the path through Y");
    }
  });

  it("is told of beside a mistake that shows what comes in to be right", () => {
    for (const share of [1 / 2, 3]) {
      const { P: _, ...claims } = gradients(share, [0, 0]);
      const { checks } = check(parseModel(EXPERTS), claims, { at });
      const [first] = checks.find(({ name }) => name === "G")!.diagnosis;
      expect(first).toMatchObject({ cause: "constant-factor", factor: share, arisesIn: "P" });
    }
  });
});
