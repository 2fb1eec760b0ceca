/**
 * Fast functions in straight-line code. V8 inlines such a function in a few places of the code only; a
 * call that it does not inline would allocate its result. So where there are many applications, those
 * that do not depend on each other are done together, over an array: in WebAssembly by pairs, or in a loop.
 */
import type { Operation } from "../../expression/operations/operation.js";
import { isApplied, MOST_OPERANDS } from "../wasm/applier.js";
import type { ApplyScalar, Scalar, Stage } from "./scalar.js";

/** Applications of one function that are done together. */
export interface Application {
  readonly operation: Operation;
  readonly stage: Stage;
  /** In the order in which they stand in the array. */
  readonly members: readonly ApplyScalar[];
  /** Where in the array the first operand of the first of them stands, and then its value. */
  readonly from: number;
  /** How far apart the operands of one of them stand: `members.length`, rounded up to pairs. */
  readonly run: number;
  /** In WebAssembly, or else in a loop. */
  readonly isPaired: boolean;
}

/** The applications that are done together, by each member, and the length of the array in which they are. */
export interface Applications {
  readonly byMember: ReadonlyMap<Scalar, Application>;
  readonly length: number;
}

/** The array in which operands stand, and then values: names of quantities have a prefix. */
export const APPLIED = "applied";

/** So many applications are inlined one by one. */
const MOST_INLINED = 3;

/** So many applications pay for a call: 3 sigmoids take 3 ns longer so. */
const LEAST_PAIRED = 4;

/**
 * @param nodes all that is computed, operands first
 * @param mayPair whether WebAssembly may be called
 */
export function applications(nodes: readonly Scalar[], mayPair: boolean): Applications {
  const isGrouped = ({ operation }: ApplyScalar): boolean =>
    operation.fast !== undefined || (mayPair && isApplied(operation));
  const groups = grouped(nodes, isGrouped);
  const hasRoom = groups.reduce((total, group) => total + lengthOf(group), 0) <= MOST_OPERANDS;
  const isPaired = (group: Group): boolean =>
    mayPair && hasRoom && isApplied(group[0].operation) && group.length >= LEAST_PAIRED;
  const looped = groups.filter((group) => !isPaired(group) && group[0].operation.fast);
  const isInlined = looped.flat().length <= MOST_INLINED;
  const byMember = new Map<Scalar, Application>();
  let from = 0;
  for (const members of groups) {
    const paired = isPaired(members);
    const [{ operation, stage }] = members;
    if (!paired && (isInlined || !operation.fast)) continue;
    const run = runOf(members);
    const application = { operation, stage, members, from, run, isPaired: paired };
    for (const member of members) byMember.set(member, application);
    from += lengthOf(members);
  }
  return { byMember, length: from };
}

function runOf({ length }: Group): number {
  return length + (length % 2);
}

/** Of the part of the array in which a group stands. */
function lengthOf(group: Group): number {
  return runOf(group) * group[0].operation.operands.length;
}

type Group = readonly [ApplyScalar, ...ApplyScalar[]];

/** Applications of one function at one stage, none of which depends on another. */
function grouped(
  nodes: readonly Scalar[],
  isGrouped: (node: ApplyScalar) => boolean,
): readonly Group[] {
  const groups = new Map<string, [ApplyScalar, ...ApplyScalar[]]>();
  /** The largest number of grouped functions, one inside the other, in each node. */
  const depths = new Map<Scalar, number>();
  for (const node of nodes) {
    const below = node.operands.reduce((most, one) => Math.max(most, depths.get(one)!), 0);
    const isMember = node.kind === "apply" && isGrouped(node);
    depths.set(node, below + Number(isMember));
    if (!isMember) continue;
    const key = `${node.operation.name} ${below} ${node.stage}`;
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return [...groups.values()];
}
