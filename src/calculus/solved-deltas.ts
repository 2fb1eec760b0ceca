/**
 * Sums over the places of one index, written with that index: what uses every entry of a kernel by
 * its number, c[i] = k[0]·x[i] + k[1]·x[i + 1], has the derivative 1[j = 0]·x[i] + 1[j = 1]·x[i + 1],
 * which is x[i + j].
 */
import { Fraction } from "fraction.js";
import { CONTENT } from "../expression/contents.js";
import type { DeltaNode, Expression, ReferenceNode, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { Size } from "../expression/size.js";
import { references } from "../expression/walk.js";
import { factorsOf } from "./products.js";

/** The expression with every such sum as one term; the rest is as it was. */
export function solveDeltas(graph: Graph, root: Expression): Expression {
  const put = (node: Expression): Expression | undefined =>
    node.kind === "sum" ? solved(graph, node) : undefined;
  return graph.transform(root, put, CONTENT.delta);
}

/** A term where a letter has one value. */
interface Place {
  readonly at: number;
  readonly rest: Expression;
}

/** With conditions on several letters, as of a matrix of entries, one letter after the other. */
function solved(graph: Graph, node: SumNode): Expression | undefined {
  if (node.constant.n !== 0n) return undefined;
  const terms = node.terms.map(({ coefficient, term }) => graph.scale(coefficient, term));
  for (const letter of pinnedLetters(terms[0]!)) {
    const rests = new Map<number, Expression[]>();
    for (const term of terms) {
      const place = placeOn(graph, term, letter);
      if (!place) break;
      rests.set(place.at, [...(rests.get(place.at) ?? []), place.rest]);
    }
    const places = [...rests].map(([at, all]): Place => {
      return { at, rest: solveDeltas(graph, graph.add(...all)) };
    });
    const isWhole = [...rests.values()].flat().length === terms.length;
    const general = isWhole ? generalised(graph, letter, places) : undefined;
    if (general) return general;
  }
  return undefined;
}

/** The letters that a term has a condition on, 1[letter = at]. */
function pinnedLetters(term: Expression): readonly Letter[] {
  return factorsOf(term).flatMap(({ base }) =>
    base.kind === "delta" ? (placeOf(base)?.letter ?? []) : [],
  );
}

/** A term as 1[letter = at] · rest. */
function placeOn(graph: Graph, term: Expression, letter: Letter): Place | undefined {
  for (const { base } of factorsOf(term)) {
    const place = base.kind === "delta" ? placeOf(base) : undefined;
    if (place?.letter.key !== letter.key) continue;
    const kept = factorsOf(term).filter((one) => one.base !== base);
    const coefficient = term.kind === "product" ? term.coefficient : new Fraction(1);
    return { at: place.at, rest: graph.monomial(coefficient, kept) };
  }
  return undefined;
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
  const isAll = (general: Expression): boolean =>
    [...byPlace].every(
      ([at, rest]) => graph.substitute(general, new Map([[letter.key, Index.number(at)]])) === rest,
    );
  const candidates = [withStepOfAll, withSteps].map((make) => make(graph, first, second, letter));
  return candidates.find(isAll);
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
    for (const other of seconds) {
      const steps = other.quantity === node.quantity ? stepsTo(node, other) : undefined;
      if (steps) return moved(graph, node, steps, letter);
    }
    return undefined;
  });
}

/** The same where all entries of a quantity move by one step, so that some are those of another term. */
function withStepOfAll(
  graph: Graph,
  first: Expression,
  second: Expression,
  letter: Letter,
): Expression {
  const seconds = references([second]);
  const steps = new Map<Quantity, readonly Size[] | undefined>();
  const stepsOf = (quantity: Quantity): readonly Size[] | undefined => {
    if (steps.has(quantity)) return steps.get(quantity);
    const own = references([first]).filter((one) => one.quantity === quantity);
    const others = seconds.filter((one) => one.quantity === quantity);
    const places = new Set<Expression>(others);
    const found = others
      .flatMap((other) => (own[0] ? [stepsTo(own[0], other)] : []))
      .find((by) => by && own.every((one) => places.has(movedBy(graph, one, by))));
    steps.set(quantity, found);
    return found;
  };
  return graph.transform(first, (node) => {
    const by = node.kind === "reference" ? stepsOf(node.quantity) : undefined;
    return node.kind === "reference" && by ? moved(graph, node, by, letter) : undefined;
  });
}

/** How far one entry is from another of the same quantity; undefined where letters differ. */
function stepsTo(one: ReferenceNode, other: ReferenceNode): readonly Size[] | undefined {
  const steps = other.indices.map((index, axis) => index.plus(one.indices[axis]!.times(MINUS_ONE)));
  return steps.every(({ terms }) => terms.length === 0)
    ? steps.map(({ offset }) => offset)
    : undefined;
}

/** The entry that is as many steps further as the letter says. */
function moved(
  graph: Graph,
  { quantity, indices }: ReferenceNode,
  steps: readonly Size[],
  letter: Letter,
): Expression {
  const further = indices.map((index, axis) => index.plus(Index.of(letter).times(steps[axis]!)));
  return graph.reference(quantity, further);
}

/** The entry that is one step further. */
function movedBy(
  graph: Graph,
  { quantity, indices }: ReferenceNode,
  steps: readonly Size[],
): Expression {
  return graph.reference(
    quantity,
    indices.map((index, axis) => index.plus(Index.constant(steps[axis]!))),
  );
}

const MINUS_ONE = Size.of(-1);
