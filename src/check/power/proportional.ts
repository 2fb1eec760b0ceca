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
 * is. Where a loss takes their distance from something, no kind of labels makes its derivative simpler.
 */
export function weighs(model: Model, at: Point, labels: readonly Quantity[]): boolean {
  const inner = model.definitions.map(({ quantity }) => quantity);
  const program = numericProgram(model, inner);
  const point = readPoint(model, at);
  const [once, twice] = [point, doubled(point, labels)].map((one) =>
    runProgram(program, one, doubleArithmetic),
  );
  return [...program.adjoints.values()].some((adjoint) =>
    isMultiple(twice!.get(adjoint)!, once!.get(adjoint)!),
  );
}

function doubled(point: CheckedPoint, labels: readonly Quantity[]): CheckedPoint {
  const entries = new Map(point.entries);
  for (const one of labels)
    entries.set(
      one,
      entries.get(one)!.map((entry) => 2 * entry),
    );
  return { ...point, entries };
}

/** Whether one is the other times a number that is not 1. */
function isMultiple(one: readonly number[], other: readonly number[]): boolean {
  const [largest] = [...other.keys()].sort((a, b) => Math.abs(other[b]!) - Math.abs(other[a]!));
  const ratio = largest === undefined ? NaN : one[largest]! / other[largest]!;
  const size = largest === undefined ? 0 : Math.abs(one[largest]!);
  if (!Number.isFinite(ratio) || Math.abs(ratio - 1) < CLOSE) return false;
  return one.every((entry, k) => Math.abs(entry - ratio * other[k]!) <= CLOSE * size);
}
