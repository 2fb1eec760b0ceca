/** The index form: the adjoint of every quantity from the loss back, each in terms of later ones. */
import { fullAxes } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { atIndices, type Route, type RouteAdjoint } from "../forms/route.js";
import { conventionsIn } from "./conventions.js";
import { type Claim, scalar } from "./step.js";
import { entryIndices, type Target } from "./target.js";

/** Gradients of more symbols than this are not written as one expression. */
export const LONGEST_CLOSED = 400;

/** Two steps for every quantity: the chain rule with symbols, then the local derivatives put in. */
export function recursionSteps(route: Route, loss: Quantity): Claim[] {
  return route.adjoints.flatMap((adjoint) => adjointSteps(route, adjoint, loss));
}

/** ∂L/∂v at the letters of its axes. */
export function adjointReference(route: Route, { of, quantity }: RouteAdjoint): Expression {
  return route.model.graph.reference(quantity, fullAxes(of.shape).indices);
}

/** The steps of one adjoint: with symbols, then with local derivatives. */
export function adjointSteps(route: Route, adjoint: RouteAdjoint, loss: Quantity): Claim[] {
  const { of, symbolic, body, users } = adjoint;
  const { letters } = fullAxes(of.shape);
  const left = scalar(adjointReference(route, adjoint));
  const steps: Claim[] = [];
  if (symbolic) {
    steps.push({
      rule: "chain rule",
      why: whyChain(of, users, loss),
      left,
      right: scalar(symbolic),
      letters,
    });
  }
  if (body !== symbolic) {
    steps.push({
      rule: symbolic ? "local derivatives" : "derivative of the loss",
      why: [whyLocal(of, users, loss, symbolic !== undefined), ...conventionsIn(route, of)].join(
        " ",
      ),
      left,
      right: scalar(body),
      letters,
    });
  }
  return steps;
}

function whyChain(of: Quantity, users: readonly Quantity[], loss: Quantity): string {
  const indirect = users.filter((user) => user !== loss).map(({ name }) => name);
  const direct = users.includes(loss);
  const through = list(indirect);
  const several = indirect.length + (direct ? 1 : 0) > 1;
  const sentence = `${of.name} acts on ${loss.name} through ${through}${direct ? ` and directly` : ""}: ${
    several
      ? "the derivatives along all of these ways are added."
      : `the derivative of ${loss.name} by ${through} is multiplied by the derivative of ${through} by ${of.name}, summed over all entries of ${through} that the entry acts on.`
  }`;
  return sentence;
}

function whyLocal(
  of: Quantity,
  users: readonly Quantity[],
  loss: Quantity,
  isChain: boolean,
): string {
  if (users.length === 0) return `${loss.name} does not depend on ${of.name}.`;
  return isChain
    ? `The local derivatives of ${list(users.map(({ name }) => name))} by ${of.name} are put in.`
    : `Only ${loss.name} itself uses ${of.name}: its definition is differentiated directly.`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

/** The whole gradient as one expression, and the entry that was asked for. */
export function closingSteps(route: Route, target: Target): Claim[] {
  const { graph } = route.model;
  const { quantity } = target;
  const adjoint = route.adjoint(quantity);
  const closed = route.closed(quantity, LONGEST_CLOSED);
  const { letters, indices } = fullAxes(quantity.shape);
  const steps: Claim[] = [];
  if (closed && closed !== adjoint.body) {
    steps.push({
      rule: "substitution",
      why: "The adjoints found above are put in, so that no derivative is left.",
      left: scalar(graph.reference(adjoint.quantity, indices)),
      right: scalar(closed),
      letters,
    });
  }
  if (target.entry) {
    const at = entryIndices(target.entry);
    steps.push({
      rule: "the entry",
      why: "The indices of the entry are put in.",
      left: scalar(graph.reference(adjoint.quantity, at)),
      right: scalar(atIndices(graph, quantity, closed ?? adjoint.body, at)),
      letters: [],
    });
  }
  return steps;
}
