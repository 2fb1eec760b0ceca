/** The derivative of an operation taken at another place: σ′ at a instead of z, z(1 − z), the mask of another layer. */
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { modelText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import type { Variant } from "../variant.js";

/** A name that is made when it is told. */
type Text = () => string;

/** @param defined what the operation stands in the definition of */
export function misplaced(
  backward: Backward,
  defined: Quantity,
  node: ApplyNode,
  position: number,
  others: readonly Quantity[],
  withRare: boolean,
): Variant[] {
  const { graph } = backward;
  const child = node.children[position]!;
  const named = backward.withNames(node);
  const input: Text = () => modelText(child);
  const output: Text = () => modelText(named);
  const at = (argument: Expression, y: Expression): Expression =>
    node.operation.derivative(graph, node.children.with(position, argument), y)[position]!;
  const variant = (partial: Expression, used: Text, instead: Text, cost: number): Variant => ({
    partial,
    cause: "wrong-variable",
    tell: () => {
      const factors = [at(child, node), partial].map((one) => modelText(backward.withNames(one)));
      const told = { used: used(), instead: instead() };
      const what = `computed with ${told.used} where ${told.instead} belongs: the factor is ${factors.join(", not ")}`;
      return { ...told, what };
    },
    cost,
  });
  /** Another quantity for the output in one of the factors that have it: o .* (1 - i). */
  const inParts = (other: Expression, name: Text): Variant[] =>
    inSingleFactors(graph, at(child, node), node, other).map((partial) =>
      variant(partial, name, output, 2.05),
    );
  const isNamed = child.kind === "reference";
  const found = [
    variant(
      at(node, graph.apply(node.operation, ...node.children.with(position, node))),
      output,
      input,
      1.6,
    ),
    variant(at(child, child), input, output, isNamed ? 1.6 : 2.4),
    ...(withRare && isNamed ? inParts(child, input) : []),
  ];
  if (withRare && child.kind === "reference" && named.kind === "reference") {
    // the mask or the slope read off the derivative that comes in: dZ[dA <= 0] = 0
    const incoming = graph.reference(backward.adjointOf(named.quantity), named.indices);
    const own = graph.apply(node.operation, ...node.children.with(position, incoming));
    const text: Text = () => modelText(incoming);
    found.push(variant(at(incoming, own), text, input, 2.3));
    found.push(variant(at(child, incoming), text, output, 2.3));
  }
  // where the operand has no name, the output tells what is of the same shape
  const axes = child.kind === "reference" ? child : named.kind === "reference" ? named : undefined;
  if (!axes) return found;
  for (const quantity of others) {
    if (quantity === axes.quantity || !sameShape(quantity.shape, axes.quantity.shape)) continue;
    const other = graph.reference(quantity, axes.indices);
    const y = graph.apply(node.operation, ...node.children.with(position, other));
    const name: Text = () => quantity.name;
    found.push(variant(at(other, y), name, input, 2));
    if (!withRare) continue;
    const ofOutput = variant(at(child, other), name, output, 2.1);
    // what is computed from the function is its output only where it is nothing else
    found.push(quantity === defined ? { ...ofOutput, cause: "wrong-function" } : ofOutput);
    const body = backward.bodyAt(quantity, axes.indices);
    const isAlike = body?.kind === "apply" && body.operation === node.operation;
    if (isAlike) found.push(...inParts(other, name));
  }
  return found;
}

/** A product with something else for a part of it in one of the factors that have that; none where only one has. */
function inSingleFactors(
  graph: Graph,
  product: Expression,
  part: Expression,
  other: Expression,
): Expression[] {
  if (product.kind !== "product") return [];
  const changed = product.factors.flatMap(({ base, exponent }) => {
    const inPlace = graph.transform(base, (one) => (one === part ? other : undefined));
    if (inPlace === base) return [];
    const [right, wrong] = [base, inPlace].map((one) => graph.integerPower(one, exponent));
    return [graph.multiply(graph.divide(product, right!), wrong!)];
  });
  return changed.length > 1 ? changed : [];
}
