/** One factor in all wrong gradients: it came in where the backward pass still was one line. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Evidence } from "../claims/evidence.js";
import type { Expression } from "../../expression/expression.js";
import { references } from "../../expression/walk.js";
import { constantFactor, type Factor, isMinus } from "../explanations/factors.js";
import {
  type Explanation,
  factorFaults,
  timesText,
  type Fault,
  repair,
} from "../explanations/hypothesis.js";
import { isSummand, timesThrough } from "../pass/summands.js";
import { adjointName } from "../explanations/words.js";
import { listed } from "../../language/words.js";
import type { Backward, Edge } from "../pass/backward.js";
import { computedFrom, joinsOf } from "../pass/users.js";
import type { Comparable } from "./normalise.js";

/**
 * The factor, told at the last derivative that all wrong ones and no right one are computed from; nothing
 * where there is none. A wrong sign is a mistake of a line, and an update step is made of each gradient.
 */
export function scaledUpstream(
  model: Model,
  backward: Backward,
  wrong: readonly Comparable[],
  right: readonly Comparable[],
): ReadonlyMap<Quantity, Explanation> {
  const none: ReadonlyMap<Quantity, Explanation> = new Map();
  if (wrong.length < 2 || wrong.some(({ isTransposed }) => isTransposed)) return none;
  const origin = commonOrigin(backward, wrong.map(quantityOf), right.map(quantityOf));
  if (!origin) return none;
  const factors = wrong.map(({ evidence }) => factorOf(model, evidence));
  const [factor] = factors;
  if (!factor || factor.isStep || isMinus(factor)) return none;
  if (factors.some((one) => one?.name !== factor.name)) return none;
  const branches = branchesOf(backward, origin, wrong.map(quantityOf));
  const places = [...new Set(branches.map(({ to }) => to))];
  const bodies = branches.map(({ clause }) => clause.body);
  const isSure = places.length < 2 || !bodies.every((body) => hasConstant(backward, body));
  const faults = isSummand(backward, origin)
    ? [timesThrough(backward, origin, factor.name)]
    : isSure
      ? factorFaults(factor).map((fault) => arisingIn(origin, fault))
      : [timesIn(places, factor, takenFor(backward, bodies, factor))];
  return new Map(wrong.map((one) => [quantityOf(one), { faults, cost: factor.cost }]));
}

function quantityOf({ evidence }: Comparable): Quantity {
  return evidence.quantity;
}

function factorOf(model: Model, evidence: Evidence) {
  const { exhibits } = evidence;
  const given = exhibits.map(({ claim }) => claim.entries);
  return constantFactor(model, evidence, {
    given,
    explained: exhibits.map(({ right }) => right.entries),
  });
}

/** The named quantity nearest the wrong ones that all their paths to the loss go through, and none of the right ones. */
function commonOrigin(
  backward: Backward,
  wrong: readonly Quantity[],
  right: readonly Quantity[],
): Quantity | undefined {
  const apart = new Set(right.flatMap((one) => [one, ...computedFrom(backward, one)]));
  const [first, ...others] = wrong.map((one) => joinsOf(backward, one));
  return [...first!].find(
    (one) =>
      one !== backward.model.loss &&
      one.role !== "auxiliary" &&
      !apart.has(one) &&
      others.every((joined) => joined.has(one)),
  );
}

/** The steps from a derivative to those that the wrong ones are computed from. */
function branchesOf(backward: Backward, origin: Quantity, wrong: readonly Quantity[]): Edge[] {
  const leading = backward.leadingTo(new Set(wrong));
  return backward.outOf(origin).filter(({ to }) => leading.has(to));
}

/** Whether a step multiplies by a number, or by one that has a name: another one, or none, may have been written there. */
function hasConstant(backward: Backward, body: Expression): boolean {
  if (body.kind !== "product") return false;
  return (
    !body.coefficient.abs().equals(1) ||
    body.factors.some(({ base }) => references([base]).length === 0) ||
    numbersIn(body).some((quantity) => multipleOf(backward, quantity) !== undefined)
  );
}

/** The quantities that are numbers and factors of a product. */
function numbersIn(body: Expression): Quantity[] {
  if (body.kind !== "product") return [];
  return body.factors.flatMap(({ base, exponent }) =>
    base.kind === "reference" && base.quantity.shape.length === 0 && exponent === 1
      ? [base.quantity]
      : [],
  );
}

/** What a quantity is so many times: s = alpha / 2. */
function multipleOf(
  backward: Backward,
  quantity: Quantity,
): { readonly of: Quantity; readonly times: number } | undefined {
  const body = backward.bodyAt(quantity, []);
  if (body?.kind !== "product" || body.factors.length !== 1) return undefined;
  const [{ base, exponent }] = body.factors as [(typeof body.factors)[number]];
  if (base.kind !== "reference" || exponent !== 1) return undefined;
  return { of: base.quantity, times: body.coefficient.valueOf() };
}

/** `alpha for s`: the number that makes the factor, if it stands in the place of another one in all steps. */
function takenFor(
  backward: Backward,
  bodies: readonly Expression[],
  { value }: Factor,
): string | undefined {
  const [first, ...others] = bodies.map(numbersIn);
  const shared = first!.filter((one) => others.every((all) => all.includes(one)));
  for (const right of shared) {
    const multiple = multipleOf(backward, right);
    if (multiple && Math.abs(multiple.times * value - 1) < 1e-9) {
      return `${multiple.of.name} for ${right.name}`;
    }
  }
  return undefined;
}

/** A factor that came in where several derivatives are computed, or where what they share is. */
function timesIn(places: readonly Quantity[], { name }: Factor, instance?: string): Fault {
  const names = places.map(adjointName);
  const quantifier = places.length === 2 ? "both" : "all";
  const example = instance ? ` (such as ${instance})` : "";
  const told = `${listed(names)} are ${quantifier} ${timesText(name)} times the right ones, in their own lines${example} or in one before: ${repair(name)}`;
  return {
    cause: "constant-factor",
    details: () => ({ factor: name }),
    firstIn: places.map((one) => one.name),
    say: (claim) => (names.includes(claim) ? told : `${claim} follows from these: ${told}`),
  };
}

function arisingIn(origin: Quantity, fault: Fault): Fault {
  const name = adjointName(origin);
  return {
    ...fault,
    arisesIn: origin.name,
    say: (claim) =>
      claim === name ? fault.say(name) : `${claim} follows from ${name}: ${fault.say(name)}`,
  };
}
