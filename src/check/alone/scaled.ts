/** One factor in all wrong gradients: it came in where the backward pass still was one line. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Evidence } from "../claims/evidence.js";
import { constantFactor } from "../explanations/factors.js";
import { type Explanation, factorFaults, type Fault } from "../explanations/hypothesis.js";
import { adjointName } from "../explanations/words.js";
import type { Backward } from "../pass/backward.js";
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
  if (!factor || factor.isStep || factor.value === -1) return none;
  if (factors.some((one) => one?.name !== factor.name)) return none;
  const faults = factorFaults(factor).map((fault) => arisingIn(origin, fault));
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

function arisingIn(origin: Quantity, fault: Fault): Fault {
  const name = adjointName(origin);
  return {
    ...fault,
    arisesIn: origin.name,
    say: (claim) =>
      claim === name ? fault.say(name) : `${claim} follows from ${name}: ${fault.say(name)}`,
  };
}
