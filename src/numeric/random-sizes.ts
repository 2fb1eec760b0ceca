/** Values of named sizes: small, and different where the model allows it. */
import type { SizeValues } from "../expression/size.js";
import type { Model } from "../language/model.js";
import { InputError } from "../language/source.js";
import { random, type Random } from "./prng.js";

/**
 * The named sizes of the random point of this seed.
 * @throws InputError when no small sizes fulfil the model's conditions.
 */
export function randomSizes(model: Model, seed: number): SizeValues {
  return drawSizes(model, {}, random(seed));
}

const LEAST_SIZE = 2;
const LARGEST_SIZE = 64;
const SIZE_ATTEMPTS = 400;

/**
 * The sizes that are fixed, and small ones that differ for the other names.
 * @throws InputError for sizes that the model does not have, and when no small ones fulfil its conditions.
 */
export function drawSizes(
  model: Model,
  fixed: Readonly<Record<string, number>>,
  generator: Random,
  least = LEAST_SIZE,
): Map<string, number> {
  for (const [name, value] of Object.entries(fixed)) {
    if (!model.sizes.includes(name)) throw new InputError(`the model has no size ${name}`);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InputError(`the size ${name} is ${value}; it must be a positive whole number`);
    }
  }
  const shapes = [...model.inputs, ...model.targets, ...model.params].flatMap(({ shape }) => shape);
  const taken = new Set(shapes.flatMap((size) => size.constant ?? []));
  const open = model.sizes.filter((name) => !Object.hasOwn(fixed, name));
  for (let attempt = 0; attempt < SIZE_ATTEMPTS; attempt++) {
    const reach = Math.min(LARGEST_SIZE, 5 + open.length + Math.floor(attempt / 6));
    const values = new Map(Object.entries(fixed));
    const from = attempt < 40 ? least : LEAST_SIZE;
    const free = Array.from({ length: reach + 1 - LEAST_SIZE }, (_, k) => k + from);
    // sizes that are no constants of the model first: a mix-up of axes is then seen
    const preferred = attempt < 40 ? free.filter((size) => !taken.has(size)) : free;
    const pool = preferred.length >= open.length ? preferred : free;
    for (const name of open) {
      const [value] = pool.splice(generator.below(Math.min(pool.length, 3 + (attempt >> 2))), 1);
      values.set(name, value!);
    }
    if (isPossible(model, values)) return values;
  }
  throw new InputError(`no sizes ${open.join(", ")} up to ${LARGEST_SIZE} fit the model`, {
    hint: "give the sizes, or a point of your own",
  });
}

function isPossible(model: Model, sizes: SizeValues): boolean {
  const quantities = [...model.inputs, ...model.targets, ...model.params];
  return (
    model.conditions.every(({ size }) => size.evaluate(sizes) >= 0) &&
    quantities.every(({ shape }) => shape.every((size) => size.evaluate(sizes) >= 1))
  );
}
