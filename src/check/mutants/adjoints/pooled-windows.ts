/**
 * Max pooling with overlapping windows whose loop assigns: `dx[argmax] = dy[i]`. An entry that is the largest of
 * several windows keeps what the last of them gives it.
 */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index } from "../../../expression/indices.js";
import type { Quantity } from "../../../expression/quantity.js";
import type { SizeValues } from "../../../expression/size.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName } from "../../explanations/words.js";
import { faultAt, type Mutant } from "../mutant.js";
import { isPiecewiseConstant } from "../piecewise.js";
import type { Kind } from "../family.js";
import {
  byPlace,
  common,
  haveOneStep,
  type Range,
  restricted,
  type Window,
  windowOf,
  without,
} from "./windows.js";

const COST = 1.9;

export const OVERWRITTEN_MAXIMA: Kind<Quantity> = {
  least: COST,
  make: ({ backward, sizes }, at) => overwrittenMaxima(backward, at, sizes),
};

/** A window whose entry is chosen by comparing. */
interface Pooled extends Window {
  readonly mask: Expression;
}

function* overwrittenMaxima(
  backward: Backward,
  to: Quantity,
  sizes: SizeValues,
): Generator<Mutant> {
  const { graph } = backward;
  const all = backward.into(to);
  for (const from of new Set(all.map((edge) => edge.from))) {
    const edges = all.filter((edge) => edge.from === from);
    const pooled = edges.flatMap((edge) => pooledOf(graph, edge, sizes) ?? []).sort(byPlace);
    if (pooled.length < 2 || pooled.length < edges.length || !haveOneStep(pooled)) continue;
    // a window further on begins where an entry stands nearer to the front of it
    yield assigned(backward, to, pooled.toReversed(), COST);
    yield assigned(backward, to, pooled, COST + 0.05);
  }
}

function pooledOf(graph: Graph, edge: Edge, sizes: SizeValues): Pooled | undefined {
  const window = windowOf(edge, sizes);
  const { body } = edge.clause;
  const factors = body.kind === "product" ? body.factors : [];
  const [adjoint] = factors.flatMap(({ base }) =>
    base.kind === "reference" && base.quantity.of ? [base] : [],
  );
  if (!window || !adjoint) return undefined;
  const mask = graph.divide(body, adjoint);
  return isPiecewiseConstant(graph, mask) ? { ...window, mask } : undefined;
}

/** A block of entries, and the later windows that reach it. */
interface Block {
  readonly ranges: readonly Range[];
  readonly later: readonly Pooled[];
}

/** @param windows in the order of the loop */
function assigned(
  { graph }: Backward,
  to: Quantity,
  windows: readonly Pooled[],
  cost: number,
): Mutant {
  const kept = (window: Pooled, k: number): Edge[] => {
    const blocks = windows.slice(k + 1).reduce<readonly Block[]>(
      (known, other) =>
        known.flatMap(({ ranges, later }) => {
          const both = common(ranges, other.ranges);
          const outside = without(ranges, other.ranges).map((one) => ({ ranges: one, later }));
          return both ? [...outside, { ranges: both, later: [...later, other] }] : outside;
        }),
      [{ ranges: window.ranges, later: [] }],
    );
    return blocks.map(({ ranges, later }) => {
      const edge = restricted(graph, window, ranges);
      const free = later.map((other) =>
        graph.subtract(graph.one, maskAt(graph, other, edge, ranges)),
      );
      return {
        ...edge,
        clause: { ...edge.clause, body: graph.multiply(edge.clause.body, ...free) },
      };
    });
  };
  return {
    fault: faultAt(to, "not-summed", () => {
      const name = adjointName(to);
      return {
        term: `overlapping windows of ${name}`,
        what: `computed with = where += belongs: an entry that several windows choose keeps only what the last one gives it; add them up`,
      };
    }),
    cost,
    change: () => ({
      removed: new Set(windows.map(({ edge }) => edge)),
      added: windows.flatMap(kept),
    }),
  };
}

/**
 * The mask of a window at the entries that a contribution reaches.
 * @param block these entries
 */
function maskAt(
  graph: Graph,
  { mask, ranges, along }: Pooled,
  { clause }: Edge,
  block: readonly Range[],
): Expression {
  const places = along.flatMap((own, axis) => {
    const [term] = clause.indices[axis]!.terms;
    const { start, step } = ranges[axis]!;
    const first = Index.number((block[axis]!.start - start) / step);
    return own ? [[own.key, term ? Index.of(term.letter).plus(first) : first] as const] : [];
  });
  return graph.substitute(mask, new Map(places));
}
