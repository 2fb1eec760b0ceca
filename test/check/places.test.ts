/** One slip at several places is told of all of them: the sentence about one is that of a smaller mistake. */
import { check, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { catalogueOf } from "../../src/check/mutants/catalogue.js";
import type { Mutant } from "../../src/check/mutants/mutant.js";
import { Backward } from "../../src/check/pass/backward.js";
import { Bench } from "../../src/check/pass/bench.js";
import { readPoint } from "../../src/language/point.js";
import { matrix, mv, numbers, outer, plus, T, vminus, vplus, vtimes } from "./corpus/matrices.js";

const GATED = `
  x1 = input(2)
  x2 = input(2)
  x3 = input(2)
  t = target(3)
  h0 = input(3)
  Wz = param(3, 2)
  Uz = param(3, 3)
  Wr = param(3, 2)
  Ur = param(3, 3)
  z1 = sigmoid(Wz * x1 + Uz * h0)
  r1 = sigmoid(Wr * x1 + Ur * h0)
  h1 = z1 .* h0 + r1 .* r1
  z2 = sigmoid(Wz * x2 + Uz * h1)
  r2 = sigmoid(Wr * x2 + Ur * h1)
  h2 = z2 .* h1 + r2 .* r2
  z3 = sigmoid(Wz * x3 + Uz * h2)
  r3 = sigmoid(Wr * x3 + Ur * h2)
  h3 = z3 .* h2 + r3 .* r3
  L = 1/2 * sum((h3 - t).^2)`;

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** The gradient by hand; `back` says which gates the derivative is passed back through. */
function gated(back: { readonly z: boolean; readonly r: boolean }) {
  const point = {
    ...{ x1: numbers(2, 1), x2: numbers(2, 2), x3: numbers(2, 3), t: numbers(3, 4) },
    ...{ h0: numbers(3, 5), Wz: matrix(3, 2, 6), Uz: matrix(3, 3, 7) },
    ...{ Wr: matrix(3, 2, 8), Ur: matrix(3, 3, 9) },
  };
  const { Wz, Uz, Wr, Ur } = point;
  let h = point.h0;
  const steps = [point.x1, point.x2, point.x3].map((x) => {
    const z = vplus(mv(Wz, x), mv(Uz, h)).map(sigmoid);
    const r = vplus(mv(Wr, x), mv(Ur, h)).map(sigmoid);
    const step = { x, h, z, r };
    h = vplus(vtimes(z, h), vtimes(r, r));
    return step;
  });
  const zero = (rows: number, columns: number): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0));
  const total = { Wz: zero(3, 2), Uz: zero(3, 3), Wr: zero(3, 2), Ur: zero(3, 3) };
  let dh = vminus(h, point.t);
  for (const { x, h: before, z, r } of steps.toReversed()) {
    const dz = dh.map((d, k) => d * before[k]! * z[k]! * (1 - z[k]!));
    const dr = dh.map((d, k) => d * 2 * r[k]! * r[k]! * (1 - r[k]!));
    total.Wz = plus(total.Wz, outer(dz, x));
    total.Uz = plus(total.Uz, outer(dz, before));
    total.Wr = plus(total.Wr, outer(dr, x));
    total.Ur = plus(total.Ur, outer(dr, before));
    dh = vtimes(dh, z);
    if (back.z) dh = vplus(dh, mv(T(Uz), dz));
    if (back.r) dh = vplus(dh, mv(T(Ur), dr));
  }
  return { point, total };
}

describe("one slip at several places", () => {
  const model = parseModel(GATED);
  const terms = (back: { readonly z: boolean; readonly r: boolean }): (string | undefined)[] => {
    const { point, total } = gated(back);
    const { checks } = check(model, total, { at: point });
    const { diagnosis } = checks.find(({ name }) => name === "Uz")!;
    return diagnosis
      .filter(({ explanation }) => explanation === 1)
      .map(({ term }) => term)
      .sort();
  };

  it("is told of each path that is lost", () => {
    expect(
      check(model, gated({ z: true, r: true }).total, { at: gated({ z: true, r: true }).point }).ok,
    ).toBe(true);
    expect(terms({ z: true, r: false })).toEqual(["the path through r3"]);
    expect(terms({ z: false, r: true })).toEqual(["the path through z3"]);
    expect(terms({ z: false, r: false })).toEqual(["the paths through r3 and z3"]);
  });

  const LAYERS = `
    x = input(3)
    t = target(3)
    A = param(3, 3)
    B = param(3, 3)
    C = param(3, 3)
    h = tanh(A * x)
    u = sigmoid(A * h)
    v = sigmoid(B * h)
    w = sigmoid(C * h)
    y = u .* v + w .* sigmoid(h)
    L = sum((y - t).^2)`;

  it.each([
    ["gates of a loop", GATED],
    ["gates of a layer", LAYERS],
  ])("is not told as one of them: %s", (_, text) => {
    const one = parseModel(text);
    const backward = Backward.of(one);
    const point = readPoint(one, randomPoint(one, { seed: 3 }));
    const bench = new Bench(backward, point, new Set(one.params), { longest: Infinity });
    const told = ({ fault, second }: Mutant): string =>
      [fault, ...(second ? [second] : [])].map(({ say }) => say("dP")).join(" and ");
    const effect = (mutant: Mutant): string => {
      const result = bench.evaluate(mutant.change());
      const entries = one.params.flatMap((param) => [...(result?.get(param) ?? [])]);
      return entries.map((entry) => entry.toPrecision(8)).join(" ");
    };
    const all = [...catalogueOf(backward, bench, false).mutants((cost) => cost > 2.3)];
    const repeated = all.filter(({ slips }) => slips !== undefined && slips.length > 1);
    const asOne = repeated.filter((mutant) =>
      mutant.slips!.some((slip) => told(slip) === told(mutant) && effect(slip) !== effect(mutant)),
    );
    expect(repeated.length).toBeGreaterThan(10);
    expect(asOne.map(told)).toEqual([]);
  });
});
