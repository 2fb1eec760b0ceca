/** Slips in a long short-term memory whose gates are written without names for what their sigmoids are taken of. */
import { check, compile, type Diagnosis, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import {
  matrix,
  type Matrix,
  mv,
  numbers,
  outer,
  plus,
  sigmoid,
  sum,
  T,
  type Vector,
  vminus,
  vplus,
  vscale,
  vtimes,
} from "./corpus/matrices.js";

const STEPS = [1, 2, 3];

const LSTM = `
  ${STEPS.map((k) => `x${k} = input(2)`).join("\n")}
  h0 = input(2)
  c0 = input(2)
  t = target(2)
  ${["f", "i"].map((g) => `W${g} = param(2, 2)\nU${g} = param(2, 2)`).join("\n")}
  V = param(2, 2)
  alpha = param()
  s = alpha / 2
  ${STEPS.map(
    (k) => `f${k} = sigmoid(Wf * x${k} + Uf * h${k - 1})
      i${k} = sigmoid(Wi * x${k} + Ui * h${k - 1})
      c${k} = f${k} .* c${k - 1} + s * i${k}
      h${k} = tanh(c${k})`,
  ).join("\n")}
  y = V * h3
  L = sum((y - t).^2) / 2`;

const model = parseModel(LSTM);
const xs = STEPS.map((k) => numbers(2, 700 + k));
const point = {
  ...{ x1: xs[0]!, x2: xs[1]!, x3: xs[2]!, h0: numbers(2, 704), c0: numbers(2, 705) },
  ...{ t: numbers(2, 706), Wf: matrix(2, 2, 707), Uf: matrix(2, 2, 708), Wi: matrix(2, 2, 709) },
  ...{ Ui: matrix(2, 2, 710), V: matrix(2, 2, 711), alpha: 0.7 },
};

/** What the loop of the backward pass reads otherwise: h_k for h_(k-1), c_k for c_(k-1), alpha for s. */
interface Slips {
  readonly state?: boolean;
  readonly cell?: boolean;
  readonly share?: boolean;
}

function gradients({ state, cell, share }: Slips) {
  const { Wf, Uf, Wi, Ui, V, alpha } = point;
  const s = alpha / 2;
  const [h, c, f, i] = [[point.h0], [point.c0], [[]] as Vector[], [[]] as Vector[]];
  for (const [k, x] of xs.entries()) {
    f.push(vplus(mv(Wf, x), mv(Uf, h[k]!)).map(sigmoid));
    i.push(vplus(mv(Wi, x), mv(Ui, h[k]!)).map(sigmoid));
    c.push(vplus(vtimes(f[k + 1]!, c[k]!), vscale(s, i[k + 1]!)));
    h.push(c[k + 1]!.map(Math.tanh));
  }
  const dy = vminus(mv(V, h[3]!), point.t);
  const zero: Matrix = [
    [0, 0],
    [0, 0],
  ];
  let [dWf, dUf, dWi, dUi] = [zero, zero, zero, zero];
  let [dh, dc, dalpha] = [mv(T(V), dy), [0, 0], 0];
  for (const k of STEPS.toReversed()) {
    dc = vplus(
      dc,
      dh.map((one, n) => one * (1 - h[k]![n]! ** 2)),
    );
    const slope = (gate: Vector): Vector => gate.map((one) => one * (1 - one));
    const zf = vtimes(vtimes(dc, c[cell ? k : k - 1]!), slope(f[k]!));
    const zi = vscale(share ? alpha : s, vtimes(dc, slope(i[k]!)));
    dalpha += sum(vtimes(dc, i[k]!)) / 2;
    const [x, read] = [xs[k - 1]!, h[state ? k : k - 1]!];
    [dWf, dUf] = [plus(dWf, outer(zf, x)), plus(dUf, outer(zf, read))];
    [dWi, dUi] = [plus(dWi, outer(zi, x)), plus(dUi, outer(zi, read))];
    dh = vplus(mv(T(Uf), zf), mv(T(Ui), zi));
    dc = vtimes(dc, f[k]!);
  }
  return { Wf: dWf, Uf: dUf, Wi: dWi, Ui: dUi, V: outer(dy, h[3]!), alpha: dalpha };
}

function told(slips: Slips): ReadonlyMap<string, readonly Diagnosis[]> {
  const { checks } = check(model, gradients(slips), { at: point });
  const first = (all: readonly Diagnosis[]) => all.filter(({ explanation }) => explanation === 1);
  return new Map(
    checks
      .filter(({ ok }) => !ok)
      .map(({ name, diagnosis }): [string, readonly Diagnosis[]] => [name, first(diagnosis)]),
  );
}

describe("a loop with gates", () => {
  it("is right as it stands here", () => {
    expect([...told({}).keys()]).toEqual([]);
  });

  it("reads the state of this step for that before, for both gates", () => {
    const all = told({ state: true });
    expect([...all.keys()]).toEqual(["Uf", "Ui"]);
    for (const [one, ...others] of all.values()) {
      expect(others).toEqual([]);
      expect(one).toMatchObject({ cause: "wrong-variable", used: "h3", instead: "h2" });
      expect(one!.firstIn?.toSorted()).toEqual(["Uf", "Ui"]);
    }
  });

  it("has two mistakes, which all gradients are told of alike", () => {
    const all = told({ cell: true, share: true });
    expect([...all.keys()]).toEqual(["Wf", "Uf", "Wi", "Ui", "alpha"]);
    for (const both of all.values()) {
      expect(both.map(({ cause }) => cause)).toEqual(["wrong-variable", "wrong-variable"]);
      expect(new Set(both.map(({ used }) => used))).toEqual(new Set(["c3", "alpha"]));
    }
  });
});

/** Four gates with names for what they are taken of, at four steps: more slips are possible than are tried. */
describe("a cell with four gates", () => {
  const [GATES, STEPS] = [
    ["f", "i", "o", "g"],
    [1, 2, 3, 4],
  ];
  const text = (bias: (gate: string, step: number) => string) => `
    ${STEPS.map((k) => `x${k} = input(2)`).join("\n")}
    h0 = input(3)
    c0 = input(3)
    t = target(2)
    ${GATES.map((g) => `W${g} = param(3, 2)\nU${g} = param(3, 3)`).join("\n")}
    ${[...new Set(GATES.flatMap((g) => STEPS.map((k) => bias(g, k))))].map((b) => `${b} = param(3)`).join("\n")}
    V = param(2, 3)
    ${STEPS.map(
      (k) => `${GATES.map(
        (g) => `a${g}${k} = W${g} * x${k} + U${g} * h${k - 1} + ${bias(g, k)}
        ${g}${k} = ${g === "g" ? "tanh" : "sigmoid"}(a${g}${k})`,
      ).join("\n")}
      c${k} = f${k} .* c${k - 1} + i${k} .* g${k}
      h${k} = o${k} .* tanh(c${k})`,
    ).join("\n")}
    y = V * h4
    L = sum((y - t).^2) / 2`;
  const cell = parseModel(text((gate) => `b${gate}`));
  const at = randomPoint(cell, { seed: 6 });
  // a bias of its own at each step has the derivative by what the gate is taken of
  const apart = compile(parseModel(text((gate, k) => `b${gate}_${k}`)));
  const biases = GATES.flatMap((g) => STEPS.map((k) => [`b${g}_${k}`, at[`b${g}`]!] as const));
  const whole = new Set(GATES.map((g) => `b${g}`));
  const rest = Object.entries(at).filter(([name]) => !whole.has(name));
  const { values, gradients } = apart.evaluate(Object.fromEntries([...rest, ...biases]));
  const weights = (shift: number) =>
    Object.fromEntries(
      GATES.map((g) => {
        const terms = STEPS.map((k) => {
          const state = k + shift === 0 ? at.h0 : values[`h${k + shift}`];
          return outer(gradients[`b${g}_${k}`] as Vector, state as Vector);
        });
        return [`U${g}`, terms.reduce(plus)];
      }),
    );

  it("reads the state of this step for that before", () => {
    expect(check(cell, weights(-1), { at }).ok).toBe(true);
    const { checks } = check(cell, weights(0), { at });
    for (const { name, diagnosis } of checks) {
      expect([name, diagnosis[0]]).toMatchObject([
        name,
        { cause: "wrong-variable", used: "h4", instead: "h3", explanation: 1 },
      ]);
    }
  });
});
