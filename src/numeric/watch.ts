/**
 * What a model needs at a point, in numbers: where its operations are defined, and how far they are from their
 * kinks, or from where they saturate.
 */
import { type Definition, fullClause } from "../expression/definition.js";
import { axisLetter } from "../expression/definition.js";
import { Index } from "../expression/indices.js";
import { PerGraph } from "../expression/per-graph.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import { postorder, references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import { doubleArithmetic } from "./arithmetic.js";
import { interpret, Plans } from "./interpret.js";
import { Lowering } from "./lower.js";
import { assemble, type Machine } from "./machine.js";
import type { NumericProgram } from "./program.js";
import { stabilise } from "./stable.js";
import { type Finder, type Watch, watches } from "./watches.js";
import { work } from "./work.js";

/** A watch with its numbers at a point. */
export interface Watched {
  readonly watch: Watch;
  /** Lengths along the letters that are not reduced. */
  readonly lengths: readonly number[];
  /** The subject, entry by entry; of what is reduced the gap between the two largest (or smallest). */
  readonly values: ArrayLike<number>;
}

/** What computes the watches of a model, whatever its sizes. */
interface WatchProgram {
  readonly watches: readonly Watch[];
  /** The quantities that the watched subjects are stored as. */
  readonly quantities: readonly Quantity[];
  readonly program: NumericProgram;
  /** Those that the sizes alone decide, and what these are computed from. */
  readonly constants: readonly Definition[];
}

const programs = new PerGraph(() => new Map<Finder | undefined, Map<Model, WatchProgram>>());

/** @param find what is watched; without it conditions, kinks and ties */
function watchProgram(model: Model, find?: Finder): WatchProgram {
  const finders = programs.of(model.graph);
  const models = finders.get(find) ?? new Map<Model, WatchProgram>();
  finders.set(find, models);
  const before = models.get(model);
  if (before) return before;
  const { graph, definitions } = model;
  const all = watches(graph, definitions, find);
  const watched = all.map((watch, position): Definition => {
    const shape = watch.letters.map(({ size }) => size);
    const quantity: Quantity = { name: `w${position}`, role: "auxiliary", shape };
    const renaming = new Map(
      watch.letters.map(({ key, size }, axis) => [key, Index.of(axisLetter(axis, size))]),
    );
    const body = graph.substitute(watch.subject, renaming);
    return { quantity, clauses: [fullClause(shape, body)] };
  });
  const lowering = new Lowering(graph);
  const stable = stabilise(graph, [...definitions, ...watched]);
  for (const one of stable.definitions) lowering.add(one);
  const quantities = watched.map(({ quantity }) => quantity);
  const made: WatchProgram = {
    watches: all,
    quantities,
    constants: constantsOf(lowering.definitions, quantities),
    program: {
      definitions: lowering.definitions,
      loss: model.loss,
      adjoints: new Map(),
      isAsWritten: stable.isAsWritten,
      plans: new Plans(),
    },
  };
  models.set(model, made);
  return made;
}

/** Of definitions in their order what some quantities are computed from that no point is needed for. */
function constantsOf(
  definitions: readonly Definition[],
  wanted: readonly Quantity[],
): readonly Definition[] {
  const used = new Map(
    definitions.map(({ quantity, clauses }) => {
      const bodies = clauses.map(({ body }) => body);
      return [quantity, references(bodies).map((one) => one.quantity)];
    }),
  );
  const constants = new Set<Quantity>();
  for (const [quantity, all] of used) {
    if (all.every((one) => constants.has(one))) constants.add(quantity);
  }
  const roots = wanted.filter((one) => constants.has(one));
  const needed = new Set(postorder(roots, (one) => used.get(one)!));
  return definitions.filter(({ quantity }) => needed.has(quantity));
}

/** Whether every operation has a value at sizes, as far as these alone decide it: 1/(N - 2) has none for N = 2. */
export function haveValues(model: Model, sizes: SizeValues): boolean {
  const { watches, quantities, constants, program } = watchProgram(model);
  if (constants.length === 0) return true;
  const values = interpret(constants, sizes, new Map(), doubleArithmetic, program.plans);
  return watches.every((watch, position) => {
    const own = values.get(quantities[position]!);
    return own === undefined || watch.kind === "tie" || isInside({ watch, values: own });
  });
}

/** All that is watched in a model, in the order of a `Watcher`. */
export function watchesOf(model: Model, find?: Finder): readonly Watch[] {
  return watchProgram(model, find).watches;
}

/** Programs of so few operations are interpreted at the first points: code would cost more. */
const MAX_INTERPRETED_WORK = 1e5;
const MAX_INTERPRETED_RUNS = 3;

type Read = (quantity: Quantity) => Float64Array;

/** Computes all watches of a model at points of given sizes. */
export class Watcher {
  readonly watches: readonly Watch[];
  /** Operations at each point: a rough measure of time. */
  readonly work: number;
  private readonly own: WatchProgram;
  private readonly isShort: boolean;
  private machine: Machine | undefined;
  private runs = 0;

  constructor(
    private readonly model: Model,
    private readonly sizes: SizeValues,
    find?: Finder,
  ) {
    this.own = watchProgram(model, find);
    this.watches = this.own.watches;
    this.work = work(this.own.program.definitions, sizes);
    this.isShort = this.work <= MAX_INTERPRETED_WORK;
  }

  /**
   * @param entries of every input, target and parameter
   * @returns the watches in order, and whether all values are finite
   * @throws InputError when the arrays would not fit into memory.
   */
  at(entries: ReadonlyMap<Quantity, Float64Array>): {
    readonly watched: readonly Watched[];
    readonly isFinite: boolean;
  } {
    const isInterpreted = this.isShort && ++this.runs <= MAX_INTERPRETED_RUNS;
    const read = isInterpreted ? this.interpreted(entries) : this.run(entries);
    const watched = this.watches.map((watch, position): Watched => {
      const values = read(this.own.quantities[position]!).slice();
      const lengths = watch.letters.map(({ size }) => size.evaluate(this.sizes));
      if (watch.reduced === 0) return { watch, lengths, values };
      const outer = lengths.slice(0, lengths.length - watch.reduced);
      return { watch, lengths: outer, values: gaps(values, outer) };
    });
    const isFinite = this.model.definitions.every(({ quantity }) =>
      read(quantity).every((value) => Number.isFinite(value)),
    );
    return { watched, isFinite };
  }

  private interpreted(entries: ReadonlyMap<Quantity, Float64Array>): Read {
    const given = new Map([...entries].map(([one, values]) => [one, Array.from(values)]));
    const { definitions, plans } = this.own.program;
    const computed = interpret(definitions, this.sizes, given, doubleArithmetic, plans);
    return (quantity) => Float64Array.from(computed.get(quantity)!);
  }

  private run(entries: ReadonlyMap<Quantity, Float64Array>): Read {
    const { inputs, targets, params } = this.model;
    const data = [...inputs, ...targets, ...params];
    const { arrays, locate, run } = (this.machine ??= assemble(
      this.own.program,
      [],
      data,
      this.sizes,
    ));
    const read: Read = (quantity) => arrays.get(locate(quantity).array)!;
    for (const [quantity, values] of entries) read(quantity).set(values);
    run(new Float64Array(0), new Float64Array(0));
    return read;
  }
}

/** What counts as inside a domain. */
const POSITIVE = 1e-5;
const APART_FROM_ZERO = 1e-4;

/** Whether an operation has finite values and derivatives; barely, where it may be near an end of its domain. */
export function isInside(
  { watch: { kind }, values }: Pick<Watched, "watch" | "values">,
  barely = false,
): boolean {
  switch (kind) {
    case "positive":
      return every(values, (value) => value > (barely ? 0 : POSITIVE));
    case "not negative":
      return every(values, (value) => value >= 0);
    case "not zero":
      return every(values, (value) => Math.abs(value) > (barely ? 0 : APART_FROM_ZERO));
    case "kink":
    case "tie":
    case "saturation":
      return every(values, (value) => !Number.isNaN(value));
  }
}

function every(values: ArrayLike<number>, holds: (value: number) => boolean): boolean {
  for (let k = 0; k < values.length; k++) if (!holds(values[k]!)) return false;
  return true;
}

/** For each group of entries how far the largest is above the second largest. */
function gaps(values: Float64Array, outer: readonly number[]): Float64Array {
  const groups = outer.reduce((product, length) => product * length, 1);
  const width = values.length / groups;
  return Float64Array.from({ length: groups }, (_, group) => {
    let [first, second] = [-Infinity, -Infinity];
    for (let k = group * width; k < (group + 1) * width; k++) {
      const value = values[k]!;
      if (value > first) [first, second] = [value, first];
      else if (value > second) second = value;
    }
    return first - second;
  });
}

/** The position of an entry along each axis, from 1, of its row-major number. */
export function entryAt(lengths: readonly number[], position: number): number[] {
  const entry: number[] = [];
  let rest = position;
  for (const length of lengths.toReversed()) {
    entry.unshift((rest % length) + 1);
    rest = Math.floor(rest / length);
  }
  return entry;
}
