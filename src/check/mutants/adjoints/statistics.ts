/**
 * Derivatives through statistics as people write them, in one line for each path: the normalised
 * quantity's derivative, its mean, its mean with a factor. Slips are made in one of the lines, or in all.
 */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape, type SizeValues } from "../../../expression/size.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { computedFrom, joinOf } from "../../pass/users.js";
import { modelText } from "../../explanations/words.js";
import { axisMutants } from "../lines/axes.js";
import { withConstantOutside } from "../forward/nodes.js";
import { compose } from "../lines/compositions.js";
import { alongEdge } from "../lines/along.js";
import { factorTwice, lostFactor, slopesIn } from "./whole-steps.js";
import { factored } from "../lines/factored.js";
import { summedLetters } from "../lines/line-sums.js";
import { factorText } from "../lines/line-text.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** More paths, or quantities on them, are not written in lines of their own. */
const MOST_PATHS = 8;
const MOST_BETWEEN = 6;

/** No mistake here costs less: most people differentiate such layers step by step. */
const LEAST = 2.05;
/** Slips in one of several lines cost more than those in single steps, and slips in all of them still more. */
const LINE = 0.2;
const ALL_LINES = 0.4;

export const STATISTIC_MUTANTS: Kind<Quantity> = {
  least: 2.05,
  make: ({ backward, sizes }, at) => statisticMutants(backward, at, sizes),
};

function* statisticMutants(backward: Backward, at: Quantity, sizes: SizeValues): Generator<Mutant> {
  const lines = linesThroughStatistics(backward, at);
  if (!lines) return;
  const removed = new Set(backward.into(at));
  const inPass = (changed: ReadonlyMap<Edge, Edge>): Change => ({
    removed,
    added: lines.map((line) => changed.get(line) ?? line),
  });
  // through two statistics, one of the other, comes what people know to be 0
  for (const line of lines.filter((one) => summedLetters(one).length < 2)) {
    for (const mutant of slipsIn(backward, line, sizes)) {
      yield {
        ...mutant,
        cost: Math.max(LEAST, mutant.cost + LINE),
        change: () => inPass(new Map([[line, mutant.change().added[0]!]])),
      };
    }
  }
  yield* inAllSums(backward, lines, sizes, inPass);
  yield* commonFactors(backward, at, lines, inPass);
}

/** One line from `end` for each path to `at`; undefined where no statistic lies between. */
function linesThroughStatistics(backward: Backward, at: Quantity): Edge[] | undefined {
  const end = endOfStatistics(backward, at);
  if (!end) return undefined;
  const linesTo = (quantity: Quantity): Edge[] | undefined => {
    const lines: Edge[] = [];
    for (const edge of backward.into(quantity)) {
      const before = edge.from === end ? [edge] : linesTo(edge.from);
      if (!before || lines.length + before.length > MOST_PATHS) return undefined;
      for (const line of before) {
        const whole = line === edge ? edge : compose(backward, line, edge);
        if (!whole) return undefined;
        lines.push(whole);
      }
    }
    return lines;
  };
  return linesTo(at)?.map((line) => {
    const body = backward.withNames(line.clause.body);
    return { ...line, clause: { ...line.clause, body } };
  });
}

/**
 * The last quantity of the same shape that all paths from another one lead through, statistics of it among
 * them. Undefined where there are none, or too many quantities on these paths.
 */
function endOfStatistics(backward: Backward, at: Quantity): Quantity | undefined {
  let end: Quantity | undefined;
  // Z − mean(Z) is not normalised yet: from there several paths lead on to a later quantity
  for (let one: Quantity | undefined = at; one && isBranch(backward, one);) {
    one = joinOf(backward, one);
    if (one && sameShape(one.shape, at.shape)) end = one;
  }
  if (!end) return undefined;
  const beyond = computedFrom(backward, end);
  const between = [...computedFrom(backward, at)].filter((one) => one !== end && !beyond.has(one));
  const isThroughStatistics = between.some(({ shape }) => shape.length < at.shape.length);
  return isThroughStatistics && between.length <= MOST_BETWEEN ? end : undefined;
}

function isBranch(backward: Backward, quantity: Quantity): boolean {
  return new Set(backward.into(quantity).map(({ from }) => from)).size > 1;
}

function* slipsIn(backward: Backward, line: Edge, sizes: SizeValues): Generator<Mutant> {
  yield* factored(backward, line, line.clause.body);
  yield* sumSlips(backward, line, sizes);
}

/** Slips in a sum: along another axis, or without its count. */
function* sumSlips(backward: Backward, line: Edge, sizes: SizeValues): Generator<Mutant> {
  yield* axisMutants(backward, line, sizes);
  const { graph } = backward;
  const { body } = line.clause;
  for (const { size } of summedLetters(line)) {
    const count = graph.size(size);
    yield {
      fault: faultAt(line.to, "constant-factor", () => {
        const [name, text] = [size.toString(), modelText(body)];
        return {
          factor: size.constant ?? name,
          what: `computed with a sum for a mean in ${text}: divide by ${name}`,
        };
      }),
      cost: 1.9,
      change: () => instead(line, graph.multiply(body, count)),
    };
  }
}

/** The same slip in every line that has one sum. */
function* inAllSums(
  backward: Backward,
  lines: readonly Edge[],
  sizes: SizeValues,
  inPass: (changed: ReadonlyMap<Edge, Edge>) => Change,
): Generator<Mutant> {
  const sums = lines.filter((line) => summedLetters(line).length === 1);
  if (sums.length < 2) return;
  const slips = sums.map((line) => [...sumSlips(backward, line, sizes)]);
  for (const [k, mutant] of slips[0]!.entries()) {
    const all = slips.flatMap((own) => own[k] ?? []);
    if (all.length < sums.length) continue;
    const which = sums.length === 2 ? "both" : `all ${sums.length}`;
    const say = (claim: string): string =>
      `the same mistake in ${which} sums: ${mutant.fault.say(claim)}`;
    yield {
      ...mutant,
      fault: { ...mutant.fault, say },
      cost: Math.max(LEAST, mutant.cost + ALL_LINES),
      change: () => inPass(new Map(sums.map((line, n) => [line, all[n]!.change().added[0]!]))),
    };
  }
}

/** A factor that all lines have, such as 1/s, left out of all or taken twice. */
function* commonFactors(
  backward: Backward,
  at: Quantity,
  lines: readonly Edge[],
  inPass: (changed: ReadonlyMap<Edge, Edge>) => Change,
): Generator<Mutant> {
  const { graph } = backward;
  const [first, ...others] = lines.map((line) =>
    slopesIn(backward, line).map((slope) => withoutPower(graph, slope)),
  );
  const common = (first ?? []).filter((slope) => others.every((all) => all.includes(slope)));
  for (const slope of new Set(common)) {
    const times = (by: Expression): Change =>
      inPass(
        new Map(
          lines.flatMap((line) => {
            const along = alongEdge(backward, line, by, at);
            if (!along) return [];
            const body = graph.multiply(line.clause.body, along);
            return [[line, { ...line, clause: { ...line.clause, body } }] as const];
          }),
        ),
      );
    const inverse = graph.integerPower(slope, -1);
    const lost = lostFactor(at, () => [modelText(slope), factorText(backward, at, slope)]);
    yield { fault: lost, cost: LEAST, change: () => times(inverse) };
    yield { fault: factorTwice(at, slope), cost: 2.1, change: () => times(slope) };
    const other = denominatorFor(backward, inverse);
    if (!other) continue;
    yield {
      fault: faultAt(at, "wrong-variable", () => {
        const [used, instead] = [other, inverse].map((one) => modelText(backward.withNames(one)));
        return {
          used: used!,
          instead: instead!,
          what: `divided by ${used!} where it should be by ${instead!}`,
        };
      }),
      cost: 2.1,
      change: () => times(graph.divide(inverse, other)),
    };
  }
}

/** √v + ε for the √(v + ε) that a quantity is. */
function denominatorFor(backward: Backward, node: Expression): Expression | undefined {
  if (node.kind !== "reference") return undefined;
  const body = backward.bodyAt(node.quantity, node.indices);
  return body && withConstantOutside(backward.graph, body);
}

/** u for u³, v/u for v²/u³. */
function withoutPower(graph: Graph, slope: Expression): Expression {
  if (slope.kind !== "product") return slope;
  const factors = slope.factors.map(({ base, exponent }) =>
    graph.integerPower(base, Math.sign(exponent)),
  );
  return graph.multiply(...factors);
}
