import { Fraction } from "fraction.js";
import { Binding, functionLatex, type Operation } from "./operation.js";
import { equal, greater, less, lessOrEqual } from "./comparisons.js";
import { exponential } from "./smooth.js";
import { expm1Decimal } from "./special.js";
import { vectorExpm1 } from "./vectors.js";

const ZERO = new Fraction(0);

export const step: Operation = {
  name: "step",
  isIndicator: true,
  operands: ["x"],
  kinks: (graph, x) => [x],
  convention: "step(0) = 0, and its derivative is 0 everywhere, at 0 too",
  byOrder: (order) => (order > 0 ? 1 : 0),
  value: (x) => (x > 0 ? 1 : x <= 0 ? 0 : NaN),
  decimal: (D, x) => new D(x.gt(0) ? 1 : 0),
  exact: (x) => new Fraction(x.gt(0) ? 1 : 0),
  derivative: (graph) => [graph.zero],
  code: (x) => `(${x} > 0 ? 1 : ${x} <= 0 ? 0 : NaN)`,
  vector: (on, x) => {
    const zero = on.number(0);
    return on.ifAtMost(x, zero, zero, on.ifLess(zero, x, on.number(1), x));
  },
  latex: (x) => ({ tex: `\\mathbf{1}\\left[${x.tex} > 0\\right]`, binding: Binding.atom }),
  source: "Heaviside's step, 0 at 0",
};

/** The step at what is not negative: what is not above 0 is 0 or NaN, and stays what it is. */
const stepOfPositivePart: Operation = {
  ...step,
  name: "stepofpositivepart",
  isToldByOperand: true,
  value: (y) => (y > 0 ? 1 : y),
  code: (y) => `(${y} > 0 ? 1 : ${y})`,
  vector: (on, y) => on.ifLess(on.number(0), y, on.number(1), y),
};

export const relu: Operation = {
  name: "relu",
  isNeverNegative: true,
  isActivation: true,
  operands: ["x"],
  reveals: { operation: step, by: stepOfPositivePart },
  kinks: (graph, x) => [x],
  convention: "relu′(0) = 0",
  value: (x) => (x > 0 ? x : x <= 0 ? 0 : NaN),
  decimal: (D, x) => (x.gt(0) ? x : new D(0)),
  fixed: (_, x) => (x > 0n ? x : 0n),
  exact: (x) => (x.gt(0) ? x : ZERO),
  derivative: (graph, [x]) => [graph.apply(step, x!)],
  code: (x) => `(${x} <= 0 ? 0 : ${x})`,
  vector: (on, x) => on.ifAtMost(x, on.number(0), on.number(0), x),
  latex: functionLatex("\\operatorname{relu}"),
  meaning: {
    letters: ["u"],
    equation: { text: (u) => `max(0, ${u})`, latex: (_, u) => `\\max(0, ${u})` },
  },
  source: "max(x, 0), Nair, Hinton 2010; derivative 1[x > 0]",
};

export const leakyRelu: Operation = {
  name: "leakyrelu",
  isActivation: true,
  operands: ["x", "slope"],
  defaults: ["0.01"],
  kinks: (graph, x) => [x],
  convention: "leakyrelu′(0) = slope",
  value: (x, slope) => (x > 0 ? x : slope * x),
  decimal: (D, x, slope) => (x.gt(0) ? x : slope.times(x)),
  fixed: (on, x, slope) => (x > 0n ? x : on.multiply(slope, x)),
  exact: (x, slope) => (x.gt(0) ? x : slope.mul(x)),
  derivative: (graph, [x, slope]) => {
    const off = graph.apply(lessOrEqual, x!, graph.zero);
    return [graph.add(graph.apply(step, x!), graph.multiply(slope!, off)), graph.multiply(off, x!)];
  },
  code: (x, slope) => `(${x} > 0 ? ${x} : ${slope} * ${x})`,
  vector: (on, x, slope) => on.ifLess(on.number(0), x, x, on.multiply(slope, x)),
  latex: functionLatex("\\operatorname{leakyrelu}"),
  meaning: {
    letters: ["u", "a"],
    equation: {
      text: (u, a) => `max(0, ${u}) + ${a} min(0, ${u})`,
      latex: (_, u, a) => `\\max(0, ${u}) + ${a} \\min(0, ${u})`,
    },
  },
  source: "Maas, Hannun, Ng 2013; derivative 1[x > 0] + slope·1[x ≤ 0]",
};

export const elu: Operation = {
  name: "elu",
  saturates: true,
  operands: ["x", "alpha"],
  costly: true,
  defaults: ["1"],
  kinks: (graph, x) => [x],
  convention: "elu′(0) = alpha",
  value: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
  decimal: (D, x, alpha) => (x.gt(0) ? x : alpha.times(expm1Decimal(D, x))),
  fixed: (on, x, alpha) => (x > 0n ? x : on.multiply(alpha, on.exp(x) - on.one)),
  exact: (x, alpha) => (x.gt(0) ? x : x.equals(0) || alpha.equals(0) ? ZERO : undefined),
  derivative: (graph, [x, alpha], y) => {
    const off = graph.apply(lessOrEqual, x!, graph.zero);
    const growth = graph.apply(exponential, graph.apply(minimum, x!, graph.zero));
    return [
      graph.add(graph.apply(step, x!), graph.multiply(off, graph.add(y, alpha!))),
      graph.multiply(off, graph.subtract(growth, graph.one)),
    ];
  },
  code: (x, alpha) => `(${x} > 0 ? ${x} : ${alpha} * Math.expm1(${x}))`,
  vector: (on, x, alpha) => on.ifLess(on.number(0), x, x, on.multiply(alpha, vectorExpm1(on, x))),
  latex: functionLatex("\\operatorname{elu}"),
  meaning: {
    letters: ["u", "a"],
    equation: {
      text: (u, a) => `max(0, ${u}) + ${a}(e^min(0, ${u}) − 1)`,
      latex: (exp, u, a) => `\\max(0, ${u}) + ${a}(${exp(`\\min(0, ${u})`)} - 1)`,
    },
  },
  source: "Clevert, Unterthiner, Hochreiter 2016; derivative 1 or y + alpha",
};

export const absolute: Operation = {
  name: "abs",
  isNeverNegative: true,
  operands: ["x"],
  kinks: (graph, x) => [x],
  convention: "|·|′ at 0 is 0",
  value: (x) => Math.abs(x),
  decimal: (D, x) => x.abs(),
  fixed: (_, x) => (x < 0n ? -x : x),
  exact: (x) => x.abs(),
  derivative: (graph, [x]) => [graph.apply(sign, x!)],
  code: (x) => `Math.abs(${x})`,
  vector: (on, x) => on.absolute(x),
  latex: (x) => ({ tex: `\\left|${x.tex}\\right|`, binding: Binding.atom }),
  source: "|x|; derivative sign(x)",
};

export const sign: Operation = {
  name: "sign",
  operands: ["x"],
  kinks: (graph, x) => [x],
  convention: "sign(0) = 0, and its derivative is 0 everywhere, at 0 too",
  byOrder: (order) => order,
  value: (x) => (x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : NaN),
  decimal: (D, x) => new D(x.gt(0) ? 1 : x.lt(0) ? -1 : 0),
  exact: (x) => new Fraction(x.gt(0) ? 1 : x.lt(0) ? -1 : 0),
  derivative: (graph) => [graph.zero],
  code: (x) => `Math.sign(${x})`,
  vector: (on, x) => {
    const zero = on.number(0);
    return on.ifLess(zero, x, on.number(1), on.ifLess(x, zero, on.number(-1), x));
  },
  latex: functionLatex("\\operatorname{sign}"),
  meaning: {
    letters: ["u"],
    words: "is 1 for positive numbers, −1 for negative ones and 0 for 0",
  },
  source: "−1, 0 or 1",
};

/** maximum and minimum: where the operands tie, both have half of the derivative. */
function extremum(math: "max" | "min", wins: Operation, sign: 1 | -1): Operation {
  const name = `${math}imum`;
  return {
    name,
    operands: ["a", "b"],
    kinks: (graph, a, b) => [graph.subtract(a, b)],
    convention: `where the operands of ${name} are equal, each has half of the derivative`,
    value: (a, b) => Math[math](a, b),
    decimal: (D, a, b) => (a.comparedTo(b) === sign ? a : b),
    fixed: (_, a, b) => (a > b === sign > 0 ? a : b),
    exact: (a, b) => (a.compare(b) === sign ? a : b),
    derivative: (graph, [a, b]) => {
      // written z = 0, not 0 = z
      const sides = a!.kind === "number" ? [b!, a!] : [a!, b!];
      const tie = graph.multiply(graph.number("1/2"), graph.apply(equal, ...sides));
      return [graph.add(graph.apply(wins, a!, b!), tie), graph.add(graph.apply(wins, b!, a!), tie)];
    },
    code: (a, b) => `Math.${math}(${a}, ${b})`,
    vector: (on, a, b) => on[math === "max" ? "larger" : "smaller"](a, b),
    latex: functionLatex(`\\${math}`),
    meaning: {
      letters: ["a", "b"],
      words: `is the ${math === "max" ? "larger" : "smaller"} of the two`,
    },
    source: `the ${name} of two numbers; where they tie, the mean of the one-sided derivatives`,
  };
}

export const maximum: Operation = extremum("max", greater, 1);
export const minimum: Operation = extremum("min", less, -1);
