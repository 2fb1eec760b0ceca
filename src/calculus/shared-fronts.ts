/** Sums some of whose terms share factors: 16p/T − 16q/T + r·s − y is (16/T)·(p − q) + r·s − y. */
import { Fraction } from "fraction.js";
import type { Expression, ProductNode, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { isSign, isUnit } from "../expression/rational.js";
import { factorsOf, isMultiplier, signInFront } from "./products.js";

/** Longer sums are left as they are: every term is compared with every other one. */
const MOST_TERMS = 8;

type Factors = ProductNode["factors"];

/** What some terms have in common. */
interface Front {
  /** The size of the numbers of all of these terms; undefined where they differ, or are 1. */
  readonly number: Fraction | undefined;
  readonly factors: Factors;
}

/**
 * The sum with the factors that most of two terms share in front of all that have them; undefined
 * where none share any, or where a number alone would be left in the brackets.
 * @param simplify for what is left in the brackets
 */
export function withSharedFront(
  graph: Graph,
  { constant, terms }: SumNode,
  simplify: (sum: Expression) => Expression,
): Expression | undefined {
  if (terms.length < 2 || terms.length > MOST_TERMS) return undefined;
  // conditions on indices are solved term by term
  if (terms.some(({ term }) => factorsOf(term).some(({ base }) => base.kind === "delta")))
    return undefined;
  const [front] = terms
    .flatMap((one, position) => terms.slice(position + 1).map((other) => frontOf(one, other)))
    .filter(({ factors }) => factors.length > 0)
    .sort((a, b) => weightOf(b) - weightOf(a));
  if (!front) return undefined;
  const { number, factors } = front;
  const behind: Expression[] = [];
  const apart = [graph.number(constant)];
  for (const { coefficient, term } of terms) {
    const rest = number ? coefficient.div(number) : coefficient;
    const isBehind = hasAll(term, factors) && (!number || isSign(rest));
    if (isBehind) behind.push(graph.scale(rest, without(graph, term, factors)));
    else apart.push(graph.scale(coefficient, term));
  }
  if (behind.some(({ kind }) => kind === "number")) return undefined;
  const product = graph.multiply(
    graph.monomial(number ?? new Fraction(1), factors),
    simplify(graph.add(...behind)),
  );
  const whole = graph.add(signInFront(graph, product), ...apart);
  if (whole.kind !== "sum" || whole.terms.length >= terms.length) return whole;
  return withSharedFront(graph, whole, simplify) ?? whole;
}

/** Only of terms with the same divisors: no fraction is left in the brackets. */
function frontOf(one: SumNode["terms"][number], other: SumNode["terms"][number]): Front {
  const magnitude = one.coefficient.abs();
  const isShared = magnitude.equals(other.coefficient.abs()) && !isUnit(magnitude);
  const below = divisorsOf(one.term);
  if (!haveSame(below, divisorsOf(other.term))) return { number: undefined, factors: [] };
  const others = factorsOf(other.term);
  const above = factorsOf(one.term).flatMap(({ base, exponent }) => {
    const match = others.find((factor) => factor.base === base && factor.exponent > 0);
    const isOfBoth = match && exponent > 0 && isMultiplier(base);
    return isOfBoth ? { base, exponent: Math.min(exponent, match.exponent) } : [];
  });
  return { number: isShared ? magnitude : undefined, factors: [...above, ...below] };
}

/** Without sizes, which may be left in the brackets as numbers may. */
function divisorsOf(term: Expression): Factors {
  return factorsOf(term).filter(({ base, exponent }) => exponent < 0 && base.kind !== "size");
}

function haveSame(some: Factors, others: Factors): boolean {
  return some.length === others.length && some.every((one) => isAmong(one, others));
}

function isAmong({ base, exponent }: Factors[number], factors: Factors): boolean {
  return factors.some((one) => one.base === base && one.exponent === exponent);
}

function weightOf({ number, factors }: Front): number {
  return factors.length + (number ? 1 : 0);
}

/** Whether a term has some factors, p² also p, and no other divisors. */
function hasAll(term: Expression, factors: Factors): boolean {
  const own = factorsOf(term);
  const isAbove = factors.every(
    ({ base, exponent }) =>
      exponent < 0 || own.some((one) => one.base === base && one.exponent >= exponent),
  );
  const below = factors.filter(({ exponent }) => exponent < 0);
  return isAbove && haveSame(below, divisorsOf(term));
}

function without(graph: Graph, term: Expression, factors: Factors): Expression {
  return graph.divide(term, graph.monomial(new Fraction(1), factors));
}
