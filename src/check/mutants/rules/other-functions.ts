/** The derivative of another function, of the operands the other way round, or by another convention at a kink. */
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import { operations } from "../../../expression/operations/index.js";
import type { Operation } from "../../../expression/operations/operation.js";
import { modelText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import { LEAST_RARE } from "../family.js";
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

/** The derivative of a function that is taken for this one at the same place, or the function for its derivative. */
export function alikeFunctions(backward: Backward, node: ApplyNode, position: number): Variant[] {
  const { graph } = backward;
  const { name: self } = node.operation;
  const child = node.children[position]!;
  const { variant, ofSlope } = variantsAt(backward, node, position);
  const found = [variant(node, (operand) => `${self}(${operand})`, 1.7)];
  for (const other of unaryOperations()) {
    const cost = costOf(other, self);
    if (other === node.operation || cost >= LEAST_RARE) continue;
    const args = operandsAt(graph, other, child);
    const partial = other.derivative(graph, args, graph.apply(other, ...args))[0]!;
    found.push(variant(partial, (operand) => `${other.name}'(${operand})`, cost));
    if (cost + OF_OUTPUT < LEAST_RARE) found.push(...ofSlope(other, args, cost));
  }
  found.push(variant(graph.subtract(graph.one, node), () => `1 - ${self}`, 2));
  return found;
}

/** The same of functions that are less alike, and what is no function's derivative. */
export function unlikeFunctions(backward: Backward, node: ApplyNode, position: number): Variant[] {
  const { graph } = backward;
  const { name: self } = node.operation;
  const child = node.children[position]!;
  const { variant, ofSlope } = variantsAt(backward, node, position);
  const found = [variant(child, (operand) => `${operand} itself`, 2.2)];
  const again = graph.apply(node.operation, ...node.children.with(position, node));
  found.push(variant(again, () => `${self}(${modelText(backward.withNames(node))})`, 2.1));
  for (const other of unaryOperations()) {
    const known = costOf(other, self);
    if (other === node.operation || known + OF_OUTPUT < LEAST_RARE) continue;
    const args = operandsAt(graph, other, child);
    const cost = known === LEAST_RARE ? surprise(other, backward, args) : known;
    if (known >= LEAST_RARE) {
      const partial = other.derivative(graph, args, graph.apply(other, ...args))[0]!;
      found.push(variant(partial, (operand) => `${other.name}'(${operand})`, cost));
    }
    found.push(...ofSlope(other, args, cost));
  }
  const squared = graph.integerPower(node, 2);
  found.push(variant(graph.add(graph.one, squared), () => `1 + ${self}.^2`, 2.3));
  return found;
}

/** What it costs more that another function's slope is computed from the output of this one. */
const OF_OUTPUT = 0.1;

type Operand = (operand: string) => string;

function variantsAt(backward: Backward, node: ApplyNode, position: number) {
  const { graph } = backward;
  const child = node.children[position]!;
  const inNames = (partial: Expression): string => modelText(backward.withNames(partial));
  const right = node.operation.derivative(graph, node.children, node)[position]!;
  /** @param name what is used, of the operand */
  const variant = (partial: Expression, name: Operand, cost: number): Variant => ({
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
  /** 1 − a² with the a of this function; a slope in pieces, 1 or 1 + a, would have its pieces elsewhere. */
  const ofSlope = (other: Operation, args: readonly Expression[], cost: number): Variant[] => {
    if (other.kinks) return [];
    const slope = other.derivative(graph, args, node)[0]!;
    const elsewhere = other.derivative(graph, operandsAt(graph, other, node), node)[0]!;
    // of the operand, too, it would be no function's slope
    if (slope !== elsewhere) return [];
    return [variant(slope, (operand) => `${other.name}'(${operand})`, cost + OF_OUTPUT)];
  };
  return { variant, ofSlope };
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

/** How surprising it is that another function's derivative was taken; of the rare ones no more than `LEAST_RARE`. */
function costOf({ name, isActivation }: Operation, self: string): number {
  if (areAlike(name, self)) return 1.55;
  return isActivation ? 2 : LEAST_RARE;
}

/** How surprising it is that the derivative of a function was taken that is like none of the others. */
function surprise(
  { derivative, kinks }: Operation,
  { graph }: Backward,
  args: readonly Expression[],
): number {
  const [slope] = derivative(graph, args, args[0]!);
  // slopes that are the same everywhere look like a sign or a factor left out
  return kinks || !dependsOnQuantities(slope!) ? 3.1 : 2.4;
}

function unaryOperations() {
  return [...operations.values()].filter(
    (operation) => isUnary(operation) && /^\w/.test(operation.name),
  );
}
