import { rationalPower } from "./special.js";
import { atLeast, Binding, type Operation } from "./operation.js";

const DLMF_POWERS = "DLMF 4.2.26 (aᵇ = e^(b ln a)), 4.2.19";

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
  exact: (a, b) =>
    b.d === 1n && b.abs().lt(64) && !(a.equals(0) && b.lt(0)) ? rationalPower(a, b) : undefined,
  derivative: (graph, [a, b], y) => [
    graph.multiply(b!, graph.power(a!, graph.add(b!, graph.number(-1)))),
    graph.multiply(y, graph.apply(logarithm, a!)),
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
  decimal: (D, x) => D.ln(x),
  exact: (x) => (x.equals(1) ? x.sub(1) : undefined),
  derivative: (graph, [x]) => [graph.integerPower(x!, -1)],
  code: (x) => `Math.log(${x})`,
  latex: (x) => ({ tex: `\\ln ${atLeast(x, Binding.power)}`, binding: Binding.prefix }),
  source: "DLMF 4.2.2, derivative 4.7.1",
};
