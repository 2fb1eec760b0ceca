/** Right gradients whose arrays are printed one by one, each in the format that suits its own numbers. */
import { check, compile, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";
import { random } from "../../src/numeric/prng.js";

const MODEL = parseModel(`
  N = size()
  X = input(N, 3)
  T = target(N, 2)
  C = input()
  W1 = param(3, 4)
  b1 = param(4)
  W2 = param(4, 2)
  b2 = param(2)
  H = tanh(X * W1 + b1')
  Y = H * W2 + b2'
  L = C * sum((Y - T).^2) / N`);

type Numbers = number | readonly Numbers[];
type Print = (one: number) => number;

const flat = (value: Numbers): number[] =>
  typeof value === "number" ? [value] : value.flatMap((one) => flat(one));
const each = (value: Numbers, change: Print): Numbers =>
  typeof value === "number" ? change(value) : value.map((one) => each(one, change));

const decimals =
  (count: number): Print =>
  (one) =>
    Number(one.toFixed(count));
const significant =
  (count: number): Print =>
  (one) =>
    Number(one.toPrecision(count));
const powerOf = (one: number): number => Math.floor(Math.log10(one));
const sizes = (array: readonly number[]) => {
  const all = array.filter((one) => one !== 0).map(Math.abs);
  return { least: Math.min(...all), most: Math.max(...all) };
};

/** How programs print an array. */
const PROGRAMS: Readonly<Record<string, (array: readonly number[]) => Print>> = {
  // numpy.set_printoptions: powers of ten where the largest is 10⁸, the smallest 10⁻⁴, or a thousandth of it
  NumPy: (array) => {
    const { least, most } = sizes(array);
    return most >= 1e8 || least < 1e-4 || most / least > 1000 ? significant(9) : decimals(8);
  },
  torch: (array) => {
    const { least, most } = sizes(array);
    const print = most / least > 1000 || most > 1e8 || least < 1e-4 ? significant(5) : decimals(4);
    return (one) => print(Math.fround(one));
  },
  // format short: 1.0e+03 * in front of all
  MATLAB: (array) => {
    const power = powerOf(sizes(array).most);
    const factor = power >= 3 || power < -3 ? power : 0;
    return (one) => Number(`${(one / 10 ** factor).toFixed(4)}e${factor}`);
  },
  // seven digits of the smallest, as many decimals for all
  R: (array) => decimals(Math.max(0, Math.min(15, 6 - powerOf(sizes(array).least)))),
};

const SCALES = [1e-5, 1, 40, 3e4, 2e11];

/** Data of different sizes, so that gradients of weights and of biases are. */
function drawn(seed: number) {
  const generator = random(seed);
  const rows = (m: number, n: number, scale: number): number[][] =>
    Array.from({ length: m }, () =>
      Array.from({ length: n }, () => Number((scale * generator.between(-1, 1)).toFixed(3))),
    );
  const N = 5 + generator.below(4);
  return {
    X: rows(N, 3, 1),
    T: rows(N, 2, 30),
    C: SCALES[seed % SCALES.length]!,
    W1: rows(3, 4, 0.2),
    b1: rows(1, 4, 1)[0]!,
    W2: rows(4, 2, 0.05),
    b2: rows(1, 2, 1)[0]!,
  };
}

describe.each(Object.entries(PROGRAMS))("arrays as %s prints them", (_, program) => {
  const printed = (seed: number, change: (name: string, value: Numbers) => Numbers) => {
    const at = drawn(seed);
    const gradients = compile(MODEL).evaluate(at).gradients as Record<string, Numbers>;
    const given = Object.entries(gradients).map(([name, value]) => {
      return [name, each(change(name, value), program(flat(value)))] as const;
    });
    return check(MODEL, Object.fromEntries(given), { at });
  };

  it.each(Array.from({ length: 20 }, (_, k) => k + 1))("are right (%i)", (seed) => {
    const { checks } = printed(seed, (_, value) => value);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])("are wrong with one entry that is off by 1 %% (%i)", (seed) => {
    for (const wrong of ["W1", "b2"]) {
      let count = 0;
      const { ok } = printed(seed, (name, value) =>
        name === wrong ? each(value, (one) => (count++ === 1 ? 1.01 * one : one)) : value,
      );
      expect(ok, wrong).toBe(false);
    }
  });
});

it("numbers of 10¹⁵ and more have no more digits than were printed", () => {
  const model = parseModel("x = input(3)\nw = param(3)\nL = dot(x, w.^2)");
  const at = { x: [6.17e14, 2.841e20, 7.7123e23], w: [1, 2, 3] };
  const right = compile(model).evaluate(at).gradients["w"] as number[];
  for (const digits of [4, 6, 9]) {
    expect(check(model, { w: right.map(significant(digits)) }, { at }).ok).toBe(true);
    const wrong = right.map((one) => significant(digits)(1.002 * one));
    expect(check(model, { w: wrong }, { at }).ok).toBe(false);
  }
});

it("are right as they are printed beside an array of another format that is wrong", () => {
  const model = parseModel(`
    x = input(3)
    t = target(2)
    W = param(2, 3)
    b = param(2)
    z = W * x + b
    y = tanh(z)
    L = sum((y - t).^2) / 2`);
  const at = {
    x: [0.001, -0.9, 0.6],
    t: [0.3, -0.2],
    W: [
      [0.4, -0.7, 0.2],
      [0.5, 0.3, -0.6],
    ],
    b: [0.1, -0.3],
  };
  const { gradients, values } = compile(model).evaluate(at);
  const [y, x] = [values.y as number[], at.x];
  // the slope of tanh is left out, and NumPy prints powers of ten
  const wrong = y.map((one, i) => x.map((other) => significant(5)((one - at.t[i]!) * other)));
  const b = each(gradients.b as number[], decimals(4)) as number[];
  const { checks } = check(model, { W: wrong, b }, { at });
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ["W", false],
    ["b", true],
  ]);
  expect(checks[0]!.diagnosis[0]!.cause).toBe("missing-factor");
  // a slip that its own digits show is not printed otherwise
  const slip = check(model, { W: wrong, b: [b[0]! + 3e-4, b[1]!] }, { at });
  expect(slip.checks.map(({ ok }) => ok)).toEqual([false, false]);
});
