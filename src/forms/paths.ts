/**
 * Paths: the graph of single entries between the loss and one entry, its edges the partial
 * derivatives of entry by entry. The derivative is the sum over all paths of the products of their
 * edges. Paths are always counted (their number grows as the product of the widths) and listed up
 * to a limit.
 */
import { occurrences } from "../calculus/occurrences.js";
import { NamedBodies } from "../calculus/named.js";
import { type Uses, usesOf } from "../calculus/uses.js";
import type { Clause, Definition } from "../expression/definition.js";
import type { Graph } from "../expression/graph.js";
import { CONTENT } from "../expression/contents.js";
import type { Expression, SumNode } from "../expression/expression.js";
import { Index, letter, type Letter } from "../expression/indices.js";
import { isSign, ONE } from "../expression/rational.js";
import { isZero } from "../expression/predicates.js";
import type { Quantity } from "../expression/quantity.js";
import { Size, type SizeValues } from "../expression/size.js";
import { postorder, references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import { written } from "./route.js";
import { Ways } from "./ways.js";

/** One entry of a quantity, indices from 0. */
export interface Entry {
  readonly quantity: Quantity;
  readonly indices: readonly number[];
}

/** ∂of/∂wrt between two entries, in terms of entries of named quantities. */
export interface Edge {
  readonly of: Entry;
  readonly wrt: Entry;
  readonly derivative: Expression;
}

/** Edges from the loss to the entry. */
export type Path = readonly Edge[];

export interface PathSum {
  /** How many paths there are. */
  readonly count: bigint;
  /** The first of them, in the order in which the ways to the loss are named, and of their entries. */
  readonly listed: readonly Path[];
}

export function entryKey({ quantity, indices }: Entry): string {
  return [quantity.name, ...indices].join(" ");
}

export class PathGraph {
  private readonly named: NamedBodies;
  private readonly uses: Uses;
  private readonly ways: Ways;
  private readonly upward = new Map<string, readonly Edge[]>();
  private readonly counts = new Map<string, bigint>();

  /**
   * @param sizes values of all named sizes: entries are counted
   * @param isLeftOut edges that no path takes
   */
  constructor(
    private readonly model: Model,
    private readonly sizes: SizeValues,
    private readonly isLeftOut: (edge: Edge) => boolean = () => false,
  ) {
    this.named = new NamedBodies(model.graph);
    for (const definition of model.definitions) this.named.add(definition);
    this.uses = usesOf(model.definitions, model.loss);
    this.ways = new Ways(model);
  }

  /** The same graph without some of its edges. */
  without(isLeftOut: (edge: Edge) => boolean): PathGraph {
    return new PathGraph(this.model, this.sizes, isLeftOut);
  }

  /** The number of paths from the loss to an entry, and the first `limit` of them. */
  paths(entry: Entry, limit: number): PathSum {
    const count = this.count(entry);
    const listed: Path[] = [];
    // the edges below the one that is visited, and for each how many of its uses were visited
    const stack: { readonly at: Entry; readonly edge?: Edge; next: number }[] = [
      { at: entry, next: 0 },
    ];
    for (let top = stack.at(-1); top && listed.length < limit; top = stack.at(-1)) {
      if (top.at.quantity === this.model.loss) {
        listed.push(stack.flatMap(({ edge }) => edge ?? []).reverse());
        stack.pop();
        continue;
      }
      const edge = this.edges(top.at)[top.next++];
      if (!edge) stack.pop();
      else if (this.count(edge.of) > 0n) stack.push({ at: edge.of, edge, next: 0 });
    }
    return { count, listed };
  }

  /** Paths from the loss, by the recursion count(v) = Σ over the edges count(u). */
  private count(entry: Entry): bigint {
    const stack = [entry];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const key = entryKey(top);
      if (this.counts.has(key)) {
        stack.pop();
        continue;
      }
      if (top.quantity === this.model.loss) {
        this.counts.set(key, 1n);
        continue;
      }
      const edges = this.edges(top);
      const pending = edges.filter(({ of }) => !this.counts.has(entryKey(of)));
      if (pending.length > 0) {
        stack.push(...pending.map(({ of }) => of));
        continue;
      }
      this.counts.set(
        key,
        edges.reduce((total, { of }) => total + this.counts.get(entryKey(of))!, 0n),
      );
    }
    return this.counts.get(entryKey(entry))!;
  }

  /** The uses of an entry: every entry that is defined with it, and the derivative. */
  edges(below: Entry): readonly Edge[] {
    const key = entryKey(below);
    let found = this.upward.get(key);
    if (!found) {
      const users = (this.uses.get(below.quantity) ?? []).toSorted((a, b) =>
        this.ways.compare(below.quantity, a.quantity, b.quantity),
      );
      found = users
        .flatMap((user) => this.edgesOf(user, below))
        .filter((edge) => !this.isLeftOut(edge));
      this.upward.set(key, found);
    }
    return found;
  }

  /** Whether an entry stands in a definition, also where the derivative is 0. */
  isUsed(below: Entry): boolean {
    const bodies = (this.uses.get(below.quantity) ?? []).flatMap(({ clauses }) =>
      clauses.map(({ body }) => body),
    );
    return references(bodies).some(({ quantity, indices }) => {
      const letters = [...new Set(indices.flatMap((index) => index.letters))];
      const isWanted = quantity === below.quantity;
      return isWanted && this.solutions(letters, indices, below.indices).length > 0;
    });
  }

  private edgesOf(user: Definition, below: Entry): Edge[] {
    const { graph } = this.model;
    const byEntry = new Map<string, { of: Entry; parts: Expression[] }>();
    for (const clause of user.clauses) {
      for (const { of, derivative } of this.contributions(user.quantity, clause, below)) {
        const key = entryKey(of);
        const before = byEntry.get(key) ?? { of, parts: [] };
        before.parts.push(derivative);
        byEntry.set(key, before);
      }
    }
    return [...byEntry.values()]
      .map(({ of, parts }) => ({ of, wrt: below, derivative: graph.add(...parts) }))
      .filter(({ derivative }) => !isZero(derivative))
      .sort((a, b) => inRows(a.of.indices, b.of.indices));
  }

  /** ∂(entry of the user)/∂below for every occurrence that can be the entry below. */
  private contributions(
    user: Quantity,
    clause: Clause,
    below: Entry,
  ): { of: Entry; derivative: Expression }[] {
    const { graph } = this.model;
    const wanted = (one: { quantity: Quantity }): boolean => one.quantity === below.quantity;
    return occurrences(graph, clause.body, graph.one, wanted).flatMap((found) => {
      // names are found before numbers take the places of letters
      const local = written(graph, this.named, found.derivative);
      const { indices } = found.reference;
      const used = new Set(indices.flatMap((index) => index.letters.map(({ key }) => key)));
      const open = found.open.filter(({ key }) => !used.has(key));
      const solved = [...clause.letters, ...found.open.filter(({ key }) => used.has(key))];
      return this.solutions(solved, indices, below.indices).map((values) => {
        const pinned = new Map([...values].map(([key, value]) => [key, Index.number(value)]));
        const kept = open.map((one, position) => letter(`open${position}`, one.size));
        const renaming = new Map(pinned);
        for (const [position, one] of open.entries()) {
          renaming.set(one.key, Index.of(kept[position]!));
        }
        const derivative = graph.sumOver(kept, graph.substitute(local, renaming));
        const entry = clause.indices.map((index) => this.valueOf(index, values));
        return { of: { quantity: user, indices: entry }, derivative };
      });
    });
  }

  /** All values of letters for which indices meet the given numbers. */
  private solutions(
    letters: readonly Letter[],
    indices: readonly Index[],
    target: readonly number[],
  ): Map<string, number>[] {
    let partial = [new Map<string, number>()];
    const direct = new Map<string, number>();
    for (const [axis, { terms, offset }] of indices.entries()) {
      const [only] = terms;
      if (!only || terms.length > 1) continue;
      const distance = target[axis]! - offset.evaluate(this.sizes);
      direct.set(only.letter.key, distance / only.coefficient.evaluate(this.sizes));
    }
    for (const one of letters) {
      const size = one.size.evaluate(this.sizes);
      const fixed = direct.get(one.key);
      if (fixed !== undefined && !(Number.isInteger(fixed) && fixed >= 0 && fixed < size))
        return [];
      const values = fixed === undefined ? Array.from({ length: size }, (_, i) => i) : [fixed];
      partial = partial.flatMap((before) =>
        values.map((value) => new Map(before).set(one.key, value)),
      );
    }
    return partial.filter((values) =>
      indices.every((index, axis) => this.valueOf(index, values) === target[axis]),
    );
  }

  private valueOf(index: Index, values: ReadonlyMap<string, number>): number {
    return index.terms.reduce(
      (total, { letter: one, coefficient }) =>
        total + coefficient.evaluate(this.sizes) * values.get(one.key)!,
      index.offset.evaluate(this.sizes),
    );
  }

  /** A reference to an entry. */
  reference({ quantity, indices }: Entry): Expression {
    return this.model.graph.reference(
      quantity,
      indices.map((index) => Index.constant(Size.of(index))),
    );
  }
}

/** Compares places row by row. */
function inRows(a: readonly number[], b: readonly number[]): number {
  const axis = a.findIndex((index, place) => index !== b[place]);
  return axis < 0 ? 0 : a[axis]! - b[axis]!;
}

/**
 * An expression with its sums written out over all values of the letters.
 * @returns undefined where a sum would have more than `terms` terms, or the whole more than
 * `longest` symbols; both are counted before anything is written
 */
export function writtenOut(
  graph: Graph,
  root: Expression,
  sizes: SizeValues,
  { terms, longest }: { terms: number; longest: number },
): Expression | undefined {
  const lengths = new Map<Expression, number>();
  for (const node of postorder([root], (one: Expression) => one.children)) {
    const inner = node.children.reduce((total, child) => total + lengths.get(child)!, 1);
    const isSum = node.kind === "reduce" && node.reduction === "sum";
    const count = isSum ? node.letter.size.evaluate(sizes) : 1;
    lengths.set(node, count > terms ? Infinity : count * inner);
  }
  if (lengths.get(root)! > longest) return undefined;
  const put = (part: Expression): Expression | undefined => {
    if (part.kind === "sum") {
      const terms = part.terms.map(({ coefficient, term }) => ({
        coefficient,
        term: expand(term),
      }));
      return inBrackets(graph, [...terms, { coefficient: part.constant, term: graph.one }]);
    }
    if (part.kind !== "reduce" || part.reduction !== "sum") return undefined;
    const count = part.letter.size.evaluate(sizes);
    const summands = Array.from({ length: count }, (_, value) =>
      expand(graph.substitute(part.body, new Map([[part.letter.key, Index.number(value)]]))),
    );
    const terms = summands.map((term) => ({ coefficient: ONE, term }));
    return inBrackets(graph, terms, summands);
  };
  const expand = (node: Expression): Expression => graph.transform(node, put, CONTENT.reduce);
  return expand(root);
}

/**
 * A sum whose terms stay as they are: a sum among them stays in its brackets behind a number, and where terms of one
 * and the other would be put together.
 * @param kept sums that stay in any case
 */
function inBrackets(
  graph: Graph,
  terms: readonly Term[],
  kept: readonly Expression[] = [],
): Expression {
  const flat = graph.combine(terms);
  const count = terms.reduce((total, { term }) => total + lengthOf(term), 0);
  const isPutTogether = lengthOf(flat) < count;
  const isKept = ({ coefficient, term }: Term): boolean =>
    term.kind === "sum" && (isPutTogether || !isSign(coefficient) || kept.includes(term));
  const whole = new Set(terms.filter(isKept).map(({ term }) => term));
  return whole.size > 0 ? graph.combine(terms, (term) => whole.has(term)) : flat;
}

type Term = SumNode["terms"][number];

/** Of how many terms an expression is the sum, numbers left out. */
function lengthOf(node: Expression): number {
  if (node.kind === "number") return 0;
  return node.kind === "sum" ? node.terms.length : 1;
}
