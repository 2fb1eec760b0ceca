/**
 * Functions that a model writes out, as what they are: 1/(1 + e⁻ᶻ) is σ(z), (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ) is tanh(z), z·σ(z) is silu(z).
 * People differentiate them by their names, a(1 − a), and their mistakes are made there. Only smooth
 * functions: at a kink another spelling may have another convention.
 */
import type { Definition } from "../../expression/definition.js";
import type { Expression, ProductNode, SumNode } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { power } from "../../expression/operations/powers.js";
import {
  exponential,
  hyperbolicTangent,
  sigmoid,
  silu,
} from "../../expression/operations/smooth.js";
import { PerGraph } from "../../expression/per-graph.js";
import type { Model } from "../../language/model.js";

/** By the model, also by the one that is returned. */
const known = new PerGraph(() => new Map<Model, KnownFunctions>());

interface KnownFunctions {
  readonly model: Model;
  /** The definitions as they were written, where a function is written out. */
  readonly written: readonly Definition[];
}

/** The model with the same quantities, values and derivatives; itself where it writes no function out. */
export function withKnownFunctions(model: Model): Model {
  const { graph } = model;
  const models = known.of(graph);
  const before = models.get(model);
  if (before) return before.model;
  const definitions = model.definitions.map(({ quantity, clauses }) => ({
    quantity,
    clauses: clauses.map((clause) => ({ ...clause, body: rewrite(graph, clause.body) })),
  }));
  const others = model.definitions.filter(({ clauses }, k) =>
    clauses.some(({ body }, n) => body !== definitions[k]!.clauses[n]!.body),
  );
  const result: Model = others.length === 0 ? model : { ...model, definitions };
  const found = { model: result, written: others };
  models.set(model, found).set(result, found);
  return result;
}

/** The definitions of a model with known functions as their author wrote them, where a function is written out. */
export function writtenOut(model: Model): readonly Definition[] {
  return known.of(model.graph).get(model)?.written ?? [];
}

function rewrite(graph: Graph, root: Expression): Expression {
  return graph.transform(root, (node) => {
    if (node.kind === "product") {
      const product = quotient(graph, node) ?? node;
      const gated = product.kind === "product" ? sigmoidTimes(graph, product) : undefined;
      return gated ?? (product === node ? undefined : product);
    }
    return node.kind === "sum" ? scaledSigmoid(graph, node) : undefined;
  });
}

type Factor = ProductNode["factors"][number];

/** u·σ(u) = silu(u); undefined where no such pair is among the factors. */
function sigmoidTimes(graph: Graph, { coefficient, factors }: ProductNode): Expression | undefined {
  for (const gate of factors) {
    if (gate.base.kind !== "apply" || gate.base.operation !== sigmoid || gate.exponent !== 1)
      continue;
    const [u] = gate.base.children;
    const own = factors.find(({ base, exponent }) => base === u && exponent === 1);
    if (!own) continue;
    const rest = factors.filter((one) => one !== gate && one !== own);
    return graph.multiply(
      graph.number(coefficient),
      ...rest.map(({ base, exponent }) => graph.integerPower(base, exponent)),
      graph.apply(silu, u!),
    );
  }
  return undefined;
}

/** A product with names for what is divided in it; undefined where nothing has one. */
function quotient(graph: Graph, { coefficient, factors }: ProductNode): Expression | undefined {
  for (const [k, { base, exponent }] of factors.entries()) {
    if (base.kind !== "sum" || exponent >= 0) continue;
    const others = factors.toSpliced(k, 1);
    const rest = (left: readonly Factor[]): Expression =>
      rewrite(
        graph,
        graph.multiply(
          graph.number(coefficient),
          ...left.map((one) => graph.integerPower(one.base, one.exponent)),
        ),
      );
    for (const [n, over] of others.entries()) {
      const ratio = exponent === -1 && over.exponent === 1 && ratioOf(graph, over.base, base);
      if (ratio) return graph.multiply(rest(others.toSpliced(n, 1)), ratio);
    }
    const u = argumentBeside(base, 1);
    if (u) {
      const share = graph.apply(sigmoid, rewrite(graph, graph.negate(u)));
      return graph.multiply(rest(others), graph.integerPower(share, -exponent));
    }
  }
  return undefined;
}

/** eᵘ/(1 + eᵘ) = σ(u), (eᵘ − 1)/(eᵘ + 1) = tanh(u/2), (eᵘ − e⁻ᵘ)/(eᵘ + e⁻ᵘ) = tanh(u). */
function ratioOf(graph: Graph, over: Expression, under: SumNode): Expression | undefined {
  const tanhOf = (u: Expression): Expression => graph.apply(hyperbolicTangent, rewrite(graph, u));
  const u = argumentBeside(under, 1);
  if (u) {
    if (exponentOf(over) === u) return graph.apply(sigmoid, rewrite(graph, u));
    if (over.kind !== "sum") return undefined;
    const half = graph.multiply(graph.number("1/2"), u);
    if (argumentBeside(over, -1) === u) return tanhOf(half);
    return argumentBeside(over, 1, -1) === u ? tanhOf(graph.negate(half)) : undefined;
  }
  if (over.kind !== "sum") return undefined;
  const [cosh, sinh] = [pairOf(under), pairOf(over)];
  if (!cosh?.every(({ sign }) => sign === 1) || !sinh) return undefined;
  const [plus, minus] = [1, -1].map((sign) => sinh.find((one) => one.sign === sign));
  if (!plus || minus?.argument !== graph.negate(plus.argument)) return undefined;
  const isOwn = cosh.every(({ argument }) => sinh.some((one) => one.argument === argument));
  return isOwn ? tanhOf(plus.argument) : undefined;
}

/** 2/(1 + eᵛ) − 1 = tanh(−v/2), and 1 − 2/(1 + eᵛ) = tanh(v/2). */
function scaledSigmoid(graph: Graph, { constant, terms }: SumNode): Expression | undefined {
  const [only, ...others] = terms;
  if (!only || others.length > 0 || !constant.abs().equals(1)) return undefined;
  const { coefficient, term } = only;
  if (!coefficient.equals(constant.mul(-2)) || term.kind !== "product") return undefined;
  const [under, ...more] = term.factors;
  if (more.length > 0 || under?.exponent !== -1 || under.base.kind !== "sum") return undefined;
  const v = argumentBeside(under.base, 1);
  if (!v) return undefined;
  const half = graph.multiply(graph.number(constant.div(2)), v);
  return graph.apply(hyperbolicTangent, rewrite(graph, half));
}

/** The u of a sum of a number and ±eᵘ. */
function argumentBeside(
  { constant, terms }: SumNode,
  number: 1 | -1,
  sign: 1 | -1 = 1,
): Expression | undefined {
  const [only, ...others] = terms;
  if (!only || others.length > 0) return undefined;
  const isSuch = only.coefficient.equals(sign) && constant.equals(number);
  return isSuch ? exponentOf(only.term) : undefined;
}

interface SignedExponential {
  readonly sign: 1 | -1;
  readonly argument: Expression;
}

/** ±eᵘ ± eᵛ. */
function pairOf({ constant, terms }: SumNode): readonly SignedExponential[] | undefined {
  if (!constant.equals(0) || terms.length !== 2) return undefined;
  const found = terms.flatMap(({ coefficient, term }): SignedExponential[] => {
    const argument = coefficient.abs().equals(1) ? exponentOf(term) : undefined;
    return argument ? [{ sign: coefficient.s < 0n ? -1 : 1, argument }] : [];
  });
  return found.length === 2 ? found : undefined;
}

/** The u of eᵘ, however it is written. */
function exponentOf(node: Expression): Expression | undefined {
  if (node.kind !== "apply") return undefined;
  const [first, second] = node.children;
  if (node.operation === exponential) return first;
  const isOfE = first?.kind === "constant" && first.name === "e";
  return node.operation === power && isOfE ? second : undefined;
}
