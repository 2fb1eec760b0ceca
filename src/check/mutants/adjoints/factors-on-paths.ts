/**
 * A factor left out on one of several paths: of the three summands of a batch normalisation's derivative,
 * dz = s·(n·γ·dy − Σ γ·dy − x̂·Σ γ·dy·x̂)/n, one without its γ.
 */
import type { Quantity } from "../../../expression/quantity.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { lineText } from "../lines/line-text.js";
import { compose } from "../lines/compositions.js";
import { losable } from "../lines/line-sums.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** Of quantities with more uses than this no single paths are written. */
const MOST_INTO = 4;

export const FACTORS_LOST_ON_PATHS: Kind<Quantity> = {
  least: 2.3,
  make: ({ backward }, quantity) => factorsLostOnPaths(backward, quantity),
};

function* factorsLostOnPaths(backward: Backward, to: Quantity): Generator<Mutant> {
  const { graph } = backward;
  for (const { path, isOnly } of pathsInto(backward, to)) {
    const { clause } = path;
    const opposite: Edge = { ...path, clause: { ...clause, body: graph.negate(clause.body) } };
    for (const factor of losable(graph, path)) {
      const rest = graph.divide(clause.body, factor);
      yield {
        fault: faultAt(to, "missing-factor", () => {
          const term = lineText(backward, path);
          const name = modelText(backward.withNames(factor));
          return {
            factor: name,
            term,
            what: isOnly
              ? `computed without the factor ${name}: multiply by it, as in ${term}; other derivatives have it`
              : `computed without the factor ${name} in the summand ${term} only: multiply that summand by it`,
          };
        }),
        cost: 2.3,
        change: () => ({
          removed: new Set(),
          added: [opposite, { ...path, clause: { ...clause, body: rest } }],
        }),
      };
    }
  }
}

/** What comes through three steps. */
interface Path {
  readonly path: Edge;
  /** Whether nothing else comes to where it leads. */
  readonly isOnly: boolean;
}

/** Contributions through three steps, where paths part on the way: through two they are written as one line. */
function* pathsInto(backward: Backward, to: Quantity): Generator<Path> {
  for (const last of backward.into(to)) {
    for (const middle of few(backward.into(last.from))) {
      const through = compose(backward, middle, last);
      for (const first of through ? few(backward.into(middle.from)) : []) {
        const parts = [middle.from, last.from].some((one) => backward.outOf(one).length > 1);
        const whole = parts && compose(backward, first, through!);
        const isOnly = [to, last.from, middle.from].every((one) => backward.into(one).length === 1);
        if (whole) yield { path: whole, isOnly };
      }
    }
  }
}

function few(edges: readonly Edge[]): readonly Edge[] {
  return edges.length > MOST_INTO ? [] : edges;
}
