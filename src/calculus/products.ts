/** Identities of products, see `simplify`. */
import { Fraction } from "fraction.js";
import type { Expression, ProductNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { absolute, relu, sign, step } from "../expression/operations/piecewise.js";
import { slopeOf } from "../expression/operations/slope.js";
import { exponential, squareRoot } from "../expression/operations/smooth.js";
import { isTotal } from "../expression/predicates.js";
import { areEqual, isSign } from "../expression/rational.js";
import { postorder } from "../expression/walk.js";
import { logistic } from "./logistic.js";

/** The product by one identity, the first that fits; undefined where none does. */
export function shortProduct(graph: Graph, node: ProductNode): Expression | undefined {
  return (
    withSigns(graph, node) ??
    logistic(graph, node) ??
    rectified(graph, node) ??
    withRootAbove(graph, node) ??
    withoutAbsolute(graph, node) ??
    withoutSquaredSign(graph, node) ??
    telescoped(graph, node) ??
    cancelledWhereEqual(graph, node) ??
    cancelled(graph, node) ??
    dividedOut(graph, node) ??
    withHalvesGone(graph, node)
  );
}

/** The terms of a sum with the other sign, where all of them have a minus. */
export function positive(graph: Graph, node: Expression): Expression | undefined {
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

/** A product that was put together, with the signs of its sums in front. */
export function signInFront(graph: Graph, node: Expression): Expression {
  return (node.kind === "product" ? withSigns(graph, node) : undefined) ?? node;
}

/** A term as a product; what is none is its only factor. */
export function factorsOf(term: Expression): ProductNode["factors"] {
  return term.kind === "product" ? term.factors : [{ base: term, exponent: 1 }];
}

/** Whether a factor may stand in front of a sum: sums over indices and sizes are written elsewhere. */
export function isMultiplier({ kind }: Expression): boolean {
  return MULTIPLIERS.has(kind);
}

const MULTIPLIERS: ReadonlySet<Expression["kind"]> = new Set([
  "reference",
  "delta",
  "apply",
  "sum",
]);

/** Whether relu(u)·relu′(u) stands in an expression with slopes as signs. */
export function meetsOwnStep(graph: Graph, root: Expression): boolean {
  const nodes = postorder([root], (one: Expression) => one.children);
  return nodes.some((node) => {
    const bases = node.kind === "product" ? node.factors.map(({ base }) => base) : [];
    return bases.some(
      (base) =>
        base.kind === "apply" &&
        base.operation === slopeOf(relu) &&
        bases.includes(graph.apply(relu, base.children[0]!)),
    );
  });
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

/** 2/√2 is √2, and 6a/√3 is 2√3 a: a root of a number stands above the line where the number in front is divisible by it. */
function withRootAbove(
  graph: Graph,
  { coefficient, factors }: ProductNode,
): Expression | undefined {
  for (const [place, { base, exponent }] of factors.entries()) {
    const number = exponent === -1 ? radicand(base) : undefined;
    const rest = number && coefficient.div(number);
    if (rest?.d !== coefficient.d) continue;
    return graph.monomial(rest, factors.with(place, { base, exponent: 1 }));
  }
  return undefined;
}

/** The whole number that an expression is the root of. */
function radicand(node: Expression): Fraction | undefined {
  const operand =
    node.kind === "apply" && node.operation === squareRoot ? node.children[0] : undefined;
  const isWhole = operand?.kind === "number" && operand.value.d === 1n && operand.value.n > 0n;
  return isWhole ? operand.value : undefined;
}

/** sign(u)·|u| is u, sign(u)/|u| is 1/u and sign(u)·|u|² is u·|u|; even powers of |u| are those of u. */
function withoutAbsolute(
  graph: Graph,
  { coefficient, factors }: ProductNode,
): Expression | undefined {
  for (const [place, { base, exponent }] of factors.entries()) {
    if (base.kind !== "apply" || base.operation !== absolute) continue;
    const operand = base.children[0]!;
    const signed = factors.findIndex(
      (one) => one.exponent === 1 && one.base === graph.apply(sign, operand),
    );
    const isOdd = exponent % 2 !== 0;
    if (isOdd && signed === -1) continue;
    const isKept = signed !== -1 && !isOdd && exponent > 0;
    const plain = factors.with(place, {
      base: operand,
      exponent: isKept ? exponent - 1 : exponent,
    });
    const size = isKept ? [{ base, exponent: 1 }] : [];
    const isSignGone = signed !== -1 && (isOdd || isKept);
    return graph.monomial(coefficient, [
      ...(isSignGone ? plain.toSpliced(signed, 1) : plain),
      ...size,
    ]);
  }
  return undefined;
}

/** sign(u)²·u is u, and sign(u)²/u is 1/u. */
function withoutSquaredSign(
  graph: Graph,
  { coefficient, factors }: ProductNode,
): Expression | undefined {
  const place = factors.findIndex(({ base, exponent }) => {
    if (exponent < 2 || base.kind !== "apply" || base.operation !== sign) return false;
    const [operand] = base.children;
    const size = graph.apply(absolute, operand!);
    return factors.some((one) => one.base === operand || one.base === size);
  });
  const found = factors[place];
  if (!found) return undefined;
  return graph.monomial(
    coefficient,
    factors.with(place, { ...found, exponent: found.exponent % 2 }),
  );
}

/** exp(s − a)·exp(a − b) is exp(s − b), where a is the logarithm of a sum: the shares of a share. */
function telescoped(graph: Graph, { coefficient, factors }: ProductNode): Expression | undefined {
  const exponentials = factors.filter(
    ({ base, exponent }) =>
      exponent === 1 && base.kind === "apply" && base.operation === exponential,
  );
  for (const one of exponentials) {
    const other = exponentials.find((next) => meet(one.base.children[0]!, next.base.children[0]!));
    if (!other) continue;
    const argument = graph.add(one.base.children[0]!, other.base.children[0]!);
    const rest = factors.filter((factor) => factor !== one && factor !== other);
    return graph.multiply(graph.monomial(coefficient, rest), graph.apply(exponential, argument));
  }
  return undefined;
}

/** Whether a logarithm of a sum stands in both, with opposite numbers. */
function meet(one: Expression, other: Expression): boolean {
  if (one.kind !== "sum" || other.kind !== "sum") return false;
  return one.terms.some(
    ({ coefficient, term }) =>
      term.kind === "reduce" &&
      term.reduction === "logsumexp" &&
      other.terms.some(
        (next) => next.term === term && areEqual(next.coefficient, coefficient.neg()),
      ),
  );
}

/** 1[i = n]·p_ni/p_nn is 1[i = n]: factors cancel that are the same where the condition holds. */
function cancelledWhereEqual(
  graph: Graph,
  { coefficient, factors }: ProductNode,
): Expression | undefined {
  const below = factors.flatMap((one, place) => (one.exponent < 0 ? [place] : []));
  if (below.length === 0) return undefined;
  for (const { base } of factors) {
    if (base.kind !== "delta") continue;
    const [index, other] = base.indices;
    const letter = index.plain;
    if (!letter) continue;
    const there = (node: Expression): Expression =>
      graph.substitute(node, new Map([[letter.key, other]]));
    for (const [above, { base: factor, exponent }] of factors.entries()) {
      if (exponent < 0 || factor.kind === "delta") continue;
      const divisor = below.find((place) => there(factors[place]!.base) === there(factor));
      if (divisor === undefined) continue;
      const shared = Math.min(exponent, -factors[divisor]!.exponent);
      const left = factors.map((one, place) => {
        if (place === above) return { ...one, exponent: exponent - shared };
        return place === divisor ? { ...one, exponent: one.exponent + shared } : one;
      });
      return graph.monomial(coefficient, left);
    }
  }
  return undefined;
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

/** (N·a − b)/N is a − b/N: a sum is divided by a size that one of its terms is multiplied by. */
function dividedOut(graph: Graph, node: ProductNode): Expression | undefined {
  for (const { base: size, exponent } of node.factors) {
    if (exponent !== -1 || !isTotal(size)) continue;
    const isMultiplied = (term: Expression): boolean =>
      factorsOf(term).some((one) => one.base === size && one.exponent > 0);
    const sum = node.factors.find(
      (one) =>
        one.exponent === 1 &&
        one.base.kind === "sum" &&
        one.base.terms.some(({ term }) => isMultiplied(term)),
    )?.base;
    if (sum?.kind !== "sum") continue;
    const terms = sum.terms.map(({ coefficient, term }) =>
      graph.divide(graph.scale(coefficient, term), size),
    );
    const whole = graph.add(graph.divide(graph.number(sum.constant), size), ...terms);
    return graph.multiply(graph.multiply(graph.divide(node, sum), size), whole);
  }
  return undefined;
}

/** 2(a/2 + 1/2 − b/4) is a + 1 − b/2: a whole number goes into the sum beside it where fewer numbers are left. */
function withHalvesGone(
  graph: Graph,
  { coefficient, factors }: ProductNode,
): Expression | undefined {
  const [found, ...others] = factors.filter(({ base }) => base.kind === "sum");
  const sum = found?.base;
  const isWhole = coefficient.d === 1n && !isSign(coefficient);
  if (!isWhole || sum?.kind !== "sum" || found!.exponent !== 1 || others.length > 0)
    return undefined;
  const numbers = [sum.constant, ...sum.terms.map((one) => one.coefficient)];
  const left = numbers.map((one) => one.mul(coefficient));
  const count = (all: readonly Fraction[]): number =>
    all.filter((one) => one.n !== 0n && !isSign(one)).length;
  const isTidier = left.some((one, place) => one.d < numbers[place]!.d);
  if (!isTidier || count(left) > count(numbers)) return undefined;
  const terms = sum.terms.map(({ term }, place) => graph.scale(left[place + 1]!, term));
  const rest = factors.filter((one) => one !== found);
  return graph.multiply(
    graph.monomial(new Fraction(1), rest),
    graph.add(graph.number(left[0]!), ...terms),
  );
}
