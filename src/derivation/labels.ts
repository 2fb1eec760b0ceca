/** Sums over labels, which are 1 where labels add up to 1: p Σ y − y is p − y. */
import type { Expression, ReduceNode, ReferenceNode, SumNode } from "../expression/expression.js";
import type { Index } from "../expression/indices.js";
import { postorder } from "../expression/walk.js";
import type { Claim } from "./step.js";

/** Says in the last step what becomes of its sums over labels. */
export function withLabels(steps: readonly Claim[]): readonly Claim[] {
  const last = steps.at(-1);
  if (last?.right.kind !== "scalar") return steps;
  const why = [last.why, ...labelSentences(last.right.expression)].join(" ");
  return [...steps.slice(0, -1), { ...last, why }];
}

/** One sentence for each difference p Σ y − y of entries at the same place. */
export function labelSentences(expression: Expression): string[] {
  const sums = [...postorder([expression], (one: Expression) => one.children)].filter(
    (node) => node.kind === "sum",
  );
  const sentences = sums.flatMap((node) => labelSentence(node, node === expression) ?? []);
  return [...new Set(sentences)];
}

function labelSentence(node: SumNode, isWhole: boolean): string | undefined {
  if (node.terms.length !== 2 || node.constant.n !== 0n) return undefined;
  const minus = node.terms.find(({ term }) => isLabel(term));
  const plus = node.terms.find((one) => one !== minus);
  if (minus?.term.kind !== "reference" || plus?.term.kind !== "product") return undefined;
  if (!plus.coefficient.equals(minus.coefficient.neg())) return undefined;
  const [first, second, ...others] = plus.term.factors;
  if (first?.exponent !== 1 || second?.exponent !== 1 || others.length > 0) return undefined;
  const [share, sum] = first.base.kind === "reduce" ? [second, first] : [first, second];
  const label = minus.term;
  const axis = sum.base.kind === "reduce" ? summedAxis(sum.base, label) : undefined;
  const isBeside = share.base.kind === "reference" && areEqual(share.base.indices, label.indices);
  if (axis === undefined || !isBeside) return undefined;
  const { name, shape } = label.quantity;
  const lines = shape.length === 1 ? name : `each ${axis === 0 ? "column" : "row"} of ${name}`;
  const place = isWhole ? "" : " in the brackets";
  return `Where ${lines} adds up to 1, as one-hot labels do, the sum over the labels is 1, and ${share.base.quantity.name} − ${name} is left${place}.`;
}

function isLabel(node: Expression): node is ReferenceNode {
  return node.kind === "reference" && node.quantity.role === "target";
}

/** The axis along all of which a sum adds the labels beside one label; undefined for other sums. */
function summedAxis(
  { reduction, letter, body }: ReduceNode,
  { quantity, indices }: ReferenceNode,
): number | undefined {
  if (reduction !== "sum" || !isLabel(body) || body.quantity !== quantity) return undefined;
  const axes = body.indices.flatMap((index, axis) => (index.equals(indices[axis]!) ? [] : [axis]));
  const [axis, ...others] = axes;
  if (axis === undefined || others.length > 0) return undefined;
  const isWhole =
    body.indices[axis]!.plain?.key === letter.key && letter.size.equals(quantity.shape[axis]!);
  return isWhole ? axis : undefined;
}

function areEqual(one: readonly Index[], other: readonly Index[]): boolean {
  return one.length === other.length && one.every((index, axis) => index.equals(other[axis]!));
}
