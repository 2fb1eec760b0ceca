/** Mistakes at one node of the forward pass: another function, a term or a factor lost, a neighbour in its place. */
import type {
  ApplyNode,
  Expression,
  ProductNode,
  SumNode,
} from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Letter } from "../../../expression/indices.js";
import { squareRoot } from "../../../expression/operations/smooth.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape, Size } from "../../../expression/size.js";
import { modelText, reducedText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import { countsIn } from "../counts.js";
import { inPlaceOf } from "../forward-fault.js";
import type { Told } from "../mutant.js";
import { ACTIVATIONS, isUnary, operandsAt } from "../unary.js";
import { otherTargets } from "./labels.js";
import type { Rewriting } from "./rewriting.js";

/** @param isLinear whether the body is proportional to the node, or to a sum with it */
export function rewritingsOf(backward: Backward, node: Expression, isLinear: boolean): Rewriting[] {
  switch (node.kind) {
    case "apply":
      return [...otherFunctions(backward, node), ...outsideOfRoot(backward, node)];
    case "sum":
      return otherTerms(backward, node);
    case "product":
      return otherFactors(backward, node, isLinear);
    case "reference":
      return [...neighbours(backward, node), ...otherTargets(backward.graph, node)];
    default:
      return [];
  }
}

/** Another activation, or none. */
function otherFunctions({ graph }: Backward, node: ApplyNode): Rewriting[] {
  const [child] = node.children;
  const { operation } = node;
  if (!child || !isUnary(operation)) return [];
  const variant = (result: Expression, cost: number): Rewriting => ({
    result,
    cause: "wrong-function",
    tell: () => inPlaceOf(modelText(result), modelText(node)),
    cost,
  });
  const found = [variant(child, 2.25)];
  if (!operation.isActivation) return found;
  for (const other of ACTIVATIONS) {
    if (other === operation) continue;
    found.push(variant(graph.apply(other, ...operandsAt(graph, other, child)), 2.2));
  }
  return found;
}

function outsideOfRoot({ graph }: Backward, node: ApplyNode): Rewriting[] {
  const result = withConstantOutside(graph, node);
  if (!result) return [];
  return [
    {
      result,
      cause: "wrong-function",
      tell: () => inPlaceOf(modelText(result), modelText(node)),
      cost: 2.15,
    },
  ];
}

/** √v + ε for √(v + ε); undefined for anything else. */
export function withConstantOutside(graph: Graph, node: Expression): Expression | undefined {
  if (node.kind !== "apply" || node.operation !== squareRoot) return undefined;
  const [child] = node.children;
  if (child?.kind !== "sum" || child.constant.n === 0n) return undefined;
  const constant = graph.number(child.constant);
  return graph.add(graph.apply(squareRoot, graph.subtract(child, constant)), constant);
}

/** A bias, an ε, a penalty: left out, with another sign, without its number. */
function otherTerms({ graph }: Backward, node: SumNode): Rewriting[] {
  const found: Rewriting[] = [];
  const parts = node.terms.map(({ coefficient, term }) => graph.scale(coefficient, term));
  if (node.constant.n !== 0n) parts.push(graph.number(node.constant));
  for (const part of parts) {
    const rest = graph.subtract(node, part);
    const tell = (what: (term: string) => string) => (): Told => {
      const term = modelText(part);
      return { term, what: what(term) };
    };
    found.push(
      {
        result: rest,
        cause: "missing-term",
        tell: tell((term) => `the term ${term} left out`),
        cost: 2.1,
      },
      {
        result: graph.subtract(rest, part),
        cause: "sign",
        tell: tell((term) => `the wrong sign before ${term}`),
        cost: 2.2,
      },
    );
  }
  return found;
}

/** A factor, a number, a size or a power left out. */
function otherFactors({ graph }: Backward, node: ProductNode, isLinear: boolean): Rewriting[] {
  const found: Rewriting[] = [];
  const lost = (
    result: Expression,
    factor: () => number | string,
    what: () => string,
  ): Rewriting => ({
    result,
    cause: isLinear ? "constant-factor" : "wrong-function",
    tell: () => ({
      ...(isLinear ? { factor: factor() } : { used: modelText(result), instead: modelText(node) }),
      what: what(),
    }),
    cost: 2.1,
  });
  if (!node.coefficient.abs().equals(1)) {
    const factor = node.coefficient.abs();
    const result = graph.multiply(graph.number(factor.inverse()), node);
    const what = (): string => {
      const mean = meanOf(node);
      if (mean !== undefined) return inPlaceOf(modelText(result), mean).what;
      return `the factor ${modelText(graph.number(factor))} before ${modelText(result)} left out`;
    };
    found.push(lost(result, () => factor.inverse().valueOf(), what));
  }
  for (const { base, exponent } of node.factors) {
    for (const size of countsIn(node.coefficient.d, lengthsOf(base))) {
      found.push(...corrected(size, -1));
    }
    const part = graph.integerPower(base, exponent);
    const result = graph.divide(node, part);
    if (base.kind === "size") {
      const ratio = (): string => modelText(graph.integerPower(part, -1)).replace(/^1 \.\/ /, "1/");
      found.push(lost(result, ratio, () => `the factor ${modelText(part)} left out`));
      found.push(...corrected(base.size, exponent));
      continue;
    }
    if (base.kind === "constant") continue;
    const keeps = result.free.length === node.free.length;
    if (keeps) {
      found.push({
        result,
        cause: "missing-factor",
        tell: () => {
          const factor = modelText(part);
          return { factor, what: `the factor ${factor} of ${modelText(node)} left out` };
        },
        cost: 2.15,
      });
    }
    if (Math.abs(exponent) === 1) continue;
    const lower = graph.multiply(result, base);
    found.push({
      result: lower,
      cause: "wrong-function",
      tell: () => inPlaceOf(modelText(lower), modelText(node)),
      cost: 2.3,
    });
  }
  return found;

  /** n − 1 for n: a variance with Bessel's correction. */
  function corrected(size: Size, exponent: number): Rewriting[] {
    const less = size.minus(Size.one);
    if (exponent !== -1 || less.constant === 0) return [];
    const result = graph.divide(graph.multiply(node, graph.size(size)), graph.size(less));
    return [
      {
        result,
        cause: "constant-factor",
        tell: () => {
          const name = size.toString();
          return { factor: `${name}/(${name}-1)`, what: `1/(${name}-1) in place of 1/${name}` };
        },
        cost: 2.1,
      },
    ];
  }
}

/** A sum over axes of known lengths that is divided by these, by its name: `mean(Z.^2, 2)`. */
function meanOf({ coefficient, factors }: ProductNode): string | undefined {
  const [sum, ...others] = factors;
  const base = sum?.base;
  if (base?.kind !== "reduce" || sum?.exponent !== 1 || others.length > 0) return undefined;
  const count = lengthsOf(base).reduce((product, size) => product.times(size), Size.one).constant;
  if (count === undefined || !coefficient.mul(count).equals(1)) return undefined;
  return reducedText(base, "mean", lettersOf(base));
}

/** The lengths of the axes that a sum goes over, the outermost first. */
function lengthsOf(sum: Expression): Size[] {
  return lettersOf(sum).map(({ size }) => size);
}

function lettersOf(sum: Expression): Letter[] {
  const letters: Letter[] = [];
  for (let node = sum; node.kind === "reduce" && node.reduction === "sum"; node = node.body) {
    letters.push(node.letter);
  }
  return letters;
}

/** What a quantity was computed from in its place, z for a; a parameter for another. */
function neighbours(
  backward: Backward,
  node: Extract<Expression, { kind: "reference" }>,
): Rewriting[] {
  const { graph } = backward;
  const { quantity, indices } = node;
  const near = (other: Quantity): boolean =>
    backward.outOf(quantity).some(({ to }) => to === other);
  return backward.order.flatMap((other): Rewriting[] => {
    if (other === quantity || !sameShape(other.shape, quantity.shape)) return [];
    const isAlike = quantity.role === "parameter" && other.role === "parameter";
    if (!isAlike && !near(other)) return [];
    return [
      {
        result: graph.reference(other, indices),
        cause: "wrong-variable",
        tell: () => inPlaceOf(other.name, quantity.name),
        cost: isAlike ? 2.25 : 2.2,
      },
    ];
  });
}
