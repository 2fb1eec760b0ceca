/** Recurrent networks whose backward pass is a loop over time: a slip in its code is made at every step. */
import {
  dot,
  matrix,
  type Matrix,
  mv,
  numbers,
  outer,
  plus,
  scale,
  sigmoid,
  T,
  type Vector,
  vminus,
  vplus,
  vscale,
  vtimes,
} from "../corpus/matrices.js";
import type { Pass } from "./pass.js";

const STEPS = [1, 2, 3];
const zeros = (rows: number, columns: number): Matrix => scale(0, matrix(rows, columns, 1));
const none = (count: number): Vector => new Array<number>(count).fill(0);
const slope = (h: Vector): Vector => h.map((v) => 1 - v * v);
const gate = (a: Vector): Vector => a.map((v) => v * (1 - v));
const lines = (...parts: readonly string[]): string => parts.join("\n");

/** One line a step: the slope and the weights of the way back stand in the same one. */
function plainRecurrence(): Pass {
  const xs = STEPS.map((k) => numbers(3, 160 + k));
  const t = numbers(2, 164);
  const [U, W, V, b] = [matrix(4, 3, 165), matrix(4, 4, 166), matrix(2, 4, 167), numbers(4, 168)];
  const hs = [none(4)];
  for (const x of xs) {
    hs.push(vplus(vplus(mv(U, x), mv(W, hs.at(-1)!)), b).map(Math.tanh));
  }
  return {
    name: "recurrence in one line",
    text: lines(
      ...STEPS.map((k) => `x${k} = input(3)`),
      "t = target(2)",
      "U = param(4, 3)",
      "W = param(4, 4)",
      "V = param(2, 4)",
      "b = param(4)",
      "h0 = zeros(4)",
      ...STEPS.map((k) => `h${k} = tanh(U * x${k} + W * h${k - 1} + b)`),
      "y = V * h3",
      "L = sum((y - t).^2) / 2",
    ),
    point: { x1: xs[0]!, x2: xs[1]!, x3: xs[2]!, t, U, W, V, b },
    gradients: (line) => {
      const dy = line("dy", {
        right: () => vminus(mv(V, hs[3]!), t),
        sign: () => vminus(t, mv(V, hs[3]!)),
        "constant-factor: 2": () => vscale(2, vminus(mv(V, hs[3]!), t)),
      });
      let [dU, dW, db] = [zeros(4, 3), zeros(4, 4), none(4)];
      let dh = mv(T(V), dy);
      for (const k of STEPS.toReversed()) {
        const [h, before] = [hs[k]!, hs[k - 1]!];
        const d = dh;
        const dz = line("dz", {
          right: () => vtimes(d, slope(h)),
          "missing-factor": () => d,
          "wrong-function: sigmoid": () => vtimes(d, gate(h)),
          "wrong-function: h": () =>
            vtimes(
              d,
              h.map((v) => 1 - v),
            ),
        });
        dU = line("dU", {
          right: () => plus(dU, outer(dz, xs[k - 1]!)),
          "not-summed": () => outer(dz, xs[k - 1]!),
        });
        dW = line("dW", {
          right: () => plus(dW, outer(dz, before)),
          "wrong-variable: h": () => plus(dW, outer(dz, h)),
        });
        db = line("db", {
          right: () => vplus(db, dz),
          "missing-factor": () => vplus(db, d),
        });
        dh = line("dh", {
          right: () => mv(T(W), dz),
          transposed: () => mv(W, dz),
          "missing-factor: slope": () => mv(T(W), d),
        });
      }
      return { U: dU, W: dW, b: db, V: outer(dy, hs[3]!) };
    },
  };
}

/** The rows of the weights are those of the gates i, f and o and of the candidate u. */
function longShortTerm(): Pass {
  const xs = STEPS.map((k) => numbers(2, 170 + k));
  const [t, h0, c0] = [numbers(2, 174), numbers(2, 175), numbers(2, 176)];
  const [A, B, b] = [matrix(8, 2, 177), matrix(8, 2, 178), numbers(8, 179)];
  const [hs, cs] = [[h0], [c0]];
  const gates = xs.map((x) => {
    const g = vplus(vplus(mv(A, x), mv(B, hs.at(-1)!)), b);
    const [i, f, o] = [0, 2, 4].map((from) => g.slice(from, from + 2).map(sigmoid));
    const u = g.slice(6).map(Math.tanh);
    const c = vplus(vtimes(f!, cs.at(-1)!), vtimes(i!, u));
    cs.push(c);
    hs.push(vtimes(o!, c.map(Math.tanh)));
    return { i: i!, f: f!, o: o!, u };
  });
  return {
    name: "LSTM",
    text: lines(
      ...STEPS.map((k) => `x${k} = input(2)`),
      "t = target(2)",
      "h0 = input(2)",
      "c0 = input(2)",
      "A = param(8, 2)",
      "B = param(8, 2)",
      "b = param(8)",
      ...STEPS.flatMap((k) => [
        `g${k} = A * x${k} + B * h${k - 1} + b`,
        `i${k} = sigmoid(g${k}[1:2])`,
        `f${k} = sigmoid(g${k}[3:4])`,
        `o${k} = sigmoid(g${k}[5:6])`,
        `u${k} = tanh(g${k}[7:8])`,
        `c${k} = f${k} .* c${k - 1} + i${k} .* u${k}`,
        `h${k} = o${k} .* tanh(c${k})`,
      ]),
      "L = sum((h3 - t).^2) / 2",
    ),
    point: { x1: xs[0]!, x2: xs[1]!, x3: xs[2]!, t, h0, c0, A, B, b },
    gradients: (line) => {
      let dh = line("dh3", {
        right: () => vminus(hs[3]!, t),
        sign: () => vminus(t, hs[3]!),
      });
      let [dA, dB, db, later] = [zeros(8, 2), zeros(8, 2), none(8), none(2)];
      for (const k of STEPS.toReversed()) {
        const { i, f, o, u } = gates[k - 1]!;
        const [own, next, squashed] = [dh, later, cs[k]!.map(Math.tanh)];
        const dc = line("dc", {
          right: () => vplus(next, vtimes(vtimes(own, o), slope(squashed))),
          "missing-term: later": () => vtimes(vtimes(own, o), slope(squashed)),
          "missing-factor": () => vplus(next, vtimes(own, o)),
        });
        const dg = [
          ...line("di", {
            right: () => vtimes(vtimes(dc, u), gate(i)),
            "missing-factor": () => vtimes(dc, u),
            "extra-factor": () => vtimes(vtimes(dc, u), vtimes(gate(i), gate(i))),
          }),
          ...line("df", {
            right: () => vtimes(vtimes(dc, cs[k - 1]!), gate(f)),
            "wrong-variable: c": () => vtimes(vtimes(dc, cs[k]!), gate(f)),
          }),
          ...line("do", {
            right: () => vtimes(vtimes(own, squashed), gate(o)),
            "missing-factor": () => vtimes(own, squashed),
          }),
          ...line("du", {
            right: () => vtimes(vtimes(dc, i), slope(u)),
            "wrong-function: u": () =>
              vtimes(
                vtimes(dc, i),
                u.map((v) => 1 - v),
              ),
          }),
        ];
        dA = plus(dA, outer(dg, xs[k - 1]!));
        dB = plus(dB, outer(dg, hs[k - 1]!));
        db = vplus(db, dg);
        dh = T(B).map((column) => dot(column, dg));
        later = line("later", {
          right: () => vtimes(dc, f),
          "missing-factor": () => dc,
        });
      }
      return { A: dA, B: dB, b: db };
    },
  };
}

export const loops: readonly Pass[] = [plainRecurrence(), longShortTerm()];
