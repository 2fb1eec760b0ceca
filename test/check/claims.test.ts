import { check, checkAsync, type Claims, compile, InputError, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";

const model = parseModel(`
  N = size()
  x = input(2, N)
  W1 = param(3, 2)
  W2 = param(3)
  z1 = W1 * x
  L = sum(z1.^2) + sum(W2)`);
const at = {
  x: [
    [1, 2],
    [3, 4],
  ],
  W1: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  W2: [1, 2, 3],
};

function refusal(claims: unknown): string {
  try {
    check(model, claims as Claims, { at });
  } catch (error) {
    if (error instanceof InputError) return error.report;
    throw error;
  }
  return "accepted";
}

describe("claims that cannot be read", () => {
  it.each<[unknown, string]>([
    [
      null,
      'gradients are an object with a value for each name, not null\n  hint: {"W1": [[…]], "b1": […]}',
    ],
    [
      [1],
      'gradients are an object with a value for each name, not a list\n  hint: {"W1": [[…]], "b1": […]}',
    ],
    [
      Promise.resolve({ W2: [1, 1, 1] }),
      "gradients are an object with a value for each name, not a promise\n  hint: await it",
    ],
    [
      new Map([["W2", [1, 1, 1]]]),
      'gradients are an object with a value for each name, not a Map\n  hint: {"W1": [[…]], "b1": […]}',
    ],
    [
      new Float64Array(3),
      'gradients are an object with a value for each name, not a list\n  hint: {"W1": [[…]], "b1": […]}',
    ],
    [
      undefined,
      'gradients are an object with a value for each name, not undefined\n  hint: {"W1": [[…]], "b1": […]}',
    ],
    [{ W2: undefined }, "the gradient W2 is undefined, not a number"],
    [{ W2: new Array(3) }, "the gradient W2[1] is undefined, not a number"],
    [
      { W2: { data: [1, 1, 1] } },
      "the gradient W2 is an object, not a number\n  hint: a gradient is a number, or nested lists of numbers",
    ],
    [
      { W2: [Promise.resolve(1)] },
      "the gradient W2[1] is a promise, not a number\n  hint: a gradient is a number, or nested lists of numbers",
    ],
    [{}, "no gradient is given\n  hint: the parameters are W1, W2"],
    [
      { w1: 1 },
      "a gradient is given for w1, which the model does not have\n  hint: did you mean W1?",
    ],
    [
      { dW3: 1 },
      "a gradient is given for dW3, which the model does not have\n  hint: did you mean W1?",
    ],
    [
      { loss: 1 },
      "a gradient is given for loss, which the model does not have\n  hint: the parameters are W1, W2",
    ],
    [{ N: 1 }, "a gradient is given for N, which is a size"],
    [{ W2: [1, 2, 3], dW2: [1, 2, 3] }, "the gradient of W2 is given twice, as W2 and as dW2"],
    [{ W2: [1, "2", 3] }, "the gradient W2[2] is a string, not a number"],
    [{ W2: [1, null, 3] }, "the gradient W2[2] is null, not a number"],
    [{ W2: [1, Number.NaN, 3] }, "the gradient W2[2] is NaN, not a finite number"],
    [
      {
        W1: [
          [1, 2],
          [3, Infinity],
        ],
      },
      "the gradient W1[2,2] is Infinity, not a finite number",
    ],
    [
      { W1: [[1, 2], [3]] },
      "the gradient W1[2] is ragged: it has 1 entries, its neighbours have 2",
    ],
    [{ W1: [[1, 2], 3] }, "the gradient W1[2] is 3, where its neighbours are lists"],
    [
      {
        W1: [
          [1, 2],
          [3, [4]],
        ],
      },
      "the gradient W1[2,2] is a list, not a number",
    ],
    [{ W1: [[], []] }, "the gradient W1 is an empty list"],
    [{ W1: [[[[[[[[[1]]]]]]]]] }, "the gradient W1 is nested too deeply"],
  ])("%j", (claims, message) => {
    expect(refusal(claims)).toBe(message);
  });

  it("big integers", () => {
    expect(refusal({ W2: [1n, 1n, 1n] })).toBe("the gradient W2[1] is a bigint, not a number");
    expect(refusal({ W2: new BigInt64Array(3) })).toMatch(
      /^the gradient W2 is a list, not a number/,
    );
  });

  it("lists that would be huge if the others were as long as the first", () => {
    const first = Array.from({ length: 1e6 }, () => 0);
    expect(refusal({ W1: [first, ...first] })).toBe(
      "the gradient W1[2] is 0, where its neighbours are lists",
    );
  });

  it("values without a point", () => {
    expect(() => check(model, { W2: [1, 1, 1] })).toThrow(
      "gradients as values need the point that they were computed at",
    );
  });

  it("names of Object's own are names like others", () => {
    expect(refusal(JSON.parse('{"__proto__": [1]}'))).toContain("__proto__");
    expect(refusal({ constructor: [1] })).toContain("constructor");
  });

  it("a point at which there is no derivative", () => {
    const root = parseModel("w = param()\nL = sqrt(w)");
    expect(() => check(root, { w: 1 }, { at: { w: 0 } })).toThrow(
      "the derivative of L by w is not finite at this point",
    );
  });
});

describe("claims in other forms", () => {
  // L = Σ z1² + …, so dz1 = 2 z1 and dW1 = 2 z1 xᵀ; z1 = W1 x = [7 10; 15 22; 23 34]
  const z1 = [
    [14, 20],
    [30, 44],
    [46, 68],
  ];
  const W1 = z1.map(([a, b]) => [a! * 1 + b! * 2, a! * 3 + b! * 4]);

  it.each<[string, Claims]>([
    ["a flat list, rows first", { W1: W1.flat() }],
    ["a flat list as one row", { W1: [W1.flat()] }],
    ["rows that are typed arrays", { W1: W1.map((row) => Float64Array.from(row)) }],
    ["a typed array of all entries", { W1: Float64Array.from(W1.flat()) }],
    ["whole numbers in a typed array", { W1: Int32Array.from(W1.flat()) }],
    ["a column", { W2: [[1], [1], [1]] }],
    ["a row", { W2: [[1, 1, 1]] }],
    [
      "a column of typed arrays",
      { W2: [Float32Array.of(1), Float32Array.of(1), Float32Array.of(1)] },
    ],
    ["axes of length 1 on the outside", { W2: [[[1, 1, 1]]] }],
    ["an intermediate quantity", { z1 }],
  ])("%s is right", (_, claims) => {
    expect(check(model, claims, { at })).toMatchObject({ ok: true });
  });

  it("a number for what has one entry, as a list too", () => {
    const scalar = parseModel("w = param()\nv = param(1)\nu = param(1, 1)\nL = w * v[1] * u[1, 1]");
    const point = { w: 2, v: [3], u: [[5]] };
    for (const nest of [(n: number) => n, (n: number) => [n], (n: number) => [[n]]]) {
      const claims = { w: nest(15), v: nest(10), u: nest(6) };
      expect(check(scalar, claims, { at: point })).toMatchObject({ ok: true });
    }
  });

  it("a transpose that is no vector is not taken for right", () => {
    const turned = [0, 1].map((column) => W1.map((row) => row[column]!));
    const [first] = check(model, { W1: turned }, { at }).checks;
    expect(first).toMatchObject({ ok: false, diagnosis: [{ cause: "transposed" }] });
  });
});

describe("functions", () => {
  const gradient = compile(model);
  const right = (point: Parameters<typeof gradient.evaluate>[0]) =>
    gradient.evaluate(point).gradients as Claims;

  it("are asked at points of different sizes", () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const sizes = new Set<number>();
      const remembering = (point: Parameters<typeof right>[0]): Claims => {
        sizes.add((point["x"] as number[][])[0]!.length);
        return right(point);
      };
      expect(check(model, remembering, { seed }).ok).toBe(true);
      expect(sizes.size).toBe(3);
    }
  });

  it("that answer later are awaited by checkAsync, and refused by check", async () => {
    const later = (point: Parameters<typeof right>[0]) => Promise.resolve(right(point));
    expect(await checkAsync(model, later)).toMatchObject({ ok: true });
    const wrong = async (point: Parameters<typeof right>[0]) => {
      const { W1, W2 } = await later(point);
      return { W1: (W1 as number[][]).map((row) => row.map((entry) => -entry)), W2: W2! };
    };
    const { checks } = await checkAsync(model, wrong);
    expect(checks[0]).toMatchObject({ name: "W1", diagnosis: [{ cause: "sign" }] });
    expect(() => check(model, later as unknown as typeof right)).toThrow(
      "the function returns a promise, which check does not wait for",
    );
    const failing = () => Promise.reject(new Error("out of memory"));
    await expect(checkAsync(model, failing)).rejects.toThrow("out of memory");
  });

  it("that give different quantities at different points are refused", () => {
    let asked = 0;
    const changing = (point: Parameters<typeof right>[0]): Claims => {
      const { W1, W2 } = right(point);
      return asked++ === 0 ? { W1: W1!, W2: W2! } : { W1: W1! };
    };
    expect(() => check(model, changing)).toThrow(
      "different quantities are given at different points",
    );
  });
});

describe("claims with names of their own", () => {
  const logistic = parseModel(`
    X = input(4, 2)
    y = target(4)
    w = param(2)
    s = X * w
    p = sigmoid(s)
    L = -mean(y .* log(p) + (1 - y) .* log(1 - p))`);
  const X = [0, 1, 2, 3].map((k) => [0.3 + 0.4 * k, 0.7 - 0.9 * k]);
  const point = { X, y: [1, 0, 1, 0], w: [0.4, -0.3] };
  const p = compile(logistic).evaluate(point).values["p"] as readonly number[];
  const claim = p.map((one, k) => {
    const dp = ((1 - point.y[k]!) / (1 - one) - point.y[k]! / one) / 4;
    return dp * one * one;
  });

  it.each(["s", "ds", "grad_s", "dL_ds"])("are called by these in sentences: %s", (name) => {
    const [first] = check(logistic, { [name]: claim }, { at: point }).checks;
    const called = name === "s" ? "ds" : name;
    const what = "is computed with p where 1 - p belongs: the two add up to 1";
    expect(first!.diagnosis.map(({ text }) => text)).toEqual([`${called} ${what}`]);
  });
});
