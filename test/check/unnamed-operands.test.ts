/** Slips with quantities that programs have a name for and the model has none: z in h = tanh(U*x + V*h + b). */
import { check, type Diagnosis, parseModel, type Point } from "chainrule";
import { expect, it } from "vitest";
import {
  matrix,
  mv,
  numbers,
  outer,
  plus,
  T,
  type Vector,
  vminus,
  vplus,
  vscale,
  vtimes,
} from "./corpus/matrices.js";

const model = parseModel(`
  x1 = input(3)
  x2 = input(3)
  x3 = input(3)
  t1 = target(2)
  t2 = target(2)
  t3 = target(2)
  U = param(4, 3)
  V = param(4, 4)
  b = param(4)
  O = param(2, 4)
  h0 = zeros(4)
  h1 = tanh(U * x1 + V * h0 + b)
  h2 = tanh(U * x2 + V * h1 + b)
  h3 = tanh(U * x3 + V * h2 + b)
  y1 = O * h1
  y2 = O * h2
  y3 = O * h3
  L = (sum((y1 - t1).^2) + sum((y2 - t2).^2) + sum((y3 - t3).^2)) / 2`);

const at = {
  x1: numbers(3, 1),
  x2: numbers(3, 2),
  x3: numbers(3, 3),
  t1: numbers(2, 4),
  t2: numbers(2, 5),
  t3: numbers(2, 6),
  U: matrix(4, 3, 7),
  V: matrix(4, 4, 8),
  b: numbers(4, 9),
  O: matrix(2, 4, 10),
} satisfies Point;

/** The values of a step, and the derivatives that come back to it. */
interface Step {
  readonly h: Vector;
  readonly before: Vector;
  readonly z: Vector;
}

interface Slips {
  /** The slope of tanh, of what it is taken. */
  readonly slope?: (step: Step) => Vector;
  /** What the output's weights are multiplied by. */
  readonly output?: (step: Step) => Vector;
  /** What goes back to the step before: by default V'·dz. */
  readonly back?: (dz: Vector, step: Step) => Vector;
}

const slopeAt = (h: Vector): Vector => h.map((one) => 1 - one ** 2);

/** What a person writes, in a loop back over the steps. */
function gradients({ slope, output, back }: Slips) {
  const [xs, ts] = [
    [at.x1, at.x2, at.x3],
    [at.t1, at.t2, at.t3],
  ];
  const steps: Step[] = [];
  for (const x of xs) {
    const before = steps.at(-1)?.h ?? [0, 0, 0, 0];
    const z = vplus(vplus(mv(at.U, x), mv(at.V, before)), at.b);
    steps.push({ h: z.map(Math.tanh), before, z });
  }
  let [dU, dV, dO] = [at.U, at.V, at.O].map((one) => one.map((row) => row.map(() => 0)));
  let db = at.b.map(() => 0);
  let later = db;
  for (const k of [2, 1, 0]) {
    const step = steps[k]!;
    const dy = vminus(mv(at.O, step.h), ts[k]!);
    dO = plus(dO!, outer(dy, output?.(step) ?? step.h));
    const dz = vtimes(vplus(mv(T(at.O), dy), later), slope?.(step) ?? slopeAt(step.h));
    dU = plus(dU!, outer(dz, xs[k]!));
    dV = plus(dV!, outer(dz, step.before));
    db = vplus(db, dz);
    later = back?.(dz, step) ?? mv(T(at.V), dz);
  }
  return { U: dU!, V: dV!, b: db, O: dO! };
}

/** The first explanations, each once. */
function told(slips: Slips): Diagnosis[] {
  const firsts = check(model, gradients(slips), { at }).checks.flatMap(({ diagnosis }) =>
    diagnosis.filter(({ explanation }) => explanation === 1),
  );
  const kinds = firsts.map(({ text: _, ...details }) => JSON.stringify(details));
  return firsts.filter((_, k) => kinds.indexOf(kinds[k]!) === k);
}

it("nothing is wrong without a slip", () => {
  expect(told({})).toEqual([]);
});

it("the slope of the state before, at every step", () => {
  const [first, ...others] = told({ slope: ({ before }) => slopeAt(before) });
  expect(others.map(({ text }) => text)).toEqual([]);
  expect(first).toMatchObject({ cause: "wrong-variable", used: "h2", instead: "h3" });
  expect(first!.text).toContain("at every step");
});

it("the pre-activation for the activation", () => {
  const [first, ...others] = told({ output: ({ z }) => z });
  expect(others).toEqual([]);
  expect(first).toMatchObject({ cause: "wrong-variable", instead: "h3" });
  expect(first!.used).toContain("V * h2");
});

it("a derivative that has the slope of its making in it already", () => {
  const softplus = parseModel(`
    x = input(3)
    t = target(2)
    W = param(4, 3)
    V = param(2, 4)
    h = softplus(W * x)
    y = V * h
    L = sum((y - t).^2) / 2`);
  const { x1: x, t1: t, U: W, O: V } = at;
  const z = mv(W, x);
  const dy = vminus(
    mv(
      V,
      z.map((one) => Math.log1p(Math.exp(one))),
    ),
    t,
  );
  const slope = z.map((one) => 1 / (1 + Math.exp(-one)));
  const dh = vtimes(mv(T(V), dy), slope);
  const claims = { h: dh, W: outer(vtimes(dh, slope), x) };
  const { checks } = check(softplus, claims, { at: { x, t, W, V } });
  const [h, w] = checks.map(({ diagnosis }) => diagnosis[0]!);
  expect(h).toMatchObject({ cause: "extra-factor", factor: "softplus'(W * x)" });
  expect(w).toMatchObject({ cause: "extra-factor", arisesIn: "h" });
});

it("slopes that are taken on the way back to a step, and again at it", () => {
  const all = told({ back: (dz, { before }) => vtimes(mv(T(at.V), dz), slopeAt(before)) });
  expect(all).toHaveLength(1);
  expect(all[0]).toMatchObject({ cause: "extra-factor", arisesIn: "h2" });
  expect(all[0]!.text).toContain("at every step");
});

it("an error that is clipped on its way back to the step before", () => {
  const all = told({
    back: (dz) =>
      mv(
        T(at.V),
        dz.map((one) => Math.max(-0.1, Math.min(0.1, one))),
      ),
  });
  expect(all).toHaveLength(1);
  expect(all[0]).toMatchObject({ cause: "clipped" });
  expect(all[0]!.text).toContain("[-0.1, 0.1]");
  const scaled = told({ back: (dz) => mv(T(at.V), vscale(0.5, dz)) });
  expect(scaled.map(({ cause }) => cause)).not.toContain("clipped");
});
