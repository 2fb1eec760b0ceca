/** Labels that gradients are in proportion to, as those of a cross-entropy are. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../../language/point.js";
import { doubleArithmetic } from "../../numeric/arithmetic.js";
import { runProgram } from "../../numeric/interpret.js";
import { numericProgram } from "../../numeric/program.js";

const CLOSE = 1e-9;

/**
 * Whether the loss only weighs something with the labels: some derivative is in proportion to all of them, as P Σy − y
 * is, or to their shares in a total that is divided by. Where a loss takes their distance from something, no kind of
 * labels makes its derivative simpler.
 */
export function weighs(model: Model, at: Point, labels: readonly Quantity[]): boolean {
  const inner = model.definitions.map(({ quantity }) => quantity);
  const program = numericProgram(model, inner);
  const point = readPoint(model, at);
  const [once, twice, other] = [
    point,
    scaled(point, labels, () => 2),
    scaled(point, labels, (k) => 1 + (k % UNEVEN)),
  ].map((one) => runProgram(program, one, doubleArithmetic));
  return [...program.adjoints.values()].some((adjoint) => {
    const right = once!.get(adjoint)!;
    const ratio = ratioOf(twice!.get(adjoint)!, right);
    if (ratio === undefined) return false;
    // what no labels change is in proportion to none
    return Math.abs(ratio - 1) >= CLOSE || ratioOf(other!.get(adjoint)!, right) === undefined;
  });
}

/** Labels behind each other are changed so differently. */
const UNEVEN = 3;

function scaled(
  point: CheckedPoint,
  labels: readonly Quantity[],
  factor: (entry: number) => number,
): CheckedPoint {
  const entries = new Map(point.entries);
  for (const one of labels)
    entries.set(
      one,
      entries.get(one)!.map((entry, k) => factor(k) * entry),
    );
  return { ...point, entries };
}

/** What one is times the other; undefined where it is no multiple. */
function ratioOf(one: readonly number[], other: readonly number[]): number | undefined {
  const [largest] = [...other.keys()].sort((a, b) => Math.abs(other[b]!) - Math.abs(other[a]!));
  const ratio = largest === undefined ? NaN : one[largest]! / other[largest]!;
  const size = largest === undefined ? 0 : Math.abs(one[largest]!);
  if (!Number.isFinite(ratio)) return undefined;
  const isMultiple = one.every((entry, k) => Math.abs(entry - ratio * other[k]!) <= CLOSE * size);
  return isMultiple ? ratio : undefined;
}
