/** What is special about the data of a model, so that what is drawn for it is like them. */
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import type { CheckedPoint } from "../language/point.js";
import { classesOf } from "./classes.js";
import { type Draw, ofEntries, ordinary, structureOf } from "./data.js";

/**
 * How inputs and targets are drawn that are like those of a point, or number classes; ordinary ones are not among
 * them.
 */
export function structuresOf(
  model: Model,
  like: CheckedPoint | undefined,
): ReadonlyMap<Quantity, Draw> {
  const found = new Map<Quantity, Draw>();
  for (const [quantity, { numbers, areAll }] of classesOf(model)) {
    const given = like?.entries.get(quantity);
    // a point of other numbers decides, as where classes are not those of the model
    if (given && !given.every((entry) => numbers.includes(entry))) continue;
    found.set(quantity, given || areAll ? drawnClasses(numbers) : drawnAmongOthers(numbers));
  }
  if (!like) return found;
  for (const quantity of [...model.inputs, ...model.targets]) {
    const lengths = quantity.shape.map((size) => size.evaluate(like.sizes));
    const structure = structureOf(like.entries.get(quantity)!, lengths);
    if (structure && !found.has(quantity)) found.set(quantity, structure);
  }
  return found;
}

/** Draws each entry from numbers that it is compared with, or as an ordinary one. */
function drawnAmongOthers(compared: readonly number[]): Draw {
  return ofEntries((generator) => {
    const other = ordinary(generator);
    return generator.next() < 0.5 ? compared[generator.below(compared.length)]! : other;
  });
}

/**
 * Draws classes.
 * @param compared the numbers that entries are compared with; beside a single one there is another class
 */
function drawnClasses(compared: readonly number[]): Draw {
  const [first] = compared;
  const classes = compared.length > 1 ? compared : [first!, first === 0 ? 1 : 0];
  return ofEntries((generator) => classes[generator.below(classes.length)]!);
}
