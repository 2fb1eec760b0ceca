/**
 * Sums over the places of one index, written with that index: what uses every entry of a kernel by
 * its number, c[i] = k[0]·x[i] + k[1]·x[i + 1], has the derivative 1[j = 0]·x[i] + 1[j = 1]·x[i + 1],
 * which is x[i + j].
 */
import type { DeltaNode, Expression, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import { Size } from "../expression/size.js";
import { references } from "../expression/walk.js";

/** The expression with every such sum as one term; the rest is as it was. */
export function solveDeltas(graph: Graph, root: Expression): Expression {
  return graph.transform(root, (node) => (node.kind === "sum" ? solved(graph, node) : undefined));
}

/** A term where a letter has one value. */
interface Place {
  readonly at: number;
  readonly rest: Expression;
}

function solved(graph: Graph, node: SumNode): Expression | undefined {
  if (node.constant.n !== 0n) return undefined;
  const places = new Map<string, { letter: Letter; terms: Place[] }>();
  for (const { coefficient, term } of node.terms) {
    const found = pinnedBy(graph, term);
    if (!found) return undefined;
    const { letter, at, rest } = found;
    const known = places.get(letter.key) ?? { letter, terms: [] };
    places.set(letter.key, known);
    known.terms.push({ at, rest: graph.scale(coefficient, rest) });
  }
  const [only, ...others] = [...places.values()];
  return only && others.length === 0 ? generalised(graph, only.letter, only.terms) : undefined;
}

/** A term as 1[letter = at] · rest. */
function pinnedBy(graph: Graph, term: Expression): (Place & { letter: Letter }) | undefined {
  const factors = term.kind === "product" ? term.factors : [{ base: term, exponent: 1 }];
  const deltas = factors.flatMap(({ base }) => (base.kind === "delta" ? [base] : []));
  const [delta, ...others] = deltas;
  const place = delta && others.length === 0 ? placeOf(delta) : undefined;
  if (!place) return undefined;
  const kept = factors.filter(({ base }) => base !== delta);
  const powers = kept.map(({ base, exponent }) => graph.integerPower(base, exponent));
  const rest = graph.multiply(...powers);
  return { ...place, rest: term.kind === "product" ? graph.scale(term.coefficient, rest) : rest };
}

function placeOf({ indices }: DeltaNode): { letter: Letter; at: number } | undefined {
  const letter = indices.find(({ plain }) => plain)?.plain;
  const at = indices.find(({ terms }) => terms.length === 0)?.offset.constant;
  return letter && at !== undefined ? { letter, at } : undefined;
}

/** One term for all values of a letter, where each has one and they differ by the letter alone. */
function generalised(
  graph: Graph,
  letter: Letter,
  terms: readonly Place[],
): Expression | undefined {
  const byPlace = new Map(terms.map(({ at, rest }) => [at, rest]));
  const count = letter.size.constant;
  const [first, second] = [byPlace.get(0), byPlace.get(1)];
  if (!first || !second || byPlace.size !== count || terms.length !== count) return undefined;
  const general = withSteps(graph, first, second, letter);
  const isAll = [...byPlace].every(
    ([at, rest]) => graph.substitute(general, new Map([[letter.key, Index.number(at)]])) === rest,
  );
  return isAll ? general : undefined;
}

/**
 * The first term with the letter in the indices that are larger or smaller in the second, times the
 * step. Whether that is so everywhere is for the caller to see.
 */
function withSteps(
  graph: Graph,
  first: Expression,
  second: Expression,
  letter: Letter,
): Expression {
  const seconds = references([second]);
  return graph.transform(first, (node) => {
    if (node.kind !== "reference" || seconds.includes(node)) return undefined;
    for (const { quantity, indices } of seconds) {
      if (quantity !== node.quantity) continue;
      const steps = indices.map((index, axis) => index.plus(node.indices[axis]!.times(MINUS_ONE)));
      if (!steps.every(({ terms }) => terms.length === 0)) continue;
      const moved = node.indices.map((index, axis) =>
        index.plus(Index.of(letter).times(steps[axis]!.offset)),
      );
      return graph.reference(quantity, moved);
    }
    return undefined;
  });
}

const MINUS_ONE = Size.of(-1);
