/** Mistakes in a line that takes two steps at once. */
import { adjointName } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { axisMutants } from "./axes.js";
import { type Composition, compositions } from "./compositions.js";
import { lineText } from "./line-text.js";
import { drawnOnce } from "./draws.js";
import { factored } from "./factored.js";
import { type Kind, type Later, LEAST_RARE, type Scene } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";
import { diagonals } from "./sums.js";
import { replacedByNeighbours } from "./variables.js";

/** More than paths that are cut off after some steps, which leave out such terms in every line. */
const LEFT_OUT = 2.05;

export const COMPOSED_MUTANTS: Kind<Edge> = { least: 1.8, make: composedMutants };

/** What more it costs than in a line of one step. */
const TWO_STEPS = 0.2;

function* composedMutants({ backward, sizes }: Scene, out: Edge, later: Later): Generator<Mutant> {
  for (const composition of compositions(backward, out)) {
    const { edge, through, inPass } = composition;
    const body = backward.withNames(edge.clause.body);
    const inBoth = (mutant: Mutant): Mutant => ({
      ...mutant,
      cost: mutant.cost + TWO_STEPS,
      change: () => inPass(mutant.change()),
    });
    const inFactors = [...factored(backward, edge, body)].map(inBoth);
    yield* inFactors.filter(({ cost }) => cost < LEAST_RARE);
    for (const mutant of diagonals(backward, edge, sizes, through)) yield inBoth(mutant);
    later(function* () {
      yield* inFactors.filter(({ cost }) => cost >= LEAST_RARE);
      for (const mutant of [
        ...axisMutants(backward, edge, sizes),
        ...drawnOnce(backward, edge, body),
        ...replacedByNeighbours(backward, edge, body),
      ]) {
        yield inBoth(mutant);
      }
      yield* leftOutThere(backward, composition);
    });
  }
}

/** A term of a derivative left out where one line takes it, and not where the others do. */
function* leftOutThere(
  backward: Backward,
  { edge, through, inPass }: Composition,
): Generator<Mutant> {
  const { quantity } = through;
  const [other, ...more] = new Set(backward.outOf(quantity).map(({ to }) => to)).values();
  if (!other || more.length === 0 || backward.into(quantity).length < 2) return;
  yield {
    fault: faultAt(edge.to, "missing-term", () => {
      const term = lineText(backward, edge);
      const name = adjointName(quantity);
      return {
        term,
        what: `computed with ${name} with one term left out, for this line alone: add ${term}`,
      };
    }),
    cost: LEFT_OUT,
    change: () => inPass({ removed: new Set([edge]), added: [] }),
  };
}
