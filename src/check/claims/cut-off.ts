/** Printed numbers of few digits that were cut off where they would have to be rounded: 0.02 for 0.0279. */
import { arrangement } from "./claims.js";
import type { Exhibit } from "./evidence.js";
import { type Judged, judged } from "./judged.js";
import { cutOff } from "./precision.js";
import { tolerance } from "./verdict.js";

/** Claims read as cut off. */
export interface CutOff {
  readonly judged: readonly Judged[];
  /** Whether there are numbers enough to tell; fewer of them may lie on one side by chance. */
  readonly isSure: boolean;
}

/** Of numbers that were rounded, one half is larger than what was meant. */
const FEWEST = 6;

/**
 * The claims with digits that were cut off.
 * @param rounded the same, judged as rounded
 * @returns undefined where no claim is right then that is wrong as rounded, or where a number that comes as near is beyond
 * the right one, as none of one program is then
 */
export function readCutOff(rounded: readonly Judged[]): CutOff | undefined {
  if (rounded.every(({ evidence }) => evidence.ok)) return undefined;
  const read = rounded.map((one): Judged => {
    const { quantity, exhibits } = one.evidence;
    return judged(
      quantity,
      exhibits.map((exhibit) => ({
        ...exhibit,
        precision: cutOff(exhibit.precision) ?? exhibit.precision,
      })),
    );
  });
  const isMended = read.some(({ evidence }, k) => evidence.ok && !rounded[k]!.evidence.ok);
  const near = read.flatMap(({ evidence }) => (evidence.ok ? evidence.exhibits : []));
  const short = near.filter(({ precision }) => cutOff(precision) !== undefined);
  if (!isMended || !short.every(isWithin)) return undefined;
  const entries = short.flatMap(({ claim }) => [...claim.entries]);
  return { judged: read, isSure: entries.filter((entry) => entry !== 0).length >= FEWEST };
}

/** Whether no number is larger than the right one, nor has another sign. */
function isWithin(exhibit: Exhibit): boolean {
  const { claim, precision, right, sizes } = exhibit;
  if (arrangement(claim, sizes) !== "fits") return false;
  return claim.entries.every((given, k) => {
    const own = right.entries[k]!;
    const allowed = tolerance(precision, right, k, given) - precision.slack(given);
    return given === 0 || Math.sign(own) * given <= Math.abs(own) + allowed;
  });
}
