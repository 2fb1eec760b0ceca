/** The work before the first number is counted, not timed: it does not depend on widths. */
import { describe, expect, it } from "vitest";
import { compile, network, parseModel, randomPoint } from "../../src/index.js";
import type { Model } from "../../src/index.js";
import { assemble } from "../../src/numeric/machine.js";
import { numericProgram } from "../../src/numeric/program.js";

/** The number of nodes that a graph holds: ids count them. */
function nodes(model: Model): number {
  return model.graph.number("987654321/123456789").id;
}

function counts(sizes: readonly number[]) {
  const model = network({ sizes, hidden: "relu", loss: "cross-entropy" });
  const parsed = nodes(model);
  const program = numericProgram(model, model.params);
  const derived = nodes(model);
  const data = [...model.inputs, ...model.targets];
  const { functions } = assemble(program, model.params, data, new Map());
  return {
    parsed,
    derived,
    definitions: program.definitions.length,
    functions: functions.length,
    lines: functions.map(({ lines }) => lines.length),
  };
}

describe("widths", () => {
  it("do not matter: 784-128-10 takes what 3-4-5 takes", () => {
    expect(counts([784, 128, 10])).toEqual(counts([3, 4, 5]));
  });

  it("named sizes do not matter either", () => {
    const text = (n: string) =>
      `N = size()\nX = input(${n}, N)\nW = param(7, ${n})\nL = sum(tanh(W * X).^2) / N`;
    const [small, large] = [text("3"), text("4000")].map((one) => {
      const model = parseModel(one);
      numericProgram(model, model.params);
      return nodes(model);
    });
    expect(large).toBe(small);
  });

  it("the number of definitions matters linearly", () => {
    const at = (layers: number) => counts(Array.from({ length: layers }, () => 4)).derived;
    const [a, b, c] = [at(12), at(22), at(32)] as [number, number, number];
    expect(c - b).toBe(b - a);
  });
});

describe("long models", () => {
  it("of 1,000 definitions derive and run without recursion", { timeout: 300_000 }, () => {
    const lines = ["w = param(3)", "h0 = tanh(w)"];
    for (let k = 1; k <= 1000; k++) lines.push(`h${k} = sin(h${k - 1} + w) .* h${k - 1}`);
    const model = parseModel([...lines, "L = sum(h1000)"].join("\n"));
    const { loss, gradients } = compile(model).evaluate({ w: [0.1, 0.2, 0.3] });
    expect(Number.isFinite(loss)).toBe(true);
    expect((gradients["w"] as number[]).every(Number.isFinite)).toBe(true);
  });

  it("of one sum of 2,000 terms, and brackets 150 deep", () => {
    const terms = Array.from({ length: 2000 }, (_, k) => `${k + 1} * a^2`).join(" + ");
    const deep = `${"sin(".repeat(150)}a${")".repeat(150)}`;
    const model = parseModel(`a = param()\nL = ${terms} + ${deep}`);
    const { gradients } = compile(model).evaluate(randomPoint(model));
    expect(Number.isFinite(gradients["a"])).toBe(true);
  });

  it("of nested functions share their parts: no tree of 2^40 nodes", () => {
    const lines = ["a = param()", "d0 = a"];
    for (let k = 1; k <= 40; k++) lines.push(`d${k} = 0.5 * (sin(d${k - 1}) + d${k - 1}^2)`);
    const model = parseModel([...lines, "L = d40"].join("\n"));
    expect(Number.isFinite(compile(model).evaluate({ a: 0.5 }).gradients["a"])).toBe(true);
  });
});
