/** The lines in which people write a derivative through statistics: one for each path, from what is normalised. */
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { computedFrom, joinOf, joinsOf } from "../../pass/users.js";
import { compose } from "../lines/compositions.js";

/** More paths, or quantities on them, are not written in lines of their own. */
const MOST_PATHS = 8;
const MOST_BETWEEN = 6;

export interface StatisticLines {
  /** What all of them come from: the normalised quantity. */
  readonly end: Quantity;
  /** A line for each path from there. */
  readonly lines: readonly Edge[];
  /** The contributions of the pass that they stand for. */
  readonly edges: readonly Edge[];
  /** Whether nothing else is added up: no residual path leads around the normalisation. */
  readonly isAll: boolean;
}

/**
 * The lines to a quantity from later ones of its shape, where statistics of it lie on the way: for all that it is used
 * for, and for a normalisation beside its other uses.
 */
export function linesThroughStatistics(backward: Backward, at: Quantity): StatisticLines[] {
  const into = backward.into(at);
  const endings = [endOfStatistics(backward, at, into), besideOthers(backward, at, into)];
  return endings.flatMap((found) => {
    if (!found) return [];
    const { end, edges } = found;
    const lines = linesFrom(backward, end, edges)?.map((line) => {
      const body = backward.withNames(line.clause.body);
      return { ...line, clause: { ...line.clause, body } };
    });
    return lines ? [{ end, lines, edges, isAll: edges.length === into.length }] : [];
  });
}

/** One line from `end` for each path through some contributions; undefined for too many. */
function linesFrom(backward: Backward, end: Quantity, edges: readonly Edge[]): Edge[] | undefined {
  const lines: Edge[] = [];
  for (const edge of edges) {
    const before = edge.from === end ? [edge] : linesFrom(backward, end, backward.into(edge.from));
    if (!before || lines.length + before.length > MOST_PATHS) return undefined;
    for (const line of before) {
      const whole = line === edge ? edge : compose(backward, line, edge);
      if (!whole) return undefined;
      lines.push(whole);
    }
  }
  return lines;
}

type Ending = Pick<StatisticLines, "end" | "edges">;

/**
 * The last quantity of the same shape that all paths from another one lead through, statistics of it among
 * them. Undefined where there are none, or too many quantities on these paths.
 */
function endOfStatistics(
  backward: Backward,
  at: Quantity,
  edges: readonly Edge[],
  first = joinOf(backward, at),
): Ending | undefined {
  if (new Set(edges.map(({ from }) => from)).size < 2) return undefined;
  let end: Quantity | undefined;
  // Z − mean(Z) is not normalised yet: from there several paths lead on to a later quantity
  for (let one = first; one; one = isBranch(backward, one) ? joinOf(backward, one) : undefined) {
    if (sameShape(one.shape, at.shape)) end = one;
  }
  if (!end) return undefined;
  const beyond = computedFrom(backward, end);
  const ways = new Set(edges.flatMap(({ from }) => [from, ...computedFrom(backward, from)]));
  const between = [...ways].filter((one) => one !== end && !beyond.has(one));
  const isThroughStatistics = between.some(({ shape }) => shape.length < at.shape.length);
  return isThroughStatistics && between.length <= MOST_BETWEEN ? { end, edges } : undefined;
}

/** The same for the contributions of some paths, where others, such as residual ones, lead around. */
function besideOthers(backward: Backward, at: Quantity, into: readonly Edge[]): Ending | undefined {
  const joins = into.map((edge) => ({ edge, joins: joinsOf(backward, edge.from) }));
  const candidates = new Set(joins.flatMap((one) => [...one.joins]));
  for (const first of backward.order.toReversed()) {
    if (!candidates.has(first)) continue;
    const edges = joins.flatMap((one) => (one.joins.has(first) ? [one.edge] : []));
    if (edges.length === into.length) continue;
    const ending = endOfStatistics(backward, at, edges, first);
    if (ending) return ending;
  }
  return undefined;
}

function isBranch(backward: Backward, quantity: Quantity): boolean {
  return new Set(backward.into(quantity).map(({ from }) => from)).size > 1;
}
