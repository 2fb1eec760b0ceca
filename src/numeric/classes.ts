/** Data that number classes: what a model compares with numbers for equality, y == 2, is one of them. */
import { equal, unequal } from "../expression/operations/comparisons.js";
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder } from "../expression/walk.js";
import type { Model } from "../language/model.js";

const known = new WeakMap<Model, ReadonlyMap<Quantity, readonly number[]>>();

/** The numbers that inputs and targets are compared with for equality. */
export function classesOf(model: Model): ReadonlyMap<Quantity, readonly number[]> {
  const before = known.get(model);
  if (before) return before;
  const found = new Map<Quantity, readonly number[]>();
  const bodies = model.definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    if (node.kind !== "apply" || ![equal, unequal].includes(node.operation)) continue;
    const quantity = node.children.find((one) => one.kind === "reference")?.quantity;
    const number = node.children.find((one) => one.kind === "number")?.value.valueOf();
    if (number === undefined || !(quantity?.role === "input" || quantity?.role === "target")) {
      continue;
    }
    found.set(quantity, [...new Set([...(found.get(quantity) ?? []), number])]);
  }
  known.set(model, found);
  return found;
}
