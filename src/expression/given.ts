/** Single numbers that are given: λ, whether a point or a statement gives it. */
import type { Definition } from "./definition.js";
import type { Quantity } from "./quantity.js";
import { references } from "./walk.js";

interface Given {
  readonly inputs: readonly Quantity[];
  readonly definitions: readonly Definition[];
}

/** Inputs of one entry, and what is made of these and of numbers alone. */
export function givenScalars({ inputs, definitions }: Given): ReadonlySet<Quantity> {
  const given = new Set(inputs.filter(({ shape }) => shape.length === 0));
  for (const { quantity, clauses } of definitions) {
    if (quantity.role !== "definition" || quantity.shape.length > 0) continue;
    const used = references(clauses.map(({ body }) => body));
    if (used.every((one) => given.has(one.quantity))) given.add(quantity);
  }
  return given;
}

/** The same without data: in a model all of whose data are single numbers, those that statements give. */
export function coefficients({
  inputs,
  targets,
  definitions,
}: Given & { readonly targets: readonly Quantity[] }): ReadonlySet<Quantity> {
  const areNumbers = [...inputs, ...targets].every(({ shape }) => shape.length === 0);
  return givenScalars({ inputs: areNumbers ? [] : inputs, definitions });
}
