import { CONTENT, holds } from "./contents.js";
import type { Expression, ReduceNode } from "./expression.js";
import type { Letter } from "./indices.js";
import { isUnit } from "./rational.js";
import { postorder } from "./walk.js";

export function has(node: Expression, letter: Letter): boolean {
  for (const { key } of node.free) if (key === letter.key) return true;
  return false;
}

export function isZero(node: Expression): boolean {
  return node.kind === "number" && node.value.n === 0n;
}

export function isOne(node: Expression): boolean {
  return node.kind === "number" && isUnit(node.value);
}

/** Whether a delta on this letter stands in a node as a factor or in one of its terms. */
export function hasDelta(node: Expression, letter: Letter): boolean {
  switch (node.kind) {
    case "delta":
      return has(node, letter);
    case "product":
      return node.factors.some(({ base }) => base.kind === "delta" && has(base, letter));
    case "sum":
      return node.terms.some(({ term }) => hasDelta(term, letter));
    default:
      return false;
  }
}

/** Whether expressions have no kinks and no jumps: they are analytic wherever they are finite. */
export function isSmooth(roots: readonly Expression[]): boolean {
  return postorder(roots, (node) => node.children).every((node) => {
    if (node.kind === "apply") return node.operation.kinks === undefined;
    return node.kind !== "reduce" || node.reduction === "sum" || node.reduction === "logsumexp";
  });
}

/** Whether a divisor is the same for all entries: a size, or the sum of all entries of a quantity. */
export function isTotal(node: Expression): boolean {
  if (node.kind === "size") return true;
  return isSum(node) && node.free.length === 0 && summedIn(node).kind === "reference";
}

function isSum(node: Expression): node is ReduceNode {
  return node.kind === "reduce" && node.reduction === "sum";
}

/** What sums in one another, along all axes of a matrix, are sums of. */
function summedIn(node: Expression): Expression {
  return isSum(node) ? summedIn(node.body) : node;
}

/** Whether it is one number whatever the data are: 2, π, √2, or a size. */
export function isNumeral(node: Expression): boolean {
  return !holds(node, CONTENT.reference | CONTENT.delta | CONTENT.reduce);
}
