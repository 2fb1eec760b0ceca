/** From evidence to diagnoses: which explanations hold, the simplest first. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { CheckedPoint } from "../../language/point.js";
import type { Backward } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import type { Catalogue } from "../mutants/catalogue.js";
import { arrangement } from "../claims/claims.js";
import { type Evidence, isNearlyRight } from "../claims/evidence.js";
import { givenDifferences } from "./given-differences.js";
import { diagnosisOf, type Explanation, type Fault } from "../explanations/hypothesis.js";
import { joined } from "../explanations/joined.js";
import { withMeanings } from "../explanations/unnamed.js";
import type { Diagnosis } from "../result.js";
import { Search } from "./search.js";
import { oughtToVanish, shapeFault, unknownFault } from "./unexplained.js";
import { adjointName } from "../explanations/words.js";

/** Explanations that are told for one claim, and how much more surprising than the first. */
const MOST_TOLD = 3;
const MUCH_MORE = 0.35;

/**
 * What is wrong with each claim that is wrong.
 * @param benches one for each point
 * @param atMost what an explanation may cost: beside a simpler one found elsewhere, others are contrived
 */
export function diagnose(
  catalogue: Catalogue,
  points: readonly CheckedPoint[],
  benches: readonly Bench[],
  evidences: readonly Evidence[],
  atMost = Infinity,
): Map<Quantity, readonly Diagnosis[]> {
  const { backward } = catalogue;
  const found = new Search(catalogue, points, benches, evidences).run(atMost);
  const simple = new Map(
    [...found].map(([quantity, all]) => [quantity, all.filter(({ cost }) => cost <= atMost)]),
  );
  const spoiled = firstSpoiled([...simple.values()]);
  return new Map(
    evidences
      .filter(({ ok }) => !ok)
      .map((evidence) => {
        const { quantity } = evidence;
        const suspect = nearestOf(backward, quantity, spoiled);
        const all = told(backward.model, evidence, simple.get(quantity)!, suspect);
        return [quantity, all.map((one) => withMeanings(backward.model, one))];
      }),
  );
}

/** The names of the quantities whose derivatives the simplest explanations find mistakes in. */
function firstSpoiled(explanations: readonly (readonly Explanation[])[]): ReadonlySet<string> {
  const first = explanations.flatMap((all) => [...all].sort((a, b) => a.cost - b.cost).slice(0, 1));
  const faults = first.flatMap((one) => one.faults).filter(({ isForward }) => !isForward);
  return new Set(faults.flatMap(({ arisesIn = [] }) => arisesIn));
}

/** Of some quantities the last in the backward pass whose derivative that of a claim is computed from. */
function nearestOf(
  backward: Backward,
  claim: Quantity,
  names: ReadonlySet<string>,
): Quantity | undefined {
  const leading = backward.leadingTo(new Set([claim]));
  const isMeant = (one: Quantity): boolean =>
    one !== claim && one !== backward.model.loss && leading.has(one) && names.has(one.name);
  return backward.order.findLast(isMeant);
}

/**
 * The same for numbers of unknown origin. What is right as far as explanations are compared is explained
 * by none: every mistake without an effect at the point would do.
 */
export function diagnoseGiven(
  catalogue: Catalogue,
  points: readonly CheckedPoint[],
  benches: readonly Bench[],
  evidences: readonly Evidence[],
): Map<Quantity, readonly Diagnosis[]> {
  const { model } = catalogue.backward;
  const differences = givenDifferences(model, points[0]!, evidences);
  const settled = new Map<Quantity, readonly Diagnosis[]>();
  for (const evidence of evidences) {
    const difference = differences.get(evidence.quantity);
    const isSettled = difference?.isSure || (fits(evidence) && isNearlyRight(evidence));
    if (evidence.ok || !isSettled) continue;
    const fault = difference?.fault ?? unknownFault(evidence);
    settled.set(evidence.quantity, [diagnosisFor(model, evidence, fault)]);
  }
  const open = evidences.filter(({ quantity }) => !settled.has(quantity));
  if (open.every(({ ok }) => ok)) return settled;
  const found = diagnose(catalogue, points, benches, open);
  for (const evidence of open) {
    const own = found.get(evidence.quantity);
    const difference = differences.get(evidence.quantity);
    if (!own) continue;
    const isUnknown = own.every(({ cause }) => cause === "unknown");
    const told = difference && isUnknown ? [diagnosisFor(model, evidence, difference.fault)] : own;
    settled.set(evidence.quantity, told);
  }
  return settled;
}

/** The simplest explanation, and others that are about as simple and of another kind. */
function told(
  model: Model,
  evidence: Evidence,
  explanations: readonly Explanation[],
  suspect: Quantity | undefined,
): Diagnosis[] {
  // what has no mistake to tell explains nothing; what ought to be 0 is no multiple of that
  const most = oughtToVanish(evidence) ? 1 : Infinity;
  const ranked = explanations
    .filter(({ faults }) => faults.length > 0 && faults.length <= most)
    .sort((a, b) => a.cost - b.cost);
  const [first] = ranked;
  if (!first) {
    return [diagnosisFor(model, evidence, shapeFault(evidence) ?? unknownFault(evidence, suspect))];
  }
  const kinds = new Set<string>();
  const distinct = ranked.filter(({ faults, cost }) => {
    if (cost > first.cost + MUCH_MORE) return false;
    const kind = causes(faults);
    return !kinds.has(kind) && kinds.add(kind);
  });
  return distinct
    .slice(0, MOST_TOLD)
    .flatMap(({ faults }, k) =>
      joined(faults).map((fault) => diagnosisFor(model, evidence, fault, k + 1)),
    );
}

/**
 * What is told of a claim, which sentences call by the name that was given to it: they are made with the usual name of
 * the derivative, by which they know a mistake in it from one that it follows from.
 */
function diagnosisFor(
  model: Model,
  { exhibits }: Evidence,
  fault: Fault,
  explanation?: number,
): Diagnosis {
  const { label, quantity } = exhibits[0]!.claim;
  const usual = adjointName(quantity);
  const diagnosis = diagnosisOf(fault, usual, explanation);
  if (label === quantity.name || label === usual) return diagnosis;
  // where the model itself has a quantity dp, only the beginning is the derivative by p
  const isMeant = (word: string, at: number): boolean =>
    word === usual && (at === 0 || !model.scope.has(usual));
  const text = diagnosis.text.replace(WORD, (word, at: number) =>
    isMeant(word, at) ? label : word,
  );
  return { ...diagnosis, text };
}

const WORD = /[^\s.,:;()*+/^=-]+/g;

function fits({ exhibits }: Evidence): boolean {
  return exhibits.every(({ claim, sizes }) => arrangement(claim, sizes) === "fits");
}

function causes(faults: readonly Fault[]): string {
  return faults
    .map(({ cause }) => cause)
    .sort()
    .join(", ");
}
