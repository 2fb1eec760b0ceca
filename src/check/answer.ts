/** What a check answers, once its claims are judged and what is wrong has been explained. */
import type { Evidence } from "./claims/evidence.js";
import type { Judged } from "./claims/judged.js";
import type { Verdict } from "./claims/verdict.js";
import type { Hearing } from "./hearing.js";
import type { Catalogue } from "./mutants/catalogue.js";
import { inBackwardOrder } from "./pass/users.js";
import { powerOf } from "./power/power.js";
import type { CheckedClaim, CheckResult, Power } from "./result.js";

/** What is said of a claim that is wrong; of a right one nothing. */
export type Explained = Pick<CheckedClaim, "diagnosis" | "right" | "matrix">;

/**
 * @param read the claims, as they were read in the end
 * @param explained of each claim that is wrong
 * @param notes what limits the verdict beyond what the hearing found
 */
export function answer(
  { backward, benches, testimonies, notes: heard }: Hearing,
  catalogue: Catalogue,
  read: readonly Judged[],
  explained: (evidence: Evidence) => Explained,
  notes: readonly string[] = [],
): CheckResult {
  const evidences = read.map(({ evidence }) => evidence);
  const checks = read.map(({ evidence, verdicts }) =>
    checkedClaim(
      evidence,
      verdicts,
      evidence.ok ? { diagnosis: [] } : explained(evidence),
      (position) => testimonies[position]!.number ?? position + 1,
    ),
  );
  const claimed = evidences.map(({ quantity }) => quantity);
  const order = inBackwardOrder(backward, claimed).map(({ name }) => name);
  const power = powerOf(catalogue, benches, evidences);
  const all = [...heard, ...notes, ...powerNotes(checks, power, benches.length)];
  return { ok: evidences.every(({ ok }) => ok), checks, order, power, notes: [...new Set(all)] };
}

/** What a right verdict is not worth: mistakes that the points of the check hide. Several were drawn to show most. */
function powerNotes(
  checks: readonly CheckedClaim[],
  { hidden, total }: Power,
  points: number,
): string[] {
  const right = checks.filter(({ ok }) => ok).map(({ name }) => name);
  if (hidden.length === 0 || right.length === 0) return [];
  const names =
    right.length > 3
      ? `${right.length} gradients are`
      : `${right.join(", ")} ${right.length > 1 ? "are" : "is"}`;
  const where = points > 1 ? "would show at none of the points" : "would not show";
  const advice = points > 1 ? "" : ": check at another point too";
  return [
    `${names} judged right where ${hidden.length} of ${total} known mistakes ${where}${advice}`,
  ];
}

function checkedClaim(
  { quantity, ok, exhibits }: Evidence,
  verdicts: readonly (Verdict | undefined)[],
  { diagnosis, ...statements }: Explained,
  numberOf: (position: number) => number,
): CheckedClaim {
  // the point that shows most: a wrong shape, else the first that is wrong, else the first
  const misshapen = verdicts.indexOf(undefined);
  const wrong = verdicts.findIndex((verdict) => !verdict?.ok);
  const shown = misshapen >= 0 ? misshapen : Math.max(0, wrong);
  const { claim, precision, sizes } = exhibits[shown]!;
  const verdict = verdicts[shown];
  return {
    name: quantity.name,
    ok,
    maxError: verdict ? verdict.maxError : null,
    worst: verdict?.worst ?? { entry: [], given: null, expected: null },
    diagnosis,
    digitsAgreed: verdict?.digitsAgreed ?? 0,
    digitsExpected: verdict?.digitsExpected ?? 0,
    precision: precision.text,
    point: numberOf(shown),
    ...statements,
    shape: {
      given: claim.lengths,
      expected: quantity.shape.map((size) => size.evaluate(sizes)),
    },
  };
}
