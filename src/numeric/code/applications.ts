/**
 * Fast functions in straight-line code. V8 inlines such a function in a few places of the code only; a
 * call that it does not inline would allocate its result. So where there are many applications, those
 * that do not depend on each other are done together, in a loop over an array.
 */
import type { Operation } from "../../expression/operations/operation.js";
import type { ApplyScalar, Scalar, Stage } from "./scalar.js";

/** Applications of one function that are done in one loop. */
export interface Application {
  readonly operation: Operation;
  readonly stage: Stage;
  /** In the order in which they stand in the array. */
  readonly members: readonly ApplyScalar[];
  readonly operands: readonly Scalar[];
  /** Where the first of them stands in the array. */
  readonly from: number;
}

/** The array in which operands stand, and then values: names of quantities have a prefix. */
export const APPLIED = "applied";

/** So many applications are inlined one by one. */
const MOST_INLINED = 3;

/**
 * @param nodes all that is computed, operands first
 * @returns for every application that is done in a loop, those that are done with it
 */
export function applications(nodes: readonly Scalar[]): ReadonlyMap<Scalar, Application> {
  const fast = nodes.filter((node) => node.kind === "apply" && isFast(node)) as ApplyScalar[];
  const byNode = new Map<Scalar, Application>();
  if (fast.length <= MOST_INLINED) return byNode;
  const depths = depthsOf(nodes);
  const groups = new Map<string, ApplyScalar[]>();
  for (const node of fast) {
    // of one depth none depends on another
    const key = `${node.operation.name} ${depths.get(node)!} ${node.stage}`;
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  let from = 0;
  for (const members of groups.values()) {
    const [{ operation, stage }] = members as [ApplyScalar];
    const operands = members.flatMap((member) => member.operands);
    for (const member of members) byNode.set(member, { operation, stage, members, operands, from });
    from += members.length;
  }
  return byNode;
}

/** The largest number of fast functions, one inside the other, in each node. */
function depthsOf(nodes: readonly Scalar[]): ReadonlyMap<Scalar, number> {
  const depths = new Map<Scalar, number>();
  for (const node of nodes) {
    const below = node.operands.reduce((most, one) => Math.max(most, depths.get(one)!), 0);
    depths.set(node, below + Number(node.kind === "apply" && isFast(node)));
  }
  return depths;
}

function isFast({ operation }: ApplyScalar): boolean {
  return operation.fast !== undefined;
}
