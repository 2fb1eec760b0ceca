/** The largest of several, as max pooling has it, taken for their mean, their sum, the smallest, the first, or with its slopes changed over. */
import type { Definition } from "../../../expression/definition.js";
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index, type Letter } from "../../../expression/indices.js";
import { maximum, minimum } from "../../../expression/operations/piecewise.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward, Change } from "../../pass/backward.js";
import { combined } from "../../pass/changes.js";
import { modelText } from "../../explanations/words.js";
import { forwardFault } from "../forward-fault.js";
import { faultAt, type Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import { dependsOnQuantities } from "../variant.js";
import type { Kind } from "../family.js";

/** Every maximum or minimum of a definition taken for something else. */
export const MISTAKEN_MAXIMA: Kind<Definition> = {
  least: 1.6,
  make: ({ backward }, definition) => mistakenMaxima(backward, definition),
};

function mistakenMaxima(backward: Backward, definition: Definition): Iterable<Mutant> {
  const [pool] = poolsIn([definition]);
  return pool ? mistaken(backward, pool, [pool]) : [];
}

/** The same slip in all of several definitions. */
export function* repeatedMaxima(
  backward: Backward,
  definitions: readonly Definition[],
): Generator<Mutant> {
  const pools = poolsIn(definitions);
  const [first, ...others] = pools;
  if (!first || others.length === 0) return;
  const places = `in ${pools.length} places (${pools.map(({ definition }) => definition.quantity.name).join(", ")})`;
  for (const mutant of mistaken(backward, first, pools)) {
    const { fault } = mutant;
    const say = (claim: string): string => `the same mistake ${places}: ${fault.say(claim)}`;
    yield { ...mutant, fault: { ...fault, say }, cost: mutant.cost + AGAIN };
  }
}

function poolsIn(definitions: readonly Definition[]): Pool[] {
  return definitions.flatMap((definition): Pool[] => {
    const bodies = definition.clauses.map(({ body }) => body);
    const nodes = postorder(bodies, (one: Expression) => one.children);
    const choice = nodes.find((node) => operandsOf(node) !== undefined);
    return choice ? [{ definition, choice, text: modelText(choice) }] : [];
  });
}

/** What it costs that the slip was made in several definitions. */
const AGAIN = 0.15;

/** A definition with a maximum or a minimum, and how that is written. */
interface Pool {
  readonly definition: Definition;
  readonly choice: Expression;
  readonly text: string;
}

/** What stands in place of a node; undefined where it is no choice. */
type Made = (graph: Graph, node: Expression) => Expression | undefined;

/** @param pools those that are changed; sentences are about the one before */
function* mistaken(
  backward: Backward,
  { definition: { quantity }, choice, text: instead }: Pool,
  pools: readonly Pool[],
): Generator<Mutant> {
  const { graph } = backward;
  const others = (made: Made): Definition[] =>
    pools.map(({ definition }) => rewritten(graph, definition, (node) => made(graph, node)));
  const backwardOf = (made: Made) => (): Change =>
    combined(others(made).map((one) => backward.changeOf(one)));
  const targets = new Set(backward.outOf(quantity).map(({ to }) => to));
  const [at] = targets.size === 1 ? targets : [];
  const mask = `the mask of the entry that ${instead} takes`;
  yield {
    fault: faultAt(at, "wrong-function", () => ({
      used: "the mean",
      instead,
      what: `computed with the derivative of a mean, equal shares for all, where ${instead} gives everything to one: multiply by ${mask}`,
    })),
    cost: 1.9,
    change: backwardOf(meanOf),
  };
  yield {
    fault: faultAt(at, "missing-factor", () => ({
      factor: mask,
      what: `the right gradient with ${mask} left out: the others get nothing`,
    })),
    cost: 1.6,
    change: backwardOf(sumOf),
  };
  yield {
    fault: forwardFault(quantity, "wrong-function", () => ({
      used: "the mean",
      instead,
      what: `means in place of ${instead}`,
    })),
    cost: 2.2,
    change: () => combined(others(meanOf).map((one) => backward.redefinition(one))),
  };
  const exchanged = exchangedOf(graph, choice);
  if (exchanged) {
    yield {
      fault: faultAt(at, "wrong-function", () => {
        const used = modelText(exchanged);
        const what = `computed with the derivative of ${used}, where ${instead} belongs: the slopes of its two sides are changed over`;
        return { used, instead, what };
      }),
      cost: 1.7,
      change: backwardOf(exchangedOf),
    };
  }
  for (const [used, made] of [
    ["the opposite", oppositeOf],
    ["the first", firstOf],
  ] as const) {
    yield {
      fault: faultAt(at, "wrong-function", () => ({
        used,
        instead,
        what: `computed as if ${used} entry were the one that ${instead} takes: multiply by ${mask}`,
      })),
      cost: 2,
      change: backwardOf(made),
    };
  }
}

/** The smallest for the largest. */
function oppositeOf(graph: Graph, node: Expression): Expression | undefined {
  if (!operandsOf(node)) return undefined;
  if (node.kind === "apply") {
    const other = node.operation === maximum ? minimum : maximum;
    const children = node.children.map((child) => oppositeOf(graph, child) ?? child);
    return graph.apply(other, ...children);
  }
  if (node.kind !== "reduce") return undefined;
  const other = node.reduction === "max" ? "min" : "max";
  return graph.reduce(other, node.letter, oppositeOf(graph, node.body) ?? node.body);
}

/** max(b·u, −a·u) for max(a·u, −b·u), a loss of quantiles: a for what is above, b for what is below. */
function exchangedOf(graph: Graph, node: Expression): Expression | undefined {
  if (node.kind !== "apply" || !operandsOf(node)) return undefined;
  const [left, right] = node.children.map((child) => graph.splitCoefficient(child));
  if (!left || !right || left[1] !== right[1]) return undefined;
  const [[above, operand], [below]] = [left, right];
  // where the slopes are those of |u|, or rise both, there is nothing to change over
  if (above.s * below.s >= 0n || above.abs().equals(below.abs())) return undefined;
  const [first, second] = [below, above].map((slope) => graph.scale(slope.neg(), operand));
  return graph.apply(node.operation, first!, second!);
}

function firstOf(graph: Graph, node: Expression): Expression | undefined {
  const {
    entries: [entry],
    letters,
  } = operandsOf(node) ?? { entries: [], letters: [] };
  const first = new Map(letters.map(({ key }) => [key, Index.number(0)]));
  return entry && graph.substitute(entry, first);
}

function meanOf(graph: Graph, node: Expression): Expression | undefined {
  const operands = operandsOf(node);
  if (!operands) return undefined;
  const { entries, letters } = operands;
  const counts = [graph.number(entries.length), ...letters.map(({ size }) => graph.size(size))];
  return graph.divide(totalOf(graph, operands), graph.multiply(...counts));
}

function sumOf(graph: Graph, node: Expression): Expression | undefined {
  const operands = operandsOf(node);
  return operands && totalOf(graph, operands);
}

function totalOf(graph: Graph, { letters, entries }: Operands): Expression {
  return graph.sumOver(letters, graph.add(...entries));
}

/** What a maximum or a minimum chooses among: entries, for all values of letters. */
interface Operands {
  readonly letters: readonly Letter[];
  readonly entries: readonly Expression[];
}

/** Undefined for what is no choice among several quantities; max(max(a, b), max(c, d)) has four. */
function operandsOf(node: Expression): Operands | undefined {
  if (node.kind === "reduce" && (node.reduction === "max" || node.reduction === "min")) {
    const letters = [node.letter];
    let { body } = node;
    while (body.kind === "reduce" && body.reduction === node.reduction) {
      letters.push(body.letter);
      ({ body } = body);
    }
    return { letters, entries: [body] };
  }
  if (node.kind !== "apply" || !(node.operation === maximum || node.operation === minimum)) {
    return undefined;
  }
  const entries = leavesOf(node);
  return entries.every(dependsOnQuantities) ? { letters: [], entries } : undefined;
}

function leavesOf(node: ApplyNode): Expression[] {
  return node.children.flatMap((child) =>
    child.kind === "apply" && child.operation === node.operation ? leavesOf(child) : [child],
  );
}
