/**
 * The backward pass in its single steps, one for each use of a quantity in a definition: what a
 * person writes line by line, and where a mistake can be made in one line only.
 */
import { adjointName } from "../explanations/words.js";
import { NamedBodies } from "../../calculus/named.js";
import { type LocalRule, occurrences, partials } from "../../calculus/occurrences.js";
import { type Clause, type Definition, fullAxes, fullBody } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { Index, type Letter, letter } from "../../expression/indices.js";
import { PerGraph } from "../../expression/per-graph.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { withKnownFunctions } from "./known-functions.js";

/** A contribution to ∂loss/∂to that comes through `from`; its body holds ∂loss/∂from. */
export interface Edge {
  readonly from: Quantity;
  readonly to: Quantity;
  readonly clause: Clause;
}

/**
 * Faults of one pass: contributions left out, and others in their places; where the fault is in the
 * forward pass, definitions in place of those of the model.
 */
export interface Change {
  readonly removed: ReadonlySet<Edge>;
  readonly added: readonly Edge[];
  readonly redefined?: readonly Definition[];
}

const NONE: ReadonlySet<Quantity> = new Set();

export class Backward {
  readonly graph: Graph;
  /** All quantities, from the loss back to what is given. */
  readonly order: readonly Quantity[];
  readonly edges: readonly Edge[];
  readonly definitions: readonly Definition[];
  private readonly adjoints = new Map<Quantity, Quantity>();
  private readonly incoming = new Map<Quantity, Edge[]>();
  private readonly outgoing = new Map<Quantity, Edge[]>();
  private readonly named: NamedBodies;
  private readonly learned: ReadonlySet<Quantity>;

  private static readonly made = new PerGraph(() => new Map<Model, Backward>());

  /** A model's backward pass, made once; functions that the model writes out stand in it by their names. */
  static of(given: Model): Backward {
    const model = withKnownFunctions(given);
    const models = Backward.made.of(model.graph);
    let backward = models.get(model);
    if (!backward) models.set(model, (backward = new Backward(model)));
    return backward;
  }

  private constructor(readonly model: Model) {
    this.graph = model.graph;
    const end = model.definitions.findIndex(({ quantity }) => quantity === model.loss) + 1;
    this.definitions = model.definitions.slice(0, end).reverse();
    const given = [...model.params, ...model.inputs, ...model.targets];
    this.order = [...this.definitions.map(({ quantity }) => quantity), ...given];
    this.named = new NamedBodies(this.graph, { multiples: true });
    const learned = new Set(model.params);
    for (const definition of model.definitions.slice(0, end)) {
      this.named.add(definition);
      const used = references(definition.clauses.map(({ body }) => body));
      if (used.some(({ quantity }) => learned.has(quantity))) learned.add(definition.quantity);
    }
    this.learned = learned;
    for (const quantity of this.order) {
      this.incoming.set(quantity, []);
      this.outgoing.set(quantity, []);
    }
    const edges: Edge[] = [];
    const reached = new Set([model.loss]);
    for (const definition of this.definitions) {
      if (!reached.has(definition.quantity)) continue;
      for (const edge of this.edgesOf(definition)) {
        edges.push(edge);
        reached.add(edge.to);
        this.incoming.get(edge.to)!.push(edge);
        this.outgoing.get(edge.from)!.push(edge);
      }
    }
    this.edges = edges;
  }

  /** Whether a quantity is given, or computed from what is given alone: no parameter moves it. */
  isData(quantity: Quantity): boolean {
    return !this.learned.has(quantity);
  }

  /** Contributions into a quantity's derivative. */
  into(quantity: Quantity): readonly Edge[] {
    return this.incoming.get(quantity)!;
  }

  /** Contributions that a quantity's derivative makes to others. */
  outOf(quantity: Quantity): readonly Edge[] {
    return this.outgoing.get(quantity)!;
  }

  /**
   * Quantities whose derivatives those by the wanted ones are computed from, and these.
   * @param known quantities whose derivatives are given: what these are computed from does not count
   */
  leadingTo(
    wanted: ReadonlySet<Quantity>,
    known: ReadonlySet<Quantity> = NONE,
  ): ReadonlySet<Quantity> {
    const leading = new Set<Quantity>();
    for (const quantity of this.order.toReversed()) {
      const leads = this.outOf(quantity).some(({ to }) => leading.has(to) && !known.has(to));
      if (leads || wanted.has(quantity)) leading.add(quantity);
    }
    return leading;
  }

  adjointOf(quantity: Quantity): Quantity {
    let adjoint = this.adjoints.get(quantity);
    if (!adjoint) {
      const { shape } = quantity;
      adjoint = { name: adjointName(quantity), role: "adjoint", shape, of: quantity };
      this.adjoints.set(quantity, adjoint);
    }
    return adjoint;
  }

  /** The contributions of a definition, with another rule for the derivatives of single nodes. */
  edgesOf({ quantity: from, clauses }: Definition, rule: LocalRule = partials): Edge[] {
    const { graph } = this;
    return clauses.flatMap((clause) => {
      const seed =
        from === this.model.loss
          ? graph.one
          : graph.reference(this.adjointOf(from), clause.indices);
      return occurrences(graph, clause.body, seed, () => true, rule).map(
        ({ reference, open, derivative }) => ({
          from,
          to: reference.quantity,
          clause: {
            letters: [...clause.letters, ...open],
            indices: reference.indices,
            body: derivative,
          },
        }),
      );
    });
  }

  /** The change that another rule in one definition makes. */
  changeOf(definition: Definition, rule?: LocalRule): Change {
    const removed = new Set(this.outOf(definition.quantity));
    const added: Edge[] = [];
    for (const edge of this.edgesOf(definition, rule)) {
      const same = [...removed].find(
        (old) => old.to === edge.to && isSame(old.clause, edge.clause),
      );
      if (same) removed.delete(same);
      else added.push(edge);
    }
    return { removed, added };
  }

  /** A definition in place of the one of the same quantity, forward and backward. */
  redefinition(definition: Definition): Change {
    return { ...this.changeOf(definition), redefined: [definition] };
  }

  /**
   * A definition in place of the one of the same quantity in the forward pass alone: its contributions stay as they
   * are written, with names for what has one.
   */
  redefinitionForward(definition: Definition): Change {
    const changed = this.outOf(definition.quantity).flatMap((edge) => {
      const body = this.withNames(edge.clause.body);
      return body === edge.clause.body
        ? []
        : [{ edge, named: { ...edge, clause: { ...edge.clause, body } } }];
    });
    return {
      removed: new Set(changed.map(({ edge }) => edge)),
      added: changed.map(({ named }) => named),
      redefined: [definition],
    };
  }

  /** With names for what has one: a1[k] where σ(z1[k]) stands. */
  withNames(body: Expression): Expression {
    return this.named.apply(body);
  }

  /**
   * An entry of ∂loss/∂quantity in terms of the derivatives that it is computed from; undefined where
   * contributions reach only some entries.
   */
  lastLine(quantity: Quantity, indices: readonly Index[]): Expression | undefined {
    const parts = this.into(quantity).map((edge) => this.entryOf(edge, indices));
    return parts.length > 0 && parts.every((part) => part !== undefined)
      ? this.graph.add(...parts)
      : undefined;
  }

  /** What a contribution adds to an entry; undefined where it reaches only some entries. */
  entryOf({ to, clause }: Edge, indices: readonly Index[]): Expression | undefined {
    const long = [...to.shape.keys()].filter((axis) => !to.shape[axis]!.isOne);
    const renaming = new Map(
      long.flatMap((axis) => {
        const { plain } = clause.indices[axis]!;
        return plain ? [[plain.key, indices[axis]!] as const] : [];
      }),
    );
    if (renaming.size < long.length) return undefined;
    const summed: Letter[] = [];
    for (const { key, size } of clause.letters) {
      if (renaming.has(key)) continue;
      const fresh = letter(`line${summed.length}`, size);
      summed.push(fresh);
      renaming.set(key, Index.of(fresh));
    }
    return this.graph.sumOver(summed, this.graph.substitute(clause.body, renaming));
  }

  /** An entry of what defines a quantity; undefined where that is given, or in several clauses. */
  bodyAt(quantity: Quantity, indices: readonly Index[]): Expression | undefined {
    const definition = this.definitions.find((one) => one.quantity === quantity);
    const body = definition && fullBody(quantity.shape, definition.clauses);
    const axes = fullAxes(quantity.shape).indices;
    const renaming = new Map(
      axes.flatMap(({ plain }, k) => (plain ? [[plain.key, indices[k]!] as const] : [])),
    );
    return body && this.graph.substitute(body, renaming);
  }

  /** A contribution to every entry, in place of all others. */
  whole(quantity: Quantity, body: Expression): Change {
    const clause = { ...fullAxes(quantity.shape), body };
    return {
      removed: new Set(this.into(quantity)),
      added: [{ from: quantity, to: quantity, clause }],
    };
  }
}

function isSame(a: Clause, b: Clause): boolean {
  return (
    a.body === b.body &&
    a.letters.length === b.letters.length &&
    a.letters.every(({ key }, k) => key === b.letters[k]!.key) &&
    a.indices.every(({ key }, k) => key === b.indices[k]!.key)
  );
}
