/** Seeded random points: inside every function's domain and away from kinks. */
import type { Quantity, QuantityRole } from "../expression/quantity.js";
import { entryCount } from "../expression/size.js";
import { postorder, references } from "../expression/walk.js";
import { type Model, requireModel } from "../language/model.js";
import {
  checkedPoint,
  type CheckedPoint,
  type Flat,
  nested,
  type NestedNumbers,
  type Point,
  readPoint,
} from "../language/point.js";
import { InputError } from "../language/source.js";
import { entryAt, isInside, type Watched, Watcher } from "./watch.js";
import { random, type Random } from "./prng.js";
import { ordinary } from "./data.js";
import { structuresOf } from "./structures.js";
import { drawSizes, type EarlierSizes } from "./random-sizes.js";

/** The seed where none is given. */
export const DEFAULT_SEED = 1;

export interface RandomPointOptions {
  readonly seed?: number | undefined;
  /** Values of named sizes; those that are left out get small numbers that differ. */
  readonly sizes?: Readonly<Record<string, number>> | undefined;
  /** The least value of a named size that is left out, where the model allows it; 2 by default. */
  readonly leastSize?: number | undefined;
  /** Values of named sizes at other points: where the model allows it, the point has others. */
  readonly earlier?: EarlierSizes | undefined;
  /** A point whose inputs and targets the drawn ones resemble: one-hot, 0 and 1, symmetric. */
  readonly like?: CheckedPoint | undefined;
  /** How many times as large as usual entries are first drawn; 1 by default. */
  readonly spread?: number | undefined;
}

/** More numbers than this are not drawn. */
const MAX_ENTRIES = 2 ** 26;
const ATTEMPTS = 240;
/** So many attempts keep to the structure of other data. */
const STRUCTURED = 160;
/**
 * Distance from kinks that the first attempt asks for; each later one asks for less. The more
 * entries there are that may be near one, the less is asked for.
 */
const MARGIN = 0.05;
const SHRINK = 0.93;
/** Scales and signs that quantities are tried with where the plain draw leaves a domain. */
const SCALES = [1, 0.3, 3, 0.1, 10, 0.03, 30] as const;
const SIGNS = ["positive", "mixed", "negative"] as const;
type Sign = (typeof SIGNS)[number];

/**
 * A random point of a model, the same for the same seed. Numbers have at most 4 significant digits.
 *
 * Entries are drawn with both signs and scaled so that layers do not saturate. Where an operation
 * leaves its domain, what its operand depends on is drawn again: positive first (log, sqrt), then
 * with other signs and scales. A point counts when it keeps a margin to kinks and ends of domains;
 * the margin is lowered from attempt to attempt.
 * @throws InputError when no point is found, and for sizes that the model does not have or allow.
 */
export function randomPoint(model: Model, options: RandomPointOptions = {}): Point {
  const flats = drawn(model, options);
  return Object.fromEntries(
    [...flats].map(([{ name }, flat]) => [name, nested(flat) as NestedNumbers]),
  );
}

/** The same as entries of quantities. */
export function randomEntries(model: Model, options: RandomPointOptions = {}): CheckedPoint {
  return checkedPoint(model, drawn(model, options));
}

/** The entries of all that a point gives, in the order in which points give them. */
function drawn(model: Model, options: RandomPointOptions): Map<Quantity, Flat> {
  requireModel(model);
  const generator = random(options.seed ?? DEFAULT_SEED);
  const { sizes: fixed, leastSize: least, earlier } = options;
  const sizes = drawSizes(model, generator, { fixed, least, earlier });
  const given = [...model.inputs, ...model.targets, ...model.params];
  const total = given.reduce((sum, { shape }) => sum + entryCount(shape).evaluate(sizes), 0);
  if (!(total <= MAX_ENTRIES)) {
    throw new InputError(`a point of the model has ${total} numbers; at most ${MAX_ENTRIES} fit`);
  }
  const watcher = new Watcher(model, sizes);
  const suspects = new Set<Quantity>();
  const plain = ["mixed", options.spread ?? 1] as const;
  const structures = structuresOf(model, options.like);
  const kinks = watcher.watches.filter(({ kind }) => kind === "kink" || kind === "tie");
  const places = kinks.map(({ letters }) => entryCount(letters.map(({ size }) => size)));
  const crowd = places.reduce((sum, count) => sum + count.evaluate(sizes), 0);
  let margin = MARGIN / (1 + crowd / 16);
  let reason: string | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++, margin *= SHRINK) {
    const entries = new Map<Quantity, Float64Array>();
    const free: Quantity[] = [];
    for (const quantity of given) {
      const [sign, scale] = suspects.has(quantity) ? guess(attempt, generator) : plain;
      const lengths = quantity.shape.map((size) => size.evaluate(sizes));
      const special = attempt < STRUCTURED ? structures.get(quantity) : undefined;
      const drawn = special?.(lengths, generator);
      if (!drawn) free.push(quantity);
      entries.set(quantity, drawn ?? draw(quantity, lengths, sign, scale, generator));
    }
    const { watched, isFinite } = watcher.at(entries);
    const outside = watched.filter((one) => !isInside(one));
    if (outside.length > 0) {
      reason = describeFault(outside[0]!);
      suspect(suspects, outside, model, attempt);
      continue;
    }
    if (!isFinite) {
      reason = "a value overflows";
      for (const quantity of given) suspects.add(quantity);
      continue;
    }
    // the last attempt may be at a kink
    if (attempt < ATTEMPTS - 1 && isAtKink(watcher, watched, entries, free, margin)) continue;
    return new Map(
      given.map((one) => {
        const lengths = one.shape.map((size) => size.evaluate(sizes));
        return [one, { lengths, entries: entries.get(one)! }];
      }),
    );
  }
  throw new InputError(`no random point of the model was found: ${reason ?? "kinks everywhere"}`, {
    hint: "give a point of your own",
  });
}

/**
 * Whether every operation of a model is inside its domain at a point, and every value finite.
 * @throws InputError when the point does not fit the model.
 */
export function isInDomain(model: Model, point: Point): boolean {
  const { sizes, entries } = readPoint(model, point);
  const { watched, isFinite } = new Watcher(model, sizes).at(entries);
  return isFinite && watched.every((one) => isInside(one, true));
}

// ————— entries —————

function guess(attempt: number, generator: Random): readonly [Sign, number] {
  // positive numbers of ordinary size first, then anything
  if (attempt < 20) return ["positive", 1];
  const reach = Math.min(SCALES.length, 1 + Math.floor(attempt / 16));
  return [SIGNS[generator.below(SIGNS.length)]!, SCALES[generator.below(reach)]!];
}

/** Ordinary numbers times a scale; parameters of wide layers are scaled down. */
function draw(
  quantity: Quantity,
  lengths: readonly number[],
  sign: Sign,
  scale: number,
  generator: Random,
): Float64Array {
  const widest = lengths.length === 2 ? Math.max(...lengths) : 1;
  const factor = scale / (quantity.role === "parameter" ? Math.sqrt(Math.max(1, widest / 4)) : 1);
  const count = lengths.reduce((product, length) => product * length, 1);
  return Float64Array.from({ length: count }, () => {
    const magnitude = ordinary(generator, factor);
    const isNegative = sign === "negative" || (sign === "mixed" && generator.next() < 0.5);
    return isNegative ? -magnitude : magnitude;
  });
}

/** The given quantities that some quantities depend on; a given one on itself. */
export function sourcesOf({ definitions }: Model, quantities: readonly Quantity[]): Quantity[] {
  const bodies = new Map(
    definitions.map(({ quantity, clauses }) => [quantity, clauses.map(({ body }) => body)]),
  );
  const used = (quantity: Quantity): Quantity[] =>
    references(bodies.get(quantity) ?? []).map((one) => one.quantity);
  return postorder(quantities, used).filter((quantity) => !bodies.has(quantity));
}

/** What a point gives. */
const GIVEN: ReadonlySet<QuantityRole> = new Set(["input", "target", "parameter"]);

/** Adds what operands outside their domain depend on: the nearest first, then everything. */
function suspect(
  suspects: Set<Quantity>,
  outside: readonly Watched[],
  model: Model,
  attempt: number,
): void {
  for (const { watch } of outside) {
    const used = references([watch.subject]).map(({ quantity }) => quantity);
    const direct = used.filter(({ role }) => GIVEN.has(role));
    const isStuck = attempt % 12 === 11;
    const chosen = isStuck || direct.length === 0 ? sourcesOf(model, used) : direct;
    for (const one of chosen) suspects.add(one);
  }
}

// ————— conditions —————

/**
 * Whether a point is nearer to a kink than a margin. What does not move with the entries that are free is no kink
 * of the model: relu of what a one-hot row masks.
 */
export function isAtKink(
  watcher: Watcher,
  watched: readonly Watched[],
  entries: ReadonlyMap<Quantity, Float64Array>,
  free: readonly Quantity[],
  margin: number,
): boolean {
  if (watched.every((one) => nearKinks(one, margin).length === 0)) return false;
  const moved = watcher.at(nudged(entries, free)).watched;
  return watched.some((one, position) =>
    nearKinks(one, margin).some((k) => one.values[k] !== moved[position]!.values[k]),
  );
}

/** Positions of entries that are nearer to a kink than a margin. */
export function nearKinks({ watch: { kind }, values }: Watched, margin: number): number[] {
  const near: number[] = [];
  if (kind !== "kink" && kind !== "tie") return near;
  for (let k = 0; k < values.length; k++) if (Math.abs(values[k]!) < margin) near.push(k);
  return near;
}

const NUDGE = 2 ** -24;

/**
 * A point very near by, each entry moved by its own amount. What does not move with it is near a
 * kink by construction (the zeros of a diagonal matrix under relu), which is no kink of the model.
 */
export function nudged(
  entries: ReadonlyMap<Quantity, Float64Array>,
  moving: readonly Quantity[],
): Map<Quantity, Float64Array> {
  const generator = random(1);
  const moved = new Map(entries);
  for (const quantity of moving) {
    const values = entries.get(quantity)!;
    moved.set(
      quantity,
      values.map(
        (value) => value + Math.max(Math.abs(value), 1) * NUDGE * generator.between(0.5, 1),
      ),
    );
  }
  return moved;
}

/** Which operation is outside its domain at a point, in words; undefined where none is. */
export function domainFault(model: Model, { sizes, entries }: CheckedPoint): string | undefined {
  const { watched } = new Watcher(model, sizes).at(entries);
  const outside = watched.find((one) => !isInside(one, true));
  return outside && describeFault(outside);
}

function describeFault({ watch, lengths, values }: Watched): string {
  const bad = Array.from(values).findIndex((value) =>
    watch.kind === "positive" ? !(value > 0) : !(Math.abs(value) > 0),
  );
  const entry = entryAt(lengths, Math.max(bad, 0));
  const where = entry.length > 0 ? ` at [${entry.join(", ")}]` : "";
  const wanted = watch.kind === "kink" || watch.kind === "tie" ? "a number" : watch.kind;
  return `${watch.operation} in ${watch.statement.name} needs its operand ${wanted}${where}`;
}
