/** Backpropagation through time that stops after a few steps: bptt_truncate. */
import type { Quantity } from "../../../expression/quantity.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { kindOfEdge } from "../../pass/kinds.js";
import { compose } from "../lines/compositions.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** Longer recurrences are not cut. */
const MOST_STEPS = 12;
/** Of cuts after more steps than this nothing is left that anybody would notice. */
const MOST_KEPT = 4;

/** Each step's derivative followed back over `kept` steps only. A cut at once is a path left out. */
export const TRUNCATED_PATHS: Kind<Backward> = {
  least: 2,
  make: ({ backward }) => truncatedPaths(backward),
};

function* truncatedPaths(backward: Backward): Generator<Mutant> {
  for (const chain of recurrences(backward)) {
    if (chain.length > MOST_STEPS) continue;
    for (let kept = 1; kept < Math.min(chain.length, MOST_KEPT + 1); kept++) {
      const change = cutAfter(backward, chain, kept);
      if (!change) continue;
      yield {
        fault: faultAt(undefined, "missing-term", () => {
          const name = chain[0]!.from.name;
          const steps = kept === 1 ? "one step" : `${kept} steps`;
          const term = `the paths back over more than ${steps}`;
          return {
            term,
            what: `the right gradient with backpropagation through time cut after ${steps}: add ${term} (from ${name} back to ${chain.at(-1)!.to.name})`,
          };
        }),
        cost: 2,
        change: () => change,
      };
    }
  }
}

/** Steps h3 → h2 → h1 that are computed alike with the same parameters, the last first. */
function recurrences(backward: Backward): Edge[][] {
  const kind = (edge: Edge): string => {
    const used = references([edge.clause.body]).filter(
      ({ quantity }) => quantity.role === "parameter",
    );
    const names = [...new Set(used.map(({ quantity }) => quantity.name))].sort();
    return names.length > 0 ? `${kindOfEdge(edge)} ${names.join()}` : "";
  };
  const links = backward.edges.filter(
    ({ from, to }) => from.role === "definition" && to.role === "definition",
  );
  const kinds = new Map(links.map((edge) => [edge, kind(edge)]));
  const next = (edge: Edge): Edge | undefined =>
    kinds.get(edge) === ""
      ? undefined
      : links.find((one) => one.from === edge.to && kinds.get(one) === kinds.get(edge));
  const followed = new Set(links.map(next));
  return links
    .filter((edge) => !followed.has(edge))
    .map((first) => {
      const chain = [first];
      for (let more = next(first); more; more = next(more)) chain.push(more);
      return chain;
    })
    .filter(({ length }) => length > 1);
}

/** Undefined where a step cannot be joined with the next one. */
function cutAfter(backward: Backward, chain: readonly Edge[], kept: number): Change | undefined {
  const inside = new Set(chain);
  const added: Edge[] = [];
  const leave = (at: Quantity): readonly Edge[] =>
    backward.outOf(at).filter((edge) => !inside.has(edge));
  for (const start of chain.keys()) {
    let path: Edge | undefined;
    for (const link of chain.slice(start, start + kept)) {
      path = path ? compose(backward, path, link) : link;
      if (!path) return undefined;
      for (const out of leave(link.to)) {
        const whole = compose(backward, path, out);
        if (!whole) return undefined;
        added.push(whole);
      }
    }
  }
  return { removed: inside, added };
}
