/** All paths to a derivative but one missing: forgotten, or assigned where they should have been added. */
import { listed } from "../../../language/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";

const COST = 1.75;

export const ONLY_PATHS: Kind<Edge> = {
  least: COST,
  make: ({ backward }, edge) => onlyPaths(backward, edge),
};

/** Of two paths one is a term that is left out. */
function* onlyPaths(backward: Backward, edge: Edge): Generator<Mutant> {
  const { to } = edge;
  const into = backward.into(to);
  const sources = [...new Set(into.map(({ from }) => from))];
  if (into[0] !== edge || sources.length < 3) return;
  if (sources.some((one) => one === backward.model.loss)) return;
  for (const kept of sources) {
    const others = sources.filter((one) => one !== kept);
    yield {
      fault: faultAt(to, "missing-term", () => {
        const term = `the paths through ${listed(others.map(({ name }) => name))}`;
        return {
          term,
          what: `only what comes through ${kept.name}: add ${term}, with += where = stands`,
        };
      }),
      cost: COST,
      change: () => ({ removed: new Set(into.filter(({ from }) => from !== kept)), added: [] }),
    };
  }
}
