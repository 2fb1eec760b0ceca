import { Fraction } from "fraction.js";
import { expDecimal } from "./exponential.js";
import { expLibrary, sigmoidLibrary, tanhLibrary } from "./fast.js";
import { erfLibrary, geluLibrary } from "./library.js";
import { atLeast, Binding, functionLatex, raised, type Operation } from "./operation.js";
import {
  erf as erfValue,
  erfc,
  erfcDecimal,
  erfDecimal,
  gaussian,
  log1pDecimal,
  rationalPower,
  sigmoid as sigmoidValue,
  softplus as softplusValue,
  tanhDecimal,
} from "./special.js";
import { vectorLog1p, vectorSoftplus } from "./vector-logarithms.js";
import { vectorExp, vectorSigmoid, vectorTanh } from "./vectors.js";

const only = (at: number, value: number): NonNullable<Operation["exact"]> => {
  const result = new Fraction(value);
  return (x) => (x.equals(at) ? result : undefined);
};

export const exponential: Operation = {
  name: "exp",
  saturates: true,
  isNeverNegative: true,
  operands: ["x"],
  costly: true,
  value: (x) => Math.exp(x),
  decimal: (D, x) => expDecimal(D, x),
  fixed: (on, x) => on.exp(x),
  exact: only(0, 1),
  derivative: (graph, args, y) => [y],
  code: (x) => `Math.exp(${x})`,
  fast: expLibrary,
  vector: vectorExp,
  latex: (x) => ({ tex: `e^{${x.tex}}`, binding: Binding.power }),
  source: "DLMF 4.2.19, derivative 4.7.7",
};

export const log1p: Operation = {
  name: "log1p",
  operands: ["x"],
  costly: true,
  domain: (graph, x) => [{ subject: graph.add(graph.one, x), relation: "positive" }],
  value: (x) => Math.log1p(x),
  decimal: (D, x) => log1pDecimal(D, x),
  fixed: (on, x) => on.ln(on.one + x),
  exact: only(0, 0),
  derivative: (graph, [x]) => [graph.integerPower(graph.add(graph.one, x!), -1)],
  code: (x) => `Math.log1p(${x})`,
  vector: vectorLog1p,
  latex: (x) => ({
    tex: `\\ln\\left(1 + ${atLeast(x, Binding.product)}\\right)`,
    binding: Binding.prefix,
  }),
  source: "ln(1 + x); DLMF 4.7.1",
};

export const squareRoot: Operation = {
  name: "sqrt",
  isNeverNegative: true,
  operands: ["x"],
  costly: true,
  domain: (graph, x) => [{ subject: x, relation: "positive" }],
  value: (x) => Math.sqrt(x),
  decimal: (D, x) => D.sqrt(x),
  fixed: (on, x) => on.squareRoot(x),
  exact: (x) => (x.lt(0) ? undefined : rationalPower(x, new Fraction(1, 2))),
  derivative: (graph, args, y) => [graph.multiply(graph.number("1/2"), graph.integerPower(y, -1))],
  code: (x) => `Math.sqrt(${x})`,
  vector: (on, x) => on.squareRoot(x),
  latex: (x) => ({ tex: `\\sqrt{${x.tex}}`, binding: Binding.atom }),
  source: "DLMF 4.2.26 with exponent 1/2",
};

export const sine: Operation = {
  name: "sin",
  operands: ["x"],
  costly: true,
  value: (x) => Math.sin(x),
  decimal: (D, x) => D.sin(x),
  exact: only(0, 0),
  derivative: (graph, [x]) => [graph.apply(cosine, x!)],
  code: (x) => `Math.sin(${x})`,
  latex: functionLatex("\\sin"),
  source: "DLMF 4.14.1, derivative 4.20.1",
};

export const cosine: Operation = {
  name: "cos",
  operands: ["x"],
  costly: true,
  value: (x) => Math.cos(x),
  decimal: (D, x) => D.cos(x),
  exact: only(0, 1),
  derivative: (graph, [x]) => [graph.negate(graph.apply(sine, x!))],
  code: (x) => `Math.cos(${x})`,
  latex: functionLatex("\\cos"),
  source: "DLMF 4.14.2, derivative 4.20.2",
};

export const tangent: Operation = {
  name: "tan",
  operands: ["x"],
  costly: true,
  domain: (graph, x) => [{ subject: graph.apply(cosine, x), relation: "not zero" }],
  value: (x) => Math.tan(x),
  decimal: (D, x) => D.tan(x),
  exact: only(0, 0),
  derivative: (graph, args, y) => [graph.add(graph.one, graph.integerPower(y, 2))],
  code: (x) => `Math.tan(${x})`,
  latex: functionLatex("\\tan"),
  source: "DLMF 4.14.4, derivative 4.20.3",
};

export const hyperbolicTangent: Operation = {
  name: "tanh",
  saturates: true,
  isActivation: true,
  operands: ["x"],
  costly: true,
  value: (x) => Math.tanh(x),
  decimal: (D, x) => tanhDecimal(D, x),
  fixed: (on, x) => {
    const decay = on.exp(-2n * x);
    return on.divide(on.one - decay, on.one + decay);
  },
  exact: only(0, 0),
  derivative: (graph, args, y) => [graph.subtract(graph.one, graph.integerPower(y, 2))],
  code: (x) => `Math.tanh(${x})`,
  fast: tanhLibrary,
  vector: vectorTanh,
  latex: functionLatex("\\tanh"),
  meaning: {
    letters: ["u"],
    equation: {
      text: (u) => `(e${raised(u)} − e⁻${raised(u)})/(e${raised(u)} + e⁻${raised(u)})`,
      latex: (exp, u) => {
        const [grown, shrunk] = [exp(u), exp(`-${u}`)];
        return `(${grown} - ${shrunk})/(${grown} + ${shrunk})`;
      },
    },
  },
  source: "DLMF 4.28.3, derivative 4.34.3: 1 − y²",
};

export const sigmoid: Operation = {
  name: "sigmoid",
  saturates: true,
  isNeverNegative: true,
  isActivation: true,
  operands: ["x"],
  costly: true,
  value: (x) => sigmoidValue(x),
  decimal: (D, x) => new D(1).div(expDecimal(D, x.neg()).plus(1)),
  fixed: (on, x) => on.divide(on.one, on.one + on.exp(-x)),
  exact: (x) => (x.equals(0) ? new Fraction(1, 2) : undefined),
  derivative: (graph, args, y) => [graph.multiply(y, graph.subtract(graph.one, y))],
  // without a branch, which would be mispredicted for half of all operands
  code: (x) => `(1 / (1 + Math.exp(-${x})))`,
  fast: sigmoidLibrary,
  vector: vectorSigmoid,
  latex: functionLatex("\\sigma"),
  meaning: {
    letters: ["u"],
    equation: {
      text: (u) => `1/(1 + e⁻${raised(u)})`,
      latex: (exp, u) => `1/(1 + ${exp(`-${u}`)})`,
    },
    otherwise: {
      text: (u) => `e${raised(u)}/(1 + e${raised(u)})`,
      latex: (exp, u) => `${exp(u)}/(1 + ${exp(u)})`,
    },
    sign: "σ",
    words: "is the sigmoid",
  },
  source: "1/(1 + e⁻ˣ); derivative y(1 − y)",
};

export const softplus: Operation = {
  name: "softplus",
  saturates: true,
  isNeverNegative: true,
  isActivation: true,
  operands: ["x"],
  costly: true,
  value: (x) => softplusValue(x),
  decimal: (D, x) => D.max(x, 0).plus(log1pDecimal(D, expDecimal(D, x.abs().neg()))),
  fixed: (on, x) => on.ln(on.one + on.exp(x)),
  derivative: (graph, [x]) => [graph.apply(sigmoid, x!)],
  code: (x) => `(Math.max(${x}, 0) + Math.log1p(Math.exp(-Math.abs(${x}))))`,
  vector: vectorSoftplus,
  latex: functionLatex("\\operatorname{softplus}"),
  meaning: {
    letters: ["u"],
    equation: {
      text: (u) => `ln(1 + e${raised(u)})`,
      latex: (exp, u) => `\\ln(1 + ${exp(u)})`,
    },
  },
  source: "ln(1 + eˣ), Dugas et al. 2001; derivative σ(x)",
};

export const silu: Operation = {
  name: "silu",
  saturates: true,
  operands: ["x"],
  costly: true,
  value: (x) => x * sigmoidValue(x),
  decimal: (D, x) => x.div(expDecimal(D, x.neg()).plus(1)),
  fixed: (on, x) => on.divide(x, on.one + on.exp(-x)),
  exact: only(0, 0),
  derivative: (graph, [x], y) => {
    const s = graph.apply(sigmoid, x!);
    return [graph.add(s, graph.multiply(y, graph.subtract(graph.one, s)))];
  },
  code: (x) => `(${x} * (1 / (1 + Math.exp(-${x}))))`,
  vector: (on, x) => on.multiply(x, vectorSigmoid(on, x)),
  latex: functionLatex("\\operatorname{silu}"),
  meaning: {
    letters: ["u"],
    equation: {
      text: (u) => `${u}/(1 + e⁻${raised(u)})`,
      latex: (exp, u) => `${u}/(1 + ${exp(`-${u}`)})`,
    },
  },
  source: "x σ(x), Elfwing, Uchibe, Doya 2018; derivative σ + y(1 − σ)",
};

/** Φ(x), the standard normal distribution, from erf. */
export const gelu: Operation = {
  name: "gelu",
  saturates: true,
  operands: ["x"],
  costly: true,
  value: (x) => 0.5 * x * erfc(-x * Math.SQRT1_2, gaussian(x, 0.5)),
  decimal: (D, x) => x.div(2).times(erfcDecimal(D, x.neg().div(D.sqrt(2)))),
  exact: only(0, 0),
  derivative: (graph, [x]) => {
    const half = graph.number("1/2");
    const root = graph.apply(squareRoot, graph.number(2));
    const normal = graph.apply(erf, graph.divide(x!, root));
    const density = graph.divide(
      graph.apply(exponential, graph.multiply(graph.number("-1/2"), graph.integerPower(x!, 2))),
      graph.apply(squareRoot, graph.multiply(graph.number(2), graph.constant("pi"))),
    );
    return [
      graph.add(graph.multiply(half, graph.add(graph.one, normal)), graph.multiply(x!, density)),
    ];
  },
  library: geluLibrary,
  latex: functionLatex("\\operatorname{gelu}"),
  meaning: {
    letters: ["u"],
    equation: {
      text: (u) => `${u}(1 + erf(${u}/√2))/2`,
      latex: (_, u) => `\\frac{1}{2} ${u}(1 + \\operatorname{erf}(${u}/\\sqrt{2}))`,
    },
  },
  source: "x Φ(x), Hendrycks, Gimpel 2016 (the exact form); derivative Φ(x) + x φ(x)",
};

export const erf: Operation = {
  name: "erf",
  saturates: true,
  operands: ["x"],
  costly: true,
  value: (x) => erfValue(x),
  decimal: (D, x) => erfDecimal(D, x),
  exact: only(0, 0),
  derivative: (graph, [x]) => [
    graph.multiply(
      graph.number(2),
      graph.integerPower(graph.apply(squareRoot, graph.constant("pi")), -1),
      graph.apply(exponential, graph.negate(graph.integerPower(x!, 2))),
    ),
  ],
  library: erfLibrary,
  latex: functionLatex("\\operatorname{erf}"),
  meaning: {
    letters: ["u", "s"],
    operands: 1,
    equation: {
      text: (u, s) => `2/√π ∫ e^(−${s}²) d${s} from 0 to ${u}`,
      latex: (exp, u, s) =>
        `\\frac{2}{\\sqrt{\\pi}} \\int_{0}^{${u}} ${exp(`-${s}^{2}`)} \\, \\mathrm{d}${s}`,
    },
  },
  source: "DLMF 7.2.1, derivative 7.10.1",
};
