/** Points: numbers for inputs, targets and parameters, checked against the model's shapes. */
import type { Quantity } from "../expression/quantity.js";
import { type Shape, shapeText, Size } from "../expression/size.js";
import type { Model } from "./model.js";
import { InputError, nearest } from "./source.js";
import { entryName } from "./words.js";

/** A number, a flat list (a vector) or rows (a matrix). */
export type NestedNumbers =
  number | readonly number[] | Float64Array | readonly (readonly number[] | Float64Array)[];

/** A point as users give it: a value for every name. */
export type Point = Readonly<Record<string, NestedNumbers>>;

/** A point that fits its model. */
export interface CheckedPoint {
  /** The named sizes. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Entries of each quantity, rows first. */
  readonly entries: ReadonlyMap<Quantity, Float64Array>;
}

/** The lengths along the axes of a nested value, and its numbers. */
export interface Flat {
  readonly lengths: readonly number[];
  readonly entries: Float64Array;
}

/**
 * Checks a point, or a part of it, against the quantities that it should give.
 * @param asked the quantities that the point must give, and the only ones that it may give
 * @throws InputError for values that are missing, extra, ragged, not finite or wrongly shaped, and
 * for sizes that disagree.
 */
export function readPoint(
  model: Model,
  point: unknown,
  asked: readonly Quantity[] = [...model.inputs, ...model.targets, ...model.params],
): CheckedPoint {
  if (typeof point !== "object" || point === null || Array.isArray(point)) {
    throw new InputError(`a point is an object with a value for each name, not ${kindOf(point)}`, {
      subject: [],
    });
  }
  const values = new Map(Object.entries(point));
  const names = new Set(asked.map(({ name }) => name));
  for (const name of values.keys()) if (!names.has(name)) throw extraName(model, name, names);
  const flats = new Map<Quantity, Flat>();
  for (const quantity of asked) {
    const value: unknown = values.get(quantity.name);
    if (value === undefined) {
      throw new InputError(`the point gives no value for ${quantity.name}`, {
        hint: `${quantity.name} is ${shapeText(quantity.shape)}`,
        subject: [],
      });
    }
    flats.set(quantity, flatten(quantity, value));
  }
  return checkedPoint(model, flats);
}

/**
 * A point of numbers that are laid out already.
 * @throws InputError for sizes that disagree.
 */
export function checkedPoint(model: Model, flats: ReadonlyMap<Quantity, Flat>): CheckedPoint {
  const sizes = new SizeReader();
  const entries = new Map<Quantity, Float64Array>();
  for (const [quantity, flat] of flats) {
    entries.set(quantity, flat.entries);
    sizes.learn(quantity, flat.lengths);
  }
  for (const [quantity, { lengths }] of flats) sizes.check(quantity, lengths);
  checkConditions(model, sizes.values);
  return { sizes: sizes.values, entries };
}

/** @throws InputError for a condition of the model that the sizes do not meet. */
function checkConditions(model: Model, sizes: ReadonlyMap<string, number>): void {
  for (const { size, place, message } of model.conditions) {
    if (size.names.every((name) => sizes.has(name)) && size.evaluate(sizes) < 0) {
      const values = size.names.map((name) => `${name} = ${sizes.get(name)!}`).join(", ");
      throw new InputError(`${message}; here ${values}`, { place });
    }
  }
}

function extraName(model: Model, name: string, names: ReadonlySet<string>): InputError {
  if (model.scope.has(name)) {
    return new InputError(`the point gives a value for ${name}, which is not asked for`, {
      subject: [name],
      hint: model.sizes.includes(name)
        ? `${name} is a size: it is read from the shapes`
        : `it is asked for ${[...names].join(", ")}`,
    });
  }
  const near = nearest(name, names);
  return new InputError(`the point gives a value for ${name}, which the model does not have`, {
    subject: [name],
    hint: near ? `did you mean ${near}?` : `it is asked for ${[...names].join(", ")}`,
  });
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || value instanceof Float64Array;
}

/** @throws InputError where the nesting is not that of the quantity's axes. */
export function flatten(quantity: Quantity, value: unknown): Flat {
  const { name, shape } = quantity;
  const wanted = ["a number", "a flat list of numbers", "a list of rows"][shape.length]!;
  const wrong = (what: string, position: readonly number[] = [], hint?: string): never => {
    const where = position.length === 0 ? "" : ` at ${entryName(name, position)}`;
    const declared = `${name} is declared as ${shapeText(shape)}: ${wanted}`;
    throw new InputError(`${name} is ${what}${where}; ${declared}`, {
      hint,
      subject: [name, ...position],
    });
  };
  const number = (entry: unknown, ...position: number[]): number => {
    if (typeof entry !== "number") {
      if (!isList(entry)) return wrong(kindOf(entry), position);
      const hint = shape.length === 1 ? "a vector is a flat list, such as [1, 2, 3]" : undefined;
      return wrong(shape.length === 0 ? "a list" : "nested too deeply", position, hint);
    }
    if (!Number.isFinite(entry)) {
      throw new InputError(`${entryName(name, position)} is ${entry}, not a finite number`, {
        subject: [name, ...position],
      });
    }
    return entry;
  };
  if (shape.length === 0) return { lengths: [], entries: Float64Array.of(number(value)) };
  if (!isList(value)) return wrong(kindOf(value));
  if (value.length === 0) return wrong("an empty list");
  if (shape.length === 1) {
    const entries = Float64Array.from({ length: value.length }, (_, i) => number(value[i], i));
    return { lengths: [value.length], entries };
  }
  const [first] = Array.from(value);
  if (!isList(first)) {
    const hint = "a matrix is a list of rows, such as [[1, 2], [3, 4]]";
    return typeof first === "number"
      ? wrong("a flat list", [], hint)
      : wrong(kindOf(first), [0], hint);
  }
  const width = first.length;
  if (width === 0) return wrong("a list of empty rows");
  const entries = new Float64Array(value.length * width);
  for (let i = 0; i < value.length; i++) {
    const row = value[i];
    if (!isList(row)) return wrong(kindOf(row), [i]);
    if (row.length !== width) {
      throw new InputError(
        `${name} is ragged: row 1 has ${width} entries, row ${i + 1} has ${row.length}`,
        { subject: [name, i] },
      );
    }
    for (let j = 0; j < width; j++) {
      entries[i * width + j] = number(row[j], i, j);
    }
  }
  return { lengths: [value.length, width], entries };
}

/** Reads named sizes off shapes, and remembers which quantity gave each. */
class SizeReader {
  readonly values = new Map<string, number>();
  private readonly givers = new Map<string, string>();

  /** Takes an axis that is one named size. */
  learn(quantity: Quantity, lengths: readonly number[]): void {
    for (const [axis, size] of quantity.shape.entries()) {
      const name = size.soleName;
      if (name === undefined || this.values.has(name)) continue;
      this.values.set(name, lengths[axis]!);
      this.givers.set(name, describe(quantity, lengths));
    }
  }

  /** @throws InputError where a length is not the size that the axis has. */
  check(quantity: Quantity, lengths: readonly number[]): void {
    for (const [axis, size] of quantity.shape.entries()) {
      const expected = size.evaluate(this.values);
      if (lengths[axis] === expected) continue;
      const [name] = size.names;
      const shape = shapeText(lengths.map((length) => Size.of(length)));
      const declared = `declared as ${shapeText(quantity.shape)}`;
      throw new InputError(
        name === undefined
          ? `${quantity.name} is ${shape}, but ${declared}`
          : `${quantity.name} is ${shape}, but ${declared} with ${name} = ${this.values.get(name)!}, as ${this.givers.get(name)!}`,
        {
          hint: `give ${quantity.name} ${expected} ${axis === 0 ? (lengths.length === 1 ? "entries" : "rows") : "columns"}, not ${lengths[axis]!}`,
          subject: [quantity.name],
        },
      );
    }
  }
}

function describe({ name }: Quantity, lengths: readonly number[]): string {
  return `${name} is ${shapeText(lengths.map((length) => Size.of(length)))}`;
}

/** A point as users write it: the inputs, targets and parameters of entries that are known. */
export function pointOf(
  { inputs, targets, params }: Pick<Model, "inputs" | "targets" | "params">,
  { sizes, entries }: CheckedPoint,
): Point {
  return Object.fromEntries(
    [...inputs, ...targets, ...params].map((one) => [
      one.name,
      nest(one.shape, sizes, entries.get(one)!) as NestedNumbers,
    ]),
  );
}

/** Entries in the nesting of a shape: a number, a flat list or rows. */
export function nest<Entry>(
  shape: Shape,
  sizes: ReadonlyMap<string, number>,
  entries: ArrayLike<Entry>,
): Entry | Entry[] | Entry[][] {
  return nested({ lengths: shape.map((size) => size.evaluate(sizes)), entries });
}

/** The same where the lengths along the axes are known. */
export function nested<Entry>({
  lengths,
  entries,
}: {
  readonly lengths: readonly number[];
  readonly entries: ArrayLike<Entry>;
}): Entry | Entry[] | Entry[][] {
  const list = Array.from(entries);
  if (lengths.length === 0) return list[0]!;
  if (lengths.length === 1) return list;
  const [count, width] = lengths as [number, number];
  return Array.from({ length: count }, (_, i) => list.slice(i * width, (i + 1) * width));
}
