/** Where a definition repeats a quantity along an axis that the quantity lacks: b beside every column of W X. */
import { isActivation } from "../calculus/slopes.js";
import type { Expression } from "../expression/expression.js";
import { isMinusOne, isUnit } from "../expression/rational.js";
import type { Quantity } from "../expression/quantity.js";
import type { Size } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import type { MatrixExpression } from "../forms/matrix/expression.js";
import { type SummedParts, summedParts } from "../forms/matrix/ones.js";
import { broadcastReason, type Reason } from "../forms/matrix/reasons.js";
import type { Route } from "../forms/route.js";
import { said, type Sentence } from "../language/sentence.js";

/**
 * Why ∂L/∂`of` is a product with the vector of ones; undefined where it is none, and where the quantity stands in
 * more than one place or not as it is.
 * @param users the definitions that use the quantity
 */
export function broadcastOf(
  route: Route,
  of: Quantity,
  users: readonly Quantity[],
  derivative: MatrixExpression,
): Reason | undefined {
  const summed = summedParts(derivative);
  if (!summed) return undefined;
  const bodies = route
    .definitionsOf(users)
    .flatMap(({ quantity, clauses }) => clauses.map(({ body }) => ({ user: quantity, body })));
  const places = bodies.flatMap(({ user, body }) =>
    parentsOf(of, body).map((parent) => ({ user, body, parent })),
  );
  const [place, ...others] = places;
  if (!place || others.length > 0) return undefined;
  const met = meetingOf(of, place.parent);
  const [along, ...more] = met?.lacking ?? [];
  if (!met || !along?.equals(summed.count) || more.length > 0) return undefined;
  return broadcastReason(of, summed, met.how, ownerOf(place, met, bodies.length, summed));
}

interface Place {
  readonly user: Quantity;
  /** One of the clauses of the user. */
  readonly body: Expression;
  /** The node in it of which the quantity is an operand. */
  readonly parent: Expression;
}

/** How a quantity meets what else stands in a sum or a product. */
interface Meeting {
  readonly how: string;
  /** The lengths of the axes that it lacks. */
  readonly lacking: readonly Size[];
  readonly others: readonly Expression[];
}

function isOf(of: Quantity, node: Expression): boolean {
  return node.kind === "reference" && node.quantity === of;
}

/** The nodes of which a quantity is an operand. */
function parentsOf(of: Quantity, body: Expression): Expression[] {
  return postorder([body], (one: Expression) => one.children).filter(({ children }) =>
    children.some((child) => isOf(of, child)),
  );
}

function meetingOf(of: Quantity, parent: Expression): Meeting | undefined {
  const [own, ...more] = parent.children.filter((child) => isOf(of, child));
  const how = own && more.length === 0 ? howMet(own, parent) : undefined;
  if (how === undefined) return undefined;
  const known = new Set(own!.free.map(({ key }) => key));
  const lacking = parent.free.flatMap(({ key, size }) => (known.has(key) ? [] : [size]));
  return { how, lacking, others: parent.children.filter((child) => child !== own) };
}

const ADDED = "is added to";

function howMet(own: Expression, parent: Expression): string | undefined {
  if (parent.kind === "sum") {
    const { coefficient } = parent.terms.find(({ term }) => term === own)!;
    if (isUnit(coefficient)) return ADDED;
    return isMinusOne(coefficient) ? "is subtracted from" : undefined;
  }
  const isFactor =
    parent.kind === "product" &&
    parent.factors.some(({ base, exponent }) => base === own && exponent === 1);
  return isFactor ? "multiplies" : undefined;
}

/** Of what every row, column or entry meets the quantity: by name, or by where it stands. */
function ownerOf(
  { user, body, parent }: Place,
  { how, others: [other, ...more] }: Meeting,
  clauses: number,
  { part }: SummedParts,
): Sentence {
  if (clauses === 1 && how === ADDED) {
    if (body === parent) return said`${user}`;
    if (isActivation(body) && body.children[0] === parent)
      return said`the pre-activation of ${user}`;
  }
  if (other?.kind === "reference" && more.length === 0) return said`${other.quantity}`;
  return said`a ${part === "entry" ? "vector" : "matrix"} in the definition of ${user}`;
}
