/** No work twice: operations are counted, not timed. */
import { describe, expect, it } from "vitest";
import { postorder } from "../../src/expression/walk.js";
import { network, type Model, parseModel } from "../../src/index.js";
import { type Layout, layOut } from "../../src/numeric/code/layout.js";
import type { Scalar } from "../../src/numeric/code/scalar.js";
import { operationsOf } from "../../src/numeric/code/uses.js";
import { unroll } from "../../src/numeric/code/unroll.js";
import { condensed, type NumericProgram, numericProgram } from "../../src/numeric/program.js";
import { operationCount } from "../../src/numeric/work.js";

const SIZES = [
  [16, 16, 4],
  [32, 32, 8],
  [64, 32, 10],
  [128, 64, 10],
  [784, 128, 10],
  [20, 30, 30, 10],
];

/** (loss + gradient)/loss. */
function ratio(model: Model, count: (program: NumericProgram) => number): number {
  const [whole, loss] = [model.params, []].map((wanted) =>
    count(condensed(model.graph, numericProgram(model, wanted))),
  );
  return whole! / loss!;
}

/** The share of the first layer among all weights: the input needs no adjoint. */
function firstShare(sizes: readonly number[]): number {
  const weights = sizes.slice(1).map((outer, layer) => outer * sizes[layer]!);
  return weights[0]! / weights.reduce((total, count) => total + count, 0);
}

describe.each(SIZES.map((sizes) => ({ sizes, name: sizes.join("-") })))("$name", ({ sizes }) => {
  for (const [hidden, loss] of [
    ["sigmoid", "half-squared-error"],
    ["tanh", "cross-entropy"],
  ] as const) {
    it(`${hidden}, ${loss}, one example: at most 5 % above 2.5 − P₁/P`, () => {
      const model = network({ sizes, hidden, loss });
      const found = ratio(model, ({ definitions }) => operationCount(definitions, new Map()));
      expect(found / (2.5 - firstShare(sizes))).toBeLessThan(1.05);
    });

    it(`${hidden}, ${loss}, a batch: at most 5 % above 3 − P₁/P`, () => {
      const model = network({ sizes, hidden, loss, batch: true });
      const found = ratio(model, ({ definitions }) =>
        operationCount(definitions, new Map([["N", 64]])),
      );
      expect(found / (3 - firstShare(sizes))).toBeLessThan(1.05);
    });
  }
});

describe("straight-line code", () => {
  it.each([
    [2, 3, 2],
    [3, 4, 4, 2],
    [8, 8, 1],
  ])("of %i-%i-%i has no operation twice", (...sizes) => {
    const model = network({ sizes, bias: false });
    const data = [...model.inputs, ...model.targets];
    const written = (program: NumericProgram): number => {
      const layout: Layout = layOut(program, model.params, data, new Map());
      return operationsOf(unroll(program, { parameters: model.params, data }, layout, new Map()));
    };
    const weights = sizes.slice(1).map((outer, layer) => outer * sizes[layer]!);
    const units = sizes.slice(1, -1).reduce((total, count) => total + count, 0);
    const all = weights.reduce((a, b) => a + b, 0);
    const outputs = sizes.at(-1)!;
    // products and sums of every layer, the hidden functions, differences, squares, their sum, ½
    const loss = 2 * all - units - outputs + units + outputs * 3;
    // outer products; products by the transposes and their sums; a(1 − a) and its product
    const pulled = sizes.slice(1, -1).map((inner, layer) => 2 * weights[layer + 1]! - inner);
    const gradient = all + pulled.reduce((a, b) => a + b, 0) + 3 * units;
    expect(written(condensed(model.graph, numericProgram(model, [])))).toBe(loss);
    const whole = written(condensed(model.graph, numericProgram(model, model.params)));
    // with one output a·δ serves both the outer product and a(1 − a)·wδ
    expect(whole).toBe(loss + gradient - (outputs === 1 ? units : 0));
  });

  it.each([{}, { batch: true }])("of a dense net changes no sign: %j", (batch) => {
    const model = network({ sizes: [3, 4, 2], ...batch });
    const given = { parameters: model.params, data: [...model.inputs, ...model.targets] };
    const sizes = new Map([["N", 2]]);
    const program = condensed(model.graph, numericProgram(model, model.params));
    const layout = layOut(program, given.parameters, given.data, sizes);
    const { stores, loss } = unroll(program, given, layout, sizes);
    const roots = [loss, ...stores.map(({ value }) => value)];
    const kinds = postorder<Scalar>(roots, ({ operands }) => operands).map(({ kind }) => kind);
    expect(kinds).not.toContain("negate");
  });
});

it("counts the same whether or not the parts of a layer have names", () => {
  const head = [
    "N = size()",
    "X = input(64, N)",
    "T = target(10, N)",
    "W1 = param(32, 64)",
    "b1 = param(32)",
    "W2 = param(10, 32)",
  ];
  const bodies = [
    ["Z1 = W1 * X + b1", "A1 = sigmoid(Z1)", "Y = W2 * A1", "D = Y - T", "L = sum(D.^2) / N"],
    ["A1 = sigmoid(W1 * X + b1)", "L = sum((W2 * A1 - T).^2) / N"],
    ["L = sum((W2 * sigmoid(W1 * X + b1) - T).^2) / N"],
  ];
  const [named, ...others] = bodies.map((body) => {
    const model = parseModel([...head, ...body].join("\n"));
    const { definitions } = condensed(model.graph, numericProgram(model, model.params));
    return operationCount(definitions, new Map([["N", 32]]));
  });
  for (const count of others) expect(count / named!).toBeLessThan(1.02);
});
