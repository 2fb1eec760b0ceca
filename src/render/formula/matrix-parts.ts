/** What the printing of matrices asks of their expressions. */
import {
  atLeast,
  Binding,
  functionLatex,
  type Latex,
  type Operation,
} from "../../expression/operations/operation.js";
import { power } from "../../expression/operations/powers.js";
import { exponential } from "../../expression/operations/smooth.js";
import type { Origins } from "../../derivation/step.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Size } from "../../expression/size.js";
import { postorder } from "../../expression/walk.js";
import {
  type HadamardNode,
  isScalar,
  type MatrixExpression,
  operands,
  type SumNode,
} from "../../forms/matrix/expression.js";
import { quantityMatrix } from "../../forms/matrix/build.js";
import { texWidth } from "../layout/boxes.js";
import { widestOf } from "../layout/widest.js";
import { type Anatomy, complements, depths, withSlopesTogether } from "../notation/nesting.js";
import type { Notation } from "../notation/notation.js";
import type { AuthoredFactor } from "../notation/authored.js";
import type { Order } from "../notation/order.js";
import { caseRanks, compareLines, keepsMinus, lexicographic } from "../notation/places.js";
import { type SignedUnit, withConstants } from "../notation/summands.js";
import { placesTogether } from "../notation/together.js";

/** Functions that would be read as functions of matrices, written so that they are elementwise. */
export const ELEMENTWISE: ReadonlyMap<Operation, Operation["latex"]> = new Map<
  Operation,
  Operation["latex"]
>([
  [exponential, functionLatex("\\exp")],
  [power, elementwisePower],
]);

/** What follows ⊙ is one thing: ⊙γ − 1 would be less by 1. */
function elementwisePower(...[base, exponent]: readonly Latex[]): Latex {
  return {
    tex: `${atLeast(base!, Binding.atom)}^{\\odot ${atLeast(exponent!, Binding.product)}}`,
    binding: Binding.power,
  };
}

/** Longer factors, in em, have no brace: lines do not break above one. */
const WIDEST_BRACED = 22;

/** A factor with its shape below it; a long one as it is. */
export function underShape(
  notation: Notation,
  tex: string,
  { rows, columns }: MatrixExpression,
): string {
  // almost all are surely short: they need not be measured
  if (widestOf(tex) > WIDEST_BRACED && texWidth(tex) > WIDEST_BRACED) return tex;
  return `\\underbrace{${tex}}_{${notation.size(rows)} \\times ${notation.size(columns)}}`;
}

type Terms = SumNode["terms"];

/** A term in its place. */
export type PlacedTerm = Terms[number] & {
  /** The quantities of what it was in the lines before, and of what it is. */
  readonly lines: readonly (() => readonly Quantity[])[];
  /** The same for terms that stay beside each other. */
  readonly unit?: number;
};

/** The terms of a sum in the order in which they are written. */
export interface TermsInOrder {
  readonly terms: readonly PlacedTerm[];
  /** Whether that is the order of its author, numbers and signs included. */
  readonly isAuthored: boolean;
}

/** As the author of a statement wrote them, else as the order of the line says. */
export function termsInOrder(node: SumNode, order: Order, origins?: Origins): TermsInOrder {
  const terms = termsByOrder(node, order, origins);
  const places = order.authored(() =>
    terms.map(({ coefficient, term }) => ({
      isNegative: coefficient.s < 0n,
      quantities: quantitiesIn(term),
      holdsSum: postorder([term], operands).some(({ kind }) => kind === "sum"),
    })),
  );
  if (!places) return { terms, isAuthored: false };
  const sorted = terms
    .map((one, position) => ({ one, place: places[position]! }))
    .sort((a, b) => a.place - b.place);
  return { terms: sorted.map(({ one }) => one), isAuthored: true };
}

/** What is written of a term. */
export interface WrittenTerm extends SignedUnit {
  /** Whether it is a number or the identity, which have places of their own. */
  readonly isConstant: boolean;
}

/** The terms of a sum, written in their order, with the constants among them. */
export function arranged<Term extends WrittenTerm>(
  node: SumNode,
  { terms: sorted, isAuthored }: TermsInOrder,
  written: readonly Term[],
  order: Order,
): readonly Term[] {
  if (isAuthored) return written;
  const isFirst = node.terms.every(({ term }) => isConstantOrExponential(term));
  const isKept =
    keepsMinus(sorted, (a, b) =>
      compareLines(a.lines, b.lines, (one, other) => order.places(one(), other())),
    ) && order.mayBeginWithMinus(sorted.map(({ lines }) => lines.at(-1)!()));
  const constants = written.filter(({ isConstant }) => isConstant);
  const terms = written.filter(({ isConstant }) => !isConstant);
  return withConstants(terms, constants, { isFirst, keepsMinus: areCases(node) || isKept });
}

/** Terms keep the places of those that they come from, where derivatives were put into a line. */
function termsByOrder({ terms }: SumNode, order: Order, origins?: Origins): readonly PlacedTerm[] {
  const ranks = caseRanks(terms.map(({ term }) => operationsIn(term)));
  const sources = terms.map(({ of = [] }) =>
    of.flatMap((one) => [...(origins?.get(one) ?? []), one]),
  );
  const areTold = terms.every(({ of = [] }) => of.some((one) => origins?.get(one)));
  const sorted = terms
    .map((one, place) => {
      const told = areTold ? sources[place]! : [];
      const before = told.map((line) => () => order.used(line).quantities);
      const matrices = [...(one.from ?? []), one.term];
      const lines = [...before, ...matrices.map(quantitiesWhenAsked)];
      return { own: { ...one, lines }, matrices, rank: ranks?.[place] ?? 0 };
    })
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        compareLines(a.own.lines, b.own.lines, (one, other) => order.terms(one(), other())) ||
        compareLines(a.matrices, b.matrices, (one, other) => compareTerms(one, other, order)),
    );
  return withSumsTogether(
    sorted.map(({ own }) => own),
    order,
  );
}

/** Terms of the same quantities by the positions of their entries, A before Aᵀ. */
function compareTerms(a: MatrixExpression, b: MatrixExpression, order: Order): number {
  return (
    order.terms(quantitiesIn(a), quantitiesIn(b)) ||
    lexicographic(positionsIn(a), positionsIn(b)) ||
    (areOfTheSame(a, b) ? a.transposes - b.transposes : 0)
  );
}

/** What is a sum in one of the terms, or a difference in a statement, stands together among them. */
function withSumsTogether(
  terms: readonly PlacedTerm[],
  { differences }: Order,
): readonly PlacedTerm[] {
  if (terms.length < 3) return terms;
  const nodes = postorder(
    terms.map(({ term }) => term),
    operands,
  );
  const told = (some: Terms) =>
    some.map(({ coefficient, term }) => ({ what: term.key, coefficient }));
  const inner = nodes.flatMap((node) => (node.kind === "sum" ? [told(node.terms)] : []));
  const known = differences().map((sum) =>
    sum.map(({ quantity, coefficient }) => ({ what: quantityMatrix(quantity).key, coefficient })),
  );
  return placesTogether(told(terms), [...inner, ...known]).flatMap((places, unit) =>
    places.map((place) => ({ ...terms[place]!, unit })),
  );
}

/** Whether two terms have the same quantities: A and Aᵀ. */
function areOfTheSame(a: MatrixExpression, b: MatrixExpression): boolean {
  const names = (one: MatrixExpression): string =>
    quantitiesIn(one)
      .map(({ name }) => name)
      .sort()
      .join(" ");
  return names(a) === names(b);
}

/** Whether the terms of a sum are cases, which keep their order whatever their signs are. */
export function areCases({ terms }: SumNode): boolean {
  return caseRanks(terms.map(({ term }) => operationsIn(term))) !== undefined;
}

/** The functions that a term is a product of. */
function operationsIn(term: MatrixExpression): Operation[] {
  if (term.kind === "scale") return term.of ? operationsIn(term.of) : [];
  const factors = term.kind === "hadamard" ? term.factors.map(({ base }) => base) : [term];
  return factors.flatMap((one) => (one.kind === "apply" ? [one.operation] : []));
}

/** The quantities in a matrix, each once. */
export function quantitiesIn(matrix: MatrixExpression): Quantity[] {
  const found = postorder([matrix], operands).flatMap((node) =>
    node.kind === "quantity" || node.kind === "slice" ? [node.quantity] : [],
  );
  return [...new Set(found)];
}

/** The same, looked for once when a line asks. */
function quantitiesWhenAsked(matrix: MatrixExpression): () => readonly Quantity[] {
  let found: readonly Quantity[] | undefined;
  return () => (found ??= quantitiesIn(matrix));
}

/**
 * Factors without an order of their own, as the order of the line says, outer ones before inner ones, and
 * traces and products of a row and a column last, like sums over indices.
 */
export function factorsInOrder<Factor>(
  factors: readonly Factor[],
  base: (factor: Factor) => MatrixExpression,
  order: Order,
): Factor[] {
  const bases = factors.map(base);
  const compare = order.factors(bases.flatMap(quantitiesIn));
  const depth = depths(bases, ANATOMY);
  const alone = complements(bases, ANATOMY);
  const told = (node: MatrixExpression): AuthoredFactor => toldOf(node, alone.has(node));
  const sorted = [...factors].sort((one, other) => {
    const [a, b] = [base(one), base(other)];
    return (
      Number(isInner(a)) - Number(isInner(b)) ||
      compare(told(a), told(b)) ||
      depth.get(a)! - depth.get(b)!
    );
  });
  return withSlopesTogether(sorted, base, ANATOMY);
}

/** What the order of factors reads of one. */
function toldOf(node: MatrixExpression, isComplement: boolean): AuthoredFactor {
  const inner = node.kind === "transpose" ? node.of : node;
  const isPlain = inner.kind === "quantity" || inner.kind === "slice";
  return { quantities: quantitiesIn(node), isPlain, isComplement };
}

/** A row times a column, or a trace: sums over indices. */
function isInner(node: MatrixExpression): boolean {
  return node.kind === "trace" || (node.kind === "product" && isScalar(node));
}

const ANATOMY: Anatomy<MatrixExpression> = {
  operands,
  quantity: (node) => (node.kind === "quantity" ? node.quantity : undefined),
  identity: ({ key }) => key,
  isSum: ({ kind }) => kind === "sum",
  core: (node) => {
    const parts =
      node.kind === "sum"
        ? node.terms.flatMap(({ term }) => (isConstant(term) ? [] : [term]))
        : node.kind === "hadamard"
          ? node.factors.map((one) => one.base)
          : [];
    return parts.length === 1 ? parts[0] : undefined;
  },
};

/** A scalar that is given, such as λ. */
export function isHyperparameter(node: MatrixExpression, { given }: Order): boolean {
  return node.kind === "quantity" && given.has(node.quantity);
}

/** Where unit vectors, selections and parts begin, in reading order; places without a number last. */
export function positionsIn(matrix: MatrixExpression): number[] {
  return postorder([matrix], operands).flatMap((node) => {
    if (node.kind === "unit") return [placeOf(node.index)];
    if (node.kind === "selection") return [placeOf(node.from)];
    if (node.kind !== "slice") return [];
    return node.axes.map((along) => placeOf(along.kind === "at" ? along.index : along.from));
  });
}

function placeOf(position: Size): number {
  return position.constant ?? Infinity;
}

function isConstantOrExponential(term: MatrixExpression): boolean {
  return isConstant(term) || (term.kind === "apply" && term.operation === exponential);
}

function isConstant({ kind }: MatrixExpression): boolean {
  return kind === "ones" || kind === "number";
}

/** Whether matrices are multiplied in it, outside of functions. */
export function hasProduct(node: MatrixExpression): boolean {
  if (node.kind === "product" || node.kind === "kronecker") return true;
  if (node.kind === "transpose" || node.kind === "trace") return hasProduct(node.of);
  const isElementwise = node.kind === "sum" || node.kind === "scale" || node.kind === "hadamard";
  return isElementwise && operands(node).some(hasProduct);
}

/** Whether it is factors multiplied entry by entry, with a number in front or without. */
export function isHadamard(node: MatrixExpression): boolean {
  if (node.kind === "scale") return node.of !== undefined && isHadamard(node.of);
  const isProduct = node.kind === "hadamard" && node.factors.length > 1;
  return isProduct && node.factors.every(({ exponent }) => exponent === 1);
}

/**
 * In a line without products of matrices, what is added, scaled or multiplied entry by entry: its
 * parts have shapes of their own. What stands in brackets has one shape.
 */
export function openParts(root: MatrixExpression): ReadonlySet<MatrixExpression> {
  const open = new Set<MatrixExpression>();
  if (hasProduct(root)) return open;
  const visit = (node: MatrixExpression): void => {
    const isScaled = node.kind === "scale" && node.of !== undefined;
    if (isScaled || isHadamard(node)) open.add(node);
    if (isScaled && isHadamard(node.of)) open.add(node.of);
  };
  if (root.kind === "sum") {
    open.add(root);
    for (const { term } of root.terms) visit(term);
  } else {
    visit(root);
  }
  return open;
}

/** Whether nothing but divisors stands in an entrywise product: 1 ⊘ x. */
export function isReciprocal(node: MatrixExpression): node is HadamardNode {
  return node.kind === "hadamard" && node.factors.every(({ exponent }) => exponent < 0);
}

/** s·(AB) is written s A B; a product before another factor keeps its brackets. */
export function unwrapped(factors: readonly MatrixExpression[]): readonly MatrixExpression[] {
  const last = factors.at(-1);
  const isOnly = factors.length > 1 && factors.slice(0, -1).every(({ kind }) => kind !== "product");
  return last?.kind === "product" && isOnly ? [...factors.slice(0, -1), ...last.factors] : factors;
}
