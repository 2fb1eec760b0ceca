/**
 * The steps of recurrences that are written out: h1, h2, h3, each of which is computed from the one before
 * by the same parameters. Branches that share parameters do not read each other, and layers that share one
 * have others of their own: neither is a recurrence.
 */
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Backward } from "./backward.js";
import { stemOf } from "./kinds.js";

/** A name taken apart: what the quantities of all steps share, and the number behind it. */
export interface Step {
  readonly stem: string;
  readonly number: number;
}

/** A definition, and what it reads. */
interface Line {
  readonly quantity: Quantity;
  /** Undefined for names without a number. */
  readonly step: Step | undefined;
  readonly reads: readonly Quantity[];
  /** Entries of parameters that are read; equal ones are the same object. */
  readonly weights: readonly Expression[];
}

/** Undefined for names without a number. */
export function stepOf(quantity: Quantity): Step | undefined {
  const number = /\d+$/.exec(quantity.name)?.[0];
  return number === undefined ? undefined : { stem: stemOf(quantity), number: Number(number) };
}

/** What is computed at the steps of recurrences, with its step: what they hand on, and what belongs to it. */
export function recurrentSteps(backward: Backward): ReadonlyMap<Quantity, Step> {
  const lines = linesOf(backward);
  const families = new Map<string, Line[]>();
  for (const line of lines) {
    if (!line.step) continue;
    const family = families.get(line.step.stem);
    if (family) family.push(line);
    else families.set(line.step.stem, [line]);
  }
  const found = new Map<Quantity, Step>();
  const add = (family: readonly Line[]): void => {
    if (family.length < 2) return;
    for (const { quantity, step } of family) if (step) found.set(quantity, step);
  };
  for (const family of families.values()) {
    const sharing = family.filter((one) => sharesWeights(one, family));
    if (isRecurrent(sharing, lines)) add(sharing);
  }
  // what is computed for a step, or from it, belongs to it
  const readers = readersIn(lines);
  const isBeside = ({ quantity, step, reads }: Line): boolean =>
    [...reads, ...(readers.get(quantity) ?? [])].some(
      (one) => found.get(one)?.number === step?.number && found.has(one),
    );
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const family of families.values()) {
      const alike = family.filter((one) => !one.weights.length || sharesWeights(one, family));
      add(alike.filter(isBeside));
    }
  }
  return found;
}

/** In the order of the forward pass. */
function linesOf({ definitions }: Backward): Line[] {
  const stems = new Set(definitions.map(({ quantity }) => stemOf(quantity)));
  return definitions.toReversed().map(({ quantity, clauses }) => {
    const nodes = references(clauses.map(({ body }) => body));
    // a parameter h0 is what the first step has for h
    const weights = nodes.filter(
      (node) => node.quantity.role === "parameter" && !stems.has(stemOf(node.quantity)),
    );
    const reads = nodes.map((node) => node.quantity);
    return { quantity, step: stepOf(quantity), reads, weights };
  });
}

function readersIn(lines: readonly Line[]): Map<Quantity, Quantity[]> {
  const readers = new Map<Quantity, Quantity[]>();
  for (const { quantity, reads } of lines) {
    for (const read of reads) readers.set(read, [...(readers.get(read) ?? []), quantity]);
  }
  return readers;
}

/** Whether a line reads an entry of a parameter as another line of its family does. */
function sharesWeights({ weights }: Line, family: readonly Line[]): boolean {
  return weights.some(
    (weight) => family.filter((other) => other.weights.includes(weight)).length > 1,
  );
}

/** Whether each line is computed from the one before; a third one shows it where the first begins differently. */
function isRecurrent(family: readonly Line[], lines: readonly Line[]): boolean {
  const passages = family.slice(1).map((later, k) => isPassage(family[k]!, later, lines));
  return passages.length > 0 && passages.slice(passages.length > 1 ? 1 : 0).every(Boolean);
}

/** Whether one line of a family is computed from another, with no parameters but those of the step before. */
function isPassage(earlier: Line, later: Line, lines: readonly Line[]): boolean {
  const between = linesBetween(earlier, later, lines);
  const distance = (later.step?.number ?? 0) - (earlier.step?.number ?? 0);
  return (
    between.length > 0 &&
    between.every(({ step, weights }) => {
      if (weights.length === 0) return true;
      const before = lines.find(
        (one) =>
          one.step && one.step.stem === step?.stem && one.step.number === step.number - distance,
      );
      // the first step often reads less than the others
      return !!before?.weights.length && before.weights.every((one) => weights.includes(one));
    })
  );
}

/** The lines on the ways from one line to a later one, with the later one; none where there is no way. */
function linesBetween(earlier: Line, later: Line, lines: readonly Line[]): Line[] {
  const inside = lines.slice(lines.indexOf(earlier) + 1, lines.indexOf(later) + 1);
  const reached = new Set([earlier.quantity]);
  const onward = inside.filter(({ quantity, reads }) => {
    const isReached = reads.some((one) => reached.has(one));
    if (isReached) reached.add(quantity);
    return isReached;
  });
  const needed = new Set([later.quantity]);
  return onward.toReversed().filter(({ quantity, reads }) => {
    const isNeeded = needed.has(quantity);
    if (isNeeded) for (const one of reads) needed.add(one);
    return isNeeded;
  });
}
