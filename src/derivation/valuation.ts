/** Values of all that an equation may name, and expressions evaluated with them. */
import type { Definition } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import type { Arithmetic } from "../numeric/arithmetic.js";
import { type Entries, Interpreter, Plans } from "../numeric/interpret.js";
import { Lowering } from "../numeric/lower.js";

/** Values of all quantities of a model at one point, and of their adjoints by the quantity. */
export interface ModelValues<Value = number> {
  readonly sizes: SizeValues;
  readonly values: ReadonlyMap<Quantity, readonly Value[]>;
  readonly adjoints: ReadonlyMap<Quantity, readonly Value[]>;
}

/** One point in one arithmetic. */
export interface Valuation<Value> {
  readonly sizes: SizeValues;
  readonly arithmetic: Arithmetic<Value>;
  /** Rows first. */
  readonly entries: Entries<Value>;
}

/** The values of a model, and its adjoints under the names that derivations give them. */
export function valuation<Value>(
  { sizes, values, adjoints }: ModelValues<Value>,
  arithmetic: Arithmetic<Value>,
): Valuation<Value> {
  const get = (one: Quantity): readonly Value[] | undefined =>
    one.role === "adjoint" && one.of ? adjoints.get(one.of) : values.get(one);
  return { sizes, arithmetic, entries: { get } };
}

/** Entries of quantities that a point does not hold, such as Jacobians; undefined of any other. */
export type DerivedEntries = <Value>(
  quantity: Quantity,
  at: Valuation<Value>,
) => readonly Value[] | undefined;

/**
 * Expressions of one graph, computed for all values of their letters, the first outermost. What has been computed
 * at a point stays: an expression that comes again, as it does where a symbol is put in, is computed once at each point.
 */
export class Computation {
  private readonly plans = new Plans();
  private readonly statements = new Map<Quantity, Definition>();
  private readonly wholes = new Map<string, Quantity>();
  private readonly points = new WeakMap<object, unknown>();

  constructor(private readonly graph: Graph) {}

  values<Value>(
    at: Valuation<Value>,
    expression: Expression,
    letters: readonly Letter[],
  ): readonly Value[] {
    return this.at(at)(this.whole(expression, letters))!;
  }

  /** What finds the entries of a statement, or of what the point holds. */
  private at<Value>(at: Valuation<Value>): Entries<Value>["get"] {
    const before = this.points.get(at) as Entries<Value>["get"] | undefined;
    if (before) return before;
    const { sizes, entries, arithmetic } = at;
    const get = (quantity: Quantity): readonly Value[] | undefined => {
      const statement = this.statements.get(quantity);
      if (!statement) return entries.get(quantity);
      if (!interpreter.entries.has(quantity)) interpreter.define(statement);
      return interpreter.entries.get(quantity);
    };
    const interpreter = new Interpreter(sizes, { get }, arithmetic, this.plans);
    this.points.set(at, get);
    return get;
  }

  /** The quantity that an expression is the statement of. */
  private whole(expression: Expression, letters: readonly Letter[]): Quantity {
    const key = [expression.id, ...letters.map((one) => one.key)].join(" ");
    let quantity = this.wholes.get(key);
    if (!quantity) {
      quantity = { name: "side", role: "auxiliary", shape: letters.map(({ size }) => size) };
      this.wholes.set(key, quantity);
      const indices = letters.map((one) => Index.of(one));
      const lowering = new Lowering(this.graph);
      lowering.add({ quantity, clauses: [{ letters, indices, body: expression }] });
      for (const one of lowering.definitions) this.statements.set(one.quantity, one);
    }
    return quantity;
  }
}

/** An expression at one point, which is computed for itself. */
export function valuesOf<Value>(
  graph: Graph,
  at: Valuation<Value>,
  expression: Expression,
  letters: readonly Letter[] = [],
): readonly Value[] {
  return new Computation(graph).values(at, expression, letters);
}
