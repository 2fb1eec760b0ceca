/** Mistakes in the derivative of one operation: left out, doubled, at another place, of another function. */
import { type LocalRule, partials } from "../../calculus/occurrences.js";
import type { Definition } from "../../expression/definition.js";
import type { ApplyNode, Expression, ProductNode } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { operations } from "../../expression/operations/index.js";
import { sign as signOf } from "../../expression/operations/piecewise.js";
import { isZero } from "../../expression/predicates.js";
import type { Quantity } from "../../expression/quantity.js";
import { sameShape } from "../../expression/size.js";
import { postorder, references } from "../../expression/walk.js";
import type { Backward } from "../backward.js";
import { modelText } from "../words.js";
import { faultAt, type Mutant } from "./mutant.js";
import type { Cause, FaultDetails } from "../result.js";

export function* ruleMutants(
  backward: Backward,
  definition: Definition,
  others: readonly Quantity[],
  atKink: boolean,
): Generator<Mutant> {
  const bodies = definition.clauses.map(({ body }) => body);
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    if (node.kind === "apply") yield* applyMutants(backward, definition, node, others, atKink);
    if (node.kind === "product") yield* powerMutants(backward, definition, node);
  }
}

interface Variant {
  readonly partial: Expression;
  readonly cause: Cause;
  readonly details: FaultDetails;
  readonly what: string;
  readonly cost: number;
}

function* applyMutants(
  backward: Backward,
  definition: Definition,
  node: ApplyNode,
  others: readonly Quantity[],
  atKink: boolean,
): Generator<Mutant> {
  const { graph } = backward;
  const rights = node.operation.derivative(graph, node.children, node);
  for (const [position, child] of node.children.entries()) {
    const right = rights[position]!;
    if (isZero(right) || !dependsOnQuantities(child)) continue;
    const name = derivativeName(node, child);
    const value = modelText(backward.withNames(right));
    const variants: Variant[] = [
      {
        partial: graph.one,
        cause: "missing-factor",
        details: { factor: name },
        what: `the right gradient with the factor ${name} left out: multiply by ${value}`,
        cost: 1.5,
      },
      {
        partial: graph.integerPower(right, 2),
        cause: "extra-factor",
        details: { factor: name },
        what: `the right gradient with the factor ${name} taken twice: divide by ${value}`,
        cost: 1.7,
      },
      ...misplaced(backward, node, position, others),
      ...otherFunctions(backward, node, position),
      ...(atKink ? otherConventions(backward, node, position) : []),
    ];
    const seen = new Set([right]);
    for (const variant of variants) {
      if (seen.has(variant.partial)) continue;
      seen.add(variant.partial);
      yield mutantOf(backward, definition, node, child, variant);
    }
  }
}

/** The change of one partial derivative; where it is made is the operand's quantity, if it is one. */
function mutantOf(
  backward: Backward,
  definition: Definition,
  node: Expression,
  child: Expression,
  { partial, cause, details, what, cost }: Variant,
): Mutant {
  const rule: LocalRule = (graph, one) =>
    partials(graph, one).map(([operand, right]) =>
      one === node && operand === child ? [operand, partial] : [operand, right],
    );
  const at = child.kind === "reference" ? child.quantity : undefined;
  return {
    fault: faultAt(at, cause, details, what),
    cost,
    change: () => backward.changeOf(definition, rule),
  };
}

function derivativeName({ operation }: ApplyNode, child: Expression): string {
  return `${operation.name}'(${modelText(child)})`;
}

function dependsOnQuantities(node: Expression): boolean {
  return references([node]).length > 0;
}

/** σ′ at a instead of z, z(1 − z), the mask of another layer. */
function misplaced(
  backward: Backward,
  node: ApplyNode,
  position: number,
  others: readonly Quantity[],
): Variant[] {
  const { graph } = backward;
  const child = node.children[position]!;
  const named = backward.withNames(node);
  const [input, output] = [modelText(child), modelText(named)];
  const at = (argument: Expression, y: Expression): Expression =>
    node.operation.derivative(graph, node.children.with(position, argument), y)[position]!;
  const variant = (partial: Expression, used: string, instead: string, cost: number): Variant => ({
    partial,
    cause: "wrong-variable",
    details: { used, instead },
    what: `computed with ${used} where ${instead} belongs: the factor is ${modelText(
      backward.withNames(at(child, node)),
    )}`,
    cost,
  });
  const found = [
    variant(
      at(node, graph.apply(node.operation, ...node.children.with(position, node))),
      output,
      input,
      1.6,
    ),
    variant(at(child, child), input, output, 1.6),
  ];
  if (child.kind === "reference") {
    for (const quantity of others) {
      if (quantity === child.quantity || !sameShape(quantity.shape, child.quantity.shape)) continue;
      const other = graph.reference(quantity, child.indices);
      const y = graph.apply(node.operation, ...node.children.with(position, other));
      found.push(variant(at(other, y), quantity.name, input, 2));
      found.push(variant(at(child, other), quantity.name, output, 2.1));
    }
  }
  return found;
}

/** The derivative of another function at the same place, or the function for its derivative. */
function otherFunctions(backward: Backward, node: ApplyNode, position: number): Variant[] {
  const { graph } = backward;
  const child = node.children[position]!;
  const right = derivativeName(node, child);
  const variant = (partial: Expression, used: string, cost: number): Variant => ({
    partial,
    cause: "wrong-function",
    details: { used, instead: right },
    what: `computed with ${used} instead of ${right}: the factor is ${modelText(
      backward.withNames(node.operation.derivative(graph, node.children, node)[position]!),
    )}`,
    cost,
  });
  const found = [variant(node, `${node.operation.name}(${modelText(child)})`, 1.7)];
  found.push(variant(child, `${modelText(child)} itself`, 2.2));
  for (const other of unaryOperations()) {
    if (other === node.operation) continue;
    const args = [child, ...(other.defaults ?? []).map((text) => graph.number(text))];
    const y = graph.apply(other, ...args);
    const name = `${other.name}'(${modelText(child)})`;
    const cost = other.isActivation ? 2 : 2.4;
    found.push(variant(other.derivative(graph, args, y)[0]!, name, cost));
    // 1 − a² with the a of this function
    found.push(
      variant(
        other.derivative(graph, args, node)[0]!,
        `${name} in terms of its output`,
        cost + 0.1,
      ),
    );
  }
  const squared = graph.integerPower(node, 2);
  found.push(variant(graph.subtract(graph.one, node), `1 - ${node.operation.name}`, 2));
  found.push(variant(graph.add(graph.one, squared), `1 + ${node.operation.name}.^2`, 2.3));
  return found;
}

/** Beyond rounding, and small enough that nothing else changes much. */
const ASIDE = "1/16777216";

/** At a kink the derivative from one side, or the mean: a mask with >= for >. */
function otherConventions({ graph }: Backward, node: ApplyNode, position: number): Variant[] {
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
    details: { used: `${name} ${side}`, instead: name },
    what: `computed with ${name} ${side} at its kink, which is another convention than the one here: ${operation.convention ?? ""}`,
    cost: 1.4,
  });
  return [
    variant(above, "taken from above"),
    variant(below, "taken from below"),
    variant(mean, "taken as the mean of both sides"),
  ];
}

function unaryOperations() {
  return [...operations.values()].filter(
    ({ operands, defaults = [], name }) =>
      operands.length - defaults.length === 1 && /^\w/.test(name),
  );
}

/** (uⁿ)′ as uⁿ⁻¹, n·uⁿ, uⁿ or n·sign(u). */
function* powerMutants(
  backward: Backward,
  definition: Definition,
  node: ProductNode,
): Generator<Mutant> {
  const { graph } = backward;
  for (const { base, exponent } of node.factors) {
    if (exponent === 1 || !dependsOnQuantities(base)) continue;
    const rest = restOf(graph, node, base);
    const sign = graph.apply(signOf, base);
    const text = `(${modelText(base)}).^${exponent}`;
    const number = graph.number(exponent);
    const factors: [Expression, string][] = [
      [graph.integerPower(base, exponent), `${text} itself`],
      [graph.multiply(number, graph.integerPower(base, exponent)), `${exponent} * ${text}`],
      [graph.integerPower(base, exponent + 1), `a power of ${exponent + 1}`],
      [sign, `sign(${modelText(base)})`],
      [graph.multiply(number, sign), `${exponent} * sign(${modelText(base)})`],
    ];
    for (const [factor, used] of factors) {
      yield mutantOf(backward, definition, node, base, {
        partial: graph.multiply(rest, factor),
        cause: "wrong-function",
        details: { used, instead: `the derivative of ${text}` },
        what: `computed with ${used} where the derivative of ${text} belongs, ${exponent} * (${modelText(base)}).^${exponent - 1}`,
        cost: 2.2,
      });
    }
  }
}

function restOf(graph: Graph, node: ProductNode, base: Expression): Expression {
  return graph.multiply(
    graph.number(node.coefficient),
    ...node.factors
      .filter((factor) => factor.base !== base)
      .map((factor) => graph.integerPower(factor.base, factor.exponent)),
  );
}
