/**
 * Where formulas lose digits or are 0/0 though the function is not: norms of huge, tiny and zero
 * vectors, powers of base 0, logsumexp near 0. Judged by formulas of our own in 80 digits.
 */
import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import {
  backprop,
  compile,
  derive,
  evaluateDecimal,
  parseModel,
  type Point,
} from "../../src/index.js";

const D = Decimal.clone({ precision: 80, minE: -9e15, maxE: 9e15 });
const big = (values: readonly number[]): Decimal[] => values.map((value) => new D(value));
const total = (values: readonly Decimal[]): Decimal => values.reduce((a, b) => a.plus(b), new D(0));

/** The engine's answers: in plain loops, in fast code, by the backprop, in 30 digits. */
function answers(text: string, point: Point, wrt: string) {
  const model = parseModel(text);
  const compiled = compile(model);
  const { loss, gradients } = compiled.evaluate(point);
  const data = Object.fromEntries(
    [...model.inputs, ...model.targets].map(({ name }) => [name, point[name]!]),
  );
  const theta = Float64Array.from(model.params.flatMap(({ name }) => [point[name]!].flat(2)));
  const out = new Float64Array(theta.length);
  const bound = compiled.bind(data)(theta, out);
  const matrix = backprop(model, point);
  const precise = evaluateDecimal(model, point, 30);
  const numbers = (value: unknown): Decimal[] =>
    [value].flat(2).map((one) => new D(String(one as number | Decimal)));
  return [
    { by: "evaluate", loss, gradient: numbers(gradients[wrt]), digits: 14 },
    // the one parameter is all of out
    { by: "bind", loss: bound, gradient: numbers([...out]), digits: 14 },
    { by: "backprop", loss: matrix.loss, gradient: numbers(matrix.gradients[wrt]), digits: 14 },
    { by: "30 digits", loss: precise.loss, gradient: numbers(precise.gradients[wrt]), digits: 29 },
  ];
}

function expectRight(
  text: string,
  point: Point,
  wrt: string,
  loss: Decimal,
  gradient: readonly Decimal[],
): void {
  const near = (actual: Decimal, expected: Decimal, digits: number, what: string): void => {
    // what is below the smallest double is 0
    const allowed = D.max(expected.abs().times(new D(10).pow(-digits)), "1e-323");
    const text = `${what}: ${actual.toString()}, expected ${expected.toString()}`;
    expect(actual.minus(expected).abs().lte(allowed), text).toBe(true);
  };
  for (const { by, loss: found, gradient: entries, digits } of answers(text, point, wrt)) {
    near(new D(found.toString()), loss, digits, `loss by ${by}`);
    expect(entries).toHaveLength(gradient.length);
    for (const [k, entry] of entries.entries()) {
      near(entry, gradient[k]!, digits, `∂/∂${wrt}[${k + 1}] by ${by}`);
    }
  }
}

const VECTORS = [
  [3, -4],
  [3e200, 4e200],
  [-1.2e308, 2, 1e308],
  [3e-200, 4e-200],
  [1e-307, -2e-307],
  [1e300, 1e-300],
];

describe("norm", () => {
  it.each(VECTORS.map((v) => [v] as const))("of %j neither overflows nor underflows", (v) => {
    const length = total(big(v).map((one) => one.times(one))).sqrt();
    const slopes = big(v).map((one) => one.div(length));
    const text = `v = param(${v.length})\nL = norm(v)`;
    expectRight(text, { v }, "v", length, slopes);
  });

  it("of a scaled vector, and inside other functions", () => {
    const v = [3e180, -4e180];
    expectRight("v = param(2)\nL = norm(2 * v)", { v }, "v", new D("1e181"), big([1.2, -1.6]));
    const x = [1e170, 0];
    const text = "x = input(2)\nv = param(2)\nL = log(norm(v - x))";
    expectRight(text, { v, x }, "v", ...logNorm(v, x));
  });

  it("has derivative 0 at 0, in every way", () => {
    expectRight("v = param(3)\nL = norm(v)", { v: [0, 0, 0] }, "v", new D(0), big([0, 0, 0]));
    const text = "v = param(2)\nL = 3 * norm(v) + sum(v)";
    expectRight(text, { v: [0, 0] }, "v", new D(0), big([1, 1]));
  });

  it("says so in the derivation", () => {
    const model = parseModel("v = param(3)\nL = norm(v)");
    const text = derive(model, { wrt: "v", form: "matrix" }).toMarkdown();
    expect(text).toContain("By convention the derivative of a norm at 0 is 0.");
    const root = parseModel("v = param(3)\nL = sqrt(sum(v.^2) + 1)");
    expect(derive(root, { wrt: "v", form: "matrix" }).toMarkdown()).not.toContain("By convention");
  });
});

function logNorm(v: readonly number[], x: readonly number[]): [Decimal, Decimal[]] {
  const apart = big(v).map((one, k) => one.minus(x[k]!));
  const squares = total(apart.map((one) => one.times(one)));
  return [squares.sqrt().ln(), apart.map((one) => one.div(squares))];
}

describe("a power of base 0", () => {
  const text = "a = input(3)\np = param()\nL = sum(a .^ p)";
  it.each([0.5, 1, 2.5])("with the learnt exponent %d has the limit 0", (p) => {
    const a = [0, 1, 2];
    const terms = [new D(0), new D(1), new D(2).pow(p)];
    const slope = new D(2).pow(p).times(new D(2).ln());
    expectRight(text, { a, p }, "p", total(terms), [slope]);
  });

  it("and exponent 0 is constant in its base", () => {
    const model = "p = input()\na = param(2)\nL = sum(a .^ p)";
    expectRight(model, { a: [0, 2], p: 0 }, "a", new D(2), big([0, 0]));
  });

  it("is still infinitely steep below exponent 1", () => {
    const model = parseModel("p = input()\na = param()\nL = a .^ p");
    expect(compile(model).evaluate({ a: 0, p: 0.5 }).gradients["a"]).toBe(Infinity);
  });
});

describe("logsumexp near 0", () => {
  const logSumExp = (z: readonly number[]): [Decimal, Decimal[]] => {
    const powers = big(z).map((one) => one.exp());
    const sum = total(powers);
    return [sum.ln(), powers.map((one) => one.div(sum))];
  };

  it.each([[[-1e-30, -60, -70]], [[0, -40, -45, -600]], [[-1e-12, -31]], [[0, 0, 0]]])(
    "of %j keeps its digits",
    (z) => {
      expectRight(`z = param(${z.length})\nL = logsumexp(z)`, { z }, "z", ...logSumExp(z));
    },
  );

  it("so that the loss of a confident classifier does not become 0", () => {
    const z = [55, 3, -9];
    const [whole, shares] = logSumExp(z);
    const model = "t = target(3)\nz = param(3)\nL = -dot(t, logsoftmax(z))";
    const { loss, gradients } = compile(parseModel(model)).evaluate({ z, t: [1, 0, 0] });
    const expected = whole.minus(55);
    expect(new D(loss).minus(expected).abs().lt(expected.times(1e-14))).toBe(true);
    const [, second] = gradients["z"] as number[];
    expect(new D(second!).div(shares[1]!).minus(1).abs().toNumber()).toBeLessThan(1e-14);
  });
});
