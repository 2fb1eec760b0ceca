/** What holds at the kinks of the functions that a derivative passes. */
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder } from "../expression/walk.js";
import type { Route } from "../forms/route.js";

/** The conventions of the operations between a quantity and what uses it directly. */
export function conventionsIn(route: Route, of: Quantity): string[] {
  return conventionsAmong(route, route.adjoint(of).users);
}

/** The conventions of the operations in one definition. */
export function conventionsOf(route: Route, numerator: Quantity): string[] {
  return conventionsAmong(route, [numerator]);
}

function conventionsAmong(route: Route, users: readonly Quantity[]): string[] {
  const bodies = route
    .definitionsOf(users)
    .flatMap(({ clauses }) => clauses.map(({ body }) => body));
  const sentences = new Set<string>();
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    if (node.kind === "apply" && node.operation.convention !== undefined) {
      sentences.add(`By convention ${node.operation.convention}.`);
    }
    if (node.kind === "reduce" && (node.reduction === "max" || node.reduction === "min")) {
      sentences.add(
        `By convention entries that tie for the ${node.reduction} share its derivative equally.`,
      );
    }
  }
  return [...sentences];
}
