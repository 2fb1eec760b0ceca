/** Identities that people use when they write derivatives; all hold for all real numbers. */
import { Fraction } from "fraction.js";
import { CONTENT } from "../expression/contents.js";
import type { Expression, ReduceNode, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { isTotal } from "../expression/predicates.js";
import { isSign, isUnit } from "../expression/rational.js";
import { writtenLength } from "../expression/walk.js";
import { casesApart, solvedComparison, isCompared } from "./cases.js";
import { withEqualSums } from "./equal-sums.js";
import { multipliedOut, summandsOf } from "./multiplied-out.js";
import { factorsOf, isMultiplier, positive, shortProduct, signInFront } from "./products.js";
import { withSharedFront } from "./shared-fronts.js";
import { withSumsTogether } from "./sums-together.js";

/** What can be written shorter. */
const COMPOUND = CONTENT.sum | CONTENT.apply | CONTENT.reduce | CONTENT.product;

/** eᵘ/(1 + eᵘ) and 1/(1 + e⁻ᵘ) are σ(u); 2a/N − 2b/N is 2/N (a − b); p·(s − t/p) is p·s − t, (1 − t)·a − t·(1 − a) is a − t. */
export function simplify(graph: Graph, root: Expression): Expression {
  const put = (node: Expression): Expression | undefined => {
    if (node.kind === "sum") return inCases(graph, node) ?? shortSum(graph, node);
    if (node.kind === "apply") return solvedComparison(graph, node);
    if (node.kind === "reduce") return withSignOfSum(graph, node);
    if (node.kind !== "product") return undefined;
    const shortened = shortProduct(graph, node);
    return shortened && simplify(graph, shortened);
  };
  return graph.transform(root, put, COMPOUND);
}

/** A sum of the cases of one comparison; undefined where it is none, or is no shorter so. */
function inCases(graph: Graph, node: SumNode): Expression | undefined {
  const isOfCases = node.constant.n === 0n && node.terms.every(({ term }) => isWithCase(term));
  const apart = isOfCases ? casesApart(graph, node, (value) => simplify(graph, value)) : undefined;
  return apart?.kind === "sum" ? (withFront(graph, apart) ?? apart) : apart;
}

/** Whether a term is multiplied by a comparison, or by a sum of nothing but such terms. */
function isWithCase(term: Expression): boolean {
  return factorsOf(term).some(
    ({ base }) =>
      isCompared(base) ||
      (base.kind === "sum" && base.terms.every((inner) => isWithCase(inner.term))),
  );
}

/** A sum with what its terms share in front; multiplied out first where that is shorter. */
function shortSum(graph: Graph, node: SumNode): Expression | undefined {
  const shorter = withoutBrackets(graph, node) ?? withEqualSums(graph, node);
  if (shorter) return simplify(graph, shorter);
  if (node.terms.some(({ term }) => adjointIn(term))) {
    return withAdjointsInFront(graph, node) ?? withFront(graph, node);
  }
  const factored =
    withSumApart(graph, node) ??
    withFront(graph, node) ??
    withSharedFront(graph, node, (sum) => simplify(graph, sum));
  const apart = multipliedOut(graph, node);
  const isShortest = apart && (!factored || writtenLength(apart) < writtenLength(factored));
  return isShortest ? simplify(graph, apart) : factored;
}

/** a − (b − c) is a − b + c; 2(y − t) stays. */
function withoutBrackets(graph: Graph, node: SumNode): Expression | undefined {
  const brackets = node.terms.flatMap(({ coefficient, term }) =>
    term.kind === "sum" && isSign(coefficient) ? [term] : [],
  );
  if (brackets.length === 0) return undefined;
  const constant = { coefficient: node.constant, term: graph.one };
  return graph.combine([...node.terms, constant], (term) => !brackets.some((one) => one === term));
}

function withFront(graph: Graph, node: SumNode): Expression | undefined {
  return (
    withCommonInFront(graph, node) ??
    withCommonFactors(graph, node) ??
    withSumsTogether(graph, node)
  );
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

/** Σ (−a − b) is −Σ (a + b). */
function withSignOfSum(
  graph: Graph,
  { reduction, letter, body }: ReduceNode,
): Expression | undefined {
  const inner = reduction === "sum" ? positive(graph, body) : undefined;
  return inner && simplify(graph, graph.negate(graph.sum(letter, inner)));
}

/** A sum whose terms all have a number, or the same single numbers below them, in common, with these in front. */
function withCommonInFront(graph: Graph, { constant, terms }: SumNode): Expression | undefined {
  const number = terms[0]!.coefficient.abs();
  const isCommon = terms.every(({ coefficient }) => coefficient.abs().equals(number));
  const isWithConstant = constant.n !== 0n;
  const isShared = isCommon && (isWithConstant ? constant.abs().equals(number) : terms.length > 1);
  const factor = isShared && !isUnit(number) ? number : undefined;
  const [first = [], ...rest] = terms.map(({ term }) => singlesBelow(graph, term));
  const divisors = isWithConstant
    ? []
    : first.filter((one) => rest.every((others) => others.includes(one)));
  if (divisors.length === 0 && factor === undefined) return undefined;
  const divisor = graph.multiply(...divisors);
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
    exponent > 0 && isMultiplier(base) ? [base] : [],
  );
}

/** What is one number for all entries, sizes among it, and a term is divided by; powers as they are. */
function singlesBelow(graph: Graph, term: Expression): Expression[] {
  if (term.kind !== "product") return [];
  return term.factors.flatMap(({ base, exponent }) => {
    if (exponent >= 0 || base.free.length > 0) return [];
    return isTotal(base) ? base : graph.integerPower(base, -exponent);
  });
}
