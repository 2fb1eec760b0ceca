/** Data that number classes: what a model compares with numbers for equality, y == 2, is one of them. */
import { equal, unequal } from "../expression/operations/comparisons.js";
import type { Expression } from "../expression/expression.js";
import { PerGraph } from "../expression/per-graph.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder } from "../expression/walk.js";
import type { Model } from "../language/model.js";

export interface Classes {
  /** What entries are compared with, each once. */
  readonly numbers: readonly number[];
  /** Whether comparisons are all that entries are used for: 0 in a mask x != 0 is no class. */
  readonly areAll: boolean;
}

const known = new PerGraph(() => new Map<Model, ReadonlyMap<Quantity, Classes>>());

/** The numbers that inputs and targets are compared with for equality. */
export function classesOf(model: Model): ReadonlyMap<Quantity, Classes> {
  const models = known.of(model.graph);
  const before = models.get(model);
  if (before) return before;
  const compared = new Map<Quantity, Set<number>>();
  const used = new Set<Quantity>();
  const bodies = model.definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  const note = (one: Expression): void => {
    if (one.kind === "reference") used.add(one.quantity);
  };
  bodies.forEach(note);
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    const found = comparison(node);
    if (found) {
      const [quantity, number] = found;
      compared.set(quantity, (compared.get(quantity) ?? new Set()).add(number));
    } else node.children.forEach(note);
  }
  const found = new Map(
    [...compared].map(([quantity, numbers]): [Quantity, Classes] => [
      quantity,
      { numbers: [...numbers], areAll: !used.has(quantity) },
    ]),
  );
  models.set(model, found);
  return found;
}

/** Data and the number that they are compared with for equality. */
function comparison(node: Expression): readonly [Quantity, number] | undefined {
  if (node.kind !== "apply" || ![equal, unequal].includes(node.operation)) return undefined;
  const quantity = node.children.find((one) => one.kind === "reference")?.quantity;
  const number = node.children.find((one) => one.kind === "number")?.value.valueOf();
  const isOfData = quantity?.role === "input" || quantity?.role === "target";
  return isOfData && number !== undefined ? [quantity, number] : undefined;
}
