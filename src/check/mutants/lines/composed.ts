/** Mistakes in a line that takes two steps at once. */
import { adjointName } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { axisMutants } from "./axes.js";
import { type Composition, compositions } from "./compositions.js";
import { lineText } from "./line-text.js";
import { drawnOnce } from "./draws.js";
import { factored } from "./factored.js";
import { inTwoParts, type Scene } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";
import { diagonals } from "./sums.js";
import { replacedByNeighbours } from "./variables.js";

/** More than paths that are cut off after some steps, which leave out such terms in every line. */
const LEFT_OUT = 2.05;

/** What it costs that two steps are one line. */
const TWO_STEPS = 0.2;

export const COMPOSED_MUTANTS = inTwoParts(1.8, composedMutants);

function* composedMutants(
  { backward, sizes }: Scene,
  out: Edge,
  withRare: boolean,
): Generator<Mutant> {
  for (const composition of compositions(backward, out)) {
    const { edge, through, inPass } = composition;
    const body = backward.withNames(edge.clause.body);
    for (const mutant of [
      ...factored(backward, edge, body, withRare),
      ...(withRare ? axisMutants(backward, edge, sizes) : []),
      ...diagonals(backward, edge, sizes, through),
      ...(withRare ? drawnOnce(backward, edge, body) : []),
      ...(withRare ? replacedByNeighbours(backward, edge, body) : []),
    ]) {
      yield { ...mutant, cost: mutant.cost + TWO_STEPS, change: () => inPass(mutant.change()) };
    }
    if (withRare) yield* leftOutThere(backward, composition);
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
