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
import type { Expression } from "../expression/expression.js";
import { type LocalRule, occurrences } from "./occurrences.js";
import { type Uses, usesOf } from "./uses.js";

export interface SweepOptions {
  /** Quantities whose adjoints are asked for; those on the way to them are found too. */
  readonly wanted: Iterable<Quantity>;
  /** Definitions that count as constant. */
  readonly constant?: ReadonlySet<Quantity>;
  /** The derivatives of single nodes; by default those that are printed. */
  readonly rule?: LocalRule;
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
  { wanted, constant, rule }: SweepOptions,
): Adjoints {
  return new ReverseSweep(graph, definitions, loss, constant, rule).adjoints(wanted);
}

/** The sweep, done as far as it is asked for: what was found once is not computed again. */
export class ReverseSweep {
  private readonly fromLoss: readonly Definition[];
  private readonly byQuantity: ReadonlyMap<Quantity, Definition>;
  private readonly uses: Uses;
  private readonly known = new Map<Quantity, Definition | undefined>();
  private readonly given = new Map<Quantity, ReadonlyMap<Quantity, readonly Clause[]>>();

  constructor(
    private readonly graph: Graph,
    definitions: readonly Definition[],
    private readonly loss: Quantity,
    private readonly constant: ReadonlySet<Quantity> = new Set(),
    private readonly rule?: LocalRule,
  ) {
    this.uses = usesOf(definitions, loss);
    const end = definitions.findIndex(({ quantity }) => quantity === loss) + 1;
    this.fromLoss = definitions.slice(0, end).reverse();
    this.byQuantity = new Map(this.fromLoss.map((one) => [one.quantity, one]));
  }

  /** See `sweep`. */
  adjoints(wanted: Iterable<Quantity>): Adjoints {
    const asked = new Set(wanted);
    const active = this.dependents(asked);
    const adjoints = new Map<Quantity, Definition>();
    // whatever uses a quantity comes before it here, so that its adjoint is known
    for (const { quantity } of this.fromLoss) {
      const adjoint = active.has(quantity) ? this.adjoint(quantity) : undefined;
      if (adjoint) adjoints.set(quantity, adjoint);
    }
    for (const quantity of asked) {
      if (adjoints.has(quantity)) continue;
      adjoints.set(quantity, this.adjoint(quantity) ?? this.adjointOf(quantity, []));
    }
    return adjoints;
  }

  /** The given quantities and those that depend on them. */
  private dependents(roots: ReadonlySet<Quantity>): ReadonlySet<Quantity> {
    const active = new Set(roots);
    // a set's iteration also meets what is added on the way
    for (const quantity of active) {
      for (const user of this.users(quantity)) active.add(user.quantity);
    }
    return active;
  }

  private users(quantity: Quantity): readonly Definition[] {
    const all = this.uses.get(quantity) ?? [];
    return this.constant.size === 0 ? all : all.filter((user) => !this.constant.has(user.quantity));
  }

  /** The adjoint, or undefined where nothing between the quantity and the loss uses it. */
  private adjoint(quantity: Quantity): Definition | undefined {
    if (!this.known.has(quantity)) this.known.set(quantity, this.find(quantity));
    return this.known.get(quantity);
  }

  private find(quantity: Quantity): Definition | undefined {
    if (quantity === this.loss) {
      return this.adjointOf(quantity, [{ ...fullAxes(quantity.shape), body: this.graph.one }]);
    }
    const clauses = this.users(quantity)
      .toReversed()
      .flatMap((user) => this.contributions(user).get(quantity) ?? []);
    return clauses.length > 0 ? this.adjointOf(quantity, clauses) : undefined;
  }

  private adjointOf(of: Quantity, clauses: readonly Clause[]): Definition {
    const { shape } = of;
    const name = `d${of.name}`;
    const quantity: Quantity = { name, role: "adjoint", shape, numerator: this.loss, of };
    return { quantity, clauses: merge(this.graph, shape, clauses) };
  }

  /** What a definition adds to the adjoint of each quantity in it. */
  private contributions({ quantity }: Definition): ReadonlyMap<Quantity, readonly Clause[]> {
    const before = this.given.get(quantity);
    if (before) return before;
    const { graph, loss } = this;
    const byQuantity = new Map<Quantity, Clause[]>();
    const adjoint = this.known.get(quantity);
    const clauses = adjoint?.clauses.length ? this.byQuantity.get(quantity)!.clauses : [];
    for (const clause of clauses) {
      const seed =
        quantity === loss ? graph.one : graph.reference(adjoint!.quantity, clause.indices);
      for (const found of occurrences(graph, clause.body, seed, () => true, this.rule)) {
        const list = byQuantity.get(found.reference.quantity) ?? [];
        list.push({
          letters: [...clause.letters, ...found.open],
          indices: found.reference.indices,
          body: found.derivative,
        });
        byQuantity.set(found.reference.quantity, list);
      }
    }
    this.given.set(quantity, byQuantity);
    return byQuantity;
  }
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
