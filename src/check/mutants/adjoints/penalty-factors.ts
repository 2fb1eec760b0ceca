/** A penalty of several parameters left out, or with another factor than it has, in all of their derivatives alike. */
import type { Expression } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { fullAxes } from "../../../expression/definition.js";
import { listed } from "../../../language/words.js";
import { references } from "../../../expression/walk.js";
import { isMinus } from "../../explanations/factors.js";
import { type Fault, magnitude, repair, timesText } from "../../explanations/hypothesis.js";
import { adjointName, modelText } from "../../explanations/words.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { lineText } from "../lines/line-text.js";
import type { Cause, FaultDetails } from "../../result.js";
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
    const told = teller(backward, edges);
    yield {
      fault: told("missing-term", (term) => `computed without the penalty's term ${term}: add it`),
      cost: LOST_COST,
      change: () => ({ removed: new Set(edges), added: [] }),
    };
    yield {
      fault: wrongSign(told),
      cost: SIGN_COST,
      change: () => times(backward, edges, -1),
    };
    for (const factor of [2, 1 / 2]) {
      yield {
        fault: timesTerms(told, factor),
        cost: TIMES_COST,
        change: () => times(backward, edges, factor),
      };
    }
    const weightless = edges.map((edge) => withoutOwn(backward, edge));
    if (weightless.some((rest) => !rest)) continue;
    const factorOf = (edge: Edge): string =>
      modelText(backward.graph.divide(edge.clause.body, weightless[edges.indexOf(edge)]!));
    yield {
      fault: told("missing-factor", (term, edge) => {
        const factor = factorOf(edge);
        return `computed without the factor ${factor} in the penalty's term ${term}: multiply by it there`;
      }),
      cost: WEIGHTLESS_COST,
      change: () => replaced(edges, (edge) => weightless[edges.indexOf(edge)]!),
    };
  }
}

/** λ/N for λ: one number in the lines of all decayed weights. */
export function* penaltyProbes(backward: Backward): Generator<Probe> {
  for (const edges of shared(backward)) {
    const told = teller(backward, edges);
    yield {
      faults: (factor) => {
        const sign = factor.value < 0 ? [wrongSign(told)] : [];
        return isMinus(factor) ? sign : [...sign, timesTerms(told, magnitude(factor))];
      },
      cost: COST,
      // once more
      change: () => ({ removed: new Set(), added: edges.map((edge) => ({ ...edge })) }),
      present: 1,
    };
  }
}

/** Tells a mistake of each derivative by its own term. */
type Teller = (
  cause: Cause,
  what: (term: string, edge: Edge) => string,
  more?: FaultDetails,
) => Fault;

function teller(backward: Backward, edges: readonly Edge[]): Teller {
  const places = [...new Set(edges.map(({ to }) => to))];
  return (cause, what, more = {}) => ({
    cause,
    details: () => ({ ...more, term: listed(edges.map((edge) => lineText(backward, edge))) }),
    firstIn: places.map(({ name }) => name),
    say: (claim) => {
      const own = edges.filter(({ to }) => adjointName(to) === claim);
      const about = own.length > 0 ? own : edges;
      const sentence = about.map((edge) => what(lineText(backward, edge), edge)).join("; ");
      const others = places.map((place) => adjointName(place)).filter((name) => name !== claim);
      const [have, their] = others.length > 1 ? ["have", "their terms"] : ["has", "its term"];
      return `${claim} is ${sentence}; ${listed(others)} ${have} the same mistake in ${their}`;
    },
  });
}

function wrongSign(told: Teller): Fault {
  return told("sign", (term) => `computed with the wrong sign before the penalty's term ${term}`);
}

function timesTerms(told: Teller, factor: number | string): Fault {
  const what = (term: string): string =>
    `computed with ${timesText(factor)} times the penalty's term ${term}: ${repair(factor)}, in that term only`;
  return told("constant-factor", what, { factor });
}

function times({ graph }: Backward, edges: readonly Edge[], factor: number): Change {
  return replaced(edges, ({ clause }) => graph.multiply(graph.number(factor), clause.body));
}

function replaced(edges: readonly Edge[], bodyOf: (edge: Edge) => Expression): Change {
  const added = edges.map((edge) => ({ ...edge, clause: { ...edge.clause, body: bodyOf(edge) } }));
  return { removed: new Set(edges), added };
}

/** λ for λ·w, 4λ for 4λ·w³; undefined for a sum of several terms. */
function withoutOwn({ graph }: Backward, { to, clause: { body } }: Edge): Expression | undefined {
  const isOwn = (node: Expression): boolean =>
    references([node]).some(({ quantity }) => quantity === to);
  if (body.kind !== "product") return body.kind === "reference" ? graph.one : undefined;
  const rest = body.factors.filter(({ base }) => !isOwn(base));
  return graph.multiply(
    graph.number(body.coefficient),
    ...rest.map(({ base, exponent }) => graph.integerPower(base, exponent)),
  );
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
