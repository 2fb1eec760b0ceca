/** Chains of matrices are computed in the cheapest order: operations are counted, not timed. */
import { describe, expect, it } from "vitest";
import { backprop, compile, type Model, network, parseModel } from "../../src/index.js";
import { contracted } from "../../src/numeric/contraction.js";
import { random } from "../../src/numeric/prng.js";
import { condensed, numericProgram } from "../../src/numeric/program.js";
import { operationCount } from "../../src/numeric/work.js";

/** Operations of the loss alone, or with the gradient by every parameter. */
function operations(
  model: Model,
  withGradient: boolean,
  sizes = new Map<string, number>(),
): number {
  const definitions = contracted(model.graph, model.definitions, sizes);
  const program = condensed(
    model.graph,
    numericProgram({ ...model, definitions }, withGradient ? model.params : []),
  );
  return operationCount(program.definitions, sizes);
}

/** A·B·… with lengths[k] × lengths[k + 1] entries each. */
function chain(lengths: readonly number[]): Model {
  const names = lengths.slice(1).map((_, k) => `M${k}`);
  const head = names.map((name, k) => `${name} = param(${lengths[k]!}, ${lengths[k + 1]!})`);
  return parseModel([...head, `Y = ${names.join(" * ")}`, "L = sum(Y.^2)"].join("\n"));
}

const wave = (rows: number, columns: number, phase: number): number[][] =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => Math.sin(1 + phase + 3 * i + 7 * j)),
  );

interface Cost {
  readonly loss: number;
  readonly gradient: number;
}

/** What a part of a chain takes, for all ways to put brackets. */
function allWays(lengths: readonly number[], from: number, to: number): Cost[] {
  if (to === from + 1) return [{ loss: 0, gradient: 0 }];
  const all: Cost[] = [];
  for (let middle = from + 1; middle < to; middle++) {
    const [m, k, n] = [lengths[from]!, lengths[middle]!, lengths[to]!];
    const times = (rows: number, summed: number, columns: number): number =>
      rows * columns * (summed === 1 ? 1 : 2 * summed);
    // C = A·B, and back: Ā = C̄·Bᵀ, B̄ = Aᵀ·C̄
    const [loss, back] = [times(m, k, n), times(m, n, k) + times(k, m, n)];
    for (const left of allWays(lengths, from, middle)) {
      for (const right of allWays(lengths, middle, to)) {
        all.push({
          loss: left.loss + right.loss + loss,
          gradient: left.gradient + right.gradient + back,
        });
      }
    }
  }
  return all;
}

describe("a chain of matrices takes as many operations as the best brackets", () => {
  const generator = random(7);
  const drawn = Array.from({ length: 24 }, (_, trial) => {
    const inner = Array.from({ length: 3 + (trial % 3) }, () => 2 + generator.below(20));
    const [first, last] = [trial % 2 === 1 ? [1] : [], trial % 4 >= 2 ? [1] : []];
    return [...first, ...inner, ...last];
  });
  it.each(drawn.map((lengths) => ({ lengths, name: lengths.join("×") })))(
    "$name",
    ({ lengths }) => {
      const model = chain(lengths);
      const ways = allWays(lengths, 0, lengths.length - 1);
      const [rows, columns] = [lengths[0]!, lengths.at(-1)!];
      // squares and their sum, row by row; their slopes
      const entries = rows * columns;
      const sums = (entries > 1 ? entries : 0) + (rows > 1 && columns > 1 ? rows : 0);
      const [ofLoss, ofSlope] = [entries + sums, entries];
      const least = (cost: (way: Cost) => number) => Math.min(...ways.map(cost));
      expect(operations(model, false)).toBe(least(({ loss }) => loss) + ofLoss);
      const best = least(({ loss, gradient }) => loss + gradient);
      expect(operations(model, true)).toBe(best + ofLoss + ofSlope);
    },
  );
});

it.each([
  ["A * B * C * x", 2 * (20 * 30 + 10 * 20 + 40 * 10)],
  ["(A * B) * (C * x)", 2 * (20 * 30 + 10 * 20 + 40 * 10)],
  ["x' * C' * B' * A'", 2 * (20 * 30 + 10 * 20 + 40 * 10)],
  ["sigmoid(A * B * C * x)", 2 * (20 * 30 + 10 * 20 + 40 * 10) + 40],
  ["A * sigmoid(B * C * x)", 2 * (20 * 30 + 10 * 20 + 40 * 10) + 10],
])("%s is a product of matrices and vectors", (text, count) => {
  const head = ["A = param(40, 10)", "B = param(10, 20)", "C = param(20, 30)", "x = param(30)"];
  const model = parseModel([...head, `y = ${text}`, "L = sum(y)"].join("\n"));
  expect(operations(model, false)).toBe(count + 40);
});

it.each([
  // column sums, row sums, and their product
  ["sum(A * D)", 40 * 10 + 10 * 25 + 2 * 10],
  // Σ_k Σ_j (E·A)[k,j]·B[j,k]: of the three products E·A has the fewest entries
  ["trace(A * B * E)", 2 * (20 * 40 * 10 + 20 * 10) + 20],
])("%s is contracted as a whole", (text, count) => {
  const head = ["A = param(40, 10)", "B = param(10, 20)", "D = param(10, 25)", "E = param(20, 40)"];
  expect(operations(parseModel([...head, `L = ${text}`].join("\n")), false)).toBe(count);
});

describe("sizes decide", () => {
  const text = (product: string): string =>
    ["N = size()", "X = input(N, 9)", "A = param(9, 8)", "B = param(8, 10)"]
      .concat(`Y = ${product}`, "L = sum(Y.^2)")
      .join("\n");

  it.each([
    [2, "(X * A) * B"],
    [500, "X * (A * B)"],
  ])("with %i examples X * A * B is %s", (count, best) => {
    const sizes = new Map([["N", count]]);
    // names keep an order
    const [first, second] = best.startsWith("X") ? ["A * B", "X * P"] : ["X * A", "P * B"];
    const named = text(second).replace("Y =", `P = ${first}\nY =`);
    expect(operations(parseModel(text("X * A * B")), false, sizes)).toBe(
      operations(parseModel(named), false, sizes),
    );
  });

  it("and both orders stay right beside each other", () => {
    const model = parseModel(text("X * A * B"));
    const [A, B] = [wave(9, 8, 1), wave(8, 10, 2)];
    const gradient = compile(model);
    for (const count of [2, 500, 2]) {
      const X = wave(count, 9, 3);
      const point = { X, A, B };
      const { loss, gradients } = gradient.evaluate(point);
      const right = backprop(model, point);
      expect(Math.abs(loss / right.loss - 1)).toBeLessThan(1e-12);
      const bound = gradient.bind({ X });
      const out = new Float64Array(bound.parameterCount);
      bound(Float64Array.from([...A, ...B].flat()), out);
      const expected = [right.gradients["A"], right.gradients["B"]].flat(3) as number[];
      for (const found of [[...out], [gradients["A"], gradients["B"]].flat(3) as number[]]) {
        const scale = Math.max(...expected.map(Math.abs));
        const worst = Math.max(...found.map((one, k) => Math.abs(one - expected[k]!)));
        expect(worst / scale).toBeLessThan(1e-12);
      }
    }
  });
});

it("leaves a dense net as it is written", () => {
  const { graph, definitions } = network({ sizes: [5, 4, 3], loss: "cross-entropy", batch: true });
  const ordered = contracted(graph, definitions, new Map([["N", 7]]));
  const bodies = (some: Model["definitions"]) => some.map(({ clauses }) => clauses[0]!.body.id);
  expect(bodies(ordered)).toEqual(bodies(definitions));
});
