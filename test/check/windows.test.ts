/** Convolutions by slices, whose loops assign where they should add. */
import { check, compile, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";

type Grid = number[][];

const range = (n: number): number[] => Array.from({ length: n }, (_, k) => k);
const grid = (rows: number, columns: number): Grid =>
  range(rows).map(() => new Array<number>(columns).fill(0));

/** Stores contributions in the order of a loop: what comes later replaces what came before. */
function assigned(store: Grid, contributions: readonly [number, number, number][]): Grid {
  for (const [row, column, value] of contributions) store[row]![column] = value;
  return store;
}

describe("a kernel in two dimensions, one statement for each window", () => {
  const model = parseModel(`
    X = input(3, 3)
    E = param(3, 3)
    K = param(2, 2)
    t = target(4)
    U = tanh(E .* X)
    y1 = sum(K .* U[1:2, 1:2])
    y2 = sum(K .* U[1:2, 2:3])
    y3 = sum(K .* U[2:3, 1:2])
    y4 = sum(K .* U[2:3, 2:3])
    y = [y1, y2, y3, y4]
    L = sum((y - t).^2)/2`);
  const at = randomPoint(model, { seed: 3 });
  const right = compile(model).evaluate(at).gradients;
  const [X, E, K] = [at["X"] as Grid, at["E"] as Grid, at["K"] as Grid];
  const U = E.map((row, i) => row.map((v, j) => Math.tanh(v * X[i]![j]!)));
  const windows = range(4).map((n) => [n >> 1, n % 2] as const);
  const cells = range(4).map((n) => [n >> 1, n % 2] as const);
  const dy = windows.map(([a, b], n) => {
    const y = cells.reduce((sum, [i, j]) => sum + K[i]![j]! * U[a + i]![b + j]!, 0);
    return y - (at["t"] as number[])[n]!;
  });
  const beyond = (dU: Grid): Grid =>
    dU.map((row, i) => row.map((d, j) => d * (1 - U[i]![j]! ** 2) * X[i]![j]!));
  const into = (order: readonly number[]): [number, number, number][] =>
    order.flatMap((n) =>
      cells.map(([i, j]): [number, number, number] => {
        const [a, b] = windows[n]!;
        return [a + i, b + j, K[i]![j]! * dy[n]!];
      }),
    );

  it.each([
    ["the last window is kept", [0, 1, 2, 3]],
    ["the first window is kept", [3, 2, 1, 0]],
  ])("%s: told where it arises", (_, order) => {
    const claims = { ...right, E: beyond(assigned(grid(3, 3), into(order))) };
    const [wrong, ...others] = check(model, claims, { at }).checks.filter(({ ok }) => !ok);
    expect(others).toEqual([]);
    expect(wrong!.diagnosis).toMatchObject([
      { cause: "not-summed", arisesIn: "U", term: "overlapping windows of dU" },
    ]);
    expect(wrong!.diagnosis[0]!.text).toContain("= where += belongs");
  });
});

describe("a kernel along rows, one term for each tap", () => {
  const model = parseModel(`
    X = input(2, 6)
    E = param(2, 6)
    w = param(3)
    T = target(2, 4)
    U = tanh(E .* X)
    Y = w[1] * U[:, 1:4] + w[2] * U[:, 2:5] + w[3] * U[:, 3:6]
    L = sum((Y - T).^2)/2`);
  const at = randomPoint(model, { seed: 3 });
  const right = compile(model).evaluate(at).gradients;
  const [X, E, w] = [at["X"] as Grid, at["E"] as Grid, at["w"] as number[]];
  const U = E.map((row, i) => row.map((v, j) => Math.tanh(v * X[i]![j]!)));
  const dY = U.map((row, i) =>
    range(4).map((j) => {
      const y = w.reduce((sum, v, k) => sum + v * row[j + k]!, 0);
      return y - (at["T"] as Grid)[i]![j]!;
    }),
  );

  it.each<[string, [number, number][]]>([
    ["in a loop over taps", range(3).flatMap((k) => range(4).map((j): [number, number] => [j, k]))],
    [
      "in a loop over places",
      range(4).flatMap((j) => range(3).map((k): [number, number] => [j, k])),
    ],
  ])("is assigned %s", (_, loop) => {
    const dU = assigned(
      grid(2, 6),
      loop.flatMap(([j, k]) =>
        range(2).map((i): [number, number, number] => [i, j + k, w[k]! * dY[i]![j]!]),
      ),
    );
    const dE = dU.map((row, i) => row.map((d, j) => d * (1 - U[i]![j]! ** 2) * X[i]![j]!));
    const wrong = check(model, { ...right, E: dE }, { at }).checks.filter(({ ok }) => !ok);
    expect(wrong.map(({ name }) => name)).toEqual(["E"]);
    expect(wrong[0]!.diagnosis).toMatchObject([{ cause: "not-summed", arisesIn: "U" }]);
  });
});

describe("max pooling with overlapping windows of three", () => {
  const model = parseModel(`
    x = input(7)
    v = param(7)
    w = param(5)
    t = target()
    z = tanh(v .* x)
    m = maximum(maximum(z[1:5], z[2:6]), z[3:7])
    y = dot(w, m)
    L = 1/2 * (y - t)^2`);
  const at = {
    x: [0.4, 1.1, -0.7, 1.9, 0.6, -1.2, 0.9],
    v: [0.8, 0.5, -0.6, 0.7, 1.4, -0.3, 0.2],
    w: [0.7, -0.4, 1.1, 0.5, -0.9],
    t: 2.3,
  };
  const right = compile(model).evaluate(at).gradients;
  const z = at.v.map((v, j) => Math.tanh(v * at.x[j]!));
  const chosen = range(5).map((i) => i + z.slice(i, i + 3).indexOf(Math.max(...z.slice(i, i + 3))));
  const dy = at.w.reduce((sum, w, i) => sum + w * z[chosen[i]!]!, -at.t);

  it.each([
    ["forwards", range(5)],
    ["backwards", range(5).reverse()],
  ])("that is assigned in a loop %s", (_, loop) => {
    const dz = assigned(
      grid(1, 7),
      loop.map((i): [number, number, number] => [0, chosen[i]!, dy * at.w[i]!]),
    )[0]!;
    const v = dz.map((d, j) => d * (1 - z[j]! ** 2) * at.x[j]!);
    const wrong = check(model, { ...right, v }, { at }).checks.filter(({ ok }) => !ok);
    expect(wrong.map(({ name }) => name)).toEqual(["v"]);
    expect(wrong[0]!.diagnosis[0]).toMatchObject({ cause: "not-summed", arisesIn: "z" });
    expect(wrong[0]!.diagnosis[0]!.text).toContain("an entry that several windows choose");
  });
});

it("a kernel of which only the last window is kept", () => {
  const model = parseModel(`
    x = input(6)
    w = param(3)
    b = param()
    t = target(4)
    y = [dot(w, x[1:3]), dot(w, x[2:4]), dot(w, x[3:5]), dot(w, x[4:6])] + b
    L = sum((y - t).^2)/2`);
  const at = randomPoint(model, { seed: 3 });
  const { b, ...right } = compile(model).evaluate(at).gradients;
  const [x, w, t] = ["x", "w", "t"].map((name) => at[name] as number[]);
  const dy = w!.reduce((sum, v, k) => sum + v * x![3 + k]!, (at["b"] as number) - t![3]!);
  const claims = { ...right, b: b!, w: w!.map((_, k) => x![3 + k]! * dy) };
  const wrong = check(model, claims, { at }).checks.filter(({ ok }) => !ok);
  expect(wrong.map(({ name }) => name)).toEqual(["w"]);
  expect(wrong[0]!.diagnosis[0]).toMatchObject({ cause: "not-summed", arisesIn: "w" });
});

it.each([
  ["ends too early", [0, 1, 2, 3], "number 5 along dZ"],
  ["begins too late", [1, 2, 3, 4], "number 1 along dZ"],
])("a loop over a batch that %s", (_, examples, term) => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    T = target(N, 2)
    W = param(3, 2)
    b = param(2)
    Z = X * W + b'
    Y = tanh(Z)
    L = sum((Y - T).^2)/2`);
  const at = randomPoint(model, { seed: 3, sizes: { N: 5 } });
  const right = compile(model).evaluate(at).gradients;
  const [X, T, W] = [at["X"] as Grid, at["T"] as Grid, at["W"] as Grid];
  const dW = grid(3, 2);
  for (const n of examples) {
    for (const j of range(2)) {
      const z = X[n]!.reduce((sum, v, k) => sum + v * W[k]![j]!, (at["b"] as number[])[j]!);
      const dz = (Math.tanh(z) - T[n]![j]!) * (1 - Math.tanh(z) ** 2);
      for (const k of range(3)) dW[k]![j]! += X[n]![k]! * dz;
    }
  }
  const wrong = check(model, { ...right, W: dW }, { at }).checks.filter(({ ok }) => !ok);
  expect(wrong.map(({ name }) => name)).toEqual(["W"]);
  expect(wrong[0]!.diagnosis).toMatchObject([{ cause: "missing-term", arisesIn: "W", term }]);
});

describe("a kernel of three at every other place", () => {
  const model = parseModel(`
    X = input(2, 9)
    E = param(2, 9)
    w = param(3)
    T = target(2, 4)
    U = tanh(E .* X)
    Y = w[1] * U[:, 1:2:7] + w[2] * U[:, 2:2:8] + w[3] * U[:, 3:2:9]
    L = sum((Y - T).^2)/2`);
  const at = randomPoint(model, { seed: 3 });
  const right = compile(model).evaluate(at).gradients;
  const [X, E, w] = [at["X"] as Grid, at["E"] as Grid, at["w"] as number[]];
  const U = E.map((row, i) => row.map((v, j) => Math.tanh(v * X[i]![j]!)));
  const dY = U.map((row, i) =>
    range(4).map((j) => {
      const y = w.reduce((sum, v, k) => sum + v * row[2 * j + k]!, 0);
      return y - (at["T"] as Grid)[i]![j]!;
    }),
  );

  it.each<[string, [number, number][]]>([
    ["taps", range(3).flatMap((k) => range(4).map((j): [number, number] => [j, k]))],
    ["places", range(4).flatMap((j) => range(3).map((k): [number, number] => [j, k]))],
  ])("is assigned in a loop over %s", (_, loop) => {
    const dU = assigned(
      grid(2, 9),
      loop.flatMap(([j, k]) =>
        range(2).map((i): [number, number, number] => [i, 2 * j + k, w[k]! * dY[i]![j]!]),
      ),
    );
    const dE = dU.map((row, i) => row.map((d, j) => d * (1 - U[i]![j]! ** 2) * X[i]![j]!));
    const wrong = check(model, { ...right, E: dE }, { at }).checks.filter(({ ok }) => !ok);
    expect(wrong.map(({ name }) => name)).toEqual(["E"]);
    expect(wrong[0]!.diagnosis).toMatchObject([
      { cause: "not-summed", arisesIn: "U", term: "overlapping windows of dU" },
    ]);
  });
});

describe("max pooling of three at every other place", () => {
  const model = parseModel(`
    x = input(9)
    v = param(9)
    w = param(4)
    t = target()
    z = tanh(v .* x)
    m = maximum(maximum(z[1:2:7], z[2:2:8]), z[3:2:9])
    y = dot(w, m)
    L = 1/2 * (y - t)^2`);
  const at = {
    x: [0.4, 1.1, 0.7, 0.9, 0.6, 1.2, 0.9, -0.5, 1.3],
    v: [0.8, 0.5, 1.6, 0.7, 1.4, -0.3, 0.2, 0.4, 0.8],
    w: [0.7, -0.4, 1.1, 0.6],
    t: 2.3,
  };
  const right = compile(model).evaluate(at).gradients;
  const z = at.v.map((v, j) => Math.tanh(v * at.x[j]!));
  const chosen = range(4).map((i) => {
    const window = z.slice(2 * i, 2 * i + 3);
    return 2 * i + window.indexOf(Math.max(...window));
  });
  const dy = at.w.reduce((sum, w, i) => sum + w * z[chosen[i]!]!, -at.t);

  it.each([
    ["forwards", range(4)],
    ["backwards", range(4).reverse()],
  ])("that is assigned in a loop %s", (_, loop) => {
    expect(chosen).toEqual([2, 2, 4, 8]);
    const dz = assigned(
      grid(1, 9),
      loop.map((i): [number, number, number] => [0, chosen[i]!, dy * at.w[i]!]),
    )[0]!;
    const v = dz.map((d, j) => d * (1 - z[j]! ** 2) * at.x[j]!);
    const wrong = check(model, { ...right, v }, { at }).checks.filter(({ ok }) => !ok);
    expect(wrong.map(({ name }) => name)).toEqual(["v"]);
    expect(wrong[0]!.diagnosis[0]).toMatchObject({ cause: "not-summed", arisesIn: "z" });
  });
});
