/** Values of all that an equation may name, and expressions evaluated with them. */
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import type { Arithmetic } from "../numeric/arithmetic.js";
import { type Entries, interpret, Plans } from "../numeric/interpret.js";
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

/** Computes something in any arithmetic; entries rows first. */
export type Evaluator = <Value>(at: Valuation<Value>) => readonly Value[];

/** Entries of quantities that a point does not hold, such as Jacobians; undefined of any other. */
export type DerivedEntries = <Value>(
  quantity: Quantity,
  at: Valuation<Value>,
) => readonly Value[] | undefined;

/** What computes an expression for all values of its letters, the first outermost. */
export function prepared(
  graph: Graph,
  expression: Expression,
  letters: readonly Letter[],
): Evaluator {
  const shape = letters.map(({ size }) => size);
  const quantity: Quantity = { name: "side", role: "auxiliary", shape };
  const clause = { letters, indices: letters.map((one) => Index.of(one)), body: expression };
  const lowering = new Lowering(graph);
  lowering.add({ quantity, clauses: [clause] });
  const { definitions } = lowering;
  const plans = new Plans();
  return ({ sizes, entries, arithmetic }) =>
    interpret(definitions, sizes, entries, arithmetic, plans).get(quantity)!;
}

/** The same, computed once at each point. */
export function remembered(evaluate: Evaluator): Evaluator {
  const known = new WeakMap<object, readonly unknown[]>();
  return <Value>(at: Valuation<Value>) => {
    const before = known.get(at) as readonly Value[] | undefined;
    if (before) return before;
    const values = evaluate(at);
    known.set(at, values);
    return values;
  };
}
