/** One term of a Jacobian, taken apart into Kronecker factors and diagonal matrices. */
import { Fraction } from "fraction.js";
import type { DeltaNode, Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { Index, type Letter } from "../../expression/indices.js";
import * as build from "../matrix/build.js";
import { matrixForm } from "../matrix/convert.js";
import type { MatrixExpression, VecOrder } from "../matrix/expression.js";
import { same } from "../matrix/factor.js";
import type { FlatTerm } from "../../calculus/term.js";

type Pair = readonly [Letter | undefined, Letter | undefined];

/** Letters along the axes of u and of v; absent for axes of size 1. */
export interface TermLetters {
  readonly p: Pair;
  readonly q: Pair;
}

/** Factors that share summed letters, as one expression. */
type Component = Expression;

/** A letter of u and the letter of v that it is paired with in one Kronecker factor. */
interface Slot {
  readonly row: Letter | undefined;
  readonly column: Letter | undefined;
  readonly factors: Expression[];
}

/** The matrix of a term, or undefined where it does not fall apart. */
export function splitTerm(
  graph: Graph,
  term: FlatTerm,
  letters: TermLetters,
  order: VecOrder,
): MatrixExpression | undefined {
  const components = connected(graph, term);
  const candidates = pairings(letters)
    .map((slots) => new TermSplit(graph, letters, slots, order).matrix(components))
    .filter((one) => one !== undefined);
  const [best] = candidates.toSorted((a, b) => a.weight - b.weight);
  return best && build.scale(term.coefficient, [], best);
}

/** The ways to pair the letters of u with those of v; slots in the order of the axes of u. */
function pairings({ p: [p0, p1], q: [q0, q1] }: TermLetters): (readonly [Slot, Slot])[] {
  const slots = (a: Letter | undefined, b: Letter | undefined): readonly [Slot, Slot] => [
    { row: p0, column: a, factors: [] },
    { row: p1, column: b, factors: [] },
  ];
  return [slots(q0, q1), slots(q1, q0)];
}

/** Products of the factors that are connected by summed letters, with their sums. */
export function connected(graph: Graph, { factors, summed }: FlatTerm): Component[] {
  const groups: { nodes: Expression[]; letters: Letter[] }[] = [];
  for (const { base, exponent } of factors) {
    const node = graph.integerPower(base, exponent);
    const own = summed.filter((one) => node.free.some((letter) => same(one, letter)));
    const touching = groups.filter(({ letters }) =>
      letters.some((one) => own.some((other) => same(one, other))),
    );
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    groups.push({
      nodes: [...touching.flatMap(({ nodes }) => nodes), node],
      letters: [...new Set([...touching.flatMap(({ letters }) => letters), ...own])],
    });
  }
  const unused = summed.filter((one) => !groups.some(({ letters }) => letters.includes(one)));
  return [
    ...groups.map(({ nodes, letters }) => graph.sumOver(letters, graph.multiply(...nodes))),
    ...unused.map(({ size }) => graph.size(size)),
  ];
}

class TermSplit {
  private readonly left: Expression[] = [];
  private readonly right: Expression[] = [];
  private readonly scalars: Expression[] = [];
  private readonly toOuter = new Map<string, Index>();
  private readonly toInner = new Map<string, Index>();
  private readonly slots: readonly Slot[];

  constructor(
    private readonly graph: Graph,
    private readonly letters: TermLetters,
    slots: readonly Slot[],
    private readonly order: VecOrder,
  ) {
    this.slots = slots.map((slot) => ({ ...slot, factors: [] }));
  }

  matrix(components: readonly Component[]): MatrixExpression | undefined {
    const deltas = components
      .filter((one) => one.kind === "delta")
      .filter((one) => this.isTie(one));
    for (const delta of deltas) this.tie(delta);
    const isPlaced = components.every((one) =>
      deltas.some((delta) => delta === one) ? this.placeInSlot(one) : this.place(one),
    );
    return isPlaced ? this.assemble() : undefined;
  }

  /** Whether a delta ties a whole axis of u to one of v. */
  private isTie({ indices: [a, b] }: DeltaNode): boolean {
    return (
      a.plain !== undefined &&
      b.plain !== undefined &&
      a.plain.size.equals(b.plain.size) &&
      this.isOuter(a.plain) !== this.isOuter(b.plain)
    );
  }

  private tie({ indices: [a, b] }: DeltaNode): void {
    const [outer, inner] = this.isOuter(a.plain!) ? [a.plain!, b.plain!] : [b.plain!, a.plain!];
    this.toOuter.set(inner.key, Index.of(outer));
    this.toInner.set(outer.key, Index.of(inner));
  }

  private isOuter(letter: Letter): boolean {
    return this.letters.p.some((one) => same(one, letter));
  }

  /** Finds the place of a component: a Kronecker factor, in front, or behind. */
  private place(component: Component): boolean {
    const { graph } = this;
    if (component.free.length === 0) {
      this.scalars.push(component);
      return true;
    }
    const isVector = this.letters.p.some((one) => one === undefined);
    const outer = graph.substitute(component, this.toOuter);
    const isOuter = outer.free.every((one) => this.isOuter(one));
    if (!(isVector && isOuter) && this.placeInSlot(component)) return true;
    if (isOuter) {
      this.left.push(outer);
      return true;
    }
    const inner = graph.substitute(component, this.toInner);
    if (inner.free.some((one) => this.isOuter(one))) return false;
    this.right.push(inner);
    return true;
  }

  private placeInSlot(component: Component): boolean {
    const slot = this.slots.find(({ row, column }) =>
      component.free.every((one) => same(one, row) || same(one, column)),
    );
    slot?.factors.push(component);
    return slot !== undefined;
  }

  private assemble(): MatrixExpression | undefined {
    const [first, second] = this.slots.map(({ row, column, factors }) =>
      this.form(factors, row, column),
    );
    const left = this.diagonal(this.left, this.letters.p);
    const right = this.diagonal(this.right, this.letters.q);
    const scalar = this.form(this.scalars, undefined, undefined);
    if (!first || !second || !scalar || left === "none" || right === "none") return undefined;
    // by the axes of u where it has two, else by those of v; the last axis is outermost in columns
    const byInner = this.letters.p.some((one) => one === undefined);
    const isTurned = byInner && same(this.slots[0]!.column, this.letters.q[1]);
    const core =
      (this.order === "columns") !== isTurned
        ? build.kronecker(second, first)
        : build.kronecker(first, second);
    const factors = [left, core, this.crossing(), right].filter((one) => one !== undefined);
    return build.scale(new Fraction(1), [{ base: scalar, exponent: 1 }], build.product(...factors));
  }

  private form(
    factors: readonly Expression[],
    row: Letter | undefined,
    column: Letter | undefined,
  ): MatrixExpression | undefined {
    return matrixForm(this.graph, this.graph.multiply(...factors), { row, column })?.matrix;
  }

  /** Factors that depend on the entries of one side only. */
  private diagonal(
    factors: readonly Expression[],
    [row, column]: Pair,
  ): MatrixExpression | undefined | "none" {
    if (factors.length === 0) return undefined;
    const matrix = this.form(factors, row, column);
    return matrix ? build.diag(build.vec(matrix, this.order)) : "none";
  }

  /** vec(v) to vec(vᵀ), where the rows of u go with the columns of v. */
  private crossing(): MatrixExpression | undefined {
    const [q0, q1] = this.letters.q;
    if (!q0 || !q1 || !this.letters.p[0] || !this.letters.p[1]) return undefined;
    if (!same(this.slots[0]!.column, q1)) return undefined;
    return build.commutation(q0.size, q1.size, this.order);
  }
}
