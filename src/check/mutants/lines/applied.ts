/** A function applied to the derivative that comes in, where its derivative is a factor. */
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { adjointName, modelText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** relu(da) for da·relu′(z), and the mask of da for that of z, where a = relu(z). */
export const APPLIED_FUNCTIONS: Kind<Edge> = {
  least: 2.05,
  make: ({ backward }, edge) => appliedFunctions(backward, edge),
};

function* appliedFunctions(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { from, to, clause } = edge;
  const node = wholeBody(backward, edge);
  if (!node) return;
  const adjoint = backward.adjointOf(from);
  const incoming = references([clause.body]).find(({ quantity }) => quantity === adjoint);
  if (!incoming) return;
  const { operation } = node;
  const [name, argument] = [adjointName(from), to.name];
  const further = node.children.slice(1);
  const applied = graph.apply(operation, incoming, ...further);
  const slope = operation.derivative(graph, [incoming, ...further], applied)[0]!;
  const variant = (body: Expression, used: string, cost: number): Mutant => ({
    fault: faultAt(to, "wrong-function", () => {
      const right = `${name} .* ${operation.name}'(${argument})`;
      return {
        used,
        instead: right,
        what: `computed with ${used} where ${right} belongs: multiply ${name} by the derivative of ${operation.name} at ${argument}`,
      };
    }),
    cost,
    change: (): Change => instead(edge, body),
  });
  const call = `${operation.name}(${name})`;
  const masked = graph.multiply(incoming, slope);
  // relu(da) is da with its own mask
  if (operation.kinks) yield ownMask(edge, masked, operation.name);
  yield variant(applied, call, 2.05);
  yield variant(masked, `${name} .* ${operation.name}'(${name})`, 2.2);
  if (!operation.kinks) yield ofIncoming(backward, edge, node, incoming);
  if (!operation.kinks) return;
  const both = graph.multiply(clause.body, slope);
  yield variant(both, `${call} .* ${operation.name}'(${argument})`, 2.2);
}

/** The slope of the derivative that comes in, which is then no factor any more: d(1 - d) for d·a(1 - a). */
function ofIncoming(
  { graph }: Backward,
  edge: Edge,
  { operation, children }: ApplyNode,
  incoming: Expression,
): Mutant {
  const [body] = operation.derivative(graph, [incoming, ...children.slice(1)], incoming);
  return {
    fault: faultAt(edge.to, "wrong-variable", () => {
      const [used, right] = [adjointName(edge.from), edge.from.name];
      return {
        used,
        instead: right,
        what: `computed with ${modelText(body!)}, the slope of ${operation.name} with ${used} for ${right}: multiply ${used} by ${operation.name}'(${edge.to.name})`,
      };
    }),
    cost: 2.2,
    change: () => instead(edge, body!),
  };
}

/** The mask read off the derivative that comes in: dZ[dA <= 0] = 0. */
function ownMask(edge: Edge, body: Expression, operation: string): Mutant {
  return {
    fault: faultAt(edge.to, "wrong-variable", () => {
      const [used, right] = [adjointName(edge.from), edge.to.name];
      return {
        used,
        instead: right,
        what: `computed with the slope of ${operation} at ${used} where that at ${right} belongs: ${used} .* ${operation}'(${right})`,
      };
    }),
    cost: 2.05,
    change: () => instead(edge, body),
  };
}

/** The function of one quantity that a definition is as a whole. */
function wholeBody({ definitions }: Backward, { from, to }: Edge): ApplyNode | undefined {
  const [clause, ...others] = definitions.find(({ quantity }) => quantity === from)?.clauses ?? [];
  if (!clause || others.length > 0 || clause.body.kind !== "apply") return undefined;
  const [child, ...further] = clause.body.children;
  const isPlain = child?.kind === "reference" && child.quantity === to;
  return isPlain && references(further).length === 0 ? clause.body : undefined;
}
