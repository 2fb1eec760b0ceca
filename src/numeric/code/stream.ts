/**
 * Programs one example at a time: where examples stand along an axis of a named size N and meet only
 * in sums over it, a program for one example and a running total for each sum do the same work
 * without arrays between.
 */
import { type Clause, type Definition, fullAxes } from "../../expression/definition.js";
import type { Expression, ReferenceNode } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { Index } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Size } from "../../expression/size.js";
import { postorder, references } from "../../expression/walk.js";

/** A step of a program for one example. */
export interface StreamStep {
  /** What is computed for the example, or, where there are no examples in it, once. */
  readonly definition: Definition;
  /** The quantity that is its sum over all examples, if one is taken. */
  readonly total?: Quantity;
}

export interface Stream {
  readonly steps: readonly StreamStep[];
  /** What has an entry for each example → the same for one example, and which axis it lacks. */
  readonly examples: ReadonlyMap<Quantity, { readonly quantity: Quantity; readonly axis: number }>;
}

/** Raised where examples meet otherwise than in a sum. */
class Meeting extends Error {}

/**
 * @param size of the axis along which examples stand
 * @returns undefined where examples meet otherwise than in sums
 */
export function stream(
  graph: Graph,
  definitions: readonly Definition[],
  size: Size,
): Stream | undefined {
  try {
    return new Streamer(graph, size).run(definitions);
  } catch (error) {
    if (error instanceof Meeting) return undefined;
    throw error;
  }
}

class Streamer {
  private readonly steps: StreamStep[] = [];
  private readonly examples = new Map<Quantity, { quantity: Quantity; axis: number }>();
  private readonly totals = new Map<string, Quantity>();

  constructor(
    private readonly graph: Graph,
    private readonly size: Size,
  ) {}

  run(definitions: readonly Definition[]): Stream {
    for (const { quantity, clauses } of definitions) {
      const example = this.exampleOf(quantity);
      const stripped = clauses.map((clause) => this.clause(clause, example?.axis));
      this.steps.push({
        definition: { quantity: example?.quantity ?? quantity, clauses: stripped },
      });
    }
    return { steps: this.steps, examples: this.examples };
  }

  private isAlong(size: Size): boolean {
    return size.equals(this.size);
  }

  /** The quantity without its axis of examples; undefined where it has none. */
  private exampleOf(quantity: Quantity): { quantity: Quantity; axis: number } | undefined {
    const axes = [...quantity.shape.keys()].filter((axis) => this.isAlong(quantity.shape[axis]!));
    const [axis] = axes;
    if (axis === undefined) return undefined;
    if (axes.length > 1) throw new Meeting();
    let example = this.examples.get(quantity);
    if (!example) {
      example = { quantity: { ...quantity, shape: quantity.shape.toSpliced(axis, 1) }, axis };
      this.examples.set(quantity, example);
    }
    return example;
  }

  private clause({ letters, indices, body }: Clause, axis: number | undefined): Clause {
    const along = letters.filter(({ size }) => this.isAlong(size));
    if (axis === undefined) {
      if (along.length > 0) throw new Meeting();
      return { letters, indices, body: this.withTotals(body) };
    }
    if (along.length !== 1 || indices[axis]!.plain?.key !== along[0]!.key) throw new Meeting();
    return {
      letters: letters.filter(({ size }) => !this.isAlong(size)),
      indices: indices.toSpliced(axis, 1),
      body: this.ofOneExample(body),
    };
  }

  /** An expression of one example: nothing else may run over examples in it. */
  private ofOneExample(root: Expression): Expression {
    const { graph } = this;
    for (const node of postorder([root], (one: Expression) => one.children)) {
      const runs = node.kind === "reduce" && this.isAlong(node.letter.size);
      const compares = node.kind === "delta" && node.free.some(({ size }) => this.isAlong(size));
      if (runs || compares) throw new Meeting();
    }
    return graph.transform(root, (node) =>
      node.kind === "reference" ? this.reference(node) : undefined,
    );
  }

  private reference({ quantity, indices }: ReferenceNode): Expression | undefined {
    const example = this.exampleOf(quantity);
    const elsewhere = indices.some(
      (index, axis) =>
        axis !== example?.axis && index.letters.some(({ size }) => this.isAlong(size)),
    );
    if (elsewhere) throw new Meeting();
    if (!example) return undefined;
    const plain = indices[example.axis]!.plain;
    if (!plain || !this.isAlong(plain.size)) throw new Meeting();
    return this.graph.reference(example.quantity, indices.toSpliced(example.axis, 1));
  }

  /** An expression that is the same for all examples: its sums over examples get names. */
  private withTotals(root: Expression): Expression {
    const named = this.graph.transform(root, (node) => {
      if (node.kind !== "reduce" || !this.isAlong(node.letter.size)) return undefined;
      if (node.reduction !== "sum") throw new Meeting();
      const letters = node.free;
      const shape = letters.map(({ size }) => size);
      const axes = fullAxes(shape);
      const renaming = new Map(letters.map(({ key }, axis) => [key, axes.indices[axis]!]));
      const body = this.ofOneExample(this.graph.substitute(node.body, renaming));
      return this.graph.reference(
        this.totalOf(shape, body),
        letters.map((letter) => Index.of(letter)),
      );
    });
    if (references([named]).some(({ quantity }) => quantity.shape.some((s) => this.isAlong(s)))) {
      throw new Meeting();
    }
    return named;
  }

  private totalOf(shape: Quantity["shape"], body: Expression): Quantity {
    const key = [body.id, ...shape.map((size) => size.key)].join(" ");
    let total = this.totals.get(key);
    if (!total) {
      total = { name: `total${this.totals.size + 1}`, role: "auxiliary", shape };
      this.totals.set(key, total);
      const example: Quantity = { name: `term${this.totals.size}`, role: "auxiliary", shape };
      const clauses = [{ ...fullAxes(shape), body }];
      this.steps.push({ definition: { quantity: example, clauses }, total });
    }
    return total;
  }
}
