/** Pieces of a function chosen by another condition than the model's: r < d for |r| < d, r² < d, |r| < 1. */
import type { Definition } from "../../../expression/definition.js";
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { greater, less } from "../../../expression/operations/comparisons.js";
import { isMask } from "../../../expression/operations/operation.js";
import { absolute, maximum, minimum, relu } from "../../../expression/operations/piecewise.js";
import { squareRoot } from "../../../expression/operations/smooth.js";
import { postorder, references } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { unbracketed } from "../../../language/print.js";
import { isZero } from "../../../expression/predicates.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import { dependsOnQuantities } from "../variant.js";

/** The pieces stay what they are; where each of them holds is mistaken, in both passes. */
export const OTHER_CONDITIONS: Kind<Definition> = {
  least: 2,
  make: ({ backward }, definition) => otherConditions(backward, definition),
};

function* otherConditions(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph } = backward;
  const bodies = definition.clauses.map(({ body }) => body);
  const nodes = postorder(bodies, (one: Expression) => one.children);
  const choices = nodes.filter((node) => isChoice(node));
  const compared = postorder(
    choices.flatMap(({ children }) => children),
    (one: Expression) => one.children,
  );
  const thresholds = new Set(choices.flatMap(({ children }) => children));
  for (const node of compared) {
    const mistaken = thresholds.has(node) ? otherThresholds(backward, node) : [];
    const isTested = mistaken.length === 0;
    const first = choices.find((one) => contains(one, node))!;
    const against = first.children.filter((child) => child !== node);
    for (const { other, cost } of [...mistaken, ...mistakenFor(backward, node)]) {
      // of several comparisons in one statement all have the slip: r <= d and r > d
      const rewrite = (one: Expression): Expression | undefined =>
        isChoice(one)
          ? chosenBy(graph, one, (operand) => put(graph, operand, node, other))
          : undefined;
      const changed = rewritten(graph, definition, rewrite);
      if (changed === definition) continue;
      yield {
        fault: faultAt(decidedBy(backward, isTested ? [node] : against), "wrong-variable", () => {
          const [used, instead] = [other, node].map((one) => unbracketed(modelText(one)));
          const conditions = [put(graph, first, node, other), first].map(conditionText);
          return {
            used: used!,
            instead: instead!,
            what: `computed with the pieces of ${definition.quantity.name} chosen by ${conditions.join(" where ")} belongs: ${isTested ? "test" : "compare with"} ${instead!}, not ${used!}`,
          };
        }),
        cost,
        change: () => backward.redefinition(changed),
      };
    }
  }
}

/** A function of two pieces, or a comparison that chooses one. */
function isChoice(node: Expression): node is ApplyNode {
  if (node.kind !== "apply") return false;
  const { operation, children } = node;
  const isPieces = operation === maximum || operation === minimum || operation === relu;
  return (isPieces || isMask(operation)) && children.some(dependsOnQuantities);
}

/** The same pieces with other operands in the condition; undefined where that is the same. */
function chosenBy(
  graph: Graph,
  { operation, children }: ApplyNode,
  instead: (operand: Expression) => Expression,
): Expression | undefined {
  const others = children.map(instead);
  if (others.every((other, k) => other === children[k])) return undefined;
  if (isMask(operation)) return graph.apply(operation, ...others);
  const [first, second = graph.zero] = children;
  const [left, right = graph.zero] = others;
  const isFirst = graph.apply(operation === minimum ? less : greater, left!, right);
  return graph.add(
    graph.multiply(isFirst, first!),
    graph.multiply(graph.subtract(graph.one, isFirst), second),
  );
}

function put(graph: Graph, root: Expression, node: Expression, other: Expression): Expression {
  return graph.transform(root, (one) => (one === node ? other : undefined));
}

function contains(root: Expression, node: Expression): boolean {
  return postorder([root], (one: Expression) => one.children).includes(node);
}

function conditionText(choice: Expression): string {
  if (choice.kind !== "apply") return modelText(choice);
  const { operation, children } = choice;
  const [left, right = "0"] = children.map((child) => unbracketed(modelText(child)));
  if (isMask(operation))
    return children.length === 2 ? `${left!} ${operation.name} ${right}` : `${left!} > 0`;
  return `${left!} ${operation === minimum ? "<" : ">"} ${right}`;
}

/** The only quantity that operands have, whose derivative is then the first to be wrong. */
function decidedBy(backward: Backward, nodes: readonly Expression[]) {
  const used = new Set(references(nodes).map(({ quantity }) => quantity));
  const [at, ...others] = [...used].filter((one) => backward.into(one).length > 0);
  return others.length === 0 ? at : undefined;
}

interface Instead {
  readonly other: Expression;
  readonly cost: number;
}

/** What is tested for a magnitude: r, −r and r² for |r|; d² for a distance d, and d for d². */
function mistakenFor(backward: Backward, node: Expression): readonly Instead[] {
  const { graph } = backward;
  if (node.kind === "reference") {
    const written = backward.bodyAt(node.quantity, node.indices);
    if (!written) return [];
    const isRoot = written.kind === "apply" && written.operation === squareRoot;
    if (isRoot) return [{ other: graph.integerPower(node, 2), cost: 2 }];
    return mistakenFor(backward, written);
  }
  if (node.kind === "reduce") {
    const isSquares = node.reduction === "sum" && squaredIn(node.body) !== undefined;
    return isSquares ? [{ other: graph.apply(squareRoot, node), cost: 2 }] : [];
  }
  const squared = squaredIn(node);
  if (squared) {
    return [
      { other: graph.apply(absolute, squared), cost: 2 },
      { other: squared, cost: 2.05 },
    ];
  }
  if (node.kind !== "apply") return [];
  const [operand] = node.children;
  if (node.operation === squareRoot) return [{ other: operand!, cost: 2 }];
  if (node.operation !== absolute) return [];
  return [
    { other: operand!, cost: 2 },
    { other: graph.negate(operand!), cost: 2.05 },
    { other: graph.integerPower(operand!, 2), cost: 2.05 },
  ];
}

/** 1, the square and a multiple for a threshold that is a number, or a quantity that is one number. */
function otherThresholds(backward: Backward, node: Expression): readonly Instead[] {
  const { graph } = backward;
  if (!isThreshold(backward, node)) return [];
  const others = [
    graph.one,
    graph.integerPower(node, 2),
    graph.multiply(graph.number(2), node),
    graph.divide(node, graph.number(2)),
  ];
  return others.filter((other) => other !== node).map((other) => ({ other, cost: 2.1 }));
}

function isThreshold(backward: Backward, node: Expression): boolean {
  if (node.kind === "number") return !isZero(node);
  if (node.kind !== "reference" || node.quantity.shape.length > 0) return false;
  const { quantity, indices } = node;
  const written = backward.bodyAt(quantity, indices);
  return quantity.role === "input" || (written !== undefined && references([written]).length === 0);
}

/** u of u². */
function squaredIn(node: Expression): Expression | undefined {
  if (node.kind !== "product" || !node.coefficient.equals(1)) return undefined;
  const [only, ...others] = node.factors;
  return others.length === 0 && only?.exponent === 2 ? only.base : undefined;
}
