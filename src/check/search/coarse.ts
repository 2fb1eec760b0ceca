/**
 * Numbers of few bits: rounded to a 16-bit format, or exact, as k/128 is for a mean of signs over 128 examples.
 * As exact numbers they are wrong where some mistake explains them to all digits, which a rounded gradient
 * would match by chance only; else they are judged as rounded ones.
 */
import type { Claim } from "../claims/claims.js";
import { type Judged, judged } from "../claims/judged.js";
import { coarsePrecision } from "../claims/precision.js";
import type { CheckedPoint } from "../../language/point.js";
import type { Catalogue } from "../mutants/catalogue.js";
import type { Bench } from "../pass/bench.js";
import { diagnose } from "./diagnose.js";

/** No single mistake is more surprising. Two at once are not sought. */
const MOST_SINGLE = 5;

/**
 * The claims, those read as rounded numbers that are wrong as exact ones without an explanation.
 * @param claims what was given at each point
 * @param exact the same, judged as `inferPrecision` reads it
 */
export function readCoarsely(
  catalogue: Catalogue,
  points: readonly CheckedPoint[],
  benches: readonly Bench[],
  claims: readonly (readonly Claim[])[],
  exact: readonly Judged[],
): readonly Judged[] {
  if (exact.every(({ evidence }) => evidence.ok)) return exact;
  const precisions = claims.flatMap((company) => coarsePrecision(company) ?? []);
  if (precisions.length < claims.length) return exact;
  const evidences = exact.map(({ evidence }) => evidence);
  const found = diagnose(catalogue, points, benches, evidences, MOST_SINGLE);
  return exact.map((one) => {
    const { quantity, exhibits } = one.evidence;
    if (!found.get(quantity)?.every(({ cause }) => cause === "unknown")) return one;
    return judged(
      quantity,
      exhibits.map((exhibit, k) => ({ ...exhibit, precision: precisions[k] ?? exhibit.precision })),
    );
  });
}
