/** The terms of a sum in the order in which they are written, and where factors stand. */
import type { Origins } from "../../derivation/step.js";
import { CONTENT, holds } from "../../expression/contents.js";
import type {
  Expression,
  ProductNode,
  ReferenceNode,
  SumNode,
} from "../../expression/expression.js";
import { isRoot } from "../../expression/operations/lowered.js";
import { isNumeral } from "../../expression/predicates.js";
import { type Operation } from "../../expression/operations/operation.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Index } from "../../expression/indices.js";
import { postorder, references, writtenLength } from "../../expression/walk.js";
import type { AuthoredFactor } from "../notation/authored.js";
import { type Anatomy, complements, depths, withSlopesTogether } from "../notation/nesting.js";
import type { Order } from "../notation/order.js";
import { caseRanks, compareLines } from "../notation/places.js";
import { placesTogether } from "../notation/together.js";

export type Factor = ProductNode["factors"][number];

type Terms = SumNode["terms"];

/** A term in its place. */
export type PlacedTerm = Terms[number] & {
  /** The quantities of what it was in the lines before, and of what it is. */
  readonly lines: readonly (readonly Quantity[])[];
  /** What it was in the line before. */
  readonly source?: Expression;
  /** The same for terms that stay beside each other. */
  readonly unit?: number;
};

/** The terms of a sum in the order in which they are written. */
export interface TermsInOrder {
  readonly terms: readonly PlacedTerm[];
  /** How many of them stand before the sum's number; undefined where nothing but its sign says where it stands. */
  readonly beforeNumber?: number;
}

/** As the author of a statement wrote them, else as the order of the line says. */
export function termsInOrder(node: SumNode, order: Order, origins?: Origins): TermsInOrder {
  const terms = termsByOrder(node, order, origins);
  const { constant } = node;
  const hasNumber = constant.n !== 0n;
  const told = (holdsSum: (term: Expression) => boolean) => () => [
    ...terms.map(({ coefficient, term }) => ({
      isNegative: coefficient.s < 0n,
      quantities: order.used(term).quantities,
      holdsSum: holdsSum(term),
    })),
    ...(hasNumber ? [{ isNegative: constant.s < 0n, quantities: [], holdsSum: false }] : []),
  ];
  const places =
    order.authored(told((term) => holds(term, CONTENT.sum))) ?? order.authored(told(addsTerms));
  if (!places) return { terms };
  const numberAt = hasNumber ? places.at(-1)! : Infinity;
  const sorted = terms
    .map((one, position) => ({ one, place: places[position]! }))
    .sort((a, b) => a.place - b.place);
  return {
    terms: sorted.map(({ one }) => one),
    beforeNumber: sorted.filter(({ place }) => place < numberAt).length,
  };
}

/** Terms of the same quantities stand together, by their indices. */
function termsByOrder({ terms }: SumNode, order: Order, origins?: Origins): readonly PlacedTerm[] {
  const known = terms.every(({ term }) => origins?.get(term)) ? origins : undefined;
  const groups = new Map<string, Expression>();
  const ranks = caseRanks(terms.map(({ term }) => operationsIn(term)));
  const placed = terms.map((one, place) => {
    const { quantities } = order.used(one.term);
    const key = [...quantities, ...operationsIn(one.term)]
      .map(({ name }) => name)
      .sort()
      .join(" ");
    const group = groups.get(key) ?? one.term;
    groups.set(key, group);
    const indices = indicesOf(one.term, order);
    const before = (known?.get(one.term) ?? []).map((line) => order.used(line).quantities);
    const source = known?.get(one.term)?.at(-1);
    const own: PlacedTerm = {
      ...one,
      lines: [...before, quantities],
      ...(source ? { source } : {}),
    };
    return { own, group, indices, rank: ranks?.[place] ?? 0 };
  });
  const sorted = placed.sort(
    (a, b) =>
      a.rank - b.rank ||
      alongOne(a.own.term, b.own.term, order) ||
      compareLines(a.own.lines, b.own.lines, order.terms) ||
      (a.group === b.group ? 0 : order.sameness(a.group) - order.sameness(b.group)) ||
      compareNumbers(a.indices, b.indices) ||
      writtenLength(a.own.term) - writtenLength(b.own.term) ||
      order.sameness(a.own.term) - order.sameness(b.own.term) ||
      a.own.term.id - b.own.term.id,
  );
  return withSumsTogether(
    sorted.map(({ own }) => own),
    order,
  );
}

/** Compares terms by what the lines before say. */
export function comparePlaces(a: PlacedTerm, b: PlacedTerm, order: Order): number {
  const areTold = a.lines.length > 1 && b.lines.length > 1;
  return (
    (areTold && alongOne(a.term, b.term, order)) || compareLines(a.lines, b.lines, order.places)
  );
}

/** Terms with entries of one adjoint stand in the order of these. */
function alongOne(a: Expression, b: Expression, { used }: Order): number {
  const entryIn = (term: Expression): ReferenceNode | undefined =>
    used(term).entries.find(({ quantity }) => quantity.role === "adjoint");
  const [one, other] = [entryIn(a), entryIn(b)];
  if (!one || one.quantity !== other?.quantity) return 0;
  return compareNumbers(offsetsOf(one), offsetsOf(other));
}

function offsetsOf({ indices }: ReferenceNode): readonly number[] {
  return indices.map(({ offset }) => offset.constant ?? 0);
}

/** What was one term, is a sum in one of the terms, or a difference in a statement, stands together among them. */
function withSumsTogether(
  terms: readonly PlacedTerm[],
  { differences }: Order,
): readonly PlacedTerm[] {
  if (terms.length < 3) return terms;
  const nodes = postorder(
    terms.flatMap(({ term }) => (holds(term, CONTENT.sum) ? [term] : [])),
    (one: Expression) => one.children,
  );
  const told = (some: Terms) =>
    some.map(({ coefficient, term }) => ({
      what: term.kind === "reference" ? term.quantity.name : `${term.id}`,
      coefficient,
    }));
  const inner = nodes.flatMap((node) =>
    node.kind === "sum" && node.constant.n === 0n ? [told(node.terms)] : [],
  );
  const known = differences().map((sum) =>
    sum.map(({ quantity, coefficient }) => ({ what: quantity.name, coefficient })),
  );
  const sources = new Map<unknown, PlacedTerm[]>();
  for (const one of terms) {
    if (one.source) sources.set(one.source, [...(sources.get(one.source) ?? []), one]);
  }
  const alike = [...sources.values()].map(told);
  return placesTogether(told(terms), [...alike, ...inner, ...known]).flatMap((places, unit) =>
    places.map((place) => ({ ...terms[place]!, unit })),
  );
}

/** Whether the terms of a sum are cases, which keep their order whatever their signs are. */
export function areCases({ terms, constant }: SumNode): boolean {
  return constant.n === 0n && caseRanks(terms.map(({ term }) => operationsIn(term))) !== undefined;
}

/** The functions that a term is a product of. */
function operationsIn(term: Expression): Operation[] {
  const factors = term.kind === "product" ? term.factors.map(({ base }) => base) : [term];
  return factors.flatMap((one) => (one.kind === "apply" ? [one.operation] : []));
}

/** An even power of a root is a power of what stands under it. */
export function withoutRoot({ base, exponent }: Factor): Factor {
  const isSquared = base.kind === "apply" && isRoot(base.operation) && exponent % 2 === 0;
  return isSquared ? { base: base.children[0]!, exponent: exponent / 2 } : { base, exponent };
}

/**
 * The quantities in factors that are no sums over an index, and no sums of products where there are others: those are
 * derivatives of something nearer to the loss.
 */
function factorQuantities(factors: readonly Factor[], { used }: Order): Quantity[] {
  const chosen = factors.filter(({ base }) => base.kind !== "reduce");
  const short = chosen.filter(({ base }) => !isSumOfProducts(base));
  const isDefined = ({ role }: Quantity): boolean =>
    role === "definition" || role === "auxiliary" || role === "adjoint";
  const own = short.flatMap(({ base }) => used(base).quantities);
  return own.some(isDefined) ? own : chosen.flatMap(({ base }) => used(base).quantities);
}

function isSumOfProducts(node: Expression): boolean {
  if (node.kind !== "sum") return false;
  return node.terms.some(
    ({ term }) => term.kind === "reduce" || (term.kind === "product" && term.factors.length > 1),
  );
}

/** What the order of factors reads of an entry. */
function plainFactor({ quantity }: ReferenceNode): AuthoredFactor {
  return { quantities: [quantity], isPlain: true };
}

/** The offsets of all indices, those of the entries that are written first first; summed letters stand last. */
function indicesOf(term: Expression, order: Order): number[] {
  const used = order.used(term);
  const compare = order.factors(used.quantities);
  const isFree = ({ letters }: Index): boolean =>
    letters.every(({ key }) => term.free.some((one) => one.key === key));
  return [...used.entries]
    .sort(
      (a, b) =>
        compare(plainFactor(a), plainFactor(b)) ||
        Number(!a.indices.every(isFree)) - Number(!b.indices.every(isFree)),
    )
    .flatMap(({ indices }) =>
      indices.map((index) => (isFree(index) ? (index.offset.constant ?? 0) : Infinity)),
    );
}

/** Entries of one quantity, p₁ p₂ and p_i p_j: by their numbers, then as their letters are named. */
function byIndices(a: Expression, b: Expression): number {
  if (a.kind !== "reference" || b.kind !== "reference" || a.quantity !== b.quantity) return 0;
  const letters = ({ indices }: ReferenceNode): string =>
    indices.map((index) => index.letters.map(({ key }) => key).join(" ")).join(", ");
  const [one, other] = [letters(a), letters(b)];
  return compareNumbers(offsetsOf(a), offsetsOf(b)) || (one < other ? -1 : Number(one > other));
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((one, position) => one !== b[position]);
  return place < 0 ? 0 : a[place]! - (b[place] ?? 0);
}

/**
 * Sizes, constants and given scalars such as λ first, but not the data of a model of single numbers, then as the order of the line says, matrices before
 * vectors, sums over indices last, also where they are written term by term.
 */
export function factorsInOrder(factors: readonly Factor[], order: Order): readonly Factor[] {
  if (factors.length < 2) return factors;
  const isGiven = (node: Expression): boolean =>
    isNumeral(node) || (node.kind === "reference" && order.inFront.has(node.quantity));
  const rank = (node: Expression): number =>
    node.kind === "reduce" || isWrittenOut(node) ? 1 : isGiven(node) ? -1 : 0;
  const compare = order.factors(factorQuantities(factors, order));
  const bases = factors.map(({ base }) => base);
  const alone = complements(bases, ANATOMY);
  const used = (node: Expression): AuthoredFactor => ({
    quantities: order.used(node).quantities,
    isPlain: node.kind === "reference",
    isComplement: alone.has(node),
  });
  const depth = depths(bases, ANATOMY);
  const sorted = [...factors].sort(
    ({ base: a }, { base: b }) =>
      rank(a) - rank(b) ||
      compare(used(a), used(b)) ||
      depth.get(a)! - depth.get(b)! ||
      axes(b) - axes(a) ||
      Number(isHyperparameter(a, order)) - Number(isHyperparameter(b, order)) ||
      byIndices(a, b) ||
      a.id - b.id,
  );
  return withSlopesTogether(sorted, ({ base }) => base, ANATOMY);
}

const ANATOMY: Anatomy<Expression> = {
  operands: (node) => node.children,
  quantity: (node) => (node.kind === "reference" ? node.quantity : undefined),
  identity: (node) => node,
  isSum: ({ kind }) => kind === "sum",
  core: (node) => {
    const parts =
      node.kind === "sum"
        ? node.terms.map(({ term }) => term)
        : node.kind === "product"
          ? node.factors.map(({ base }) => base)
          : [];
    return parts.length === 1 ? parts[0] : undefined;
  },
  slopeOf: (node) => {
    if (node.kind !== "sum" || !node.terms.some(({ term }) => term.kind === "delta"))
      return undefined;
    const [only, ...others] = node.terms.filter(({ term }) => term.kind !== "delta");
    return others.length === 0 && only?.term.kind === "reference" ? only.term.quantity : undefined;
  },
};

/** Whether there is a sum in a term that is not one over an index, written term by term. */
function addsTerms(term: Expression): boolean {
  if (!holds(term, CONTENT.sum)) return false;
  const nodes = postorder([term], (one: Expression) => one.children);
  return nodes.some((one) => one.kind === "sum" && !isWrittenOut(one));
}

/** Whether a sum is one over an index, written term by term: the same quantities at other indices. */
function isWrittenOut(node: Expression): boolean {
  if (node.kind !== "sum" || node.constant.n !== 0n) return false;
  const used = node.terms.map(({ term }) => references([term]));
  const names = used.map((term) =>
    term
      .map(({ quantity }) => quantity.name)
      .sort()
      .join(" "),
  );
  const places = used.map((term) =>
    term
      .map(({ id }) => id)
      .sort((a, b) => a - b)
      .join(" "),
  );
  return new Set(names).size === 1 && new Set(places).size === places.length;
}

/** A scalar that is given, such as λ: it stands above a line with the numbers, λ/2 and not 1/2 λ. */
export function isHyperparameter(node: Expression, { given }: Order): boolean {
  return node.kind === "reference" && given.has(node.quantity);
}

function axes(node: Expression): number {
  return node.kind === "reference" ? node.quantity.shape.length : 0;
}
