/** What holds at the kinks of the functions that a derivative passes. */
import { isOutsideWhere } from "../calculus/outside.js";
import type { ApplyNode, Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder } from "../expression/walk.js";
import { distinct, said, type Sentence } from "../language/sentence.js";
import type { Route } from "../forms/route.js";

/** The conventions of the operations between a quantity and what uses it directly. */
export function conventionsIn(route: Route, of: Quantity): Sentence[] {
  return conventionsAmong(route, route.adjoint(of).users, of);
}

/** The conventions of the operations between a quantity and one that uses it directly. */
export function conventionsOf(route: Route, numerator: Quantity, of: Quantity): Sentence[] {
  return conventionsAmong(route, [numerator], of);
}

/** Whether a kink of an operation is where what it stands in has a value and a derivative: not that of ln|u|. */
function isReached(graph: Graph, bodies: readonly Expression[], node: ApplyNode): boolean {
  const kinks = node.operation.kinks?.(graph, ...node.children) ?? [];
  const isWithin = (body: Expression): boolean =>
    [...postorder([body], (one: Expression) => one.children)].includes(node);
  const around = bodies.filter(isWithin);
  return kinks.every((kink) =>
    around.some((body) => !isOutsideWhere(graph, body, kink, graph.zero)),
  );
}

/** So near to a kink values are looked at. */
const NEAR = 1e-12;
/** What counts as 0 there, also of the root of a sum of squares. */
const NOUGHT = 1e-5;

/**
 * Whether a kink is gone where the operation stands: in a power of two or more of what is 0 at the kink, whose
 * derivative is 0 there whatever the slope is, such as ‖u‖² and relu(u)².
 */
function isSmoothed(bodies: readonly Expression[], node: ApplyNode): boolean {
  const { operation, children } = node;
  if (children.length !== 1) return false;
  if ([0, NEAR, -NEAR].some((x) => Math.abs(operation.value(x)) > NOUGHT)) return false;
  const users = postorder(bodies, (one: Expression) => one.children).filter((one) =>
    one.children.includes(node),
  );
  return (
    users.length > 0 &&
    users.every(
      (user) =>
        user.kind === "product" &&
        user.factors.every(({ base, exponent }) => base !== node || exponent > 1),
    )
  );
}

/** The convention of an operation, with the numbers of its operands: leakyrelu′(0) = 0.1, and not slope. */
function conventionAt({ operation, children }: ApplyNode): Sentence {
  const [before = "", value] = operation.convention?.split(" = ") ?? [];
  const operand = children[operation.operands.findIndex((name) => name === value)];
  const shown =
    operand?.kind === "number"
      ? operand.value.toString()
      : operand?.kind === "reference" && operand.indices.length === 0
        ? operand.quantity
        : value;
  return shown === undefined ? said`${before}` : said`${before} = ${shown}`;
}

function conventionsAmong(route: Route, users: readonly Quantity[], of: Quantity): Sentence[] {
  const bodies = route
    .definitionsOf(users)
    .flatMap(({ clauses }) => clauses.map(({ body }) => body));
  const sentences: Sentence[] = [];
  const passed = new Set<Expression>();
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    const isUse = node.kind === "reference" && node.quantity === of;
    if (!isUse && !node.children.some((child) => passed.has(child))) continue;
    passed.add(node);
    const isKinked = node.kind === "apply" && node.operation.convention !== undefined;
    const isFelt = isKinked && !isSmoothed(bodies, node);
    if (isFelt && isReached(route.model.graph, bodies, node)) {
      sentences.push(said`By convention ${conventionAt(node)}.`);
    }
    if (node.kind === "reduce" && (node.reduction === "max" || node.reduction === "min")) {
      sentences.push(
        said`By convention entries that tie for the ${node.reduction} share its derivative equally.`,
      );
    }
  }
  return distinct(sentences);
}
