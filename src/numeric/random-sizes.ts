/** Values of named sizes: small, and different where the model allows it. */
import { entryCount, type SizeValues } from "../expression/size.js";
import type { Model } from "../language/model.js";
import { InputError } from "../language/source.js";
import { random, type Random } from "./prng.js";
import { haveValues } from "./watch.js";

/** Values that names had before; they should get others. */
export type EarlierSizes = ReadonlyMap<string, ReadonlySet<number>>;

export interface SizeOptions {
  readonly fixed?: Readonly<Record<string, number>> | undefined;
  /** The least value of a name that is not fixed, where the model allows it; 2 by default. */
  readonly least?: number | undefined;
  readonly earlier?: EarlierSizes | undefined;
}

/**
 * The named sizes of the random point of this seed.
 * @throws InputError when no small sizes fulfil the model's conditions.
 */
export function randomSizes(model: Model, seed: number): SizeValues {
  return drawSizes(model, random(seed));
}

/** The least value of a size that is drawn, unless another is asked for. */
const LEAST_SIZE = 2;
const LARGEST_SIZE = 64;
const SIZE_ATTEMPTS = 400;
/** So many attempts keep to the least size and away from constants of the model. */
const PARTICULAR = 40;
/** A value is drawn from at least so many. */
const CHOICE = 3;
/** Which names get other values than earlier: all of them, else those that the model lets have others. */
const EVERYWHERE = (): boolean => true;
const SOMEWHERE = (generator: Random): boolean => generator.below(2) === 0;
const NOWHERE = (): boolean => false;
/** Each example costs a model with more constant entries so much that small sizes matter more. */
const LARGE_MODEL = 1e4;

/**
 * The sizes that are fixed, and small ones that differ for the other names: from each other, from the model's constants
 * (a mix-up of axes is then seen) and from earlier ones (a number in place of the name is then seen).
 * Operations have values at them, unless they have none at any: then the entries tell which has none.
 * @throws InputError for sizes that the model does not have, and when no small ones fulfil its conditions.
 */
export function drawSizes(
  model: Model,
  generator: Random,
  { fixed = {}, least = LEAST_SIZE, earlier = new Map() }: SizeOptions = {},
): Map<string, number> {
  for (const [name, value] of Object.entries(fixed)) {
    if (!model.sizes.includes(name)) throw new InputError(`the model has no size ${name}`);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InputError(`the size ${name} is ${value}; it must be a positive whole number`);
    }
  }
  const open = model.sizes.filter((name) => !Object.hasOwn(fixed, name));
  if (open.length === 0) {
    const values = new Map(Object.entries(fixed));
    if (isPossible(model, values)) return values;
  }
  const constants = constantSizes(model);
  let possible: Map<string, number> | undefined;
  const isFirst = open.every((name) => !earlier.get(name)?.size);
  for (const isVaried of isFirst ? [NOWHERE] : [EVERYWHERE, SOMEWHERE, NOWHERE]) {
    for (let attempt = 0; attempt < SIZE_ATTEMPTS; attempt++) {
      const count = Math.min(LARGEST_SIZE - 1, 4 + open.length + Math.floor(attempt / 6));
      const values = new Map(Object.entries(fixed));
      let pool =
        attempt < PARTICULAR
          ? candidates(count, least, constants)
          : candidates(count, LEAST_SIZE, NO_CONSTANTS);
      for (const name of open) {
        const used = isVaried(generator) ? earlier.get(name) : undefined;
        const others = used ? pool.filter((size) => !used.has(size)) : pool;
        const own = others.length > 0 ? others : pool;
        const value = own[generator.below(Math.min(own.length, CHOICE + (attempt >> 2)))]!;
        pool = pool.filter((size) => size !== value);
        values.set(name, value);
      }
      if (!isPossible(model, values)) continue;
      if (haveValues(model, values)) return values;
      possible ??= values;
    }
  }
  if (possible) return possible;
  throw new InputError(`no sizes ${open.join(", ")} up to ${LARGEST_SIZE} fit the model`, {
    hint: "give the sizes, or a point of your own",
  });
}

interface Constants {
  readonly sizes: ReadonlySet<number>;
  /** Entries of quantities that no name sizes. */
  readonly entries: number;
}

const NO_CONSTANTS: Constants = { sizes: new Set(), entries: 0 };

function constantSizes({ inputs, targets, params }: Model): Constants {
  const shapes = [...inputs, ...targets, ...params].map(({ shape }) => shape);
  const counts = shapes.map((shape) => entryCount(shape).constant ?? 0);
  return {
    sizes: new Set(shapes.flatMap((shape) => shape.flatMap((size) => size.constant ?? []))),
    entries: counts.reduce((sum, count) => sum + count, 0),
  };
}

/** Sizes to draw from: where constants are to be kept away from, they come last, in large models before larger sizes. */
function candidates(count: number, from: number, { sizes, entries }: Constants): readonly number[] {
  const isSmall = entries <= LARGE_MODEL;
  const some = Array.from({ length: isSmall ? LARGEST_SIZE : count }, (_, k) => k + from);
  const others = some.filter((size) => !sizes.has(size));
  return [...others, ...some.filter((size) => sizes.has(size))].slice(0, count);
}

function isPossible(model: Model, sizes: SizeValues): boolean {
  const quantities = [...model.inputs, ...model.targets, ...model.params];
  return (
    model.conditions.every(({ size }) => size.evaluate(sizes) >= 0) &&
    quantities.every(({ shape }) => shape.every((size) => size.evaluate(sizes) >= 1))
  );
}
