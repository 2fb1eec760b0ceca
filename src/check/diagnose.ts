/** From evidence to diagnoses: which explanations hold, the simplest first. */
import type { Quantity } from "../expression/quantity.js";
import type { CheckedPoint } from "../language/point.js";
import type { Bench } from "./bench.js";
import type { Catalogue } from "./catalogue.js";
import type { Evidence } from "./evidence.js";
import type { Explanation, Fault } from "./hypothesis.js";
import type { Diagnosis } from "./result.js";
import { Search } from "./search.js";
import { shapeFault, unknownFault } from "./unexplained.js";
import { adjointName } from "./words.js";

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
  const found = new Search(catalogue, points, benches, evidences).run(atMost);
  return new Map(
    evidences
      .filter(({ ok }) => !ok)
      .map((evidence) => {
        const simple = found.get(evidence.quantity)!.filter(({ cost }) => cost <= atMost);
        return [evidence.quantity, told(evidence, simple)];
      }),
  );
}

/** The simplest explanation, and others that are about as simple and of another kind. */
function told(evidence: Evidence, explanations: readonly Explanation[]): Diagnosis[] {
  const { claim } = evidence.exhibits[0]!;
  const isBare = claim.label === claim.quantity.name;
  const name = isBare ? adjointName(claim.quantity) : claim.label;
  const ranked = [...explanations].sort((a, b) => a.cost - b.cost);
  const [first] = ranked;
  if (!first) {
    return [diagnosisOf(shapeFault(evidence) ?? unknownFault(evidence), name, 1)];
  }
  const kinds = new Set<string>();
  const distinct = ranked.filter(({ faults, cost }) => {
    if (cost > first.cost + MUCH_MORE) return false;
    const kind = causes(faults);
    return !kinds.has(kind) && kinds.add(kind);
  });
  return distinct
    .slice(0, MOST_TOLD)
    .flatMap(({ faults }, k) => faults.map((fault) => diagnosisOf(fault, name, k + 1)));
}

function causes(faults: readonly Fault[]): string {
  return faults
    .map(({ cause }) => cause)
    .sort()
    .join(", ");
}

function diagnosisOf({ say, ...fault }: Fault, name: string, explanation: number): Diagnosis {
  return { ...fault, text: say(name), explanation };
}
