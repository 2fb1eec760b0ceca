/** Graphs of scalars as a whole: how often each value stands in the code, and what need not be computed always. */
import { postorder } from "../../expression/walk.js";
import type { Scalar } from "./scalar.js";
import type { Unrolled } from "./unroll.js";

/** The loss and what is stored. */
export function rootsOf({ stores, loss }: Unrolled): readonly [Scalar, ...Scalar[]] {
  return [loss, ...stores.map(({ value }) => value)];
}

/** What the roots need, operands first and right before what needs them: few values live at a time. */
export function reachable(roots: readonly Scalar[]): readonly Scalar[] {
  return postorder(roots, ({ operands }) => operands);
}

/** How often each value stands in the code; values that cross into another stage count as often used. */
export function countUses(unrolled: Unrolled): ReadonlyMap<Scalar, number> {
  const { stores, loss, loop } = unrolled;
  const uses = new Map<Scalar, number>([[loss, 1]]);
  const add = (value: Scalar, times: number): void => {
    uses.set(value, (uses.get(value) ?? 0) + times);
  };
  for (const node of reachable(rootsOf(unrolled))) {
    for (const [position, operand] of node.operands.entries()) {
      const crosses = loop && operand.stage !== node.stage && node.kind !== "total";
      // a row's code may name an operand several times
      const isRepeated = node.kind === "apply" || (node.kind === "select" && position === 0);
      add(operand, crosses ? Infinity : isRepeated ? 2 : 1);
    }
  }
  for (const { value } of stores) add(value, loop && value.stage !== "after" ? Infinity : 1);
  return uses;
}

/**
 * What is computed only where a mask is 1: what stands in a selection and nowhere else.
 * @param nodes operands first
 * @param isApart whether a value is computed with others, elsewhere
 */
export function guardedNodes(
  nodes: readonly Scalar[],
  uses: ReadonlyMap<Scalar, number>,
  isApart: (node: Scalar) => boolean,
): ReadonlySet<Scalar> {
  const found = new Set<Scalar>();
  for (const node of nodes.toReversed()) {
    for (const [position, operand] of node.operands.entries()) {
      const isInside = found.has(node) || (node.kind === "select" && position === 1);
      if (isInside && uses.get(operand) === 1 && !isApart(operand)) found.add(operand);
    }
  }
  return found;
}

/** Half of a network's units are off. */
const CHANCE_OF_ONE = 0.5;

/**
 * The operations that a graph takes: each node once, those inside a loop in every round, and those that a mask
 * of 0 skips half a time.
 * @param costly how many operations a transcendental function counts for
 */
export function operationsOf(unrolled: Unrolled, costly = 1): number {
  const nodes = reachable(rootsOf(unrolled));
  const guarded = guardedNodes(nodes, countUses(unrolled), () => false);
  let count = 0;
  for (const node of nodes) {
    const { kind, stage } = node;
    if (kind === "number" || kind === "load" || kind === "negate") continue;
    const rounds = stage === "inside" || kind === "total" ? (unrolled.loop?.length ?? 1) : 1;
    const chance = guarded.has(node) ? CHANCE_OF_ONE : 1;
    count += chance * rounds * (node.kind === "apply" && node.operation.costly ? costly : 1);
  }
  return count;
}

/** Whether more values come from transcendental functions than from masks. */
export function isMostlyCurved(unrolled: Unrolled): boolean {
  const nodes = reachable(rootsOf(unrolled));
  const curved = nodes.filter((node) => node.kind === "apply" && node.operation.costly).length;
  return curved > nodes.filter(({ kind }) => kind === "select").length;
}
