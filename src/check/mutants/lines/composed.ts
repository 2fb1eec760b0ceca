/** Mistakes in a line that takes two steps at once. */
import type { Edge } from "../../pass/backward.js";
import { axisMutants } from "./axes.js";
import { compositions } from "./compositions.js";
import { drawnOnce } from "./draws.js";
import { factored } from "./factored.js";
import type { Kind, Scene } from "../family.js";
import type { Mutant } from "../mutant.js";
import { diagonals } from "./sums.js";

export const COMPOSED_MUTANTS: Kind<Edge> = { least: 1.8, make: composedMutants };

function* composedMutants({ backward, sizes }: Scene, out: Edge): Generator<Mutant> {
  for (const { edge, through, inPass } of compositions(backward, out)) {
    const body = backward.withNames(edge.clause.body);
    for (const mutant of [
      ...factored(backward, edge, body),
      ...axisMutants(backward, edge, sizes),
      ...diagonals(backward, edge, sizes, through),
      ...drawnOnce(backward, edge, body),
    ]) {
      yield { ...mutant, cost: mutant.cost + 0.2, change: () => inPass(mutant.change()) };
    }
  }
}
