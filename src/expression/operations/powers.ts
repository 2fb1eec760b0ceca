import { Fraction } from "fraction.js";
import { lnDecimal } from "./exponential.js";
import { rationalPower } from "./special.js";
import { atLeast, Binding, functionLatex, onceOnly, type Operation } from "./operation.js";
import { vectorLog } from "./vector-logarithms.js";

const DLMF_POWERS = "DLMF 4.2.26 (aᵇ = e^(b ln a)), 4.2.19";

/** ∂aᵇ/∂a: the power 0 is constant, at a = 0 too. */
const powerByBase: Operation = {
  name: "powerbybase",
  operands: ["base", "exponent"],
  costly: true,
  value: (a, b) => (b === 0 ? 0 : b * Math.pow(a, b - 1)),
  decimal: (D, a, b) => (b.isZero() ? new D(0) : b.times(D.pow(a, b.minus(1)))),
  fixed: (on, a, b) => (b === 0n ? b : on.multiply(b, on.power(a, b - on.one))),
  exact: (a, b) => (b.equals(0) ? b : power.exact?.(a, b.sub(1))?.mul(b)),
  derivative: onceOnly("the slope of a power"),
  code: (a, b) => `(${b} === 0 ? 0 : ${b} * Math.pow(${a}, ${b} - 1))`,
  latex: functionLatex("\\partial_a"),
  source: DLMF_POWERS,
};

/** ∂aᵇ/∂b from y = aᵇ: 0ᵇ is 0 for all b > 0, and aᵇ ln a has that limit. */
const powerByExponent: Operation = {
  name: "powerbyexponent",
  operands: ["base", "exponent", "y"],
  costly: true,
  value: (a, b, y) => (a === 0 && b > 0 ? 0 : y * Math.log(a)),
  decimal: (D, a, b, y) => (a.isZero() && b.gt(0) ? a : y.times(lnDecimal(D, a))),
  fixed: (on, a, _, y) => on.multiply(y, on.ln(a)),
  exact: (a, b) => ((a.equals(0) && b.gt(0)) || a.equals(1) ? new Fraction(0) : undefined),
  derivative: onceOnly("the slope of a power"),
  code: (a, b, y) => `(${a} === 0 && ${b} > 0 ? 0 : ${y} * Math.log(${a}))`,
  latex: functionLatex("\\partial_b"),
  source: DLMF_POWERS,
};

/** a^b for exponents that are not whole numbers; whole powers are products of the graph. */
export const power: Operation = {
  name: ".^",
  operands: ["base", "exponent"],
  costly: true,
  domain: (graph, base, exponent) =>
    exponent.kind === "number" && exponent.value.d === 1n
      ? []
      : [{ subject: base, relation: "positive" }],
  value: (a, b) => Math.pow(a, b),
  decimal: (D, a, b) => D.pow(a, b),
  fixed: (on, a, b) => on.power(a, b),
  exact: (a, b) =>
    b.d === 1n && b.abs().lt(64) && !(a.equals(0) && b.lt(0)) ? rationalPower(a, b) : undefined,
  derivative: (graph, [a, b], y) => [
    graph.multiply(b!, graph.power(a!, graph.add(b!, graph.number(-1)))),
    graph.multiply(y, graph.apply(logarithm, a!)),
  ],
  limitingDerivative: (graph, [a, b], y) => [
    b!.kind === "number"
      ? graph.multiply(b!, graph.power(a!, graph.add(b!, graph.number(-1))))
      : graph.apply(powerByBase, a!, b!),
    graph.apply(powerByExponent, a!, b!, y),
  ],
  code: (a, b) => `Math.pow(${a}, ${b})`,
  latex: (a, b) => ({
    tex: `${atLeast(a, Binding.atom)}^{${b.tex}}`,
    binding: Binding.power,
  }),
  source: DLMF_POWERS,
};

/** The natural logarithm. */
export const logarithm: Operation = {
  name: "log",
  operands: ["x"],
  costly: true,
  domain: (graph, x) => [{ subject: x, relation: "positive" }],
  value: (x) => Math.log(x),
  decimal: (D, x) => lnDecimal(D, x),
  fixed: (on, x) => on.ln(x),
  exact: (x) => (x.equals(1) ? x.sub(1) : undefined),
  derivative: (graph, [x]) => [graph.integerPower(x!, -1)],
  code: (x) => `Math.log(${x})`,
  vector: vectorLog,
  latex: (x) => ({ tex: `\\ln ${atLeast(x, Binding.power)}`, binding: Binding.prefix }),
  source: "DLMF 4.2.2, derivative 4.7.1",
};
