/**
 * Derivatives by parts of an axis: where only some entries of a quantity are used in one place, and
 * others in another, Σ_k 1[i = k + 2]·f[k] is f[i] at the entries i + 2 and 0 at the others.
 */
import { extent, solvedFor } from "../expression/contract.js";
import type { DeltaNode, Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, letter, type Letter } from "../expression/indices.js";
import { Size } from "../expression/size.js";
import { postorder } from "../expression/walk.js";

/** More parts than this are not told one by one. */
const MOST_PARTS = 8;

/** An expression at some of the places of its letters. */
export interface Part {
  /** What stands for the letters, by their keys: numbers, or letters of their own from some place on. */
  readonly places: ReadonlyMap<string, Index>;
  /** The letters of the part. */
  readonly letters: readonly Letter[];
  readonly expression: Expression;
}

/**
 * The parts of an expression in each of which its conditions on `letters` are settled, in the order of
 * the places; the whole where there is nothing to settle, or where that is not possible.
 */
export function partsOf(
  graph: Graph,
  expression: Expression,
  letters: readonly Letter[],
): readonly Part[] {
  const whole: Part = { places: new Map(), letters, expression };
  const deltas = deltasIn(expression);
  const bounds = letters.map((one) => boundsOf(one, deltas));
  const count = bounds.reduce((total, one) => total * (one.length - 1), 1);
  if (count < 2 || count > MOST_PARTS) return [whole];
  let parts = [whole];
  for (const [axis, one] of letters.entries()) {
    const along = bounds[axis]!;
    if (along.length < 3) continue;
    parts = parts.flatMap((part) =>
      along.slice(1).map((end, place) => partAt(graph, part, one, along[place]!, end)),
    );
  }
  return parts.every(({ expression: part }) => deltasIn(part).every(isSettled)) ? parts : [whole];
}

function deltasIn(expression: Expression): DeltaNode[] {
  return postorder([expression], (one: Expression) => one.children).filter(
    (node) => node.kind === "delta",
  );
}

/** Where parts begin and end: 0, where conditions begin or cease to hold, and the size of the letter. */
function boundsOf(one: Letter, deltas: readonly DeltaNode[]): number[] {
  const size = one.size.constant;
  if (size === undefined) return [0, Infinity];
  const inner = deltas.flatMap((delta) => {
    const range = delta.indices.some((index) => index.letters.includes(one))
      ? rangeOf(solvedFor(delta, one))
      : undefined;
    return range ? [range.first, range.end] : [];
  });
  const within = inner.filter((place) => place > 0 && place < size);
  return [...new Set([0, ...within, size])].sort((a, b) => a - b);
}

function rangeOf(index: Index | undefined): { first: number; end: number } | undefined {
  const range = index && extent(index);
  const [first, last] = [range?.first.constant, range?.last.constant];
  return first === undefined || last === undefined ? undefined : { first, end: last + 1 };
}

/** The part from one place of a letter to before another. */
function partAt(graph: Graph, part: Part, one: Letter, start: number, end: number): Part {
  const own = end - start === 1 ? undefined : letter(one.name, Size.of(end - start));
  const place = own ? Index.of(own).plus(Index.number(start)) : Index.number(start);
  const at = new Map([[one.key, place]]);
  return {
    places: new Map([...part.places, ...at]),
    letters: part.letters.flatMap((known) => (known === one ? (own ?? []) : known)),
    expression: graph.substitute(part.expression, at),
  };
}

/** Whether a condition is one between two letters alone: 1[i = j]. */
function isSettled({ indices }: DeltaNode): boolean {
  return indices.every(({ plain }) => plain !== undefined);
}
