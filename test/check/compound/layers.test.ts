import { check, type Claims, parseModel } from "chainrule";
import { expect, it } from "vitest";
import { systems } from "../corpus/index.js";
import {
  addRow,
  columnSums,
  each,
  matrix,
  type Matrix,
  minus,
  mm,
  scale,
  sigmoid,
  T,
  times,
} from "../corpus/matrices.js";
import { explanations, together } from "../explanations.js";

type Nested = Claims[string];
const map = (value: Nested, f: (entry: number) => number): Nested =>
  typeof value === "number" ? f(value) : Array.from(value, (one) => map(one, f));

const STRUCTURAL = [
  "missing-factor",
  "extra-factor",
  "wrong-variable",
  "wrong-function",
  "missing-term",
];

interface Outcome {
  readonly what: string;
  readonly wanted: readonly string[];
  readonly got: readonly string[];
}

function report(title: string, outcomes: readonly Outcome[]): number {
  const missed = outcomes.filter(({ wanted, got }) => !got.some((one) => wanted.includes(one)));
  const lines = missed.map(
    ({ what, wanted, got }) => `  ${what}: wanted ${wanted.join(" or ")}, got ${got.join(" | ")}`,
  );
  const found = outcomes.length - missed.length;
  // eslint-disable-next-line no-console
  console.log([`${title}: ${found} of ${outcomes.length} found`, ...lines].join("\n"));
  return found / outcomes.length;
}

it("a mistake with a sign or a factor on top", { timeout: 600_000 }, () => {
  const outcomes: Outcome[] = [];
  for (const { name, text, point, cases } of systems) {
    const model = parseModel(text);
    for (const { name: fault, claims, wrong } of cases) {
      for (const [claim, causes] of Object.entries(wrong)) {
        const wanted = [causes].flat().filter((one) => STRUCTURAL.includes(one));
        // nothing is seen of a factor where all is 0, and where any scale is part of the mistake
        if (wanted.length === 0 || fault === "b1 forgotten") continue;
        for (const [times, more] of [
          [-1, "sign"],
          [2, "constant-factor"],
        ] as const) {
          const twice = map(claims[claim]!, (entry) => times * entry);
          const result = check(model, { ...claims, [claim]: twice }, { at: point });
          const { diagnosis } = result.checks.find((one) => one.name === claim)!;
          outcomes.push({
            what: `${name}: ${fault}: ${claim} times ${times}`,
            wanted: wanted.map((one) => together(one, more)),
            got: explanations(diagnosis),
          });
        }
      }
    }
  }
  expect(report("pairs with a factor", outcomes)).toBeGreaterThanOrEqual(0.8);
});

/** One mistake in each of two layers, seen in the first layer's weights only. */
it("mistakes in two layers", { timeout: 600_000 }, () => {
  const N = 3;
  const point = {
    X: matrix(N, 4, 91),
    Y: matrix(N, 2, 92),
    W1: matrix(4, 5, 93),
    W2: matrix(5, 2, 94),
    b: [0.3, -0.2],
  };
  const { X, Y, W1, W2, b } = point;
  const H = each(mm(X, W1), sigmoid);
  const U2 = addRow(mm(H, W2), b);
  const P = each(U2, sigmoid);
  const E = minus(P, Y);
  const slope = (a: Matrix) => each(a, (v) => v * (1 - v));
  const output: [string, Matrix][] = [
    ["missing-factor", E],
    ["extra-factor", times(E, times(slope(P), slope(P)))],
    ["wrong-variable", times(E, slope(U2))],
    [
      "wrong-function",
      times(
        E,
        each(P, (v) => 1 - v * v),
      ),
    ],
    ["wrong-function", times(each(E, Math.sign), slope(P))],
  ];
  const hidden: [string, (d: Matrix) => Matrix][] = [
    ["missing-factor", (d) => d],
    ["extra-factor", (d) => times(d, times(slope(H), slope(H)))],
    ["wrong-variable", (d) => times(d, slope(mm(X, W1)))],
    [
      "wrong-function",
      (d) =>
        times(
          d,
          each(H, (v) => 1 - v * v),
        ),
    ],
    [
      "wrong-variable",
      (d) =>
        times(
          d,
          each(H, (h) => sigmoid(h) * (1 - sigmoid(h))),
        ),
    ],
  ];
  const text = `
    N = size()
    X = input(N, 4)
    Y = target(N, 2)
    W1 = param(4, 5)
    W2 = param(5, 2)
    b = param(2)
    U1 = X * W1
    H = sigmoid(U1)
    U2 = H * W2 + b'
    P = sigmoid(U2)
    L = sum((P - Y).^2)`;
  const model = parseModel(text);
  const outcomes: Outcome[] = [];
  for (const [first, d2] of output) {
    for (const [second, step] of hidden) {
      const dU2 = scale(2, d2);
      const gradient = mm(T(X), step(mm(dU2, T(W2))));
      const alone = check(model, { W1: gradient }, { at: point });
      const both = check(model, { W1: gradient, b: columnSums(dU2) }, { at: point });
      const wanted = [together(first, second)];
      const what = `${first}, ${second}`;
      outcomes.push({ what, wanted, got: explanations(alone.checks[0]!.diagnosis) });
      outcomes.push({
        what: `${what}, with b`,
        wanted,
        got: explanations(both.checks[0]!.diagnosis),
      });
    }
  }
  expect(report("pairs in two layers", outcomes)).toBeGreaterThanOrEqual(0.8);
});
