/**
 * The network of a model as data: quantities in columns by stage, their units, and the edges along
 * which values flow, with the parameters that act on them.
 */
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import { references } from "../../expression/walk.js";
import { type Edge, type Entry, entryKey, PathGraph } from "../../forms/paths.js";
import type { Model } from "../../language/model.js";

/** A quantity drawn as units. */
export interface Layer {
  readonly quantity: Quantity;
  readonly column: number;
  /** Entries that are drawn, from 0; `undefined` where entries are left out. */
  readonly units: readonly (readonly number[] | undefined)[];
  /** Entries in all. */
  readonly total: number;
  /** How many examples, steps or the like are there of which only the first is drawn. */
  readonly copies: number;
}

/** From the unit `wrt` to the unit `of` that is defined with it. */
export interface Link {
  readonly of: Entry;
  readonly wrt: Entry;
  /** Entries of parameters in the derivative: the weights on this edge. */
  readonly weights: readonly Entry[];
}

/** A parameter that acts on a unit without one before it: a bias, or, without indices, all of a decayed matrix. */
export interface Stub {
  readonly of: Entry;
  readonly weight: Entry;
}

export interface Network {
  readonly layers: readonly Layer[];
  readonly columns: number;
  readonly links: readonly Link[];
  readonly stubs: readonly Stub[];
  /** What is not drawn, in sentences. */
  readonly notes: readonly string[];
}

const MOST_UNITS = 8;
/** Units before the gap of a wide layer; one stands behind it. */
const BEFORE_GAP = 4;
const MOST_LAYERS = 24;
const MOST_STUBS = 48;
/** Entries of one parameter that have stubs of their own at one unit; of more there is one for all. */
const MOST_AT_UNIT = 3;
/** Ways on which entries are looked for before a picture is given up as too much work. */
const MOST_EDGES = 60_000;

/** The positions along an axis that are drawn, from 0. */
export function drawnAlong(length: number): number[] {
  return length <= MOST_UNITS
    ? Array.from({ length }, (_, position) => position)
    : [...Array.from({ length: BEFORE_GAP }, (_, position) => position), length - 1];
}

export function network(model: Model, sizes: SizeValues): Network {
  const stages = stagesOf(model);
  const all = [...stages].sort(([, a], [, b]) => a - b);
  const shown = all.slice(0, MOST_LAYERS);
  const notes: string[] = [];
  if (all.length > shown.length) {
    notes.push(`The first ${shown.length} of ${all.length} quantities are drawn.`);
  }
  const used = [...new Set(shown.map(([, stage]) => stage))];
  const batch = batchSizes(model);
  const layers = shown.map(([quantity, stage]) =>
    layer(quantity, used.indexOf(stage), sizes, batch),
  );
  for (const name of batch) {
    if (sizes.get(name)! > 1)
      notes.push(`Along ${name} only the first of ${sizes.get(name)!} is drawn.`);
  }
  for (const { quantity, units, total, copies } of layers) {
    const drawn = units.filter((unit) => unit !== undefined).length;
    if (drawn * copies < total) {
      notes.push(`${quantity.name}: ${drawn} of ${total / copies} units are drawn.`);
    }
  }
  const edges = new Edges(model, sizes, layers);
  const links = edges.links();
  if (links.some(({ weights }) => weights.length === 0) && edges.isTooWide) {
    notes.push("The layers are too wide for all connections to be drawn.");
  }
  return { layers, columns: used.length, links, stubs: edges.stubs(links), notes };
}

/** Quantities on the way to the loss, parameters left out, with their stage. */
function stagesOf(model: Model): Map<Quantity, number> {
  const end = model.definitions.findIndex(({ quantity }) => quantity === model.loss) + 1;
  const definitions = model.definitions.slice(0, end);
  const stages = new Map<Quantity, number>();
  const users = new Map<Quantity, Quantity[]>();
  for (const { quantity, clauses } of definitions) {
    let stage = 1;
    for (const { quantity: used } of references(clauses.map(({ body }) => body))) {
      if (used.role === "parameter") continue;
      if (!stages.has(used)) stages.set(used, 0);
      stage = Math.max(stage, stages.get(used)! + 1);
      users.set(used, [...(users.get(used) ?? []), quantity]);
    }
    stages.set(quantity, stage);
  }
  const needed = new Set([model.loss]);
  for (const { quantity } of definitions.toReversed()) {
    for (const [used, by] of users) {
      if (by.includes(quantity) && needed.has(quantity)) needed.add(used);
    }
  }
  for (const quantity of [...stages.keys()]) if (!needed.has(quantity)) stages.delete(quantity);
  // what is given stands beside what it is used with, so that no line passes another unit
  for (const quantity of [...model.inputs, ...model.targets]) {
    const first = Math.min(...(users.get(quantity) ?? []).map((user) => stages.get(user) ?? 1));
    if (stages.has(quantity)) stages.set(quantity, Math.max(0, first - 1));
  }
  return stages;
}

/** Named sizes of data that no parameter has: examples or time steps, side by side with features. */
function batchSizes(model: Model): ReadonlySet<string> {
  const names = (quantities: readonly Quantity[]): string[] =>
    quantities.flatMap(({ shape }) => shape.flatMap((size) => size.names));
  const parameters = new Set(names(model.params));
  const matrices = [...model.inputs, ...model.targets].filter(({ shape }) => shape.length > 1);
  return new Set(names(matrices).filter((name) => !parameters.has(name)));
}

/** Along an axis of examples only the first entry is drawn. */
function layer(
  quantity: Quantity,
  column: number,
  sizes: SizeValues,
  batch: ReadonlySet<string>,
): Layer {
  const lengths = quantity.shape.map((size) => size.evaluate(sizes));
  const drawn = quantity.shape.map((size, axis) =>
    size.names.some((name) => batch.has(name)) ? 1 : lengths[axis]!,
  );
  const count = drawn.reduce((product, length) => product * length, 1);
  const total = lengths.reduce((product, length) => product * length, 1);
  const at = (position: number): number[] =>
    drawn.length < 2
      ? drawn.map(() => position)
      : [Math.floor(position / drawn[1]!), position % drawn[1]!];
  const units: (number[] | undefined)[] = drawnAlong(count).map(at);
  if (units.length < count) units.splice(-1, 0, undefined);
  return { quantity, column, units, total, copies: total / count };
}

class Edges {
  isTooWide = false;
  private readonly graph: PathGraph;
  private readonly drawn: ReadonlySet<string>;

  constructor(
    private readonly model: Model,
    private readonly sizes: SizeValues,
    private readonly layers: readonly Layer[],
  ) {
    this.graph = new PathGraph(model, sizes);
    this.drawn = new Set(layers.flatMap(entriesOf).map(entryKey));
  }

  links(): Link[] {
    return this.layers.flatMap((one) => {
      if (this.isTooMuch(one.quantity)) return [];
      return entriesOf(one).flatMap((wrt) => this.upward(wrt).map((edge) => this.link(edge)));
    });
  }

  stubs(links: readonly Link[]): Stub[] {
    const onLinks = new Set(
      links.flatMap(({ of, weights }) => weights.map(({ quantity }) => useKey(of, quantity))),
    );
    const stubs = this.model.params
      .filter((parameter) => !this.isTooMuch(parameter))
      .flatMap((quantity) => {
        const entries = entriesOf(layer(quantity, 0, this.sizes, new Set()));
        const uses = entries.flatMap((weight) =>
          this.upward(weight).map(({ of }): Stub => ({ of, weight })),
        );
        const byUnit = new Map<string, Stub[]>();
        for (const use of uses) {
          const key = useKey(use.of, quantity);
          byUnit.set(key, [...(byUnit.get(key) ?? []), use]);
        }
        return [...byUnit]
          .filter(([key]) => !onLinks.has(key))
          .flatMap(([, own]) =>
            own.length <= MOST_AT_UNIT
              ? own
              : { of: own[0]!.of, weight: { quantity, indices: [] } },
          );
      });
    return stubs.slice(0, MOST_STUBS);
  }

  /** The uses of an entry by units that are drawn. */
  private upward(wrt: Entry): readonly Edge[] {
    return this.graph.edges(wrt).filter(({ of }) => this.drawn.has(entryKey(of)));
  }

  private link({ of, wrt, derivative }: Edge): Link {
    return { of, wrt, weights: weightsIn(derivative) };
  }

  /** Whether finding the uses of a quantity's entries would go through too many entries. */
  private isTooMuch(quantity: Quantity): boolean {
    const users = this.model.definitions.filter(({ clauses }) =>
      references(clauses.map(({ body }) => body)).some((one) => one.quantity === quantity),
    );
    const work = users.reduce(
      (total, { quantity: { shape } }) =>
        total + shape.reduce((product, size) => product * size.evaluate(this.sizes), 1),
      0,
    );
    if (work <= MOST_EDGES) return false;
    this.isTooWide = true;
    return true;
  }
}

/** A parameter at a unit. */
function useKey(of: Entry, { name }: Quantity): string {
  return `${entryKey(of)} ${name}`;
}

/** Entries of parameters that a derivative holds, each once. */
function weightsIn(derivative: Expression): Entry[] {
  return references([derivative]).flatMap(({ quantity, indices }) => {
    const numbers = indices.map(({ terms, offset }) => (terms.length > 0 ? NaN : offset.constant));
    const isEntry = numbers.every((one): one is number => one !== undefined && !Number.isNaN(one));
    return quantity.role === "parameter" && isEntry ? [{ quantity, indices: numbers }] : [];
  });
}

function entriesOf({ quantity, units }: Layer): Entry[] {
  return units.flatMap((indices) => (indices ? [{ quantity, indices }] : []));
}
