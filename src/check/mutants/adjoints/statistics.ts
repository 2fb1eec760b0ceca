/**
 * Derivatives through statistics as people write them, in one line for each path: the normalised
 * quantity's derivative, its mean, its mean with a factor. Slips are made in one of the lines, or in all.
 */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index, letter, type Letter } from "../../../expression/indices.js";
import type { Quantity } from "../../../expression/quantity.js";
import type { SizeValues } from "../../../expression/size.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { axisMutants } from "../lines/axes.js";
import { withConstantOutside } from "../forward/nodes.js";
import { alongEdge } from "../lines/along.js";
import { factorTwice, lostFactor, slopesIn } from "./whole-steps.js";
import { factored } from "../lines/factored.js";
import { summedLetters } from "../lines/line-sums.js";
import { factorText, lineText } from "../lines/line-text.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";
import { linesThroughStatistics, type StatisticLines } from "./statistic-lines.js";

/** No mistake here costs less: most people differentiate such layers step by step. */
const LEAST = 2.05;
/** Slips in one of several lines cost more than those in single steps, and slips in all of them still more. */
const LINE = 0.2;
const ALL_LINES = 0.4;

/** By so many powers of a statistic a line may be out. */
const POWERS: readonly number[] = [-2, -1, 1, 2];
const OTHER_POWER = 2.1;
/** The term of a mean that is not taken away. */
const UNCENTRED = 2.2;

export const STATISTIC_MUTANTS: Kind<Quantity> = {
  least: 2.05,
  make: ({ backward, sizes }, at) => statisticMutants(backward, at, sizes),
};

function* statisticMutants(backward: Backward, at: Quantity, sizes: SizeValues): Generator<Mutant> {
  for (const through of linesThroughStatistics(backward, at)) {
    yield* slipsThrough(backward, at, through, sizes);
  }
}

function* slipsThrough(
  backward: Backward,
  at: Quantity,
  through: StatisticLines,
  sizes: SizeValues,
): Generator<Mutant> {
  const { lines } = through;
  const removed = new Set(through.edges);
  const inPass = (changed: ReadonlyMap<Edge, Edge>, more: readonly Edge[] = []): Change => ({
    removed,
    added: [...lines.map((line) => changed.get(line) ?? line), ...more],
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
  if (through.isAll) yield* commonFactors(backward, at, lines, inPass);
  yield* uncentred(backward, at, through, inPass);
}

function* slipsIn(backward: Backward, line: Edge, sizes: SizeValues): Generator<Mutant> {
  yield* factored(backward, line, line.clause.body, true);
  yield* otherPowers(backward, line);
  yield* sumSlips(backward, line, sizes);
}

/** A power of a statistic that a line is divided by, other than the right one: /r³ for /r. */
function* otherPowers(backward: Backward, line: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { body } = line.clause;
  if (body.kind !== "product") return;
  for (const { base, exponent } of body.factors) {
    if (exponent >= 0 || base.kind !== "reference" || base.quantity.of) continue;
    for (const power of POWERS) {
      // not at all, and twice, are slips of any factor
      if (power === -exponent || power === exponent || exponent + power > 0) continue;
      const by = graph.integerPower(base, power);
      const slip = instead(line, graph.multiply(body, by));
      yield {
        fault: faultAt(line.to, power < 0 ? "extra-factor" : "missing-factor", () => {
          const factor = modelText(power < 0 ? by : graph.integerPower(by, -1));
          const [used, right] = [...slip.added, line].map((one) => lineText(backward, one));
          const how =
            power < 0
              ? `the factor ${factor} is one too many: leave it out`
              : `the factor ${factor} is left out`;
          return { factor, what: `computed with ${used!} where ${right!} belongs: ${how}` };
        }),
        cost: OTHER_POWER,
        change: () => slip,
      };
    }
  }
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

/** The term of a mean where a quantity is divided by its norm only: of a layer's norm for that of its mean square. */
function* uncentred(
  backward: Backward,
  at: Quantity,
  { end, lines }: StatisticLines,
  inPass: (changed: ReadonlyMap<Edge, Edge>, more: readonly Edge[]) => Change,
): Generator<Mutant> {
  const { graph } = backward;
  const direct = lines.filter((line) => summedLetters(line).length === 0);
  const [line] = direct;
  const [over, ...others] = new Set(
    lines.flatMap((one) => summedLetters(one).map(({ size }) => size.toString())),
  );
  if (!line || direct.length > 1 || others.length > 0) return;
  for (const [axis, { plain }] of line.clause.indices.entries()) {
    if (!plain || plain.size.toString() !== over) continue;
    const extra = minusMean(graph, line, plain);
    if (lines.some((one) => isSameLine(graph, one, extra))) return;
    yield {
      fault: faultAt(at, "extra-term", () => {
        const term = `mean(${lineText(backward, line)}, ${axis + 1})`;
        const right = `${end.name} is computed from ${at.name} without a mean taken away`;
        return { term, what: `computed with - ${term} added: ${right}, leave that term out` };
      }),
      cost: UNCENTRED,
      change: () => inPass(new Map(), [extra]),
    };
  }
}

/** −mean of a line along one of its axes. */
function minusMean(graph: Graph, line: Edge, along: Letter): Edge {
  const { clause } = line;
  const bound = letter("centred", along.size);
  const moved = graph.substitute(clause.body, new Map([[along.key, Index.of(bound)]]));
  const body = graph.negate(graph.divide(moved, graph.size(along.size)));
  return { ...line, clause: { ...clause, letters: [...clause.letters, bound], body } };
}

/** Whether two lines that sum over one letter are the same but for the names of their letters. */
function isSameLine(graph: Graph, one: Edge, other: Edge): boolean {
  const renaming = new Map<string, Index>();
  for (const [axis, { plain }] of one.clause.indices.entries()) {
    if (plain) renaming.set(plain.key, other.clause.indices[axis]!);
  }
  const [[own, ...more], [bound]] = [summedLetters(one), summedLetters(other)];
  if (own && bound && more.length === 0) renaming.set(own.key, Index.of(bound));
  return graph.substitute(one.clause.body, renaming) === other.clause.body;
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
