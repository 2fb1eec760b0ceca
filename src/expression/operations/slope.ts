/** σ′, as a sign of its own: what a line writes before the derivative of σ is put in. */
import { CONTENT } from "../contents.js";
import type { Expression } from "../expression.js";
import type { Graph } from "../graph.js";
import { Binding, onceOnly, type Operation } from "./operation.js";

/** Functions by their derivatives. */
const functions = new WeakMap<Operation, Operation>();
const slopes = new WeakMap<Operation, Operation>();

/** The derivative of a function of one operand, which is written and never computed. */
export function slopeOf(operation: Operation): Operation {
  let slope = slopes.get(operation);
  if (!slope) {
    slope = slopeRow(operation);
    slopes.set(operation, slope);
    functions.set(slope, operation);
  }
  return slope;
}

/** Whether an operation is the slope of another one. */
export function isSlope(operation: Operation): boolean {
  return functions.has(operation);
}

function slopeRow({ name, operands, latex }: Operation): Operation {
  const unknown = (): never => {
    throw new TypeError(`${name}′ is computed as what it stands for`);
  };
  return {
    name: `${name}′`,
    operands,
    value: unknown,
    decimal: unknown,
    derivative: onceOnly(`${name}′`),
    latex: slopeLatex(latex),
    source: `the derivative of ${name}`,
  };
}

/** As the function is written, with a stroke. */
export function slopeLatex(latex: Operation["latex"]): Operation["latex"] {
  return (...args) => ({
    tex: latex(...args).tex.replace("\\left(", "'\\left("),
    binding: Binding.atom,
  });
}

/** An expression with what every σ′ in it stands for. */
export function withoutSlopes(graph: Graph, root: Expression): Expression {
  const put = (node: Expression): Expression | undefined => {
    const operation = node.kind === "apply" ? functions.get(node.operation) : undefined;
    if (node.kind !== "apply" || !operation) return undefined;
    const operands = node.children.map((one) => withoutSlopes(graph, one));
    return operation.derivative(graph, operands, graph.apply(operation, ...operands))[0];
  };
  return graph.transform(root, put, CONTENT.slope);
}
