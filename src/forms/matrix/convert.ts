/**
 * Index expressions → matrix expressions.
 *
 * An expression with at most two free letters, one along the rows and one along the columns of the
 * result, becomes a matrix expression of that shape, or undefined where there is none. Sums are
 * converted term by term; a term (a product of factors under nested Σ's) is a graph of letters and
 * is reduced by `reduce.ts`; operations of the table are applied elementwise.
 */
import { Fraction } from "fraction.js";
import { fullAxes } from "../../expression/definition.js";
import type { Expression, ReduceNode, SumNode } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { Index, letter, type Letter } from "../../expression/indices.js";
import { isRoot } from "../../expression/operations/lowered.js";
import { exponential } from "../../expression/operations/smooth.js";
import { has } from "../../expression/predicates.js";
import { type Shape, Size } from "../../expression/size.js";
import * as build from "./build.js";
import type { MatrixExpression, SumNode as MatrixSum } from "./expression.js";
import { type Factor, same, simplest, stretched } from "./factor.js";
import { deltaFactor, referenceFactor } from "./leaf.js";
import { type Reason, reasonsFor } from "./reasons.js";
import { reduceTerm } from "./reduce.js";
import { findSoftmax } from "./softmax.js";
import { withSymmetricParts } from "./symmetric.js";
import { flatten, distribute, type FlatTerm } from "../../calculus/term.js";
import { PerGraph } from "../../expression/per-graph.js";

export interface MatrixForm {
  readonly matrix: MatrixExpression;
  readonly reasons: readonly Reason[];
}

/** The letters that run along the rows and the columns of the result; absent for size 1. */
export interface Axes {
  readonly row?: Letter | undefined;
  readonly column?: Letter | undefined;
}

type Term = MatrixSum["terms"][number];

/** Deeper expressions and longer forms are not for reading. */
const MAX_DEPTH = 100;
const MAX_WEIGHT = 2000;
/** How often a sum may be multiplied out within one expression. */
const MAX_DISTRIBUTIONS = 64;

/** Derivatives by several parameters share most of their adjoints. */
const knownForms = new PerGraph(() => new Map<string, MatrixForm | undefined>());

/**
 * @param expression its free letters are among the axes
 * @returns the matrix with the entry `expression` at [row, column], or undefined where none exists
 */
export function matrixForm(
  graph: Graph,
  expression: Expression,
  { row, column }: Axes,
): MatrixForm | undefined {
  const forms = knownForms.of(graph);
  const key = keyOf(expression, row, column);
  if (!forms.has(key)) {
    const converted = new Converter(graph).convert(expression, row, column);
    const matrix = converted && withSymmetricParts(converted);
    forms.set(key, matrix && { matrix, reasons: reasonsFor(matrix) });
  }
  return forms.get(key);
}

function keyOf({ id }: Expression, row?: Letter, column?: Letter): string {
  return `${id} ${row?.key ?? ""} ${column?.key ?? ""}`;
}

/** The letters of a quantity's axes; none along an axis of size 1. */
export function axesOf(shape: Shape): Axes {
  const { indices } = fullAxes(shape);
  return { row: indices[0]?.plain, column: indices[1]?.plain };
}

class Converter {
  private readonly known = new Map<string, MatrixExpression | undefined>();
  private depth = 0;
  private distributions = 0;
  private letters = 0;

  constructor(private readonly graph: Graph) {}

  /** The matrix of an expression along exactly these letters. */
  convert(node: Expression, row?: Letter, column?: Letter): MatrixExpression | undefined {
    if (node.free.some((one) => !same(one, row) && !same(one, column))) return undefined;
    const own: Factor | undefined = this.exact(
      node,
      row && has(node, row) ? row : undefined,
      column && has(node, column) ? column : undefined,
    );
    return own && stretched(own, row, column);
  }

  /** The same along the letters that the expression has. */
  private exact(node: Expression, row?: Letter, column?: Letter): Factor | undefined {
    const own = this.raw(node, row, column);
    if (!own || own.transposes === 0) return own && { row, column, matrix: own };
    const turned = this.raw(node, column, row);
    const candidates = turned ? [{ matrix: own }, { matrix: build.transpose(turned) }] : [];
    // σ(z)ᵀ rather than σ(zᵀ)
    if (node.kind === "apply") candidates.reverse();
    return { row, column, matrix: simplest(candidates)?.matrix ?? own };
  }

  private raw(node: Expression, row?: Letter, column?: Letter): MatrixExpression | undefined {
    const key = keyOf(node, row, column);
    if (!this.known.has(key)) {
      if (this.depth >= MAX_DEPTH) return undefined;
      this.depth++;
      const matrix = this.build(node, row, column);
      this.depth--;
      this.known.set(key, matrix && matrix.weight <= MAX_WEIGHT ? matrix : undefined);
    }
    return this.known.get(key);
  }

  private build(node: Expression, row?: Letter, column?: Letter): MatrixExpression | undefined {
    switch (node.kind) {
      case "number":
        return build.number(node.value);
      case "size":
        return build.size(node.size);
      case "constant":
        return build.constant(node.name);
      case "sum":
        return this.sum(node, row, column);
      case "apply":
        return this.apply(node, row, column);
      case "reduce":
        if (node.reduction !== "sum") return this.reduction(node, node.reduction, row, column);
        return this.term(node, row, column);
      default:
        return this.term(node, row, column);
    }
  }

  private sum(
    node: Extract<Expression, { kind: "sum" }>,
    row?: Letter,
    column?: Letter,
  ): MatrixExpression | undefined {
    const soft = this.softmax(node, true, row, column);
    if (soft) return soft;
    const terms: Term[] = [];
    if (node.constant.n !== 0n) {
      const one = build.ones(row?.size ?? Size.one, column?.size ?? Size.one);
      terms.push({ coefficient: node.constant, term: one });
    }
    for (const { coefficient, term: summand } of node.terms) {
      const term = this.convert(summand, row, column);
      if (!term) return undefined;
      terms.push({ coefficient, term, of: [summand] });
    }
    return build.sum(terms);
  }

  private apply(
    node: Extract<Expression, { kind: "apply" }>,
    row?: Letter,
    column?: Letter,
  ): MatrixExpression | undefined {
    if (node.operation === exponential) {
      const soft = this.softmax(node.children[0]!, false, row, column);
      if (soft) return soft;
    }
    const args: MatrixExpression[] = [];
    for (const child of node.children) {
      const isScalar = child.free.length === 0;
      const arg = isScalar ? this.convert(child) : this.convert(child, row, column);
      if (!arg) return undefined;
      args.push(arg);
    }
    const [first] = args;
    if (isRoot(node.operation) && first?.kind === "norm" && first.squared) {
      return build.norm(first.of, false);
    }
    return build.apply(node.operation, args, row?.size ?? Size.one, column?.size ?? Size.one);
  }

  private softmax(
    node: Expression,
    log: boolean,
    row?: Letter,
    column?: Letter,
  ): MatrixExpression | undefined {
    const found = findSoftmax(this.graph, node);
    if (!found) return undefined;
    const { along, body } = found;
    const of = this.convert(body, row, column);
    if (!of || body.free.length === 0) return undefined;
    const over = !row || !column ? "all" : same(along, row) ? "column" : "row";
    return build.softmax(over, of, log);
  }

  /** max, min or logsumexp over one letter, or over two that are nested. */
  private reduction(
    node: ReduceNode,
    kind: "max" | "min" | "logsumexp",
    row?: Letter,
    column?: Letter,
  ): MatrixExpression | undefined {
    const { body, running } = this.open(node);
    if (row && column) return undefined;
    if (row ?? column) {
      const kept = row ?? column;
      const [own, turned] = [this.convert(body, kept, running), this.convert(body, running, kept)];
      if (!own || !turned) return undefined;
      const asColumn = build.reduction(kind, "row", own);
      const asRow = build.reduction(kind, "column", turned);
      return row
        ? simplest([{ matrix: build.transpose(asRow) }, { matrix: asColumn }])!.matrix
        : simplest([{ matrix: build.transpose(asColumn) }, { matrix: asRow }])!.matrix;
    }
    if (body.kind === "reduce" && body.reduction === kind) {
      const inner = this.open(body);
      const both = this.orientations(inner.body, running, inner.running);
      const whole = simplest(both);
      if (whole) return build.reduction(kind, "all", whole.matrix);
    }
    const vector = simplest(this.orientations(body, running));
    return vector && build.reduction(kind, "all", vector.matrix);
  }

  private open(node: ReduceNode): { body: Expression; running: Letter } {
    const running = this.freshLetter(node.letter.size);
    const renaming = new Map([[node.letter.key, Index.of(running)]]);
    return { body: this.graph.substitute(node.body, renaming), running };
  }

  private freshLetter(size: Size): Letter {
    return letter(`m${this.letters++}`, size);
  }

  /** An expression along its letters both ways: as a column and a row, or as A and Aᵀ. */
  private orientations(node: Expression, a?: Letter, b?: Letter): Factor[] {
    if (!a && !b) {
      const scalar = this.exact(node);
      return scalar ? [scalar] : [];
    }
    return [this.factor(node, a, b), this.factor(node, b, a)].filter((one) => one !== undefined);
  }

  private factor(node: Expression, row?: Letter, column?: Letter): Factor | undefined {
    const matrix = this.convert(node, row, column);
    return matrix && { row, column, matrix };
  }

  // ————— terms —————

  private term(node: Expression, row?: Letter, column?: Letter): MatrixExpression | undefined {
    if (node.kind === "reference" || node.kind === "delta") {
      const leaf = this.leaf(node, row, column);
      if (!leaf) return undefined;
      return this.assemble(
        { coefficient: new Fraction(1), factors: [], summed: [] },
        [leaf],
        row,
        column,
      );
    }
    const flat = flatten(this.graph, node, (size) => this.freshLetter(size));
    const whole = this.flatTerm(flat, row, column);
    const isSumOfSums = flat.summed.length > 0 && flat.factors.length === 1;
    // p_i (1[i = j] − p_j) is diag(p) − p pᵀ
    const hasDelta = flat.factors.some(({ base }) => base.kind === "sum" && containsDelta(base));
    if (whole && !isSumOfSums && !hasDelta) return whole;
    const apart = this.apart(flat, row, column);
    return simplestForm(whole, apart);
  }

  private flatTerm(flat: FlatTerm, row?: Letter, column?: Letter): MatrixExpression | undefined {
    const factors: Factor[] = [];
    for (const { base, exponent } of flat.factors) {
      const factor = this.leaf(base, row, column);
      if (!factor || (exponent < 0 && isZeroMatrix(factor.matrix))) return undefined;
      const matrix =
        exponent === 1 ? factor.matrix : build.hadamard([{ base: factor.matrix, exponent }]);
      factors.push({ ...factor, matrix });
    }
    return this.assemble(flat, factors, row, column);
  }

  private assemble(
    flat: FlatTerm,
    factors: readonly Factor[],
    row?: Letter,
    column?: Letter,
  ): MatrixExpression | undefined {
    const reduced = reduceTerm(factors, flat.summed, row, column);
    if (!reduced) return undefined;
    const scalars = reduced.scalars.map((base) => ({ base, exponent: 1 }));
    return build.scale(flat.coefficient, scalars, reduced.matrix ?? build.number(1));
  }

  /** A factor of a term; anything but references and deltas is elementwise over its letters. */
  private leaf(base: Expression, row?: Letter, column?: Letter): Factor | undefined {
    if (base.kind === "reference") return referenceFactor(base);
    if (base.kind === "delta") return deltaFactor(base);
    if (base.free.length > 2) return undefined;
    const [a, b] = base.free;
    const isTurned = same(a, column) || same(b, row);
    return simplest(isTurned ? this.orientations(base, b, a) : this.orientations(base, a, b));
  }

  /** The term with one of its sums multiplied out. */
  private apart(flat: FlatTerm, row?: Letter, column?: Letter): MatrixExpression | undefined {
    const terms = distribute(this.graph, flat);
    if (!terms || this.distributions >= MAX_DISTRIBUTIONS) return undefined;
    this.distributions++;
    const converted: Term[] = [];
    for (const node of terms) {
      const term = this.convert(node, row, column);
      if (!term) return undefined;
      converted.push({ coefficient: new Fraction(1), term, of: [node] });
    }
    return build.sum(converted);
  }
}

/** Zero, which only shows after merging what no index expression shows to be equal. */
function isZeroMatrix(matrix: MatrixExpression): boolean {
  return matrix.kind === "zeros" || (matrix.kind === "number" && matrix.value.n === 0n);
}

function containsDelta({ terms }: SumNode): boolean {
  return terms.some(({ term }) => [term, ...term.children].some((part) => part.kind === "delta"));
}

/** The form with fewer nodes. */
function simplestForm(
  whole: MatrixExpression | undefined,
  apart: MatrixExpression | undefined,
): MatrixExpression | undefined {
  if (!whole || !apart) return whole ?? apart;
  return apart.weight < whole.weight ? apart : whole;
}
