/**
 * Kinds of labels that formulas are often right for only: softmax(z) − y needs y to sum to 1. Where no
 * point shows what the data are like, each kind is tried.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { type CheckedPoint, readPoint } from "../../language/point.js";
import { randomPoint } from "../../numeric/random.js";

/** Data of a kind, and what is special about them: `each column of Y sums to 1`. */
export interface Labels {
  readonly like: CheckedPoint;
  readonly condition: string;
}

interface Kind {
  /** Entries, rows first; undefined where the lengths do not allow such labels. */
  readonly entries: (lengths: readonly number[]) => number[] | undefined;
  readonly condition: (target: Quantity) => string;
}

const SIDES = [
  ["row", "column"],
  ["column", "row"],
] as const;

/** Lines along an axis, each made of its number and its length. */
function lines(axis: number, line: (number: number, length: number) => number[]): Kind["entries"] {
  return (lengths) => {
    const length = lengths[axis];
    if (length === undefined || length < 2) return undefined;
    const [rows, columns = 1] = lengths;
    return Array.from({ length: rows! * columns }, (_, k) => {
      const [row, column] = [Math.floor(k / columns), k % columns];
      const [along, number] = axis === 0 ? [row, column] : [column, row];
      return line(number, length)[along]!;
    });
  };
}

/** `Y`, or `each column of Y` for the lines along axis 0. */
function subject({ name, shape }: Quantity, axis: number): string {
  return shape.length < 2 ? name : `each ${SIDES[axis]![1]} of ${name}`;
}

function everywhere(pair: readonly [number, number]): Kind["entries"] {
  return (lengths) => {
    const count = lengths.reduce((product, length) => product * length, 1);
    return count < 2
      ? undefined
      : Array.from({ length: count }, (_, k) => pair[(k + (k >> 2)) % 2]!);
  };
}

/** The least that may be assumed first. */
const KINDS: readonly Kind[] = [
  ...[0, 1].map((axis): Kind => ({
    entries: lines(axis, (number, length) => {
      const all = Array.from({ length }, (_, k) => 1 + ((k + number) % length));
      const total = all.reduce((sum, one) => sum + one, 0);
      return all.map((one) => one / total);
    }),
    condition: (target) => `${subject(target, axis)} sums to 1, as one-hot labels do`,
  })),
  { entries: everywhere([0, 1]), condition: ({ name }) => `the entries of ${name} are 0 or 1` },
  ...[0, 1].map((axis): Kind => ({
    entries: lines(axis, (number, length) =>
      Array.from({ length }, (_, k) => Number(k === number % length)),
    ),
    condition: (target) => `${subject(target, axis)} is one-hot`,
  })),
  { entries: everywhere([-1, 1]), condition: ({ name }) => `the entries of ${name} are 1 or -1` },
];

/** Labels of each usual kind, for all targets that may be of it. */
export function* usualLabels(model: Model, seed: number): Generator<Labels> {
  if (model.targets.length === 0) return;
  const point = readPoint(model, randomPoint(model, { seed }));
  for (const { entries, condition } of KINDS) {
    const special = new Map(
      model.targets.flatMap((target) => {
        const lengths = target.shape.map((size) => size.evaluate(point.sizes));
        const made = entries(lengths);
        return made ? [[target, Float64Array.from(made)] as const] : [];
      }),
    );
    if (special.size === 0) continue;
    const conditions = [...special.keys()].map((target) => condition(target));
    yield {
      like: { ...point, entries: new Map([...point.entries, ...special]) },
      condition: conditions.join(" and "),
    };
  }
}
