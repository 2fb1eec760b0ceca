/** Norms for their squares, and squares for norms: distances, lengths, penalties. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { isRoot } from "../../../expression/operations/lowered.js";
import { squareRoot } from "../../../expression/operations/smooth.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { combined } from "../../pass/changes.js";
import { modelText } from "../../explanations/words.js";
import { forwardFault, inPlaceOf } from "../forward-fault.js";
import type { Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import type { Kind } from "../family.js";

interface Confusion {
  /** The nodes of bodies that are taken for something else. */
  readonly places: (bodies: readonly Expression[]) => Expression[];
  readonly made: (graph: Graph, node: Expression) => Expression;
  /** Whether it is tried in one definition alone; of a function left out there another family knows. */
  readonly isSingle: boolean;
}

/** √(Σ u²), or 2·√(Σ u²) as the half of the square is a norm, for Σ u²; Σ u² for √(Σ u²). */
const CONFUSIONS: readonly Confusion[] = [
  { places: squares, made: normOf, isSingle: true },
  {
    places: squares,
    made: (graph, node) => graph.multiply(graph.number(2), normOf(graph, node)),
    isSingle: true,
  },
  { places: norms, made: (_, node) => node.children[0]!, isSingle: false },
];

/** In each definition alone, and in all that have such sums. */
export const MISTAKEN_NORMS: Kind<Backward> = {
  least: 2.25,
  make: ({ backward }) => mistakenNorms(backward),
};

export function* mistakenNorms(backward: Backward): Generator<Mutant> {
  const { graph } = backward;
  const definitions = backward.definitions.toReversed();
  for (const { places, made, isSingle } of CONFUSIONS) {
    const others = definitions.flatMap((definition): Rewritten[] => {
      // of a sum over rows and columns the outer one
      const node = places(definition.clauses.map(({ body }) => body)).at(-1);
      if (!node) return [];
      const result = made(graph, node);
      const other = rewritten(graph, definition, (one) => (one === node ? result : undefined));
      return [{ other, node, result }];
    });
    const groups = [
      ...(isSingle ? others.map((one) => [one]) : []),
      ...(others.length > 1 ? [others] : []),
    ];
    for (const group of groups) {
      const [first, ...more] = group;
      if (!first) continue;
      yield {
        fault: forwardFault(
          [first.other.quantity, ...more.map(({ other }) => other.quantity)],
          "wrong-function",
          () => inPlaceOf(modelText(first.result), modelText(first.node)),
        ),
        cost: group.length > 1 ? 2.35 : 2.25,
        change: () => combined(group.map(({ other }) => backward.redefinition(other))),
      };
    }
  }
}

/** A definition with something else in place of a node. */
interface Rewritten {
  readonly other: Definition;
  readonly node: Expression;
  readonly result: Expression;
}

function normOf(graph: Graph, square: Expression): Expression {
  return graph.apply(squareRoot, square);
}

/** Sums of squares that are not under a root already, outer ones last. */
function squares(bodies: readonly Expression[]): Expression[] {
  const nodes = nodesOf(bodies);
  const rooted = nodes.flatMap((node) => (isRootNode(node) ? node.children : []));
  const under = new Set(nodesOf(rooted));
  return nodes.filter((node) => isSumOfSquares(node) && !under.has(node));
}

function norms(bodies: readonly Expression[]): Expression[] {
  return nodesOf(bodies).filter(
    (node) => isRootNode(node) && node.children.every((child) => isSumOfSquares(child)),
  );
}

function nodesOf(roots: readonly Expression[]): Expression[] {
  return postorder(roots, (one: Expression) => one.children);
}

function isRootNode(node: Expression): boolean {
  return node.kind === "apply" && isRoot(node.operation);
}

function isSumOfSquares(node: Expression): boolean {
  if (node.kind !== "reduce" || node.reduction !== "sum") return false;
  const { body } = node;
  if (body.kind === "reduce") return isSumOfSquares(body);
  return body.kind === "product" && body.factors.every(({ exponent }) => exponent === 2);
}
