/** A penalty of several parameters left out, or with another factor than it has, in all of their derivatives alike. */
import type { Expression } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { fullAxes } from "../../../expression/definition.js";
import { listed } from "../../../language/words.js";
import { type Fault, repair, timesText } from "../../explanations/hypothesis.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { lineText } from "../lines/line-text.js";
import type { Mutant, Probe } from "../mutant.js";
import type { Kind } from "../family.js";
import { penaltyOf } from "./penalties.js";

/** Of a single term with a factor a little more. */
const COST = 1.75;
/** A little more than of one term: where all are left out, or subtracted, or doubled. */
const LOST_COST = 1.62;
const SIGN_COST = 1.72;
const TIMES_COST = 1.75;
const WEIGHTLESS_COST = 1.9;

/** Weight decay that is forgotten, or goes the other way, in all lines that have it. */
export const PENALTIES_THROUGHOUT: Kind<Backward> = {
  least: LOST_COST,
  make: ({ backward }) => penaltiesThroughout(backward),
};

function* penaltiesThroughout(backward: Backward): Generator<Mutant> {
  for (const edges of shared(backward)) {
    const terms = (): string => termsText(backward, edges);
    yield {
      fault: {
        cause: "missing-term",
        details: () => ({ term: terms() }),
        say: (claim) =>
          `${claim} is computed without the penalty: its terms, ${terms()}, are left out; add them`,
      },
      cost: LOST_COST,
      change: () => ({ removed: new Set(edges), added: [] }),
    };
    yield {
      fault: {
        cause: "sign",
        details: () => ({ term: terms() }),
        say: (claim) =>
          `${claim} is computed with the wrong sign before the penalty's terms, ${terms()}`,
      },
      cost: SIGN_COST,
      change: () => times(backward, edges, -1),
    };
    for (const factor of [2, 1 / 2]) {
      yield {
        fault: timesTerms(factor, terms),
        cost: TIMES_COST,
        change: () => times(backward, edges, factor),
      };
    }
    yield {
      fault: {
        cause: "missing-factor",
        details: () => ({ term: terms() }),
        say: (claim) =>
          `${claim} is computed with the penalty's terms, ${terms()}, without their weights: multiply them by these`,
      },
      cost: WEIGHTLESS_COST,
      change: () => replaced(edges, (edge) => withoutOwn(backward, edge)),
    };
  }
}

/** λ/N for λ: one number in the lines of all decayed weights. */
export function* penaltyProbes(backward: Backward): Generator<Probe> {
  for (const edges of shared(backward)) {
    const terms = (): string => termsText(backward, edges);
    yield {
      faults: ({ name, value }) => (value < 0 ? [] : [timesTerms(name, terms)]),
      cost: COST,
      // once more
      change: () => ({ removed: new Set(), added: edges.map((edge) => ({ ...edge })) }),
      present: 1,
    };
  }
}

function timesTerms(factor: number | string, terms: () => string): Fault {
  return {
    cause: "constant-factor",
    details: () => ({ factor, term: terms() }),
    say: (claim) =>
      `${claim} is computed with ${timesText(factor)} times the penalty's terms, ${terms()}: ${repair(factor)}, in these terms only`,
  };
}

function times({ graph }: Backward, edges: readonly Edge[], factor: number): Change {
  return replaced(edges, ({ clause }) => graph.multiply(graph.number(factor), clause.body));
}

function replaced(edges: readonly Edge[], bodyOf: (edge: Edge) => Expression): Change {
  const added = edges.map((edge) => ({ ...edge, clause: { ...edge.clause, body: bodyOf(edge) } }));
  return { removed: new Set(edges), added };
}

/** λ for λ·w. */
function withoutOwn({ graph }: Backward, { to, clause }: Edge): Expression {
  const own = graph.reference(to, clause.indices);
  return graph.transform(clause.body, (node) => (node === own ? graph.one : undefined));
}

function termsText(backward: Backward, edges: readonly Edge[]): string {
  return listed(edges.map((edge) => lineText(backward, edge)));
}

/** The lines of each penalty that several parameters have: by what they are a term of. */
function shared(backward: Backward): Edge[][] {
  const found = new Map<Quantity, Edge[]>();
  const lines = backward.model.params.flatMap((one) => backward.into(one));
  for (const edge of lines) {
    const { from, to } = edge;
    const own = backward.graph.reference(to, fullAxes(to.shape).indices);
    if (!penaltyOf(backward, edge, own)) continue;
    found.set(from, [...(found.get(from) ?? []), edge]);
  }
  return [...found.values()].filter((edges) => new Set(edges.map(({ to }) => to)).size > 1);
}
