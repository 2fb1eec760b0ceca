/**
 * Numbers that may be less precise than they look: of few bits, rounded to a 16-bit format or exact, as k/128 is for
 * a mean of signs over 128 examples; or doubles that were computed from singles. As they look they are wrong where
 * some mistake explains them to all digits, which a rounded gradient would match by chance only, or where they are
 * differences of the loss; else they are judged as less precise ones.
 */
import type { Claim } from "../claims/claims.js";
import type { Evidence } from "../claims/evidence.js";
import { type Judged, judged } from "../claims/judged.js";
import {
  coarsePrecisions,
  DOUBLE_PRECISION,
  partlySingle,
  type Precision,
  tellSingles,
} from "../claims/precision.js";
import type { CheckedPoint } from "../../language/point.js";
import type { Catalogue } from "../mutants/catalogue.js";
import type { Bench } from "../pass/bench.js";
import type { Model } from "../../language/model.js";
import { diagnose } from "./diagnose.js";
import { Displacement } from "./displacement.js";
import { givenDifferences, largestOf } from "./given-differences.js";
import { arePromoted } from "./promoted.js";

/** No single mistake is more surprising. Two at once are not sought. */
const MOST_SINGLE = 5;

/**
 * The claims, those read as less precise that are wrong as they look without an explanation.
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
  const { model } = catalogue.backward;
  const rounded = asRounded(claims, exact);
  const read = rounded ?? asPartlySingle(model, points, benches, claims, exact);
  if (!read) return exact;
  // numbers of few bits that are exact are so to all digits of a double
  const asDoubles = claims.map(() => DOUBLE_PRECISION);
  const evidences = (rounded ? readAs(asDoubles, exact)! : exact).map(({ evidence }) => evidence);
  const differences = givenDifferences(model, points[0]!, evidences, { fromSingles: !rounded });
  const found = diagnose(catalogue, points, benches, evidences, MOST_SINGLE);
  return exact.map((one, k) => {
    const { quantity } = one.evidence;
    const isUnknown = found.get(quantity)?.every(({ cause }) => cause === "unknown") ?? true;
    return isUnknown && !differences.get(quantity)?.isSure ? read[k]! : one;
  });
}

/** Rounded last of all, where the claims are right as such; else with every operation. */
function asRounded(
  claims: readonly (readonly Claim[])[],
  exact: readonly Judged[],
): readonly Judged[] | undefined {
  const precisions = claims.map(coarsePrecisions);
  const [last, throughout] = [0, 1].map((way) =>
    readAs(
      precisions.map((ways) => ways[way]),
      exact,
    ),
  );
  return last?.every(({ evidence }) => evidence.ok) ? last : throughout;
}

/**
 * Undefined where nothing tells that singles were in play: small errors may be mistakes. A program that gives some
 * gradients in singles has them in the others too, which a mask of whole numbers or a sum that starts at a double
 * made doubles.
 */
function asPartlySingle(
  model: Model,
  points: readonly CheckedPoint[],
  benches: readonly Bench[],
  claims: readonly (readonly Claim[])[],
  exact: readonly Judged[],
): readonly Judged[] | undefined {
  const read = readAs(claims.map(partlySingle), exact);
  const changed = read?.flatMap((one, k) => {
    const { evidence } = exact[k]!;
    return one.evidence.ok && !evidence.ok ? [evidence] : [];
  });
  if (!read || !changed || changed.length === 0) return undefined;
  if (claims.some(tellSingles)) return read;
  const accepted = read.flatMap(({ evidence }) => (evidence.ok ? [evidence] : []));
  const isRead = comeFromSingles(points, benches, changed) || arePromoted(model, points, accepted);
  return isRead ? read : undefined;
}

/**
 * Whether the errors of claims are what rounding the points to singles leads to: then the data were singles.
 * Errors of another origin, such as those of differences, know nothing of it.
 */
function comeFromSingles(
  points: readonly CheckedPoint[],
  benches: readonly Bench[],
  evidences: readonly Evidence[],
): boolean {
  const displacement = new Displacement();
  for (const [k, { entries }] of points.entries()) {
    const bench = benches[k]!;
    const rounded = new Map(
      [...entries].map(([quantity, list]) => [quantity, list.map(Math.fround)]),
    );
    bench.visit(rounded, () => {
      for (const { quantity, exhibits } of evidences) {
        const { claim, right } = exhibits[k]!;
        const there = bench.adjoints.get(quantity);
        // long axes are sampled
        if (there?.length !== claim.entries.length) continue;
        const largest = largestOf(right.entries);
        for (const [position, given] of claim.entries.entries()) {
          const own = right.entries[position]!;
          displacement.note((given - own) / largest, (there[position]! - own) / largest);
        }
      }
    });
  }
  return displacement.isSeen;
}

/** @param precisions one for each point */
function readAs(
  precisions: readonly (Precision | undefined)[],
  exact: readonly Judged[],
): readonly Judged[] | undefined {
  if (precisions.includes(undefined)) return undefined;
  return exact.map(({ evidence: { quantity, exhibits } }) =>
    judged(
      quantity,
      exhibits.map((exhibit, k) => ({ ...exhibit, precision: precisions[k] ?? exhibit.precision })),
    ),
  );
}
