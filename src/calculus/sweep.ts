/**
 * The reverse sweep: all adjoints of a loss at once.
 *
 * With the definitions u := body(v, …) in order, the adjoint of v is
 * ∂L/∂v[k] = Σ over the uses u of v, Σ_i ∂L/∂u[i] · ∂u[i]/∂v[k]
 * (Linnainmaa 1970; Griewank, Walther 2008, §3.2). The inner sums over the indices of u are the
 * summed paths. Cost: linear in the number of definitions, independent of all sizes.
 */
import { type Clause, type Definition, fullAxes } from "../expression/definition.js";
import type { Graph } from "../expression/graph.js";
import { isZero } from "../expression/predicates.js";
import { Index, letter, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import type { Shape } from "../expression/size.js";
import { references } from "../expression/walk.js";
import type { Expression } from "../expression/expression.js";
import { occurrences } from "./occurrences.js";

export interface SweepOptions {
  /** Quantities whose adjoints are asked for; those on the way to them are found too. */
  readonly wanted: Iterable<Quantity>;
  /** Definitions that count as constant. */
  readonly constant?: ReadonlySet<Quantity>;
}

/** Adjoint definitions by quantity, in the order of the sweep (the loss first). */
export type Adjoints = ReadonlyMap<Quantity, Definition>;

/**
 * @param definitions in order of use, those of the loss included
 * @returns the adjoint of every quantity that lies between a wanted one and the loss; a wanted
 * quantity that the loss does not depend on has an adjoint without clauses, which is 0.
 */
export function sweep(
  graph: Graph,
  definitions: readonly Definition[],
  loss: Quantity,
  { wanted, constant = new Set() }: SweepOptions,
): Adjoints {
  const asked = new Set(wanted);
  const active = dependents(definitions, asked, constant);
  const contributions = new Map<Quantity, Clause[]>();
  const adjoints = new Map<Quantity, Definition>();
  const one = graph.one;
  const finish = (quantity: Quantity, clauses: readonly Clause[]): Definition => {
    const adjoint: Quantity = {
      name: `d${quantity.name}`,
      role: "adjoint",
      shape: quantity.shape,
      numerator: loss,
      of: quantity,
    };
    const definition = { quantity: adjoint, clauses: merge(graph, quantity.shape, clauses) };
    adjoints.set(quantity, definition);
    return definition;
  };
  const end = definitions.findIndex(({ quantity }) => quantity === loss) + 1;
  for (const definition of definitions.slice(0, end).reverse()) {
    const { quantity } = definition;
    if (!active.has(quantity)) continue;
    const isLoss = quantity === loss;
    const given = contributions.get(quantity) ?? [];
    if (!isLoss && given.length === 0) continue;
    const adjoint = finish(quantity, isLoss ? [{ ...fullAxes(quantity.shape), body: one }] : given);
    if (adjoint.clauses.length === 0) continue;
    for (const clause of definition.clauses) {
      const seed = isLoss ? one : graph.reference(adjoint.quantity, clause.indices);
      const wants = (reference: { quantity: Quantity }): boolean => active.has(reference.quantity);
      for (const found of occurrences(graph, clause.body, seed, wants)) {
        const list = contributions.get(found.reference.quantity) ?? [];
        list.push({
          letters: [...clause.letters, ...found.open],
          indices: found.reference.indices,
          body: found.derivative,
        });
        contributions.set(found.reference.quantity, list);
      }
    }
  }
  for (const quantity of asked) {
    if (!adjoints.has(quantity)) finish(quantity, contributions.get(quantity) ?? []);
  }
  return adjoints;
}

/** The quantities that depend on the given ones, these included. */
function dependents(
  definitions: readonly Definition[],
  roots: ReadonlySet<Quantity>,
  constant: ReadonlySet<Quantity>,
): Set<Quantity> {
  const active = new Set(roots);
  for (const { quantity, clauses } of definitions) {
    if (constant.has(quantity)) continue;
    const used = references(clauses.map(({ body }) => body));
    if (used.some((reference) => active.has(reference.quantity))) active.add(quantity);
  }
  return active;
}

/**
 * Contributions to one adjoint, as few clauses as possible: those that reach every entry become one
 * body at the axes' letters, summed over all other letters; the rest keep their indices.
 */
function merge(graph: Graph, shape: Shape, clauses: readonly Clause[]): Clause[] {
  const merged = new Map<string, { place: Omit<Clause, "body">; bodies: Expression[] }>();
  for (const clause of clauses) {
    const { letters, indices, body } = gather(graph, shape, clause);
    const key = indices.map((index) => index.key).join(",");
    const before = merged.get(key);
    if (before) before.bodies.push(body);
    else merged.set(key, { place: { letters, indices }, bodies: [body] });
  }
  return [...merged.values()]
    .map(({ place, bodies }) => ({ ...place, body: graph.add(...bodies) }))
    .filter(({ body }) => !isZero(body));
}

/** A clause with canonical letters, summed over the letters that its indices do not use. */
function gather(graph: Graph, shape: Shape, clause: Clause): Clause {
  const used = new Map<string, Letter>();
  for (const index of clause.indices) for (const one of index.letters) used.set(one.key, one);
  const isFull =
    used.size === shape.filter((size) => !size.isOne).length &&
    clause.indices.every((index, axis) => {
      const size = shape[axis]!;
      return size.isOne || index.plain?.size.equals(size);
    });
  const axes = fullAxes(shape);
  const renaming = new Map<string, Index>();
  const letters: Letter[] = [];
  const summed: Letter[] = [];
  let count = 0;
  for (const one of clause.letters) {
    const isKept = used.has(one.key);
    const axis = isKept && isFull ? clause.indices.findIndex((i) => i.plain?.key === one.key) : -1;
    const renamed =
      axis >= 0 ? axes.indices[axis]!.plain! : letter(`${isKept ? "s" : "k"}${count++}`, one.size);
    renaming.set(one.key, Index.of(renamed));
    (isKept ? letters : summed).push(renamed);
  }
  const body = graph.sumOver(summed, graph.substitute(clause.body, renaming));
  if (isFull) return { ...axes, body };
  return { letters, indices: clause.indices.map((index) => index.substitute(renaming)), body };
}

/** The value of a definition at given indices, its clauses written with deltas: Σ δ·body. */
export function entryOf(
  graph: Graph,
  clauses: readonly Clause[],
  indices: readonly Index[],
): Expression {
  return graph.add(
    ...clauses.map((clause) => {
      const renaming = new Map<string, Index>();
      const letters = clause.letters.map((one, position) => {
        const fresh = letter(`e${position}`, one.size);
        renaming.set(one.key, Index.of(fresh));
        return fresh;
      });
      const deltas = clause.indices.map((index, axis) =>
        graph.delta(index.substitute(renaming), indices[axis]!),
      );
      const body = graph.substitute(clause.body, renaming);
      return graph.sumOver(letters, graph.multiply(body, ...deltas));
    }),
  );
}
