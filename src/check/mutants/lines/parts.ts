/**
 * Mistakes in what the derivation adds up, paths between definitions and terms inside a step: left
 * out, taken twice, with the wrong sign or a factor of their own.
 */
import type { Quantity } from "../../../expression/quantity.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { timesText, type Fault, repair } from "../../explanations/hypothesis.js";
import { computedFrom } from "../../pass/users.js";
import { isSummand, timesThrough } from "../../pass/summands.js";
import { adjointName, modelText } from "../../explanations/words.js";
import { summedLetters } from "./line-sums.js";
import { lineText } from "./line-text.js";
import { termsOf } from "./partitions.js";
import { once } from "../../once.js";
import { faultAt, type Mutant, type Probe } from "../mutant.js";
import { signed, wrongSignAt } from "../signed.js";
import type { Kind } from "../family.js";

interface Part {
  /** What the part is, such as `the path through z2`. */
  readonly term: () => string;
  readonly edges: readonly Edge[];
  readonly at: Quantity;
  /** Whether it is whole lines of the pass, not terms of one. */
  readonly isWhole: boolean;
  /** Whether it is one of several terms, so that leaving it out leaves something. */
  readonly isOneOfSeveral: boolean;
  /** Whether it is all that comes through a quantity, and no term of a line. */
  readonly isPath: boolean;
  /** What it costs to take it for a part that may be forgotten. */
  readonly cost: number;
}

export const PART_MUTANTS: Kind<Edge> = {
  least: 1.1,
  make: ({ backward }, edge) => partMutants(backward, edge),
};

function* partMutants(backward: Backward, edge: Edge): Generator<Mutant> {
  for (const part of parts(backward, edge)) yield* mistakes(backward, part);
  const mirrored = mirroredTerms(backward, edge);
  if (mirrored) {
    yield withFactor(backward, mirrored, 1 / 2);
    yield withFactor(backward, mirrored, 2);
  }
}

/**
 * Both terms of the derivative of xᵀAx, A·x and Aᵀ·x, which are one with a 2 before it where A is
 * symmetric; undefined for a line that is not the first of such a pair.
 */
function mirroredTerms(backward: Backward, edge: Edge): Part | undefined {
  const { graph } = backward;
  const same = backward.into(edge.to).filter(({ from }) => from === edge.from);
  const used = (one: Edge): string =>
    references([one.clause.body])
      .map(({ quantity }) => quantity.name)
      .sort()
      .join(" ");
  const own = used(edge);
  const [other] = same.slice(same.indexOf(edge) + 1).filter((one) => used(one) === own);
  if (own === "" || !other) return undefined;
  const edges = [edge, other];
  const terms = edges.map((one) =>
    graph.sumOver(summedLetters(one), backward.withNames(one.clause.body)),
  );
  return {
    term: once(() => modelText(graph.add(...terms))),
    edges,
    at: edge.to,
    isWhole: true,
    isOneOfSeveral: true,
    isPath: false,
    cost: 1.2,
  };
}

export function* partProbes(backward: Backward, edge: Edge): Generator<Probe> {
  for (const part of parts(backward, edge)) {
    const { isOneOfSeveral } = part;
    if (!isOneOfSeveral) {
      if (isOfLoss(backward, part)) yield factorOfLoss(backward, part);
      continue;
    }
    yield {
      faults: ({ name }) => [name === -1 ? wrongSign(part) : timesTerm(part, name)],
      cost: part.cost + 0.1,
      change: () => adding(backward, part, 1),
      present: 1,
    };
  }
}

function* parts(backward: Backward, edge: Edge): Generator<Part> {
  const { from, to } = edge;
  const siblings = backward.into(to);
  const same = siblings.filter((one) => one.from === from);
  const isLoss = from === backward.model.loss;
  if (same[0] === edge && same.length > 1 && siblings.length > same.length) {
    yield {
      term: () =>
        isLoss ? `what comes from ${from.name} itself` : `the path through ${from.name}`,
      edges: same,
      at: to,
      isWhole: true,
      isOneOfSeveral: true,
      isPath: true,
      cost: 1.6,
    };
  }
  const isPath = same.length === 1 && !isLoss;
  const term = once(() => (isPath ? pathText(backward, edge) : lineText(backward, edge)));
  const isOneOfSeveral = siblings.length > 1;
  yield { term, edges: [edge], at: to, isWhole: true, isOneOfSeveral, isPath, cost: 1.6 };
  for (const one of termsOf(backward, edge)) {
    const own = { ...edge, clause: { ...edge.clause, body: one } };
    yield {
      term: once(() => lineText(backward, own)),
      edges: [own],
      at: to,
      isWhole: false,
      isOneOfSeveral: true,
      isPath: false,
      cost: edge.clause.body.kind === "sum" ? 1.6 : 1.9,
    };
  }
}

/** `the path through z`: where another one comes through z, too, with what this one adds. */
function pathText(backward: Backward, edge: Edge): string {
  const { from, to } = edge;
  const isShared = backward
    .into(to)
    .some((other) => other.from !== from && computedFrom(backward, other.from).has(from));
  return isShared
    ? `the path straight from ${from.name}, ${lineText(backward, edge)}`
    : `the path through ${from.name}`;
}

/** A part added so many times to what is there. */
function adding(backward: Backward, { edges }: Part, times: number): Change {
  return { removed: new Set(), added: scaled(backward, edges, times) };
}

/** A part with a factor: whole lines are replaced, so that other mistakes in them have it too. */
function times(backward: Backward, part: Part, factor: number): Change {
  if (!part.isWhole) return adding(backward, part, factor - 1);
  const added = factor === 0 ? [] : scaled(backward, part.edges, factor);
  return { removed: new Set(part.edges), added };
}

function scaled({ graph }: Backward, edges: readonly Edge[], factor: number): Edge[] {
  return edges.map((edge) => {
    const body = graph.multiply(graph.number(factor), edge.clause.body);
    return { ...edge, clause: { ...edge.clause, body } };
  });
}

function mistakes(backward: Backward, part: Part): Mutant[] {
  const { at, term, isOneOfSeveral, cost } = part;
  if (!isOneOfSeveral) {
    return [
      ...(isOfLoss(backward, part) ? factorsOfLoss(backward, part) : []),
      {
        fault: faultAt(at, "missing-term", () => ({
          term: term(),
          what: `0: ${term()} is left out altogether`,
        })),
        cost: cost + 0.2,
        change: () => times(backward, part, 0),
      },
      {
        fault: negative(backward, at),
        cost: 1.1,
        change: () => times(backward, part, -1),
      },
    ];
  }
  return [
    {
      fault: faultAt(at, "missing-term", () => ({
        term: term(),
        what: `the right gradient with one term left out: add ${term()}`,
      })),
      cost: isPathAmongOthers(backward, at) ? cost + BEHIND : cost,
      change: () => times(backward, part, 0),
    },
    hasNumber(part) ? withFactor(backward, part, 2) : countedTwice(backward, part),
    {
      fault: wrongSign(part),
      cost: cost + 0.1,
      change: () => times(backward, part, -1),
    },
  ];
}

/** What more a term costs than the path that it is all of. */
const BEHIND = 0.02;

/**
 * Whether a derivative goes on as one path among others: where its other terms vanish, as those of a mean do in a
 * normalisation, the path as a whole was left out.
 */
function isPathAmongOthers(backward: Backward, quantity: Quantity): boolean {
  const [user, ...others] = backward.outOf(quantity);
  return user !== undefined && others.length === 0 && backward.into(user.to).length > 1;
}

/** A wrong sign; of what one line alone uses, and subtracts, the sign may be missing there as well. */
function negative(backward: Backward, at: Quantity): Fault {
  const fault = wrongSignAt(at);
  const [user, ...others] = backward.outOf(at);
  if (!user || others.length > 0 || !isSubtracted(user)) return fault;
  const where = `, or subtract it in ${adjointName(user.to)}`;
  return {
    ...fault,
    say: (claim) => `${fault.say(claim)}${claim === adjointName(at) ? "" : where}`,
  };
}

function isSubtracted({ clause: { body } }: Edge): boolean {
  return body.kind === "product" && body.coefficient.valueOf() < 0;
}

function countedTwice(backward: Backward, part: Part): Mutant {
  const { at, term, cost } = part;
  return {
    fault: faultAt(at, "extra-term", () => ({
      term: term(),
      what: `the right gradient with one term counted twice: ${term()}`,
    })),
    cost: cost + 0.3,
    change: () => times(backward, part, 2),
  };
}

/** Whether a part is one term with a number before it: twice ½u is u, whose ½ was lost. */
function hasNumber({ edges, isPath }: Part): boolean {
  const [edge, ...others] = edges;
  const { body } = edge!.clause;
  return (
    !isPath && others.length === 0 && body.kind === "product" && !body.coefficient.abs().equals(1)
  );
}

/** A term with another number before it. */
function withFactor(backward: Backward, part: Part, factor: number): Mutant {
  return {
    fault: timesTerm(part, factor),
    cost: part.cost + 0.3,
    change: () => times(backward, part, factor),
  };
}

/** A path says itself what it is; a line is called a term. */
function named({ isPath, term }: Part): string {
  return isPath ? term() : `the term ${term()}`;
}

function timesTerm(part: Part, factor: number | string): Fault {
  const { at, term } = part;
  return faultAt(at, "constant-factor", () => ({
    factor,
    term: term(),
    what: `computed with ${timesText(factor)} times ${named(part)}: ${repair(factor)}, in that ${part.isPath ? "path" : "term"} only`,
  }));
}

function wrongSign({ at, term }: Part): Fault {
  return faultAt(at, "sign", () => ({
    term: term(),
    what: `computed with the wrong sign before ${term()}`,
  }));
}

function isOfLoss({ model }: Backward, { edges }: Part): boolean {
  return edges.every(({ from }) => from === model.loss);
}

/** The same with a factor that the numbers tell, as the N of a mean that was left out beside a penalty. */
function factorOfLoss(backward: Backward, part: Part): Probe {
  return {
    faults: (factor) => signed(part.at, factor, (name) => timesOfLoss(backward, part, name)),
    cost: 1.2,
    change: () => adding(backward, part, 1),
    present: 1,
  };
}

/** The derivative of the loss with a factor: all that follows has it, what comes beside it has not. */
function factorsOfLoss(backward: Backward, part: Part): Mutant[] {
  return [2, 1 / 2].map((factor) => ({
    fault: timesOfLoss(backward, part, factor),
    cost: 1.3,
    change: () => times(backward, part, factor),
  }));
}

function timesOfLoss(backward: Backward, { at }: Part, factor: number | string): Fault {
  if (isSummand(backward, at)) return timesThrough(backward, at, factor);
  return faultAt(at, "constant-factor", () => {
    const what = `${timesText(factor)} times the right gradient: ${repair(factor)}`;
    return { factor, what };
  });
}
