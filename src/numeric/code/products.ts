/**
 * Products of matrices inside definitions: C[i,j] = Σ_p A[i,p]·B[p,j], with the letters in any
 * positions, becomes a step of its own, and what is around it an ordinary definition.
 */
import { axisLetter, type Definition, fullBody, fullClause } from "../../expression/definition.js";
import type { Expression, ReduceNode, ReferenceNode } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { Index, type Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import { postorder } from "../../expression/walk.js";

/** A matrix and the distances, in entries, between its neighbours along two letters. */
export interface Operand {
  readonly quantity: Quantity;
  readonly row: number;
  readonly column: number;
}

/** c[i,j] = Σ_p a[i,p]·b[p,j]; neighbouring columns of b and c are neighbours in their arrays. */
export interface ProductStep {
  readonly kind: "product";
  readonly a: Operand;
  readonly b: Operand;
  readonly c: Operand;
  /** Ranges of i, j and p. */
  readonly counts: readonly [number, number, number];
}

export type Step = { readonly kind: "definition"; readonly definition: Definition } | ProductStep;

/** Which products are worth a step of their own, by the ranges of i, j and p. */
export type Worth = (rows: number, columns: number, terms: number) => boolean;

/** The definitions in order, with their products taken out. */
export function withProducts(
  graph: Graph,
  definitions: readonly Definition[],
  sizes: SizeValues,
  isWorth: Worth,
): Step[] {
  const finder = new Finder(graph, sizes, isWorth);
  for (const definition of definitions) finder.add(definition);
  return finder.steps;
}

class Finder {
  readonly steps: Step[] = [];
  private readonly transposes = new Map<Quantity, Quantity>();
  private count = 0;

  constructor(
    private readonly graph: Graph,
    private readonly sizes: SizeValues,
    private readonly isWorth: Worth,
  ) {}

  add(definition: Definition): void {
    const { quantity, clauses } = definition;
    const body = fullBody(quantity.shape, clauses);
    if (!body || quantity.shape.length !== 2) {
      this.steps.push({ kind: "definition", definition });
      return;
    }
    const [rows, columns] = quantity.shape.map((size, axis) => axisLetter(axis, size));
    const products = this.productsIn(body, rows!, columns!);
    if (products.length === 1 && products[0] === body) {
      this.product(products[0], quantity, rows!, columns!);
      return;
    }
    const names = new Map<Expression, Expression>();
    for (const node of products) {
      const name = `product${++this.count}`;
      const target: Quantity = { name, role: "auxiliary", shape: quantity.shape };
      this.product(node, target, rows!, columns!);
      names.set(node, this.graph.reference(target, [Index.of(rows!), Index.of(columns!)]));
    }
    const rest = this.graph.transform(body, (node) => names.get(node));
    const clause = fullClause(quantity.shape, rest);
    this.steps.push({ kind: "definition", definition: { quantity, clauses: [clause] } });
  }

  /** Sums of products over the two letters, outermost ones. */
  private productsIn(body: Expression, rows: Letter, columns: Letter): ReduceNode[] {
    const inside = (node: Expression): readonly Expression[] =>
      node.kind === "reduce" ? [] : node.children;
    return [...postorder([body], inside)].filter(
      (node) => node.kind === "reduce" && this.isProduct(node, rows, columns),
    ) as ReduceNode[];
  }

  private isProduct(node: ReduceNode, rows: Letter, columns: Letter): boolean {
    const factors = factorsOf(node);
    if (!factors) return false;
    const [a, b] = factors;
    const isPair =
      (joins(a, rows, node.letter) && joins(b, node.letter, columns)) ||
      (joins(b, rows, node.letter) && joins(a, node.letter, columns));
    const [m, n, k] = [rows, columns, node.letter].map(({ size }) => size.evaluate(this.sizes));
    return isPair && this.isWorth(m!, n!, k!);
  }

  private product(node: ReduceNode, target: Quantity, rows: Letter, columns: Letter): void {
    const [first, second] = factorsOf(node)!;
    const isInOrder = joins(first, rows, node.letter);
    const [left, right] = isInOrder ? [first, second] : [second, first];
    const a = this.operand(left, rows, node.letter);
    let b = this.operand(right, node.letter, columns);
    if (b.column !== 1) b = this.transposed(b.quantity);
    const lengths = [rows, columns, node.letter].map(({ size }) => size.evaluate(this.sizes));
    const counts = lengths as [number, number, number];
    const c = { quantity: target, row: counts[1], column: 1 };
    this.steps.push({ kind: "product", a, b, c, counts });
  }

  private operand({ quantity, indices }: ReferenceNode, row: Letter, column: Letter): Operand {
    const width = quantity.shape[1]!.evaluate(this.sizes);
    const strideOf = (letter: Letter): number =>
      indices[0]!.plain?.key === letter.key ? width : 1;
    return { quantity, row: strideOf(row), column: strideOf(column) };
  }

  /** A copy of a matrix with rows and columns exchanged. */
  private transposed(quantity: Quantity): Operand {
    let copy = this.transposes.get(quantity);
    if (!copy) {
      const shape = quantity.shape.toReversed();
      copy = { name: `transpose${this.transposes.size + 1}`, role: "auxiliary", shape };
      this.transposes.set(quantity, copy);
      const axes = shape.map((size, axis) => Index.of(axisLetter(axis, size)));
      const body = this.graph.reference(quantity, axes.toReversed());
      const definition = { quantity: copy, clauses: [fullClause(shape, body)] };
      this.steps.push({ kind: "definition", definition });
    }
    return { quantity: copy, row: copy.shape[1]!.evaluate(this.sizes), column: 1 };
  }
}

/** The two references that a sum multiplies, if that is what it does. */
function factorsOf({ reduction, body }: ReduceNode): [ReferenceNode, ReferenceNode] | undefined {
  if (reduction !== "sum" || body.kind !== "product" || !body.coefficient.equals(1)) {
    return undefined;
  }
  const bases = body.factors.flatMap(({ base, exponent }) =>
    base.kind === "reference" && exponent === 1 ? [base] : [],
  );
  const [a, b] = bases;
  return body.factors.length === 2 && a && b ? [a, b] : undefined;
}

/** Whether a reference is to a matrix at these two letters, in any order. */
function joins({ indices }: ReferenceNode, a: Letter, b: Letter): boolean {
  const [first, second] = indices.map((index) => index.plain?.key);
  if (indices.length !== 2) return false;
  return (first === a.key && second === b.key) || (first === b.key && second === a.key);
}
