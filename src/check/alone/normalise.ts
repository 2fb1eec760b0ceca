/** Evidence brought into the declared shape, and down to the entries that mutants are computed at. */
import { arrangement } from "../claims/claims.js";
import type { Evidence, Exhibit } from "../claims/evidence.js";
import type { Bench } from "../pass/bench.js";

export interface Comparable {
  readonly evidence: Evidence;
  /** Whether the numbers were given transposed. */
  readonly isTransposed: boolean;
}

/** Undefined where the shape does not allow entries to be compared. */
export function comparable(evidence: Evidence, benches: readonly Bench[]): Comparable | undefined {
  const arrangements = evidence.exhibits.map(({ claim, sizes }) => arrangement(claim, sizes));
  const isTransposed = arrangements.every((one) => one === "transposed");
  if (!isTransposed && arrangements.some((one) => one !== "fits")) return undefined;
  const exhibits = evidence.exhibits.map((exhibit, k) => {
    const { claim, right } = exhibit;
    const { quantity } = claim;
    const entries = isTransposed ? turned(exhibit) : claim.entries;
    const sampled = (list: Float64Array): Float64Array => benches[k]!.sampled(quantity, list);
    return {
      ...exhibit,
      claim: { ...claim, entries: sampled(entries) },
      right: {
        entries: sampled(right.entries),
        spread: sampled(right.spread),
        blur: sampled(right.blur),
      },
    };
  });
  return { evidence: { ...evidence, exhibits }, isTransposed };
}

function turned({ claim, sizes }: Exhibit): Float64Array {
  const [rows, columns] = claim.quantity.shape.map((size) => size.evaluate(sizes));
  return claim.entries.map(
    (_, k) => claim.entries[(k % columns!) * rows! + Math.floor(k / columns!)]!,
  );
}
