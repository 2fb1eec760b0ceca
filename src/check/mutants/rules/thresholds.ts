/** The kink of a function of pieces at another place: the slope of max(1 - v, 0) switched at v = 0. */
import type { Definition } from "../../../expression/definition.js";
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import { isZero } from "../../../expression/predicates.js";
import { postorder } from "../../../expression/walk.js";
import { modelText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import type { Mutant } from "../mutant.js";
import { dependsOnQuantities, mutantOf } from "../variant.js";

/** The slope where the number that is added to the operand is forgotten. */
export const MISPLACED_KINKS: Kind<Definition> = {
  least: 2,
  make: ({ backward }, definition) => misplacedKinks(backward, definition),
};

function* misplacedKinks(backward: Backward, definition: Definition): Generator<Mutant> {
  const bodies = definition.clauses.map(({ body }) => body);
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    if (node.kind === "apply" && node.operation.kinks) {
      yield* withoutThreshold(backward, definition, node);
    }
  }
}

function* withoutThreshold(
  backward: Backward,
  definition: Definition,
  node: ApplyNode,
): Generator<Mutant> {
  const { graph } = backward;
  const { operation, children } = node;
  for (const [position, child] of children.entries()) {
    if (child.kind !== "sum" || child.constant.n === 0n || !dependsOnQuantities(child)) continue;
    const operand = graph.subtract(child, graph.number(child.constant));
    const moved = children.with(position, operand);
    const slopes = [children, moved].map(
      (args) => operation.derivative(graph, args, graph.apply(operation, ...args))[position]!,
    );
    const [right, partial] = slopes;
    if (isZero(right!) || partial === right) continue;
    yield mutantOf(backward, definition, node, child, {
      partial: partial!,
      cause: "wrong-function",
      tell: () => {
        const [used, instead] = [graph.apply(operation, ...moved), node].map((one) =>
          modelText(one),
        );
        return {
          used: `the slope of ${used!}`,
          instead: `the slope of ${instead!}`,
          what: `computed with the slope of ${used!} where that of ${instead!} belongs: without the number ${modelText(graph.number(child.constant))} the kink is elsewhere`,
        };
      },
      cost: 2,
    });
  }
}
