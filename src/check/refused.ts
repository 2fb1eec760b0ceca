/** The answer where some claim is wrong: why. */
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import type { Point } from "../language/point.js";
import { kinkReport, kinkText } from "../numeric/kinks.js";
import { answer, type Explained } from "./answer.js";
import { rightFormula } from "./formulas/right-formula.js";
import type { Hearing, OnStage } from "./hearing.js";
import { adjointName } from "./explanations/words.js";
import { catalogueOf } from "./mutants/catalogue.js";
import type { CheckResult, Diagnosis } from "./result.js";
import { type Perhaps, readCoarsely } from "./search/coarse.js";
import { diagnoseGiven } from "./search/diagnose.js";

/**
 * What no mistake explains, or only two at once, is looked at with the labels that mistakes may need: where one does with
 * those, the second was for the sake of labels that nobody has.
 * @param hearing that found some claim wrong, which may yet be right in numbers of few bits
 */
export function refuse(hearing: Hearing, onStage?: OnStage): CheckResult {
  let best = refusal(hearing, onStage);
  for (const other of hearing.others ?? []) {
    if (surplus(best) === 0) break;
    // fewer points than those that show a mistake
    if (other.isRight) continue;
    const result = refusal(other, onStage);
    if (surplus(result) < surplus(best)) best = result;
  }
  return best;
}

/** More than all explanations by two mistakes. */
const UNEXPLAINED = 1000;

/** How far the explanations of claims are from one mistake for each. */
function surplus({ checks }: CheckResult): number {
  return checks.reduce((total, { diagnosis }) => {
    const [first, ...others] = diagnosis.filter(({ explanation }) => explanation === 1);
    return total + (first?.cause === "unknown" ? UNEXPLAINED : others.length);
  }, 0);
}

function refusal(hearing: Hearing, onStage: OnStage | undefined): CheckResult {
  const { model, testimonies, backward, benches, judged } = hearing;
  const kinks = testimonies.flatMap(({ at }) => kinkNotes(model, at));
  const points = testimonies.map(({ point }) => point);
  const given = testimonies.map(({ claims }) => claims);
  const catalogue = catalogueOf(backward, benches[0]!, kinks.length > 0);
  const { judged: read, perhaps } = readCoarsely(catalogue, points, benches, given, judged);
  const mayBeRight = new Set(
    perhaps?.judged.flatMap(({ evidence }) => (evidence.ok ? [evidence.quantity] : [])),
  );
  const evidences = read.map(({ evidence }) => evidence);
  const ok = evidences.every((one) => one.ok);
  onStage?.(ok ? "power of the check" : "what explains the wrong gradients");
  const diagnoses = ok
    ? new Map<Quantity, readonly Diagnosis[]>()
    : diagnoseGiven(
        catalogue,
        points,
        benches,
        (perhaps?.judged ?? read).map(({ evidence }) => evidence),
      );
  const explained = ({ quantity }: { readonly quantity: Quantity }): Explained => ({
    diagnosis:
      perhaps && mayBeRight.has(quantity)
        ? [perhapsRight(quantity, perhaps)]
        : (diagnoses.get(quantity) ?? []),
    ...rightStatements(backward.model, quantity),
  });
  const isUnknown = [...diagnoses.values()].some((all) => all[0]?.cause === "unknown");
  const advice = isUnknown && hearing.advice !== undefined ? [hearing.advice] : [];
  return answer(hearing, catalogue, read, explained, ok ? [] : [...kinks, ...advice]);
}

/** What is told of few numbers of few digits that would be right had they been rounded so: nothing else is to be told from them. */
function perhapsRight(quantity: Quantity, { how }: Perhaps): Diagnosis {
  const text = `${adjointName(quantity)} would be right if ${how}, which so few numbers do not tell: give more digits`;
  return { cause: "unknown", text, explanation: 1 };
}

/** Where a convention decides what is right. */
function kinkNotes(model: Model, at: Point): string[] {
  const { kinks, count } = kinkReport(model, at, { within: 1e-12, limit: 2 });
  const more = count > kinks.length ? [`${count - kinks.length} more kinks are as near`] : [];
  return [
    ...kinks.map((kink) => `the point is at a kink, ${kinkText(kink)}: here ${kink.convention}`),
    ...more,
  ];
}

/** The right statement of a derivative behind those that it needs; nothing where the language has none. */
function rightStatements(model: Model, quantity: Quantity): Omit<Explained, "diagnosis"> {
  const right = rightFormula(model, quantity);
  if (!right) return {};
  const all = [...right.before, right];
  return { right: all.map(({ text }) => text), matrix: all.map(({ matrix }) => matrix) };
}
