/**
 * Derivatives by parts of an axis: where only some entries of a quantity are used in one place, and
 * others in another, Σ_k 1[i = k + 2]·f[k] is f[i] at the entries i + 2 and 0 at the others.
 */
import { CONTENT, holds } from "../expression/contents.js";
import { extent, isWithin, solvedFor } from "../expression/contract.js";
import type { DeltaNode, Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, letter, type Letter } from "../expression/indices.js";
import { isZero } from "../expression/predicates.js";
import { Size } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import { summandsOf } from "./multiplied-out.js";
import { factorsOf } from "./products.js";

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
  if (!holds(expression, CONTENT.delta)) return [whole];
  const parts: Part[] = [];
  for (const part of alongStrides(graph, whole)) {
    const between = byBounds(graph, part);
    if (!between) return [whole];
    parts.push(...between);
  }
  return parts.length <= MOST_PARTS && parts.every(isSettled) ? parts : [whole];
}

/**
 * The terms of an expression as its parts, where each has one condition that fixes the same letter and no two of
 * these can hold at once: 1[j = 2i]·a + 1[j = 2i + 1]·b is a where j is 2i, b where it is 2i + 1, and 0 elsewhere.
 * Undefined for others.
 */
export function partsByTerms(
  graph: Graph,
  expression: Expression,
  letters: readonly Letter[],
): readonly Part[] | undefined {
  const terms = expression.kind === "sum" ? summandsOf(graph, expression) : [expression];
  for (const one of letters.toReversed()) {
    const fixed = terms.flatMap((term) => placeIn(term, one) ?? []);
    const areApart = fixed.every((place, position) =>
      fixed
        .slice(position + 1)
        .every((other) =>
          isZero(graph.substitute(graph.delta(place, Index.of(one)), at(one, other))),
        ),
    );
    if (fixed.length < terms.length || !areApart) continue;
    const rest = letters.filter((other) => other !== one);
    return terms
      .map((term, position) => ({ term, place: fixed[position]! }))
      .sort((a, b) => (a.place.offset.constant ?? 0) - (b.place.offset.constant ?? 0))
      .map(({ term, place }) => {
        const places = at(one, place);
        return { places, letters: rest, expression: graph.substitute(term, places) };
      });
  }
  return undefined;
}

function at(one: Letter, place: Index): ReadonlyMap<string, Index> {
  return new Map([[one.key, place]]);
}

/** Where the only condition of a term puts a letter, if that is always one of its places. */
function placeIn(term: Expression, one: Letter): Index | undefined {
  const [delta, ...others] = deltasIn(term);
  const isFactor = factorsOf(term).some(({ base }) => base === delta);
  if (!delta || others.length > 0 || !isFactor) return undefined;
  const place = delta.indices.some((index) => index.letters.includes(one))
    ? solvedFor(delta, one)
    : undefined;
  return place && isWithin(place, one.size) ? place : undefined;
}

/**
 * The parts in which a letter has every second place, or every third, where conditions tie it to such
 * places: for 1[i = 2k] those of all even and of all odd i.
 */
function alongStrides(graph: Graph, whole: Part): readonly Part[] {
  for (const one of whole.letters) {
    const size = one.size.constant;
    const stride = strideOf(one, deltasIn(whole.expression));
    if (size === undefined || stride === undefined || stride >= size) continue;
    const parts = Array.from({ length: stride }, (_, first) => {
      const own = letter(one.name, Size.of(Math.ceil((size - first) / stride)));
      const place = Index.of(own).times(Size.of(stride)).plus(Index.number(first));
      return partWith(graph, whole, one, { place, own });
    });
    return parts.flatMap((part) => alongStrides(graph, part));
  }
  return [whole];
}

/** How far the places are apart to which all conditions on a letter tie it; undefined where that is 1. */
function strideOf(one: Letter, deltas: readonly DeltaNode[]): number | undefined {
  const strides = deltas.flatMap((delta) => {
    if (!delta.indices.some((index) => index.letters.includes(one))) return [];
    const [other, ...more] = solvedFor(delta, one)?.terms ?? [];
    return other && more.length === 0 ? Math.abs(other.coefficient.constant ?? 1) : 1;
  });
  const [stride, ...others] = strides;
  const isOne = stride !== undefined && stride > 1 && others.every((other) => other === stride);
  return isOne ? stride : undefined;
}

/** The parts of a part between the bounds of its conditions; undefined where these are too many. */
function byBounds(graph: Graph, whole: Part): readonly Part[] | undefined {
  const { letters } = whole;
  const deltas = deltasIn(whole.expression);
  const bounds = letters.map((one) => boundsOf(one, deltas));
  const count = bounds.reduce((total, one) => total * (one.length - 1), 1);
  if (count > MOST_PARTS) return undefined;
  let parts = [whole];
  for (const [axis, one] of letters.entries()) {
    const along = bounds[axis]!;
    if (along.length < 3) continue;
    parts = parts.flatMap((part) =>
      along.slice(1).map((end, place) => partAt(graph, part, one, along[place]!, end)),
    );
  }
  return parts;
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
  return partWith(graph, part, one, { place, own });
}

/** A part where a letter has other places. */
function partWith(
  graph: Graph,
  { places, letters, expression }: Part,
  one: Letter,
  { place, own }: { readonly place: Index; readonly own: Letter | undefined },
): Part {
  const at = new Map([[one.key, place]]);
  const isOwn = [...places.values()].some((index) =>
    index.letters.some(({ key }) => key === one.key),
  );
  const before = [...places].map(([key, index]) => [key, index.substitute(at)] as const);
  return {
    places: new Map(isOwn ? before : [...before, ...at]),
    letters: letters.flatMap((other) => (other.key === one.key ? (own ?? []) : other)),
    expression: graph.substitute(expression, at),
  };
}

/** Whether all conditions of a part are such between two letters alone: 1[i = j]. */
export function isSettled({ expression }: Pick<Part, "expression">): boolean {
  return deltasIn(expression).every(({ indices }) =>
    indices.every(({ plain }) => plain !== undefined),
  );
}
