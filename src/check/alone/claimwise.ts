/** Explanations that look at one claim alone: its layout, its scale. */
import type { Model } from "../../language/model.js";
import { arrangement } from "../claims/claims.js";
import type { Evidence, Exhibit } from "../claims/evidence.js";
import { constantFactor, isUnit, type Proposal } from "../explanations/factors.js";
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
    if (!factor || (isUnit(factor) && faults.length === 0)) return;
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
