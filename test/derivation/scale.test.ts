/** Symbolic work in counts of expressions: linear in definitions, independent of widths. */
import { Fraction } from "fraction.js";
import { describe, expect, it, vi } from "vitest";
import { deriveSteps } from "../../src/derivation/derive.js";
import { Workbench } from "../../src/derivation/workbench.js";
import { fullAxes } from "../../src/expression/definition.js";
import { matrixForm } from "../../src/forms/matrix/convert.js";
import { PathGraph } from "../../src/forms/paths.js";
import { Routes } from "../../src/forms/routes.js";
import { parseModel } from "../../src/language/model.js";
import { compile } from "../../src/numeric/compile.js";
import { Interpreter } from "../../src/numeric/interpret.js";
import { Lowering } from "../../src/numeric/lower.js";
import { randomPoint } from "../../src/numeric/random.js";
import { derive } from "../../src/render/derivation.js";

/** How often derivations, with their checks, look at a definition of the model. */
function definitionsRead(text: string): number {
  let count = 0;
  const parsed = parseModel(text);
  const definitions = new Proxy(parsed.definitions, {
    get: (list, key) => {
      if (typeof key === "string" && /^\d+$/.test(key)) count++;
      return Reflect.get(list, key) as unknown;
    },
  });
  const bench = new Workbench({ ...parsed, definitions }, undefined);
  for (const form of ["index", "matrix"] as const) deriveSteps(bench, { wrt: "W1", form });
  return count;
}

/** After the index and matrix forms of every parameter, without their checks. */
function expressions(text: string): number {
  const model = parseModel(text);
  const routes = new Routes(model);
  for (const parameter of model.params) {
    for (const { of, body } of routes.route(parameter).adjoints) {
      const [row, column] = fullAxes(of.shape).indices.map((index) => index.plain);
      expect(matrixForm(model.graph, body, { row, column })).toBeDefined();
    }
  }
  return model.graph.count;
}

function residual(layers: number): string {
  const lines = ["x = input(3)", "t = target(3)", "a0 = x"];
  for (let k = 1; k <= layers; k++) {
    lines.push(`W${k} = param(3, 3)`, `a${k} = a${k - 1} + tanh(W${k} * a${k - 1})`);
  }
  return [...lines, `L = sum((a${layers} - t).^2)`].join("\n");
}

function dense(inputs: number, hidden: number, outputs: number): string {
  return `x = input(${inputs})
t = target(${outputs})
W1 = param(${hidden}, ${inputs})
W2 = param(${outputs}, ${hidden})
a = sigmoid(W1 * x)
L = sum((W2 * a - t).^2)`;
}

describe("the sides of equations", () => {
  it("are prepared and computed once for all lines that write them, and not again for what was checked before", () => {
    const bench = new Workbench(parseModel(dense(2, 3, 2)), undefined);
    const points = bench.sites(false).random.length;
    const lowered = vi.spyOn(Lowering.prototype, "add");
    const defined = vi.spyOn(Interpreter.prototype, "define");
    const ofSides = ({ mock }: typeof lowered | typeof defined): number =>
      mock.calls.filter(([{ quantity }]) => quantity.name === "side").length;
    try {
      const { steps } = deriveSteps(bench, { wrt: "W1", form: "index" });
      const sides = steps.flatMap(({ left, right, letters }) =>
        [left, right].map((side) => {
          if (side.kind !== "scalar") throw new Error(side.kind);
          return [side.expression.id, ...letters.map(({ key }) => key)].join(" ");
        }),
      );
      expect(new Set(sides).size).toBeLessThan(0.8 * sides.length);
      // what a symbol stands for is the other side of its line
      expect(ofSides(lowered)).toBeLessThan(0.8 * new Set(sides).size);
      expect(ofSides(defined)).toBeLessThanOrEqual(points * ofSides(lowered));
      lowered.mockClear();
      defined.mockClear();
      deriveSteps(bench, { wrt: "W1", form: "index" });
      expect([ofSides(lowered), ofSides(defined)]).toEqual([0, 0]);
    } finally {
      lowered.mockRestore();
      defined.mockRestore();
    }
  });
});

describe("coefficients", () => {
  it("which are 1, mostly, are multiplied and compared without the arithmetic of fractions", () => {
    const asked = (["equals", "mul", "add"] as const).map((name) =>
      vi.spyOn(Fraction.prototype, name),
    );
    try {
      derive(parseModel(dense(2, 3, 2)), { wrt: "W1", form: "matrix" }).toLatex();
      const calls = asked.reduce((total, { mock }) => total + mock.calls.length, 0);
      expect(calls).toBeGreaterThan(0);
      expect(calls).toBeLessThan(100);
    } finally {
      for (const one of asked) one.mockRestore();
    }
  });
});

describe("a path through thousands of definitions", () => {
  it("is listed", () => {
    const length = 4_000;
    const lines = Array.from({ length }, (_, k) => `a${k + 1} = 0.5 * a${k}`);
    const model = parseModel(["w = param()", "a0 = w", ...lines].join("\n"));
    const paths = new PathGraph(model, new Map());
    const { count, listed } = paths.paths({ quantity: model.params[0]!, indices: [] }, 3);
    expect(count).toBe(1n);
    expect(listed[0]!.map(({ of }) => of.quantity.name).slice(0, 2)).toEqual(["a4000", "a3999"]);
    expect(listed[0]!).toHaveLength(length + 1);
  });
});

describe("the number of expressions", () => {
  it("grows with the layers of a residual net by the same amount each, over all parameters", () => {
    const [few, more, most] = [4, 8, 12].map((layers) => expressions(residual(layers)));
    expect(most! - more!).toBe(more! - few!);
  });

  it("is linear in the layers, and so are the definitions that are looked at", () => {
    const [few, more, most] = [10, 20, 30].map((layers) => definitionsRead(residual(layers)));
    expect(most! - more!).toBe(more! - few!);
  });

  it("does not depend on widths", () => {
    expect(expressions(dense(300, 400, 200))).toBe(expressions(dense(5, 6, 7)));
  });

  it("stays small for a graph that is a tree of 2^40 nodes", () => {
    const lines = ["x = param(2)", "a0 = x"];
    for (let k = 1; k <= 40; k++) lines.push(`a${k} = 0.5 * a${k - 1} .* a${k - 1} + a${k - 1}`);
    const text = [...lines, "L = sum(a40)"].join("\n");
    expect(expressions(text)).toBeLessThan(4_000);
    const { gradients } = compile(parseModel(text)).evaluate({ x: [1e-20, 0] });
    expect(gradients["x"]).toEqual([1, 1]);
  });
});

describe("what is said of the Jacobians of a loop that is written out", () => {
  /** The letters of all sentences. */
  function letters(steps: number): number {
    const lines = Array.from({ length: steps }, (_, k) => `h${k + 1} = tanh(h${k} .* w)`);
    const text = ["x = input(2)", "w = param(2)", "h0 = x .* w", ...lines, `L = sum(h${steps})`];
    const bench = new Workbench(parseModel(text.join("\n")), undefined);
    const derivation = deriveSteps(bench, { wrt: "w", form: "jacobian" });
    return derivation.steps.reduce((total, { why }) => total + why.text.length, 0);
  }

  it("grows by the same amount with every step", () => {
    // names of two digits all the way, and too many steps for a closed form
    const [few, more, most] = [35, 50, 65].map(letters);
    expect(most! - more!).toBe(more! - few!);
  });
});

describe("a Jacobian of a batch by a wide layer", () => {
  it("is not formed at a point where it would have millions of entries, and the check says so", () => {
    const model = parseModel(`
      N = size()
      X = input(N, 300)
      W = param(300, 60)
      Z = X * W
      L = sum(Z.^2) / N
    `);
    const at = randomPoint(model, { sizes: { N: 4 } });
    const { steps } = derive(model, { wrt: "W", form: "jacobian", at });
    const [ofZ] = steps.filter(({ rule, rhs }) => rule === "local Jacobian" && rhs.includes("X"));
    expect(ofZ!.check.notes).toContain("not at the given point: its matrices would be too large");
    expect(ofZ!.check.points).toBeGreaterThan(1);
  });
});
