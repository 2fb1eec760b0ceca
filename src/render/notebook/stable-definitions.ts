/** Definitions that overflow, or lose all digits, when they are computed as they are written. */
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { type Point, readPoint } from "../../language/point.js";
import { doubleArithmetic } from "../../numeric/arithmetic.js";
import { interpret } from "../../numeric/interpret.js";
import { Lowering } from "../../numeric/lower.js";
import { stabilise } from "../../numeric/stable.js";

/** What notebooks assert, relative to the largest entry. */
const AGREES = 1e-9;

/** For each of them what has the same values with all digits: softplus(u) for log(1 + exp(u)). */
export function stableDefinitions(model: Model, point: Point): ReadonlyMap<Quantity, Definition> {
  const { graph, definitions } = model;
  const { sizes, entries } = readPoint(model, point);
  const stable = stabilise(
    graph,
    definitions,
    new Set(definitions.map(({ quantity }) => quantity)),
  );
  const found = new Map<Quantity, Definition>();
  const lowered = (all: readonly Definition[]): readonly Definition[] => {
    const lowering = new Lowering(graph);
    for (const one of all) lowering.add(one);
    return lowering.definitions;
  };
  if (stable.isAsWritten) return found;
  const given = new Map([...entries].map(([one, values]) => [one, [...values]] as const));
  const right = interpret(lowered(stable.definitions), sizes, given, doubleArithmetic);
  for (const [place, definition] of definitions.entries()) {
    const { quantity } = definition;
    const other = stable.definitions[place]!;
    if (other === definition) continue;
    const before = { get: (one: Quantity) => given.get(one) ?? right.get(one) };
    const own = interpret(lowered([definition]), sizes, before, doubleArithmetic).get(quantity)!;
    if (!agree(own, right.get(quantity)!)) found.set(quantity, other);
  }
  return found;
}

function agree(one: readonly number[], other: readonly number[]): boolean {
  const largest = other.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return one.every((value, k) => Math.abs(value - other[k]!) <= AGREES * largest);
}
