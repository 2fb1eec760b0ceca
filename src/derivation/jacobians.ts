import type { Quantity } from "../expression/quantity.js";
import type { Route } from "../forms/route.js";
import type { Claim } from "./step.js";
import type { Target } from "./target.js";

export function jacobianSteps(
  route: Route,
  loss: Quantity,
  target: Target,
  notes: string[],
): Claim[] {
  throw new Error(
    `not yet: ${route.wrt.name} ${loss.name} ${target.quantity.name} ${notes.length}`,
  );
}
