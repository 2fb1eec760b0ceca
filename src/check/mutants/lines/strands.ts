/**
 * A step that is right for one part of the derivative that it passes on, and not for another: the entropy's
 * derivative put through p alone, and not through all of the softmax, beside a loss that is put through it.
 */
import type { Quantity } from "../../../expression/quantity.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { strandsInto, type Strand } from "../../pass/strands.js";
import { modelText } from "../../explanations/words.js";
import { compose } from "./compositions.js";
import type { Kind } from "../family.js";
import { losable, summedLetters } from "./line-sums.js";
import { faultAt, type Mutant } from "../mutant.js";

export const STRAND_MUTANTS: Kind<Edge> = {
  least: 2.05,
  make: ({ backward }, edge) => strandMutants(backward, edge),
};

/** One strand that goes through the step without a term of it, or without one of its factors. */
function* strandMutants(backward: Backward, step: Edge): Generator<Mutant> {
  for (const strand of strandsTo(backward, step.from)) {
    const steps = strand.edges.map((edge) => compose(backward, edge, step));
    if (!steps.every((one) => one !== undefined)) continue;
    yield* termLost(backward, step, strand, steps);
    yield* factorLost(backward, step, strand, steps);
  }
}

/** The strands of a derivative; where it comes through one line only, those of what that is computed from. */
function strandsTo(backward: Backward, quantity: Quantity): Strand[] {
  const [only, ...others] = backward.into(quantity);
  if (!only || others.length > 0) return strandsInto(backward, quantity);
  return strandsInto(backward, only.from).flatMap(({ through, edges }) => {
    const whole = edges.map((edge) => compose(backward, edge, only));
    return whole.every((edge) => edge !== undefined) ? [{ through, edges: whole }] : [];
  });
}

function* termLost(
  backward: Backward,
  step: Edge,
  strand: Strand,
  steps: readonly Edge[],
): Generator<Mutant> {
  const { graph } = backward;
  const { from, to, clause } = step;
  // without its only term the strand is left out, which others know
  if (backward.outOf(from).filter((one) => one.to === to).length < 2) return;
  yield {
    fault: faultAt(to, "missing-term", () => {
      const term = modelText(graph.sumOver(summedLetters(step), backward.withNames(clause.body)));
      return {
        term,
        what: `computed without ${term} for the part of d${from.name} that comes ${wayOf(backward, strand)}: add it for that part, too`,
      };
    }),
    cost: 2.05,
    change: () => ({ removed: new Set(), added: steps.map((one) => times(backward, one, -1)) }),
  };
}

function* factorLost(
  backward: Backward,
  step: Edge,
  strand: Strand,
  steps: readonly Edge[],
): Generator<Mutant> {
  const { graph } = backward;
  const factors = losable(graph, step);
  // a slope of several factors, a·(1 − a), is lost as a whole
  const whole = factors.length > 1 ? [graph.multiply(...factors)] : [];
  for (const factor of [...whole, ...factors]) {
    yield {
      fault: faultAt(step.to, "missing-factor", () => {
        const name = modelText(backward.withNames(factor));
        return {
          factor: name,
          what: `computed without the factor ${name} for the part of d${step.from.name} that comes ${wayOf(backward, strand)}: multiply that part by it`,
        };
      }),
      cost: 2.2,
      change: () => ({
        removed: new Set(),
        added: steps.flatMap((one) => {
          const body = graph.divide(one.clause.body, factor);
          return [times(backward, one, -1), { ...one, clause: { ...one.clause, body } }];
        }),
      }),
    };
  }
}

function wayOf({ model }: Backward, { through }: Strand): string {
  return through === model.loss ? `from ${through.name} directly` : `through ${through.name}`;
}

function times({ graph }: Backward, edge: Edge, factor: number): Edge {
  const body = graph.multiply(graph.number(factor), edge.clause.body);
  return { ...edge, clause: { ...edge.clause, body } };
}
