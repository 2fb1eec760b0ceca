/** Identities that people use when they write derivatives; all hold for all real numbers. */
import { Fraction } from "fraction.js";
import type { Expression, ProductNode, ReduceNode, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { relu, step } from "../expression/operations/piecewise.js";
import { exponential, sigmoid } from "../expression/operations/smooth.js";
import { writtenLength } from "../expression/walk.js";
import { multipliedOut, summandsOf } from "./multiplied-out.js";

/** eᵘ/(1 + eᵘ) and 1/(1 + e⁻ᵘ) are σ(u); 2a/N − 2b/N is 2/N (a − b); p·(s − t/p) is p·s − t, (1 − t)·a − t·(1 − a) is a − t. */
export function simplify(graph: Graph, root: Expression): Expression {
  return graph.transform(root, (node) => {
    if (node.kind === "sum") return shortSum(graph, node);
    if (node.kind === "reduce") return withSignOfSum(graph, node);
    if (node.kind !== "product") return undefined;
    const shortened =
      withSigns(graph, node) ??
      logistic(graph, node) ??
      rectified(graph, node) ??
      cancelled(graph, node);
    return shortened && simplify(graph, shortened);
  });
}

/** A sum with what its terms share in front; multiplied out first where that is shorter. */
function shortSum(graph: Graph, node: SumNode): Expression | undefined {
  const flat = withoutBrackets(graph, node);
  if (flat) return simplify(graph, flat);
  if (node.terms.some(({ term }) => adjointIn(term))) {
    return withAdjointsInFront(graph, node) ?? withFront(graph, node);
  }
  const factored = withSumApart(graph, node) ?? withFront(graph, node);
  const shorter = multipliedOut(graph, node);
  const isShortest = shorter && (!factored || writtenLength(shorter) < writtenLength(factored));
  return isShortest ? simplify(graph, shorter) : factored;
}

/** a − (b − c) is a − b + c; 2(y − t) stays. */
function withoutBrackets(graph: Graph, node: SumNode): Expression | undefined {
  const brackets = node.terms.flatMap(({ coefficient, term }) =>
    term.kind === "sum" && coefficient.abs().equals(1) ? [term] : [],
  );
  if (brackets.length === 0) return undefined;
  const constant = { coefficient: node.constant, term: graph.one };
  return graph.combine([...node.terms, constant], (term) => !brackets.some((one) => one === term));
}

function withFront(graph: Graph, node: SumNode): Expression | undefined {
  return withCommonInFront(graph, node) ?? withCommonFactors(graph, node);
}

/**
 * A sum with each adjoint in front of all that it is multiplied by: ū·a − ū·a·u² + v̄·b is
 * ū·(a − a·u²) + v̄·b. Terms with different adjoints cannot cancel and are not multiplied out.
 * Undefined where nothing changes.
 */
function withAdjointsInFront(graph: Graph, node: SumNode): Expression | undefined {
  const groups = new Map<Expression | undefined, Expression[]>();
  for (const { coefficient, term } of node.terms) {
    const adjoint = adjointIn(term);
    const others = adjoint ? graph.divide(term, adjoint) : term;
    const group = groups.get(adjoint) ?? [];
    group.push(graph.scale(coefficient, others));
    groups.set(adjoint, group);
  }
  const parts = [...groups].map(([adjoint, group]) => {
    const sum = graph.add(...group);
    return simplify(graph, adjoint ? graph.multiply(adjoint, sum) : sum);
  });
  const whole = graph.add(graph.number(node.constant), ...parts);
  if (whole === node) return undefined;
  return whole.kind === "sum" ? (withFront(graph, whole) ?? whole) : whole;
}

/** The adjoint that a term is multiplied by, not under a sum over an index. */
function adjointIn(term: Expression): Expression | undefined {
  return factorsOf(term).find(
    ({ base, exponent }) =>
      exponent === 1 && base.kind === "reference" && base.quantity.role === "adjoint",
  )?.base;
}

/** (1 − u²)·a + 1 − u² is (1 − u²)·(a + 1): a sum that also stands in the sum by itself. */
function withSumApart(graph: Graph, node: SumNode): Expression | undefined {
  for (const { base } of node.terms.flatMap(({ term }) => factorsOf(term))) {
    const times = base.kind === "sum" ? timesIn(node, base) : undefined;
    if (times === undefined) continue;
    const rest = graph.combine([
      { coefficient: new Fraction(1), term: node },
      { coefficient: times.neg(), term: base },
    ]);
    const together: Expression[] = [graph.number(times)];
    const apart: Expression[] = [];
    for (const one of rest.kind === "sum" ? summandsOf(graph, rest) : [rest]) {
      const isTogether = factorsOf(one).some((f) => f.base === base && f.exponent === 1);
      if (isTogether) together.push(graph.divide(one, base));
      else apart.push(one);
    }
    const product = graph.multiply(base, graph.add(...together));
    return graph.add(simplify(graph, product), simplify(graph, graph.add(...apart)));
  }
  return undefined;
}

/** How many times all terms of one sum are among those of another; undefined where they are not. */
function timesIn(node: SumNode, part: SumNode): Fraction | undefined {
  const coefficients = new Map(node.terms.map(({ term, coefficient }) => [term, coefficient]));
  const [first] = part.terms;
  const times = coefficients.get(first!.term)?.div(first!.coefficient);
  if (times === undefined) return undefined;
  const isWhole =
    part.terms.every(({ term, coefficient }) =>
      coefficients.get(term)?.equals(coefficient.mul(times)),
    ) &&
    (part.constant.n === 0n || node.constant.equals(part.constant.mul(times)));
  return isWhole ? times : undefined;
}

/** The terms of a sum with the other sign, where all of them have a minus. */
function positive(graph: Graph, node: Expression): Expression | undefined {
  if (node.kind !== "sum" || node.constant.compare(0) > 0) return undefined;
  if (node.terms.some(({ coefficient }) => coefficient.compare(0) > 0)) return undefined;
  const terms = node.terms.map(({ coefficient, term }) => graph.scale(coefficient.neg(), term));
  return graph.add(graph.number(node.constant.neg()), ...terms);
}

/** Signs in front of products: (−a − b)·c is −(a + b)·c. */
function withSigns(graph: Graph, { coefficient, factors }: ProductNode): Expression | undefined {
  const place = factors.findIndex(({ base }) => positive(graph, base) !== undefined);
  const found = factors[place];
  if (!found) return undefined;
  const sign = found.exponent % 2 === 0 ? 1 : -1;
  const base = positive(graph, found.base)!;
  return graph.monomial(coefficient.mul(sign), factors.with(place, { ...found, base }));
}

function signInFront(graph: Graph, node: Expression): Expression {
  return (node.kind === "product" ? withSigns(graph, node) : undefined) ?? node;
}

/** Σ (−a − b) is −Σ (a + b). */
function withSignOfSum(
  graph: Graph,
  { reduction, letter, body }: ReduceNode,
): Expression | undefined {
  const inner = reduction === "sum" ? positive(graph, body) : undefined;
  return inner && simplify(graph, graph.negate(graph.sum(letter, inner)));
}

/** A sum whose terms all have a number or the same sizes below them in common, with these in front. */
function withCommonInFront(graph: Graph, { constant, terms }: SumNode): Expression | undefined {
  const number = terms[0]!.coefficient.abs();
  const isCommon = terms.every(({ coefficient }) => coefficient.abs().equals(number));
  const isWithConstant = constant.n !== 0n;
  const isShared = isCommon && (isWithConstant ? constant.abs().equals(number) : terms.length > 1);
  const factor = isShared && !number.equals(1) ? number : undefined;
  const [first = [], ...rest] = terms.map(({ term }) => sizesBelow(term));
  const sizes = isWithConstant
    ? []
    : first.filter((size) => rest.every((others) => others.includes(size)));
  if (sizes.length === 0 && factor === undefined) return undefined;
  const divisor = graph.multiply(...sizes);
  const front = graph.divide(graph.number(factor ?? 1), divisor);
  const parts = terms.map(({ coefficient, term }) =>
    graph.multiply(graph.number(coefficient.div(factor ?? 1)), term, divisor),
  );
  const ones = graph.number(constant.div(factor ?? 1));
  return signInFront(graph, graph.multiply(front, simplify(graph, graph.add(...parts, ones))));
}

/**
 * A sum with what all its terms are multiplied by in front: p[i]·g[i] − p[i]·Σ_j … is
 * p[i]·(g[i] − Σ_j …). What would leave a 1 in the brackets, such as a − a², stays: where it is
 * written, it is written as people know it. A sum is put in front of a 1 too: (a − b)·(u + 1).
 */
function withCommonFactors(graph: Graph, { constant, terms }: SumNode): Expression | undefined {
  if (constant.n !== 0n || terms.length < 2) return undefined;
  const [first = [], ...rest] = terms.map(({ term }) => multipliersOf(term));
  const common = first.filter((one) => rest.every((others) => others.includes(one)));
  if (common.length === 0) return withCommonSums(graph, terms);
  const parts = terms.map(({ coefficient, term }) => {
    const left = factorsOf(term).map(({ base, exponent }) => ({
      base,
      exponent: common.includes(base) ? exponent - 1 : exponent,
    }));
    return graph.monomial(coefficient, left);
  });
  const isSumInFront = common.some(({ kind }) => kind === "sum");
  if (!isSumInFront && parts.some(({ kind }) => kind === "number")) return undefined;
  return signInFront(graph, graph.multiply(...common, simplify(graph, graph.add(...parts))));
}

/** (a − b)·u − (a − b)·v + w is (a − b)·(u − v) + w: terms with the same sum as a factor are put together. */
function withCommonSums(graph: Graph, terms: SumNode["terms"]): Expression | undefined {
  const sums = terms.map(({ term }) => multipliersOf(term).filter(({ kind }) => kind === "sum"));
  const shared = sums.flat().find((one) => sums.filter((list) => list.includes(one)).length > 1);
  if (!shared) return undefined;
  const [together, apart] = [true, false].map((isShared) => {
    const chosen = terms.filter((_, position) => sums[position]!.includes(shared) === isShared);
    return graph.add(...chosen.map(({ coefficient, term }) => graph.scale(coefficient, term)));
  });
  return graph.add(simplify(graph, together!), simplify(graph, apart!));
}

/** What a term is multiplied by, without sums over indices and sizes, which are written elsewhere. */
function multipliersOf(term: Expression): Expression[] {
  return factorsOf(term).flatMap(({ base, exponent }) =>
    exponent > 0 && MULTIPLIERS.has(base.kind) ? [base] : [],
  );
}

const MULTIPLIERS: ReadonlySet<Expression["kind"]> = new Set([
  "reference",
  "delta",
  "apply",
  "sum",
]);

function factorsOf(term: Expression): ProductNode["factors"] {
  return term.kind === "product" ? term.factors : [{ base: term, exponent: 1 }];
}

/** The sizes that a term is divided by. */
function sizesBelow(term: Expression): Expression[] {
  if (term.kind !== "product") return [];
  return term.factors.flatMap(({ base, exponent }) =>
    base.kind === "size" && exponent < 0 ? [base] : [],
  );
}

function logistic(graph: Graph, node: ProductNode): Expression | undefined {
  for (const { base, exponent } of node.factors) {
    if (exponent >= 0 || base.kind !== "sum" || base.terms.length !== 1) continue;
    const [{ coefficient, term }] = base.terms as [(typeof base.terms)[number]];
    if (!base.constant.equals(1) || !coefficient.equals(1)) continue;
    if (term.kind !== "apply" || term.operation !== exponential) continue;
    const argument = term.children[0]!;
    const isOver = node.factors.some((factor) => factor.base === term && factor.exponent > 0);
    const whole = graph.multiply(node, base);
    return isOver
      ? graph.multiply(whole, graph.integerPower(term, -1), graph.apply(sigmoid, argument))
      : graph.multiply(whole, graph.apply(sigmoid, graph.negate(argument)));
  }
  return undefined;
}

/** relu(u)·1[u > 0] is relu(u). */
function rectified(graph: Graph, node: ProductNode): Expression | undefined {
  const apart = node.factors.find(
    ({ base, exponent }) =>
      exponent > 0 &&
      base.kind === "apply" &&
      base.operation === step &&
      node.factors.some(
        (other) => other.exponent > 0 && other.base === graph.apply(relu, base.children[0]!),
      ),
  );
  if (!apart) return undefined;
  return graph.monomial(
    node.coefficient,
    node.factors.filter((one) => one !== apart),
  );
}

/** p·(s − t/p) is p·s − t: a sum is multiplied by what one of its terms is divided by. */
function cancelled(graph: Graph, node: ProductNode): Expression | undefined {
  for (const { base: sum, exponent } of node.factors) {
    if (exponent !== 1 || sum.kind !== "sum") continue;
    const below = sum.terms.flatMap(({ term }) =>
      factorsOf(term).filter((one) => one.exponent < 0),
    );
    const factor = node.factors.find(
      (one) => one.exponent > 0 && below.some(({ base }) => base === one.base),
    )?.base;
    if (factor === undefined) continue;
    const terms = sum.terms.map(({ coefficient, term }) =>
      graph.multiply(graph.number(coefficient), term, factor),
    );
    const product = graph.add(graph.multiply(graph.number(sum.constant), factor), ...terms);
    const rest = node.factors.map((one) => ({
      base: one.base,
      exponent: one.base === factor ? one.exponent - 1 : one.base === sum ? 0 : one.exponent,
    }));
    return graph.multiply(graph.monomial(node.coefficient, rest), product);
  }
  return undefined;
}
