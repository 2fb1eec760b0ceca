/** Slips in a gated recurrence, made in its loop: one mistake for all parameters. */
import { check, parseModel, type Diagnosis } from "chainrule";
import { describe, expect, it } from "vitest";
import {
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
  vtimes,
} from "./corpus/matrices.js";

const STEPS = [1, 2, 3];

const GRU = `
  ${STEPS.map((k) => `x${k} = input(2)`).join("\n")}
  h0 = input(3)
  t = target(2)
  ${["z", "r", "h"].map((g) => `W${g} = param(3, 2)\nU${g} = param(3, 3)\nb${g} = param(3)`).join("\n")}
  V = param(2, 3)
  ${STEPS.map(
    (k) => `z${k} = sigmoid(Wz * x${k} + Uz * h${k - 1} + bz)
      r${k} = sigmoid(Wr * x${k} + Ur * h${k - 1} + br)
      g${k} = tanh(Wh * x${k} + Uh * (r${k} .* h${k - 1}) + bh)
      h${k} = (1 - z${k}) .* h${k - 1} + z${k} .* g${k}`,
  ).join("\n")}
  y = V * h3
  L = sum((y - t).^2) / 2`;

const xs = STEPS.map((k) => numbers(2, 300 + k));
const point = {
  x1: xs[0]!,
  x2: xs[1]!,
  x3: xs[2]!,
  h0: numbers(3, 304),
  t: numbers(2, 305),
  V: matrix(2, 3, 306),
  Wz: matrix(3, 2, 307),
  Uz: matrix(3, 3, 308),
  bz: numbers(3, 309),
  Wr: matrix(3, 2, 310),
  Ur: matrix(3, 3, 311),
  br: numbers(3, 312),
  Wh: matrix(3, 2, 313),
  Uh: matrix(3, 3, 314),
  bh: numbers(3, 315),
};

/** What the code of the loop does otherwise. */
interface Slips {
  /** h = z .* h + (1 - z) .* g, in one pass or both. */
  readonly otherForward?: boolean;
  readonly otherBackward?: boolean;
  /** r .* (U * h) in the forward pass. */
  readonly resetAfter?: boolean;
  readonly notTransposed?: boolean;
  /** (1 - r).^2 for r .* (1 - r). */
  readonly slope?: boolean;
}

const rest = (v: Vector): Vector => v.map((one) => 1 - one);

function gradients(slips: Slips) {
  const { V, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh } = point;
  const hs = [point.h0];
  const steps = xs.map((x) => {
    const h = hs.at(-1)!;
    const gate = (W: Matrix, U: Matrix, b: Vector): Vector =>
      vplus(vplus(mv(W, x), mv(U, h)), b).map(sigmoid);
    const [z, r] = [gate(Wz, Uz, bz), gate(Wr, Ur, br)];
    const recurrent = slips.resetAfter ? vtimes(r, mv(Uh, h)) : mv(Uh, vtimes(r, h));
    const g = vplus(vplus(mv(Wh, x), recurrent), bh).map(Math.tanh);
    const [old, fresh] = slips.otherForward ? [z, rest(z)] : [rest(z), z];
    hs.push(vplus(vtimes(old, h), vtimes(fresh, g)));
    return { x, h, z, r, g };
  });
  const dy = vminus(mv(V, hs.at(-1)!), point.t);
  const zero = (of: Matrix): Matrix => scale(0, of);
  const none = [0, 0, 0];
  const d = {
    ...{ Wz: zero(Wz), Uz: zero(Uz), bz: none, Wr: zero(Wr), Ur: zero(Ur), br: none },
    ...{ Wh: zero(Wh), Uh: zero(Uh), bh: none, V: outer(dy, hs.at(-1)!) },
  };
  let dh = mv(T(V), dy);
  for (const { x, h, z, r, g } of steps.toReversed()) {
    const other = slips.otherBackward;
    const dz = vtimes(dh, other ? vminus(h, g) : vminus(g, h));
    const dg = vtimes(dh, other ? rest(z) : z);
    const da = vtimes(
      dg,
      g.map((one) => 1 - one * one),
    );
    const drh = mv(slips.notTransposed ? Uh : T(Uh), da);
    const daz = vtimes(dz, vtimes(z, rest(z)));
    const dar = vtimes(vtimes(drh, h), vtimes(slips.slope ? rest(r) : r, rest(r)));
    const add = (name: "z" | "r" | "h", error: Vector, before: Vector): void => {
      d[`W${name}`] = plus(d[`W${name}`], outer(error, x));
      d[`U${name}`] = plus(d[`U${name}`], outer(error, before));
      d[`b${name}`] = vplus(d[`b${name}`], error);
    };
    add("z", daz, h);
    add("r", dar, h);
    add("h", da, vtimes(r, h));
    dh = [vtimes(dh, other ? z : rest(z)), vtimes(drh, r), mv(T(Uz), daz), mv(T(Ur), dar)].reduce(
      vplus,
    );
  }
  return d;
}

describe("a slip in the loop of a gated recurrence", () => {
  const model = parseModel(GRU);
  /** The causes that are told first, each once. */
  const told = (slips: Slips): Diagnosis[] => {
    const { checks } = check(model, gradients(slips), { at: point });
    const first = checks.flatMap(({ diagnosis }) =>
      diagnosis.filter(({ explanation }) => explanation === 1),
    );
    const all = new Map(first.map((one) => [JSON.stringify({ ...one, text: "" }), one]));
    return [...all.values()];
  };

  it("is nothing where there is none", () => {
    expect(told({})).toEqual([]);
  });

  it("may be the other convention of its gate, in one pass or in both", () => {
    for (const [slips, passes] of [
      [{ otherForward: true, otherBackward: true }, "is the derivative of another forward pass:"],
      [{ otherForward: true }, "by the right lines with the values of another forward pass:"],
      [{ otherBackward: true }, "computed with the step back through h3 as if that had"],
    ] as const) {
      const [first, ...others] = told(slips);
      expect(first).toMatchObject({
        cause: "wrong-variable",
        used: "1 - z3",
        instead: "z3",
      });
      expect(first?.text).toContain("at every step");
      expect(first?.text).toContain(passes);
      expect(others).toEqual([]);
    }
  });

  it("may be a reset gate behind the product, in the forward pass alone", () => {
    const [first, ...others] = told({ resetAfter: true });
    expect(first).toMatchObject({ cause: "wrong-variable", used: "r3 .* (Uh * h2)" });
    expect(first?.text).toContain("by the right lines with the values of another forward pass: g3");
    expect(others).toEqual([]);
  });

  it("may be in a line that several of the model's stand for, at the first step too", () => {
    const [first, ...others] = told({ notTransposed: true });
    expect(first?.cause).toBe("transposed");
    expect(first?.text).toMatch(/^the same mistake in 2 places \(r3, h2\): at every step/);
    expect(others).toEqual([]);
  });

  it("may be one factor of a gate's slope for the other", () => {
    const [first, ...others] = told({ slope: true });
    expect(first).toMatchObject({ cause: "wrong-function", used: "(1 - r3).^2" });
    expect(others).toEqual([]);
  });
});
