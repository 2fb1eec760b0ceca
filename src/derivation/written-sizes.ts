/** Which named sizes the forms of single entries take a number for: those along which entries are written one by one. */
import type { Index } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import type { Size, SizeValues } from "../expression/size.js";
import { references } from "../expression/walk.js";
import type { Edge } from "../forms/paths.js";
import type { Step } from "./step.js";
import { entryIndices, type Target } from "./target.js";

interface Written {
  readonly sizes: SizeValues;
  readonly target: Target;
  readonly steps: readonly Pick<Step, "left" | "right">[];
  /** The derivatives along the paths. */
  readonly edges: readonly Edge[];
}

/**
 * The sizes with their numbers, in the order of the model. A size counts where a quantity stands with several entries
 * along it, or with one that is no index of the entry that is asked for.
 */
export function writtenSizes({ sizes, target, steps, edges }: Written): [string, number][] {
  const own = new Set((target.entry ?? []).map(String));
  const seen = new Map<string, Set<string>>();
  const found = new Set<string>();
  const note = (key: string, size: Size, index: Index): void => {
    const names = size.terms.flatMap((term) => term.names);
    const place = index.offset.constant;
    if (names.length === 0 || index.terms.length > 0 || place === undefined) return;
    const places = seen.get(key) ?? new Set<string>();
    seen.set(key, places.add(`${place}`));
    if (places.size > 1 || !own.has(`${place}`)) for (const name of names) found.add(name);
  };
  const entry = ({ name, shape }: Quantity, indices: readonly Index[]): void => {
    for (const [axis, index] of indices.entries()) note(`${name} ${axis}`, shape[axis]!, index);
  };
  const sides = steps.flatMap(({ left, right }) => [left, right]);
  const expressions = sides.flatMap((side) => (side.kind === "scalar" ? [side.expression] : []));
  for (const { quantity, indices } of references(expressions)) entry(quantity, indices);
  for (const { of, wrt } of edges) {
    entry(of.quantity, entryIndices(of.indices));
    entry(wrt.quantity, entryIndices(wrt.indices));
  }
  return [...sizes].filter(([name]) => found.has(name));
}
