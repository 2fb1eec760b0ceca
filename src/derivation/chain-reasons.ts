/** Why a chain rule looks as it does: along which ways a quantity acts on the loss, and what is summed. */
import { lettersAlong } from "../calculus/partial.js";
import { type Reach, reachOf } from "../calculus/reach.js";
import type { Expression } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import type { Route, RouteAdjoint } from "../forms/route.js";
import { enumerated, joined, said, type Sentence } from "../language/sentence.js";
import { hasOneEntry } from "../language/tensor.js";

/** The ways of a chain rule. */
export function whyChain(
  route: Route,
  { of, users }: RouteAdjoint,
  symbolic: Expression,
): Sentence {
  const { loss } = route.model;
  const indirect = users.filter((user) => user !== loss);
  const direct = users.includes(loss);
  const through = enumerated(indirect);
  const ways = said`${of} acts on ${loss} through ${through}${direct ? " and directly" : ""}`;
  const [user, ...others] = indirect;
  if (!user || others.length > 0 || direct) {
    const added = said`${ways}: the derivatives along all of these ways are added.`;
    return joined([added, ...whySums(route, of, indirect)]);
  }
  const product = said`${ways}: the derivative of ${loss} by ${user} times the derivative of ${user} by ${of}.`;
  if (hasOneEntry(user.shape)) return product;
  return said`${product} ${whyReach(route, of, user, isSummed(symbolic))}`;
}

/** Why the products along some of several ways are summed over the entries of what they lead through. */
function whySums(route: Route, of: Quantity, users: readonly Quantity[]): Sentence[] {
  const isSummedOver = (user: Quantity): boolean => {
    const { outer, pinned } = route.partialOf(user, of)!;
    return outer.some(({ key }) => !pinned.has(key));
  };
  const summed = users.filter((user) => !hasOneEntry(user.shape) && isSummedOver(user));
  const several = summed.filter((user) => actsOnSeveral(route, of, user));
  const others = summed.filter((user) => !several.includes(user));
  const them = several.length === 1 ? "them" : "the entries of each";
  return [
    ...(several.length > 0
      ? [
          said`${entryIn(of)} acts on several entries of ${enumerated(several)}, so the products are summed over ${them}.`,
        ]
      : []),
    ...others.map((user) => whyReach(route, of, user, true)),
  ];
}

/** Whether every entry of a quantity acts on several entries of what uses it. */
export function actsOnSeveral(route: Route, of: Quantity, user: Quantity): boolean {
  return !hasOneEntry(user.shape) && reachIn(route, of, user) === "several";
}

function reachIn(route: Route, of: Quantity, user: Quantity): Reach {
  const { expression, outer } = route.partialOf(user, of)!;
  return reachOf(route.model.graph, expression, outer, lettersAlong("q", of.shape).letters);
}

function entryIn(of: Quantity): Sentence {
  return hasOneEntry(of.shape) ? said`${of}` : said`Each entry of ${of}`;
}

/** Why the products are summed over the entries of what uses a quantity, or not. */
export function whyReach(route: Route, of: Quantity, user: Quantity, hasSum: boolean): Sentence {
  const entry = entryIn(of);
  const reach = reachIn(route, of, user);
  if (reach === "several") {
    return said`${entry} acts on several entries of ${user}, so the products are summed over them.`;
  }
  if (!hasSum) {
    const most = reach === "at most one" ? " at most" : " only";
    return said`${entry} acts on one entry of ${user}${most}, so there is no sum.`;
  }
  return reach === undefined
    ? said`The products are summed over the entries of ${user}.`
    : said`${entry} acts on one entry of ${user} at most: all other terms of the sum are 0.`;
}

/** Whether a product of derivatives is summed over an index. */
function isSummed(symbolic: Expression): boolean {
  return [symbolic, ...symbolic.children].some(({ kind }) => kind === "reduce");
}
