/** Mistakes in a sum of the backward pass: one summand only, the diagonal only, too much summed. */
import { Index, letter, type Letter } from "../../../expression/indices.js";
import { has } from "../../../expression/predicates.js";
import type { Quantity } from "../../../expression/quantity.js";
import { Size, type SizeValues } from "../../../expression/size.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName, modelText, partialText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import { inTwoParts, type Scene } from "../family.js";
import type { Composition } from "./compositions.js";

/** Of longer sums only the first and the last summand are tried alone. */
const MOST_ALONE = 4;

export const SUM_MUTANTS = inTwoParts(1.6, sumMutants);

function* sumMutants({ backward, sizes }: Scene, edge: Edge, withRare: boolean): Generator<Mutant> {
  for (const summed of summedLetters(edge)) {
    yield* alone(backward, edge, summed, sizes);
    if (withRare) yield* short(backward, edge, summed, sizes);
    yield* frozen(backward, edge, summed, sizes, withRare);
  }
  yield* diagonals(backward, edge, sizes);
  for (const [axis, index] of edge.clause.indices.entries()) {
    if (index.plain) yield* spread(backward, edge, axis, index.plain);
  }
}

/** What two steps in one go through, and the indices at which the second uses it. */
type Use = Pick<Composition, "through">["through"];

/**
 * The diagonal alone of a step, or of two steps through a statistic such as a norm.
 * @param through of two steps: what is kept along its axes is the diagonal of the first one
 */
export function* diagonals(
  backward: Backward,
  edge: Edge,
  sizes: SizeValues,
  through?: Use,
): Generator<Mutant> {
  const summed = summedLetters(edge);
  const kept = edge.clause.letters.filter((one) => !summed.includes(one));
  for (const one of summed) {
    for (const other of kept) {
      if (other.size.evaluate(sizes) === one.size.evaluate(sizes)) {
        const isOfUse = through?.indices.some(({ plain }) => plain?.key === other.key);
        yield diagonal(backward, edge, one, other, isOfUse ? through!.quantity : edge.to);
      }
    }
  }
}

function summedLetters({ clause: { letters, indices } }: Edge): Letter[] {
  const kept = new Set(indices.flatMap((index) => index.letters.map(({ key }) => key)));
  return letters.filter(({ key }) => !kept.has(key));
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
    yield {
      fault: faultAt(
        edge.to,
        batch || position === count - 1 ? "not-summed" : "missing-term",
        () => {
          const name = adjointName(edge.from);
          const which = `only number ${position + 1} of ${count} is taken`;
          return {
            term: `all but number ${position + 1} along ${name}`,
            what: `not summed over ${batch ? summed.size.toString() : `the entries of ${edge.from.name}`}: ${which}; add up all ${count}`,
          };
        },
      ),
      cost: position === 0 || position === count - 1 ? 1.7 : 1.9,
      change: () => instead(edge, body, { letters, indices }),
    };
  }
}

/** The first summand left out, or the last: the loop begins too late, or ends too early. */
function* short(
  { graph }: Backward,
  edge: Edge,
  summed: Letter,
  sizes: SizeValues,
): Generator<Mutant> {
  const count = summed.size.evaluate(sizes);
  // of two summands the other one is taken alone
  if (count < 3) return;
  const last = Index.constant(summed.size.minus(Size.one));
  for (const [number, index, when] of [
    [count, last, "ends too early"],
    [1, Index.number(0), "begins too late"],
  ] as const) {
    const at = new Map([[summed.key, index]]);
    const { letters, indices, body } = edge.clause;
    const clause = {
      letters: letters.filter(({ key }) => key !== summed.key),
      indices: indices.map((one) => one.substitute(at)),
      body: graph.negate(graph.substitute(body, at)),
    };
    yield {
      fault: faultAt(edge.to, "missing-term", () => {
        const along = isBatch(summed) ? summed.size.toString() : `the entries of ${edge.from.name}`;
        return {
          term: `number ${number} along ${adjointName(edge.from)}`,
          what: `summed over ${along} without number ${number} of ${count}: a loop ${when}; add up all ${count}`,
        };
      }),
      cost: number === 1 ? 2.2 : 2.1,
      change: () => ({ removed: new Set(), added: [{ ...edge, clause }] }),
    };
  }
}

/** One factor of a sum's terms taken outside of the sum: that of the last term, or of the first. */
function* frozen(
  { graph }: Backward,
  edge: Edge,
  summed: Letter,
  sizes: SizeValues,
  withRare: boolean,
): Generator<Mutant> {
  const { body } = edge.clause;
  if (body.kind !== "product" || summed.size.evaluate(sizes) < 2) return;
  const along = body.factors.filter(({ base }) => has(base, summed));
  if (along.length < 2) return;
  const last = Index.constant(summed.size.minus(Size.one));
  for (const { base, exponent } of along) {
    const part = graph.integerPower(base, exponent);
    const rest = graph.divide(body, part);
    for (const [which, index] of [
      ["last", last],
      ["first", Index.number(0)],
    ] as const) {
      const fixed = graph.substitute(part, new Map([[summed.key, index]]));
      yield {
        fault: faultAt(edge.to, "wrong-variable", () => {
          const text = modelText(part);
          return {
            used: modelText(fixed),
            instead: text,
            what: `computed with the ${which} ${text} for all terms of the sum: multiply each term by its own ${text}, then add up`,
          };
        }),
        cost: which === "last" ? 1.9 : 2.1,
        change: () => instead(edge, graph.multiply(rest, fixed)),
      };
    }
    if (!withRare) continue;
    const inner = letter("apart", summed.size);
    const whole = graph.sum(
      inner,
      graph.substitute(part, new Map([[summed.key, Index.of(inner)]])),
    );
    yield {
      fault: faultAt(edge.to, "over-summed", () => {
        const text = modelText(part);
        return {
          term: text,
          what: `computed with ${text} summed by itself: multiply first, then add up the products`,
        };
      }),
      cost: 2.1,
      change: () => instead(edge, graph.multiply(rest, whole)),
    };
  }
}

/** The diagonal of a Jacobian instead of the whole: softmax without its other terms. */
function diagonal(
  { graph }: Backward,
  edge: Edge,
  summed: Letter,
  kept: Letter,
  by: Quantity,
): Mutant {
  const { from } = edge;
  const body = graph.multiply(edge.clause.body, graph.delta(Index.of(summed), Index.of(kept)));
  return {
    fault: faultAt(edge.to, "missing-term", () => ({
      term: `the off-diagonal of ${partialText(from, by)}`,
      what: `computed with the diagonal of ${partialText(from, by)} only: an entry of ${from.name} depends on other entries of ${by.name} too; add their terms`,
    })),
    cost: 1.6,
    change: () => instead(edge, body),
  };
}

/** Summed over an axis of its own too, and the sum put into every entry. */
function* spread(backward: Backward, edge: Edge, axis: number, along: Letter): Generator<Mutant> {
  const { graph } = backward;
  const inner = letter("over", along.size);
  const renaming = new Map([[along.key, Index.of(inner)]]);
  const body = graph.sum(inner, graph.substitute(edge.clause.body, renaming));
  const only = edge.to.shape[axis]!.equals(Size.one);
  if (only) return;
  const isWhole = backward.into(edge.to).length === 1;
  yield {
    fault: faultAt(edge.to, "over-summed", () => {
      const [path, where] = isWhole
        ? ["", ""]
        : [` in what comes through ${edge.from.name}`, " there"];
      return {
        term: `axis ${axis + 1}`,
        what: `summed over its own axis ${axis + 1} too${path}: every entry along it holds the same sum${where}`,
      };
    }),
    cost: edge.to.role === "parameter" ? 1.9 : 2.2,
    change: () => instead(edge, body),
  };
}
