/** Explanations that look at one claim alone: its layout, its scale, clipping. */
import type { Model } from "../../language/model.js";
import { arrangement } from "../claims/claims.js";
import type { Evidence, Exhibit } from "../claims/evidence.js";
import { reproduces } from "../claims/evidence.js";
import { constantFactor, type Proposal } from "../explanations/factors.js";
import { type Explanation, factorFaults, type Fault } from "../explanations/hypothesis.js";

export function claimwise(model: Model, evidence: Evidence): Explanation[] {
  const found: Explanation[] = [];
  const propose = (
    explained: (exhibit: Exhibit) => ArrayLike<number>,
    faults: readonly Fault[],
    cost: number,
  ): void => {
    const proposal: Proposal = {
      given: evidence.exhibits.map(({ claim }) => claim.entries),
      explained: evidence.exhibits.map(explained),
    };
    const factor = constantFactor(model, evidence, proposal);
    if (!factor || (factor.value === 1 && faults.length === 0)) return;
    found.push({
      faults: [...faults, ...factorFaults(factor)],
      cost: cost + factor.cost,
    });
  };
  const fits = evidence.exhibits.every(({ claim, sizes }) => arrangement(claim, sizes) === "fits");
  if (fits) propose(({ right }) => right.entries, [], 0);
  if (evidence.quantity.shape.length === 2) {
    propose(transposedEntries, [transposed(evidence)], 1.1);
  }
  if (fits) {
    const bounds = clipping(evidence);
    if (bounds) found.push(bounds);
    const norm = clippedNorm(evidence);
    if (norm) found.push({ faults: [norm], cost: 1.9 });
  }
  return found;
}

/** The right entries, columns first. */
function transposedEntries({ right, claim, sizes }: Exhibit): Float64Array {
  const [rows, columns] = claim.quantity.shape.map((size) => size.evaluate(sizes));
  const count = rows! * columns!;
  return Float64Array.from(
    { length: count },
    (_, k) => right.entries[(k % rows!) * columns! + Math.floor(k / rows!)]!,
  );
}

function transposed({ exhibits }: Evidence): Fault {
  const reads = exhibits.every(({ claim, sizes }) => arrangement(claim, sizes) === "transposed");
  return {
    cause: "transposed",
    say: (claim) =>
      reads
        ? `${claim} is the transpose of the right gradient: write (${claim})'`
        : `${claim} holds the right gradient transposed: its entries stand columns first`,
  };
}

/** Entries beyond a bound are at the bound, all others are right. */
function clipping(evidence: Evidence): Explanation | undefined {
  let bound = 0;
  for (const { claim } of evidence.exhibits) {
    for (const entry of claim.entries) bound = Math.max(bound, Math.abs(entry));
  }
  let clipped = 0;
  let inside = 0;
  const atBound = new Set<number>();
  for (const exhibit of evidence.exhibits) {
    const clamped = exhibit.right.entries.map((entry) => Math.max(-bound, Math.min(bound, entry)));
    if (!reproduces(exhibit.claim.entries, clamped, exhibit)) return undefined;
    for (const entry of exhibit.right.entries) {
      if (Math.abs(entry) > bound) {
        clipped++;
        atBound.add(Math.sign(entry));
      } else inside++;
    }
  }
  // one number of two digits may be anything
  const isRound = Number(bound.toPrecision(clipped + inside > 1 ? 2 : 1)) === bound;
  // one number for all entries says little of them
  const isOne = clipped > 1 && inside === 0 && atBound.size === 1;
  if (bound === 0 || clipped === 0 || (!isRound && (clipped < 2 || inside === 0))) return undefined;
  const fault: Fault = {
    cause: "clipped",
    say: (claim) =>
      `${claim} is the right gradient clipped to [-${bound}, ${bound}]: compare the gradient before it is clipped`,
  };
  return { faults: [fault], cost: isOne ? 2.4 : 1.3 };
}

/** The right direction at a norm that somebody chose. */
function clippedNorm(evidence: Evidence): Fault | undefined {
  const norms = evidence.exhibits.map(({ claim }) => Math.hypot(...claim.entries.slice(0, 1e5)));
  const rounded = Number(norms[0]!.toPrecision(2));
  if (rounded === 0) return undefined;
  const isNorm = evidence.exhibits.every((exhibit, k) => {
    const { entries } = exhibit.right;
    const scale = norms[k]! / Math.hypot(...entries.slice(0, 1e5));
    const isRound = Math.abs(norms[k]! - rounded) <= 1e-6 * rounded;
    return (
      isRound &&
      scale < 1 &&
      entries.length > 1 &&
      reproduces(exhibit.claim.entries, entries, exhibit, scale)
    );
  });
  if (!isNorm) return undefined;
  return {
    cause: "clipped",
    say: (claim) =>
      `${claim} is the right gradient scaled to the norm ${rounded}: compare the gradient before it is clipped`,
  };
}
