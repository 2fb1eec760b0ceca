/**
 * Sums and products. They are flat and without neutral elements, and scalars stand in front of the
 * one matrix that they multiply.
 */
import type { Fraction } from "fraction.js";
import type { Operation } from "../../expression/operations/operation.js";
import { squareRoot } from "../../expression/operations/smooth.js";
import { isNought, isUnit, keyOf, plus, times } from "../../expression/rational.js";
import { Size } from "../../expression/size.js";
import { type HadamardNode, isScalar, type MatrixExpression, type SumNode } from "./expression.js";
import { identity, keys, make, norm, number, ONE, ones, ZERO, zeros } from "./node.js";

type Power = HadamardNode["factors"][number];
type Term = SumNode["terms"][number];

export interface Front {
  readonly coefficient: Fraction;
  readonly numerator: readonly MatrixExpression[];
  readonly denominator: readonly MatrixExpression[];
}

export const BARE: Front = { coefficient: ONE, numerator: [], denominator: [] };

/** A node as scalars in front and the rest; the rest of a scalar is absent. */
export function split(node: MatrixExpression): {
  front: Front;
  rest: MatrixExpression | undefined;
} {
  if (node.kind === "scale") return { front: node, rest: node.of };
  if (node.kind === "number")
    return { front: { ...BARE, coefficient: node.value }, rest: undefined };
  if (isScalar(node)) return { front: { ...BARE, numerator: [node] }, rest: undefined };
  return { front: BARE, rest: node };
}

/** The product of two fronts; powers of one scalar are one power, s·s⁻² is s⁻¹. */
export function together(a: Front, b: Front): Front {
  const coefficient = times(a.coefficient, b.coefficient);
  if (a.numerator.length + a.denominator.length === 0) return { ...b, coefficient };
  if (b.numerator.length + b.denominator.length === 0) return { ...a, coefficient };
  const powers = new Map<string, Power>();
  const collect = (sign: 1 | -1) => (node: MatrixExpression) => {
    const { base, exponent } = powerOf(node);
    const before = powers.get(base.key)?.exponent ?? 0;
    powers.set(base.key, { base, exponent: before + sign * exponent });
  };
  for (const { numerator, denominator } of [a, b]) {
    numerator.forEach(collect(1));
    denominator.forEach(collect(-1));
  }
  const all = [...powers.values()];
  const raise = (sign: 1 | -1): MatrixExpression[] =>
    all.flatMap(({ base, exponent }) => (sign * exponent > 0 ? raised(base, sign * exponent) : []));
  return { coefficient, numerator: raise(1), denominator: raise(-1) };
}

/** A scalar of a front as a power. */
function powerOf(node: MatrixExpression): Power {
  if (node.kind === "norm" && node.squared) return { base: norm(node.of, false), exponent: 2 };
  const only = node.kind === "hadamard" && node.factors.length === 1 ? node.factors[0] : undefined;
  return only ?? { base: node, exponent: 1 };
}

function inverse({ coefficient, numerator, denominator }: Front): Front {
  return { coefficient: coefficient.inverse(), numerator: denominator, denominator: numerator };
}

export function withFront(front: Front, rest: MatrixExpression | undefined): MatrixExpression {
  const { coefficient, numerator, denominator } = withRootsAbove(front);
  if (isNought(coefficient)) return zeros(rest?.rows ?? Size.one, rest?.columns ?? Size.one);
  if (rest?.kind === "zeros") return rest;
  if (numerator.length === 0 && denominator.length === 0) {
    if (!rest) return number(coefficient);
    if (isUnit(coefficient)) return rest;
  }
  const [only] = numerator;
  if (isUnit(coefficient) && numerator.length === 1 && denominator.length === 0 && !rest) {
    return only!;
  }
  return make(
    { kind: "scale", coefficient, numerator, denominator, of: rest },
    rest?.rows ?? Size.one,
    rest?.columns ?? Size.one,
    `(${keyOf(coefficient)}*${keys(numerator)}/${keys(denominator)}*${rest?.key ?? ""})`,
  );
}

/** 2/√2 is √2: roots of numbers stand above the line where the number in front is divisible by them. */
function withRootsAbove(front: Front): Front {
  for (const root of front.denominator) {
    const [operand] = root.kind === "apply" && root.operation === squareRoot ? root.args : [];
    if (operand?.kind !== "number" || isNought(operand.value)) continue;
    const coefficient = front.coefficient.div(operand.value);
    if (operand.value.d !== 1n || coefficient.d !== front.coefficient.d) continue;
    const denominator = front.denominator.filter((one) => one !== root);
    return withRootsAbove({ coefficient, numerator: [...front.numerator, root], denominator });
  }
  return front;
}

/** Scalars times a matrix. */
export function scale(
  coefficient: Fraction,
  scalars: readonly Power[],
  of: MatrixExpression,
): MatrixExpression {
  const { front: own, rest } = split(of);
  let front = together({ ...BARE, coefficient }, own);
  for (const { base, exponent } of scalars) {
    const power = split(
      Math.abs(exponent) === 1 ? base : hadamard([{ base, exponent: Math.abs(exponent) }]),
    );
    front = together(front, exponent < 0 ? inverse(power.front) : power.front);
  }
  return withFront(front, rest);
}

/** The number in front and the rest. */
export function splitCoefficient(node: MatrixExpression): [Fraction, MatrixExpression] {
  const { front, rest } = split(node);
  if (isUnit(front.coefficient)) return [ONE, node];
  return [front.coefficient, withFront({ ...front, coefficient: ONE }, rest)];
}

// ————— sums and products —————

/** Σ coefficient·term; like terms are merged, nested sums dissolved. */
export function sum(terms: readonly Term[]): MatrixExpression {
  const merged = new Map<string, Term>();
  const collect = ({ coefficient: factor, term: node, ...origin }: Term): void => {
    if (node.kind === "zeros") return;
    if (node.kind === "sum") {
      for (const one of node.terms) {
        const coefficient = times(factor, one.coefficient);
        collect({ ...one, coefficient, ...cameFrom(origin, one) });
      }
      return;
    }
    const [own, term] = splitCoefficient(node);
    const before = merged.get(term.key);
    const coefficient = plus(before?.coefficient ?? ZERO, times(own, factor));
    merged.set(term.key, { coefficient, term, ...cameFrom(before ?? origin) });
  };
  terms.forEach(collect);
  const kept = [...merged.values()].filter(({ coefficient }) => !isNought(coefficient));
  const { rows, columns } = terms[0]!.term;
  const [only] = kept;
  if (!only) return zeros(rows, columns);
  if (kept.length === 1) return scale(only.coefficient, [], only.term);
  const parts = kept.map(({ coefficient, term }) => `${keyOf(coefficient)}*${term.key}`);
  return make({ kind: "sum", terms: kept }, rows, columns, `{${parts.join("+")}}`);
}

type Origin = Pick<Term, "from" | "of">;

/** Where a term of a sum comes from that was a term itself. */
function cameFrom(outer: Origin, inner: Origin = {}): Origin {
  const from = [...(outer.from ?? []), ...(inner.from ?? [])];
  const of = [...(outer.of ?? []), ...(inner.of ?? [])];
  return { ...(from.length > 0 ? { from } : {}), ...(of.length > 0 ? { of } : {}) };
}

/**
 * The matrix product; inner sizes agree.
 * @throws RangeError where they do not.
 */
export function product(...matrices: readonly MatrixExpression[]): MatrixExpression {
  let front = BARE;
  const factors: MatrixExpression[] = [];
  for (const [position, node] of matrices.entries()) {
    if (position > 0 && !matrices[position - 1]!.columns.equals(node.rows)) {
      throw new RangeError("inner sizes of a matrix product differ");
    }
    const parts = split(node);
    front = together(front, parts.front);
    if (!parts.rest || parts.rest.kind === "identity") continue;
    for (const factor of parts.rest.kind === "product" ? parts.rest.factors : [parts.rest]) {
      if (isOneEntryOfOnes(factors.at(-1), factor)) factors.pop();
      else factors.push(factor);
    }
  }
  const { rows } = matrices[0]!;
  const { columns } = matrices.at(-1)!;
  if (factors.some(({ kind }) => kind === "zeros")) return zeros(rows, columns);
  const [first] = factors;
  if (!first) return withFront(front, rows.isOne ? undefined : identity(rows));
  if (factors.length === 1) return withFront(front, first);
  const node = make({ kind: "product", factors }, rows, columns, `<${keys(factors)}>`);
  return rows.isOne && columns.isOne
    ? withFront({ ...front, numerator: [...front.numerator, node] }, undefined)
    : withFront(front, node);
}

/** 1ᵀe_k and e_kᵀ1 are 1. */
function isOneEntryOfOnes(left: MatrixExpression | undefined, right: MatrixExpression): boolean {
  if (left?.rows.isOne !== true || !right.columns.isOne) return false;
  const isUnit = (node: MatrixExpression): boolean => node.kind === "unit";
  return (
    (left.kind === "ones" && isUnit(right)) ||
    (right.kind === "ones" && left.kind === "transpose" && isUnit(left.of))
  );
}

/** Π base^exponent, elementwise; all of one shape. Matrix products come first, then adjoints. */
export function hadamard(powers: readonly Power[]): MatrixExpression {
  const { rows, columns } = powers[0]!.base;
  if (isScalar(powers[0]!.base)) return scalarPower(powers);
  let front = BARE;
  const exponents = new Map<string, Power>();
  const collect = (base: MatrixExpression, exponent: number): void => {
    const parts = split(base);
    for (let times = 0; times < Math.abs(exponent); times++) {
      front = together(front, exponent < 0 ? inverse(parts.front) : parts.front);
    }
    const { rest } = parts;
    if (!rest || rest.kind === "ones") return;
    if (rest.kind === "hadamard") {
      for (const inner of rest.factors) collect(inner.base, inner.exponent * exponent);
      return;
    }
    const before = exponents.get(rest.key)?.exponent ?? 0;
    exponents.set(rest.key, { base: rest, exponent: before + exponent });
  };
  for (const { base, exponent } of powers) collect(base, exponent);
  for (const { base, exponent } of [...exponents.values()]) {
    // the square of a root is what stands below it
    const isRoot = base.kind === "apply" && base.operation === squareRoot;
    if (!isRoot || exponent === 0 || exponent % 2 !== 0) continue;
    exponents.delete(base.key);
    collect(base.args[0]!, exponent / 2);
  }
  const kept = [...exponents.values()].filter(({ exponent }) => exponent !== 0);
  if (kept.some(({ base }) => base.kind === "zeros")) return zeros(rows, columns);
  const [only] = kept;
  if (!only) return withFront(front, ones(rows, columns));
  if (kept.length === 1 && only.exponent === 1) return withFront(front, only.base);
  const factors = kept.toSorted((a, b) => rank(a.base) - rank(b.base));
  const key = `[${factors
    .map(({ base, exponent }) => `${base.key}^${exponent}`)
    .toSorted()
    .join("o")}]`;
  return withFront(front, make({ kind: "hadamard", factors }, rows, columns, key));
}

/** The order of elementwise factors: (W₂ᵀδ) ⊙ a ⊙ (1 − a). */
function rank(node: MatrixExpression): number {
  switch (node.kind) {
    case "product":
      return 0;
    case "quantity":
    case "slice":
      return node.quantity.of ? 1 : 2;
    case "transpose":
      return rank(node.of);
    default:
      return 3;
  }
}

/** Powers of scalars: a node of its own for each, so that fronts can list them. */
function scalarPower(powers: readonly Power[]): MatrixExpression {
  let front = BARE;
  for (const { base, exponent } of powers) {
    const { front: own } = split(base);
    const magnitude = Math.abs(exponent);
    const raise = (node: MatrixExpression): MatrixExpression => raised(node, magnitude);
    const power: Front = {
      coefficient: own.coefficient.pow(magnitude),
      numerator: own.numerator.map(raise),
      denominator: own.denominator.map(raise),
    };
    front = together(front, exponent < 0 ? inverse(power) : power);
  }
  return withFront(front, undefined);
}

function raised(base: MatrixExpression, exponent: number): MatrixExpression {
  if (base.kind === "norm") {
    const total = base.squared ? 2 * exponent : exponent;
    return total === 2 ? norm(base.of, true) : raisedNode(norm(base.of, false), total);
  }
  return raisedNode(base, exponent);
}

function raisedNode(base: MatrixExpression, exponent: number): MatrixExpression {
  if (exponent === 1) return base;
  const factors = [{ base, exponent }];
  return make({ kind: "hadamard", factors }, Size.one, Size.one, `[${base.key}^${exponent}]`);
}

/** Elementwise application; operands are scalars or of the shape. */
export function apply(
  operation: Operation,
  args: readonly MatrixExpression[],
  rows: Size,
  columns: Size,
): MatrixExpression {
  const key = `${operation.name}(${keys(args)};${rows.key}x${columns.key})`;
  return make({ kind: "apply", operation, args }, rows, columns, key);
}

/** One sum for several of the same kind: the column sums of A + B for those of A and those of B; undefined for others. */
export function summedTogether({ terms }: SumNode): MatrixExpression | undefined {
  const [first, ...others] = terms.map(({ term }) => (term.kind === "product" ? term.factors : []));
  if (!first || others.length === 0) return undefined;
  const isSummed = (one: MatrixExpression | undefined): boolean => one?.kind === "ones";
  for (const at of [0, -1] as const) {
    const ones = first.at(at);
    const isAlike = [first, ...others].every(
      (factors) => factors.length > 1 && factors.at(at)?.key === ones?.key,
    );
    if (!ones || !isSummed(ones) || !isAlike) continue;
    const inner = sum(
      terms.map(({ coefficient }, k) => {
        const factors = [first, ...others][k]!;
        const rest = at === 0 ? factors.slice(1) : factors.slice(0, -1);
        return { coefficient, term: product(...rest) };
      }),
    );
    return at === 0 ? product(ones, inner) : product(inner, ones);
  }
  return undefined;
}
