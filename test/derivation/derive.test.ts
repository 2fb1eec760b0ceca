import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import katex from "katex";
import { describe, expect, it, vi } from "vitest";
import { DerivationError } from "../../src/derivation/checker.js";
import { deriveSteps, FORMS } from "../../src/derivation/derive.js";
import { Workbench } from "../../src/derivation/workbench.js";
import { sigmoid } from "../../src/expression/operations/smooth.js";
import { parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { compile } from "../../src/numeric/compile.js";
import { randomPoint } from "../../src/numeric/random.js";
import { derive, deriveAll } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";
import { evaluateLatex } from "../support/latex.js";
import { MODELS } from "../support/models.js";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const read = (name: string): string => readFileSync(`${examples}${name}`, "utf8");
const modelOf = (name: string) => parseModel(read(`${name}.model`), { name });
const pointOf = (name: string): Point => JSON.parse(read(`${name}.point.json`)) as Point;

const all = new Map([
  ...Object.entries(MODELS),
  ...readdirSync(examples)
    .filter((name) => name.endsWith(".model") && name !== "wrong.model")
    .map((name) => [name, read(name)] as const),
]);

function typeset(latex: string): string {
  return katex.renderToString(latex, { displayMode: true, strict: "error", throwOnError: true });
}

describe("every form of every model", () => {
  for (const [name, text] of all) {
    it(`derives and typesets ${name}`, () => {
      const model = parseModel(text, { name });
      for (const { name: wrt } of model.params) {
        for (const form of FORMS) {
          const derivation = derive(model, { wrt, form });
          const steps = derivation.steps;
          expect(steps.length, `${wrt} ${form}`).toBeGreaterThan(0);
          for (const { check } of steps) {
            expect(check.points).toBeGreaterThanOrEqual(3);
            expect(check.maxError).toBeLessThan(1e-9);
          }
          expect(typeset(derivation.latex)).not.toContain("#cc0000");
          for (const [index, step] of steps.slice(1).entries()) {
            expect(`${step.lhs} = ${step.rhs}`).not.toBe(
              `${steps[index]!.lhs} = ${steps[index]!.rhs}`,
            );
          }
        }
      }
    });
  }
});

describe("the last line, read back from its LaTeX", () => {
  const names = ["sigmoid-2-3-2", "relu-3-4-2", "row-4-3", "row-4-5-3", "logistic-2-5-1"];
  for (const name of names) {
    it(`is the gradient: ${name}`, () => {
      // without the authors' own symbols: names are then read back by one rule
      const model = parseModel(read(`${name}.model`).replace(/, "[^"]*"\)|"[^"]*"\)/g, ")"));
      const at = pointOf(name);
      const { values, gradients } = compile(model).evaluate(at);
      const lookup = lookupIn({ ...at, ...values });
      for (const derivation of deriveAll(model, { forms: ["scalar", "paths"] })) {
        const last = derivation.steps.at(-1)!;
        const [, parameter = "", indices = ""] = /^(\w+)(?:\[(.*)\])?$/.exec(derivation.wrt)!;
        const expected = indices
          .split(",")
          .filter((index) => index !== "")
          .reduce<unknown>(
            (nested, index) => (nested as unknown[])[Number(index) - 1],
            gradients[parameter],
          );
        expect(evaluateLatex(last.rhs, lookup), derivation.wrt).toBeCloseTo(expected as number, 12);
      }
    });
  }
});

/** Values by printed name: w^{(1)}_{12} is W1[1,2]; (W_1)_{12} is too, with W_1 in brackets. */
function lookupIn(values: Readonly<Record<string, unknown>>): (name: string) => number {
  return (name) => {
    const match = /^\\?(?:mathrm\{)?([A-Za-z]+)\}?(?:\^\{\((\d+)\)\})?(?:_\{([\d,]+)\})?$/.exec(
      name,
    );
    if (!match) throw new Error(`unknown name ${name}`);
    const [, base = "", layer = "", script = ""] = match;
    const key = [base, base.toUpperCase()].map((one) => one + layer).find((one) => one in values);
    if (key === undefined) throw new Error(`unknown name ${name}`);
    const indices = script.includes(",") ? script.split(",") : Array.from(script);
    // an entry of a row has one index
    const [row, ...others]: unknown[] = [values[key]].flat();
    const isRow = indices.length === 1 && others.length === 0 && Array.isArray(row);
    const value = indices.reduce<unknown>(
      (nested, index) => (nested as unknown[])[Number(index) - 1],
      isRow ? row : values[key],
    );
    if (typeof value !== "number") throw new Error(`${name} is not a number`);
    return value;
  };
}

describe("paths", () => {
  const model = modelOf("sigmoid-2-3-2");

  it("lists the nodes and factors of both paths into a hidden weight", () => {
    const json = derive(model, {
      wrt: "W1[1,1]",
      form: "paths",
      at: pointOf("sigmoid-2-3-2"),
    }).toJSON();
    expect(json.pathCount).toBe("2");
    expect(json.paths!.map(({ nodes }) => nodes)).toEqual([
      ["MSE", "y[1]", "z2[1]", "a1[1]", "z1[1]", "W1[1,1]"],
      ["MSE", "y[2]", "z2[2]", "a1[1]", "z1[1]", "W1[1,1]"],
    ]);
    const total = json.paths!.reduce((sum, { value }) => sum + value!, 0);
    expect(total).toBeCloseTo(-0.06581218803982225, 14);
    expect(json.value).toBeCloseTo(-0.06581218803982225, 14);
    expect(json.paths![0]!.factors[2]).toMatchObject({
      of: "z2[1]",
      wrt: "a1[1]",
      value: 0.85264027,
    });
  });

  it("counts paths that are too many to list", () => {
    const layers = Array.from({ length: 6 }, (_, layer) => `W${layer + 1} = param(9, 9)`);
    const hidden = Array.from(
      { length: 6 },
      (_, layer) => `h${layer + 1} = tanh(W${layer + 1} * h${layer})`,
    );
    const deep = parseModel(
      `h0 = input(9)\n${layers.join("\n")}\n${hidden.join("\n")}\nL = sum(h6)`,
    );
    const json = derive(deep, { wrt: "W1[1,1]", form: "paths" }).toJSON();
    // 9 entries in each of the layers 2 … 6
    expect(json.pathCount).toBe(String(9 ** 5));
    expect(json.paths!.length).toBe(24);
    expect(json.notes!.join(" ")).toContain("59025 more");
  });
});

describe("the sum over paths", () => {
  it("goes through the entries of a quantity in their order", () => {
    const model = parseModel("z = param(3)\np = softmax(z)\nL = sum(p.^3)");
    const { paths } = derive(model, { wrt: "z[2]", form: "paths" }).toJSON();
    const through = paths!.map(({ nodes }) => nodes[1]);
    expect(through).toEqual(["p[1]", "p[2]", "p[3]"]);
  });

  const softmax = parseModel(`x = input(2)
    t = target(3)
    W = param(3, 2)
    p = softmax(W * x)
    L = -sum(t .* log(p)) + sum(W.^2)`);
  const { steps } = deriveSteps(new Workbench(softmax, undefined), {
    wrt: "W[1,1]",
    form: "paths",
  });
  const sums = steps.flatMap(({ right }) =>
    right.kind === "scalar" && right.terms ? [right.terms] : [],
  );

  it("has one summand for each path, in their order, whatever its sign", () => {
    const [symbols, local] = sums;
    expect(symbols).toHaveLength(4);
    expect(local).toHaveLength(4);
    const line = derive(softmax, { wrt: "W[1,1]", form: "paths" }).steps.at(-1)!.rhs;
    expect(line).toBe(
      "-t_{1} \\left(1 - p_{1}\\right) x_{1} + t_{2} p_{1} x_{1} + t_{3} p_{1} x_{1} + 2 w_{11}",
    );
  });

  it("says what ∂⁺ is, once", () => {
    const sentences = steps.filter(({ why }) => why.text.includes("plus sign above ∂"));
    expect(sentences).toHaveLength(1);
    expect(sentences[0]!.why.text).toContain("what W does in the definition of L itself");
  });
});

describe("adjoints that keep their names", () => {
  const model = modelOf("relu-3-4-2");
  const notation = { adjoints: "derivative" } as const;

  it("are ∂L/∂z in every line, and the gradient is the same", () => {
    for (const form of ["index", "matrix"] as const) {
      const named = derive(model, { wrt: "W1", form });
      const plain = derive(model, { wrt: "W1", form, notation });
      expect(named.latex).toContain("\\delta_{2}");
      expect(plain.latex).not.toContain("\\delta");
      expect(plain.latex).toContain("\\left(z_{2}\\right)_{i}} &=");
      expect(plain.steps.at(-1)!.rhs).toBe(named.steps.at(-1)!.rhs);
    }
  });

  it("are so in what holds in every layer, too", () => {
    const layers = passages(model, { notation }).before[2]!.toMarkdown();
    expect(layers).not.toContain("δ");
    expect(layers).not.toContain("\\delta");
    expect(layers).toContain("\\frac{\\partial L}{\\partial z_{l}} h_{l-1}^{\\top}");
  });
});

describe("the way from a sum over an index to a product of matrices", () => {
  it.each([
    [
      "z = W * x\nL = sum(z.^3)",
      "x = param(3, 5)\nW = param(2, 3)",
      "x",
      "row",
      "may change places",
    ],
    ["z = x * W\nL = sum(z.^3)", "x = param(5, 3)\nW = param(3, 2)", "x", "column", "transposed"],
  ])("puts the summed index between the factors: %s", (definitions, params, wrt, role, how) => {
    const model = parseModel(`${params}\n${definitions}`);
    const steps = derive(model, { wrt, form: "matrix" }).steps.filter(({ lhs }) =>
      lhs.includes("x_{ij}"),
    );
    const lines = steps.map(({ rhs }) => rhs.replaceAll("\\frac{\\partial L}{\\partial ", "{"));
    const product = {
      row: [
        "\\sum_{k=1}^{2} {z_{kj}} w_{ki}",
        "\\sum_{k=1}^{2} \\left(W^{\\top}\\right)_{ik} {z_{kj}}",
        "\\left(W^{\\top} {z}\\right)_{ij}",
      ],
      column: [
        "\\sum_{k=1}^{2} {z_{ik}} w_{jk}",
        "\\sum_{k=1}^{2} {z_{ik}} \\left(W^{\\top}\\right)_{kj}",
        "\\left({z} W^{\\top}\\right)_{ij}",
      ],
    }[role]!;
    expect(lines).toEqual(expect.arrayContaining(product));
    const { why } = steps.find(({ rule }) => rule === "row times column")!;
    expect(why).toContain(how);
    const beside = role === "row" ? "behind" : "before";
    expect(why).toContain(
      `W is transposed because its ${role} index is summed with the factor ${beside} it.`,
    );
  });

  it("has no line between where nothing is transposed, or no index is summed", () => {
    const model = parseModel("x = param(3)\nW = param(3, 2)\nz = W' * x\nL = sum(z.^3)");
    for (const wrt of ["x", "W"]) {
      const { steps } = derive(model, { wrt, form: "matrix" });
      expect(steps.map(({ rule }) => rule)).not.toContain("row times column");
    }
  });
});

describe("checks", () => {
  it("stop a derivation whose rule is wrong", () => {
    const model = modelOf("sigmoid-2-3-2");
    const spy = vi
      .spyOn(sigmoid, "derivative")
      .mockImplementation((graph, _args, y) => [graph.multiply(y, graph.add(graph.one, y))]);
    try {
      expect(() => deriveAll(model, { forms: ["index"] })).toThrow(DerivationError);
    } finally {
      spy.mockRestore();
    }
  });
});

describe("a random point", () => {
  it("gives the numbers of the result", () => {
    const model = modelOf("sigmoid-2-3-2");
    const at = randomPoint(model, { seed: 5 });
    const json = derive(model, { wrt: "W2[2,1]", form: "scalar", at }).toJSON();
    const gradient = compile(model).evaluate(at).gradients["W2"] as number[][];
    expect(json.value).toBeCloseTo(gradient[1]![0]!, 14);
  });
});

describe("local derivatives", () => {
  it("are compared with differences, so that a wrong rule is refused", () => {
    const model = modelOf("sigmoid-2-3-2");
    const spy = vi
      .spyOn(sigmoid, "derivative")
      .mockImplementation((graph, _args, y) => [graph.multiply(y, graph.add(graph.one, y))]);
    try {
      expect(() => passages(model)).toThrow(/local derivative: .*∂a1/);
    } finally {
      spy.mockRestore();
    }
  });

  it("may be smaller than differences can tell from 0", () => {
    const model = parseModel("a = param()\nb = param()\nl = log(exp(a) + exp(b - 300))\nL = l^2");
    const { steps } = derive(model, { wrt: "b", form: "paths" });
    for (const { check } of steps) expect(check.maxError).toBeLessThan(1e-9);
  });

  it("of several parts stand together under one sentence of all of them", () => {
    const model = parseModel(`
      x = input(3)
      K = param(2)
      z = [x[1]*K[1] + x[2]*K[2], x[2]*K[1]]
      L = sum(sin(z))`);
    const local = passages(model).before.find(({ title }) => title === "The local derivatives")!;
    const text = local.toMarkdown();
    expect(text.match(/All other entries are 0\./g)).toHaveLength(1);
    const [, display] = text.split("All other entries are 0.");
    expect(display!.split("```")[1]!.match(/\\partial z_/g)).toHaveLength(3);
  });

  it("that write a sign for the first time in one of their lines say their reason once", () => {
    const model = parseModel(`
      X = input(2, 3)
      W = param(3, 3)
      H = X + tanh(X * W)
      K = H + tanh(H * W)
      L = sum(K.^2)`);
    const text = derive(model, { wrt: "W", form: "index" }).toMarkdown();
    const local = passages(model).before.find(({ title }) => title === "The local derivatives")!;
    for (const paragraph of [...local.toMarkdown().split("\n"), ...text.split("\n")]) {
      const sentences = paragraph.match(/The derivative of [^;]*;/g) ?? [];
      expect(new Set(sentences).size).toBe(sentences.length);
    }
    expect(local.toMarkdown()).toContain("is 1 where the condition");
  });

  it("entry by entry say that those left out are 0, and nothing where none is", () => {
    const local = (statement: string) =>
      passages(parseModel(`a = param(3)\n${statement}\nL = sum(p.^3)`))
        .before.find(({ title }) => title === "The local derivatives")!
        .toMarkdown();
    const some = local("p = [a[1], a[2] * a[1], a[3] - a[1], 1 - a[3]]");
    expect(some.match(/\\partial p_\{\d\}/g)!.length).toBeLessThan(12);
    expect(some).toContain("Entry by entry, without those that are 0.");
    const all = local("p = [a[1] * a[2] * a[3], a[1] + 2 * a[2] + a[3] * a[1]]");
    expect(all).toContain("Entry by entry.");
    expect(all).not.toContain("without those");
  });

  it("are written in general, by cases and entry by entry", () => {
    const text = passages(modelOf("relu-3-4-2")).before[1]!.toMarkdown();
    expect(text).toContain(
      "\\begin{cases} 1 & \\left(z_{1}\\right)_{i} > 0 \\\\ 0 & \\left(z_{1}\\right)_{i} \\le 0 \\end{cases}",
    );
    expect(text).toContain(
      "\\frac{\\partial \\left(h_{1}\\right)_{4}}{\\partial \\left(z_{1}\\right)_{4}} &=",
    );
  });
});

describe("the slope of an activation", () => {
  const locals = (body: string): string => {
    const model = parseModel(
      `x = input(2)\nW = param(2, 2)\nz = W * x\nh = ${body}\nL = sum(h.^2)`,
    );
    return passages(model)
      .before.find(({ title }) => title === "The local derivatives")!
      .toLatex();
  };

  it.each([
    [
      "sigmoid(z)",
      "\\sigma'\\left(z_{i}\\right) \\\\\n &= \\sigma\\left(z_{i}\\right) \\left(1 - \\sigma\\left(z_{i}\\right)\\right) \\\\\n &= h_{i} \\left(1 - h_{i}\\right)",
    ],
    [
      "tanh(z)",
      "\\tanh'\\left(z_{i}\\right) \\\\\n &= 1 - \\left(\\tanh\\left(z_{i}\\right)\\right)^{2} \\\\\n &= 1 - {h_{i}}^{2}",
    ],
    ["exp(z)", "e^{z_{i}} \\\\\n &= h_{i}"],
    [
      "relu(z)",
      "\\operatorname{relu}'\\left(z_{i}\\right) \\\\\n &= \\mathbf{1}\\left[z_{i} > 0\\right]",
    ],
  ])("of %s is written with the function before that has its name", (body, line) => {
    expect(locals(body)).toContain(`{\\partial h_{i}}{\\partial z_{i}} &= ${line}`);
  });

  it("has its name inside of a statement too, before it is put in", () => {
    expect(locals("sigmoid(2 * z)")).toContain(
      "&= 2 \\sigma'\\left(2 z_{i}\\right) \\\\\n &= 2 \\sigma\\left(2 z_{i}\\right) \\left(1 - \\sigma\\left(2 z_{i}\\right)\\right) \\\\\n &= 2 h_{i} \\left(1 - h_{i}\\right)",
    );
    const model = parseModel(`
      x = input(3)
      t = target(2)
      W = param(2, 3)
      L = sum((tanh(W * x) - t).^2)`);
    const u = "\\left(\\sum_{k=1}^{3} w_{ik} x_{k}\\right)";
    for (const form of ["index", "matrix"] as const) {
      const { steps } = derive(model, { wrt: "W", form });
      expect(steps[0]!.rhs).toBe(`2 \\left(\\tanh${u} - t_{i}\\right) \\tanh'${u} x_{j}`);
      expect(steps[1]!.rhs).not.toContain("'");
      expect(steps[1]!.why).toContain("The slopes of the activations are put in.");
    }
  });

  it("is not repeated where a quantity is an activation of another", () => {
    const model = parseModel("x = input(2)\nW = param(2, 2)\nz = W * x\nL = sum(tanh(z))");
    const named = parseModel(
      "x = input(2)\nW = param(2, 2)\nz = W * x\nh = tanh(z)\nL = sum(h.^2)",
    );
    const whole = (one: typeof model): string => derive(one, { wrt: "W", form: "index" }).latex;
    expect(whole(model)).toContain("\\tanh'");
    expect(whole(named)).not.toContain("\\tanh'");
  });

  it.each(["softmax(z)", "exp(z)", "leakyrelu(z)"])("of %s has none", (body) => {
    expect(locals(body)).not.toContain("'\\left(");
  });
});

it("says that a derivative which was found above is put in too", () => {
  const text =
    "X = input(3, 5)\nW = param(2, 3)\nY = W * X\nG = Y * Y'\nL = sum((G - identity(2)).^2)";
  const { steps } = derive(parseModel(text), { wrt: "W", form: "index" });
  const put = steps.find(({ why }) => why.includes("The local derivatives of G by Y are put in."));
  expect(put!.why).toContain("The derivative by G that was found above is put in too.");
  const kept = steps.find(({ why }) => why.includes("The local derivatives of Y by W are put in."));
  expect(kept!.why).not.toContain("too.");
});
