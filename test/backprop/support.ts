import { expect } from "vitest";
import { matrixBackprop, type NestedNumbers } from "../../src/backprop/index.js";
import { parseProgram } from "../../src/language/parse.js";

export type Point = Readonly<Record<string, NestedNumbers>>;

export function run(text: string, point: Point = {}, loss?: string) {
  const program = parseProgram({ name: "test.model", text });
  return matrixBackprop(program, loss ?? program.statements.at(-1)!.name, point);
}

/** The value of one expression of constants, or of the quantities of a point, all of them inputs. */
export function valueOf(expression: string, inputs: Point = {}): NestedNumbers {
  const declared = Object.entries(inputs).map(([name, value]) => `${name} = ${input(value)}\n`);
  const text = `${declared.join("")}result = ${expression}\nloss = 0`;
  return run(text, inputs).values["result"]!;
}

function isRows(value: NestedNumbers): value is readonly (readonly number[])[] {
  return Array.isArray(value) && Array.isArray(value[0]);
}

export function sizesOf(value: NestedNumbers): number[] {
  if (typeof value === "number") return [];
  return isRows(value) ? [value.length, value[0]!.length] : [value.length];
}

function input(value: NestedNumbers, kind = "input"): string {
  return `${kind}(${sizesOf(value).join(", ")})`;
}

export function flat(value: NestedNumbers): number[] {
  return [value].flat<NestedNumbers[], 2>(2);
}

function shapedLike(value: NestedNumbers, entries: readonly number[]): NestedNumbers {
  if (typeof value === "number") return entries[0]!;
  if (!isRows(value)) return [...entries];
  const columns = value[0]!.length;
  return value.map((_, i) => entries.slice(i * columns, (i + 1) * columns));
}

/** Entries that are 0.06 apart and as far from 0, in an order that a seed gives. */
export class Entries {
  private readonly left: number[];

  constructor(
    private readonly seed: number,
    private readonly positive: boolean,
  ) {
    const grid = Array.from({ length: 40 }, (_, k) => 0.15 + 0.06 * (k >> 1) + 0.03 * (k & 1));
    // Odd places are negative: never a distance under 0.06 between entries of one sign.
    const signed = positive
      ? grid.filter((_, k) => k % 2 === 0)
      : grid.map((entry, k) => (k % 2 === 0 ? entry : -entry));
    this.left = signed
      .map((entry, k) => ({ entry, key: hash(this.seed, k) }))
      .sort((one, other) => one.key - other.key)
      .map(({ entry }) => entry);
  }

  draw(sizes: string): NestedNumbers {
    const [rows, columns] = sizes.split("x").map(Number);
    if (sizes === "") return this.take(1)[0]!;
    if (columns === undefined) return this.take(rows!);
    return Array.from({ length: rows! }, () => this.take(columns));
  }

  private take(count: number): number[] {
    if (this.left.length < count) throw new Error("the test needs more entries");
    return this.left.splice(0, count);
  }
}

function hash(seed: number, k: number): number {
  return (Math.imul((seed + 1) * 7919 + k * 104729, 2654435761) >>> 0) / 2 ** 32;
}

/** Central differences, extrapolated twice (Richardson): the error falls with the sixth power. */
function difference(f: (shift: number) => number): number {
  const h = 0.01;
  const central = (step: number): number => (f(step) - f(-step)) / (2 * step);
  const [wide, middle, narrow] = [central(h), central(h / 2), central(h / 4)];
  const [coarse, fine] = [(4 * middle - wide) / 3, (4 * narrow - middle) / 3];
  return (16 * fine - coarse) / 15;
}

/**
 * The gradients of Σ weights ⊙ (expression), with weights all different, against differences of the
 * forward value. Every quantity of the point is a parameter.
 */
export function expectGradients(expression: string, point: Point, tolerance = 1e-9): void {
  const declared = Object.entries(point).map(
    ([name, value]) => `${name} = ${input(value, "param")}`,
  );
  const start = [...declared, `result = ${expression}`].join("\n");
  const result = run(`${start}\nloss = sum(result)`, point).values["result"]!;
  const weights = shapedLike(
    result,
    flat(result).map((_, k) => 0.4 + ((k * 0.37) % 1)),
  );
  const text = `${start}\nweights = ${input(weights)}\nloss = sum(weights .* result)`;
  const loss = (at: Point): number => run(text, { ...at, weights }).loss;
  const { gradients } = run(text, { ...point, weights });
  for (const [name, value] of Object.entries(point)) {
    const entries = flat(value);
    expect(sizesOf(gradients[name]!), `shape of the gradient of ${name}`).toEqual(sizesOf(value));
    const expected = entries.map((_, k) =>
      difference((shift) => {
        const shifted = entries.map((entry, l) => (l === k ? entry + shift : entry));
        return loss({ ...point, [name]: shapedLike(value, shifted) });
      }),
    );
    expectClose(flat(gradients[name]!), expected, tolerance, `${expression}: gradient of ${name}`);
  }
}

/** Relative to the larger of 1 and the expected value. */
export function expectClose(
  actual: NestedNumbers,
  expected: NestedNumbers,
  tolerance: number,
  what = "",
): void {
  expect(sizesOf(actual), what).toEqual(sizesOf(expected));
  const entries = flat(expected);
  for (const [k, entry] of flat(actual).entries()) {
    const error = Math.abs(entry - entries[k]!) / Math.max(1, Math.abs(entries[k]!));
    expect(error, `${what}, entry ${k}: ${entry}, expected ${entries[k]!}`).toBeLessThanOrEqual(
      tolerance,
    );
  }
}
