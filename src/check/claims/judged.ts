/** Claims that have been judged: what is known of them, and how near they come at each point. */
import type { Quantity } from "../../expression/quantity.js";
import { arrangement } from "./claims.js";
import type { Evidence, Exhibit } from "./evidence.js";
import type { Precision, Reading } from "./precision.js";
import { judge, type Verdict } from "./verdict.js";

export interface Judged {
  readonly evidence: Evidence;
  /** Of each point; undefined where the shape is not the declared one. */
  readonly verdicts: readonly (Verdict | undefined)[];
}

/** @param exhibits at least one */
export function judged(quantity: Quantity, exhibits: readonly Exhibit[]): Judged {
  const verdicts = exhibits.map(verdictOf);
  return { evidence: { quantity, ok: verdicts.every((one) => one?.ok), exhibits }, verdicts };
}

function verdictOf({ claim, precision, right, sizes }: Exhibit): Verdict | undefined {
  if (arrangement(claim, sizes) !== "fits") return undefined;
  const lengths = claim.quantity.shape.map((size) => size.evaluate(sizes));
  return judge(claim, right, precision, lengths);
}

/** The same claim to another precision. */
export function rejudged(
  { evidence: { quantity, exhibits } }: Judged,
  change: (precision: Precision) => Precision,
): Judged {
  return judged(
    quantity,
    exhibits.map((exhibit) => ({ ...exhibit, precision: change(exhibit.precision) })),
  );
}

/** @param readings one for each point; what has none is read as it looks */
export function readAs(
  readings: readonly (Reading | undefined)[],
  exact: readonly Judged[],
): readonly Judged[] {
  return exact.map(({ evidence: { quantity, exhibits } }) =>
    judged(
      quantity,
      exhibits.map((exhibit, k) => ({
        ...exhibit,
        precision: readings[k]?.(exhibit.claim) ?? exhibit.precision,
      })),
    ),
  );
}
