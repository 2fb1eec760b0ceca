/** The parts of a derivative that come from different sources, as a softmax's from a loss and an entropy. */
import type { Quantity } from "../../expression/quantity.js";
import type { Backward, Edge } from "./backward.js";
import { joinsOf } from "./users.js";

/** What comes into a derivative through one quantity, and not otherwise. */
export interface Strand {
  /** What all of it comes through. */
  readonly through: Quantity;
  /** The last steps, all into the same quantity; there are others. */
  readonly edges: readonly Edge[];
}

/** Quantities with more sources than this are not taken apart. */
const MOST_SOURCES = 6;

export function strandsInto(backward: Backward, quantity: Quantity): Strand[] {
  const into = backward.into(quantity);
  const sources = [...new Set(into.map(({ from }) => from))];
  if (sources.length < 2 || sources.length > MOST_SOURCES) return [];
  const ways = new Map(sources.map((source) => [source, joinsOf(backward, source)]));
  const through = new Set([...sources, ...[...ways.values()].flatMap((way) => [...way])]);
  const strands = new Map<string, Strand>();
  for (const one of through) {
    const own = sources.filter((source) => ways.get(source)!.has(one));
    // what comes from the loss directly is a strand of its own
    const members = own.length < sources.length ? own : own.filter((source) => source === one);
    const edges = into.filter(({ from }) => members.includes(from));
    const key = edges.map((edge) => into.indexOf(edge)).join(" ");
    if (edges.length > 0 && !strands.has(key)) strands.set(key, { through: one, edges });
  }
  return [...strands.values()];
}
