/** Mistakes in a sum of the backward pass: one summand only, the diagonal only, too much summed. */
import { Index, letter, type Letter } from "../../expression/indices.js";
import { Size, type SizeValues } from "../../expression/size.js";
import type { Backward, Edge } from "../backward.js";
import { adjointName } from "../words.js";
import { faultAt, instead, type Mutant } from "./mutant.js";

/** Of longer sums only the first and the last summand are tried alone. */
const MOST_ALONE = 4;

export function* sumMutants(backward: Backward, edge: Edge, sizes: SizeValues): Generator<Mutant> {
  const { letters, indices } = edge.clause;
  const kept = new Set(indices.flatMap((index) => index.letters.map(({ key }) => key)));
  for (const summed of letters.filter(({ key }) => !kept.has(key))) {
    yield* alone(backward, edge, summed, sizes);
    for (const other of letters) {
      if (kept.has(other.key) && other.size.evaluate(sizes) === summed.size.evaluate(sizes)) {
        yield* diagonal(backward, edge, summed, other);
      }
    }
  }
  for (const [axis, index] of indices.entries()) {
    if (index.plain) yield* spread(backward, edge, axis, index.plain);
  }
}

/** Whether a sum runs over examples: its size is one that the data fix. */
function isBatch({ size }: Letter): boolean {
  return size.constant === undefined;
}

/** One summand instead of the sum: the loop overwrote what it should have added to. */
function* alone(
  { graph }: Backward,
  edge: Edge,
  summed: Letter,
  sizes: SizeValues,
): Generator<Mutant> {
  const count = summed.size.evaluate(sizes);
  if (count < 2) return;
  const name = adjointName(edge.from);
  const last = Index.constant(summed.size.minus(Size.one));
  const batch = isBatch(summed);
  // of examples the first and the last: which others there are differs from point to point
  const middle = batch || count > MOST_ALONE ? [] : [...Array(count - 1).keys()].slice(1);
  const positions: [number, Index][] = [
    [0, Index.number(0)],
    ...middle.map((position): [number, Index] => [position, Index.number(position)]),
    [count - 1, last],
  ];
  for (const [position, index] of positions) {
    const at = new Map([[summed.key, index]]);
    const body = graph.substitute(edge.clause.body, at);
    const indices = edge.clause.indices.map((index) => index.substitute(at));
    const letters = edge.clause.letters.filter(({ key }) => key !== summed.key);
    const which = `only number ${position + 1} of ${count} is taken`;
    yield {
      fault: faultAt(
        edge.to,
        batch ? "not-summed" : "missing-term",
        { term: `all but number ${position + 1} along ${name}` },
        `not summed over ${batch ? summed.size.toString() : `the entries of ${edge.from.name}`}: ${which}; add up all ${count}`,
      ),
      cost: position === 0 || position === count - 1 ? 1.7 : 1.9,
      change: () => instead(edge, body, { letters, indices }),
    };
  }
}

/** The diagonal of a Jacobian instead of the whole: softmax without its other terms. */
function* diagonal(
  { graph }: Backward,
  edge: Edge,
  summed: Letter,
  kept: Letter,
): Generator<Mutant> {
  const body = graph.multiply(edge.clause.body, graph.delta(Index.of(summed), Index.of(kept)));
  yield {
    fault: faultAt(
      edge.to,
      "missing-term",
      { term: `the off-diagonal of d${edge.from.name}/d${edge.to.name}` },
      `computed with the diagonal of d${edge.from.name}/d${edge.to.name} only: every entry of ${edge.from.name} depends on every entry of ${edge.to.name}; add the other terms`,
    ),
    cost: 1.6,
    change: () => instead(edge, body),
  };
}

/** Summed over an axis of its own too, and the sum put into every entry. */
function* spread({ graph }: Backward, edge: Edge, axis: number, along: Letter): Generator<Mutant> {
  const inner = letter("over", along.size);
  const renaming = new Map([[along.key, Index.of(inner)]]);
  const body = graph.sum(inner, graph.substitute(edge.clause.body, renaming));
  const only = edge.to.shape[axis]!.equals(Size.one);
  if (only) return;
  yield {
    fault: faultAt(
      edge.to,
      "over-summed",
      { term: `axis ${axis + 1}` },
      `summed over its own axis ${axis + 1} too: every entry along it holds the same sum`,
    ),
    cost: edge.to.role === "parameter" ? 1.9 : 2.2,
    change: () => instead(edge, body),
  };
}
