/**
 * Printed numbers that were all rounded to one side: cut off, 0.02 for 0.0279, or rounded down or up, as
 * with floor and ceil.
 */
import { arrangement } from "./claims.js";
import type { Exhibit } from "./evidence.js";
import { type Judged, rejudged } from "./judged.js";
import { type Direction, DIRECTIONS, toOneSide } from "./precision.js";
import { tolerance } from "./verdict.js";

/** Claims read as rounded to one side. */
export interface CutOff {
  readonly judged: readonly Judged[];
  readonly direction: Direction;
  /** Whether there are numbers enough to tell; fewer of them may lie on one side by chance. */
  readonly isSure: boolean;
  /** Whether all have many digits, of which less than a unit of the last tells hardly any mistake. */
  readonly areLong: boolean;
}

/** Of numbers that were rounded, one half is larger than what was meant. */
const FEWEST = 6;

/**
 * The claims with digits that were cut off, or else rounded down or up.
 * @param rounded the same, judged as rounded
 * @returns undefined where no claim is right then that is wrong as rounded, or where a number that comes as near is beyond
 * the right one, as none of one program is then
 */
export function readCutOff(rounded: readonly Judged[]): CutOff | undefined {
  if (rounded.every(({ evidence }) => evidence.ok)) return undefined;
  const reads = DIRECTIONS.flatMap((direction) => readTo(direction, rounded) ?? []);
  return reads.find(({ isSure }) => isSure) ?? reads[0];
}

function readTo(direction: Direction, rounded: readonly Judged[]): CutOff | undefined {
  const read = rounded.map((one) =>
    rejudged(one, (precision) => toOneSide(precision, direction) ?? precision),
  );
  const isMended = read.some(({ evidence }, k) => evidence.ok && !rounded[k]!.evidence.ok);
  const near = read.flatMap(({ evidence }) => (evidence.ok ? evidence.exhibits : []));
  const short = near.filter(({ precision }) => precision.kind === "printed");
  if (!isMended || !short.every((one) => isWithin(one, direction))) return undefined;
  const entries = short.flatMap(({ claim }) => [...claim.entries]);
  const areLong = rounded.every(({ evidence: { exhibits } }) =>
    exhibits.every(({ precision }) => precision.isHalf === false),
  );
  const isEnough = entries.filter((entry) => entry !== 0).length >= FEWEST;
  // many digits are hardly all so near by chance
  const isSure = isEnough || (areLong && read.every(({ evidence }) => evidence.ok));
  return { judged: read, direction, isSure, areLong };
}

/** Whether all numbers lie on that side of the right ones. */
function isWithin({ claim, precision, right, sizes }: Exhibit, direction: Direction): boolean {
  if (arrangement(claim, sizes) !== "fits") return false;
  return claim.entries.every((given, k) => {
    const allowed = tolerance(precision, right, k, given) - precision.slack(given);
    return direction.holds(given, right.entries[k]!, allowed);
  });
}
