/** The derivative of another function, of the operands the other way round, or by another convention at a kink. */
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import { operations } from "../../../expression/operations/index.js";
import type { Operation } from "../../../expression/operations/operation.js";
import { modelText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import { isUnary, operandsAt } from "../unary.js";
import { dependsOnQuantities, derivativeName, type Variant } from "../variant.js";

/** The operands taken for one another: (xᵃ)′ for (aˣ)′. */
export function turned(backward: Backward, node: ApplyNode, position: number): Variant[] {
  const { graph } = backward;
  if (node.children.length !== 2) return [];
  const right = node.operation.derivative(graph, node.children, node)[position]!;
  const children = node.children.toReversed();
  const other = graph.apply(node.operation, ...children);
  const partial = node.operation.derivative(graph, children, other)[1 - position]!;
  return [
    {
      partial,
      cause: "wrong-function",
      tell: () => {
        const value = modelText(backward.withNames(right));
        const [used, instead] = [modelText(other), modelText(node)];
        return {
          used: `the derivative of ${used}`,
          instead: `the derivative of ${instead}`,
          what: `computed with the derivative of ${used} where that of ${instead} belongs: the factor is ${value}`,
        };
      },
      cost: 2,
    },
  ];
}

/** The derivative of another function at the same place, or the function for its derivative. */
export function otherFunctions(
  backward: Backward,
  node: ApplyNode,
  position: number,
  withRare: boolean,
): Variant[] {
  const { graph } = backward;
  const child = node.children[position]!;
  const inNames = (partial: Expression): string => modelText(backward.withNames(partial));
  const right = node.operation.derivative(graph, node.children, node)[position]!;
  /** @param name what is used, of the operand */
  const variant = (
    partial: Expression,
    name: (operand: string) => string,
    cost: number,
  ): Variant => ({
    partial,
    cause: "wrong-function",
    tell: () => {
      const [used, instead] = [name(modelText(child)), derivativeName(node, child)];
      const factors = [right, partial].map(inNames).join(", not ");
      return {
        used,
        instead,
        what: `computed with ${used} instead of ${instead}: the factor is ${factors}`,
      };
    },
    cost,
  });
  const self = node.operation.name;
  const found = [variant(node, (operand) => `${self}(${operand})`, 1.7)];
  if (withRare) {
    found.push(variant(child, (operand) => `${operand} itself`, 2.2));
    const again = graph.apply(node.operation, ...node.children.with(position, node));
    found.push(variant(again, () => `${self}(${inNames(node)})`, 2.1));
  }
  for (const other of unaryOperations()) {
    const isAlike = areAlike(other.name, self);
    if (other === node.operation || !(withRare || isAlike || other.isActivation)) continue;
    const args = operandsAt(graph, other, child);
    const y = graph.apply(other, ...args);
    const name = (operand: string): string => `${other.name}'(${operand})`;
    const cost = isAlike ? 1.55 : surprise(other, backward, args);
    found.push(variant(other.derivative(graph, args, y)[0]!, name, cost));
    if (!withRare && !isAlike) continue;
    // 1 − a² with the a of this function; a slope in pieces, 1 or 1 + a, would have its pieces elsewhere
    const slope = other.derivative(graph, args, node)[0]!;
    const elsewhere = other.derivative(graph, operandsAt(graph, other, node), node)[0]!;
    // of the operand, too, it would be no function's slope
    if (!other.kinks && slope === elsewhere) {
      found.push(variant(slope, name, cost + 0.1));
    }
  }
  const squared = graph.integerPower(node, 2);
  found.push(variant(graph.subtract(graph.one, node), () => `1 - ${self}`, 2));
  found.push(variant(graph.add(graph.one, squared), () => `1 + ${self}.^2`, 2.3));
  return found;
}

/** Beyond rounding, and small enough that nothing else changes much. */
const ASIDE = "1/16777216";

/** At a kink the derivative from one side, or the mean: a mask with >= for >. */
export function otherConventions(
  { graph }: Backward,
  node: ApplyNode,
  position: number,
): Variant[] {
  const { operation, children } = node;
  if (!operation.kinks) return [];
  const child = children[position]!;
  const name = derivativeName(node, child);
  const aside = graph.number(ASIDE);
  const at = (argument: Expression): Expression =>
    operation.derivative(graph, children.with(position, argument), node)[position]!;
  const above = at(graph.add(child, aside));
  const below = at(graph.subtract(child, aside));
  const mean = graph.multiply(graph.number("1/2"), graph.add(above, below));
  const variant = (partial: Expression, side: string): Variant => ({
    partial,
    cause: "wrong-function",
    tell: () => ({
      used: `${name} ${side}`,
      instead: name,
      what: `computed with ${name} ${side} at its kink, which is another convention than the one here: ${operation.convention ?? ""}`,
    }),
    cost: 1.4,
  });
  return [
    variant(above, "taken from above"),
    variant(below, "taken from below"),
    variant(mean, "taken as the mean of both sides"),
  ];
}

/** Functions that are taken for one another: by their names, or by their curves. */
const ALIKE: readonly ReadonlySet<string>[] = [
  new Set(["sigmoid", "tanh"]),
  new Set(["tan", "tanh"]),
  new Set(["relu", "leakyrelu", "elu", "silu", "gelu"]),
];
function areAlike(one: string, other: string): boolean {
  return ALIKE.some((group) => group.has(one) && group.has(other));
}

/** How surprising it is that another function's derivative was taken. */
function surprise(
  { isActivation, derivative, kinks }: Operation,
  { graph }: Backward,
  args: readonly Expression[],
): number {
  if (isActivation) return 2;
  const [slope] = derivative(graph, args, args[0]!);
  // slopes that are the same everywhere look like a sign or a factor left out
  return kinks || !dependsOnQuantities(slope!) ? 3.1 : 2.4;
}

function unaryOperations() {
  return [...operations.values()].filter(
    (operation) => isUnary(operation) && /^\w/.test(operation.name),
  );
}
