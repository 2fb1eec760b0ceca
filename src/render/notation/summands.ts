/** Sums as their summands, each with its sign in front. */
import { betweenOperands } from "./names.js";

interface Signed {
  readonly sign: "+" | "-";
}

export interface Summand extends Signed {
  readonly tex: string;
}

/** What is written of a summand that may belong to others beside it: these have the same number. */
export interface SignedUnit extends Signed {
  readonly unit?: number;
}

export type UnitSummand = Summand & SignedUnit;

/**
 * The terms of a sum and its constants in the order in which they are written: a + 1, but 1 − a, and
 * 1 + eᵃ where `isFirst`. Those with a plus come first, unless they are to stay as they are; what belongs
 * together stays together.
 */
export function withConstants<Term extends SignedUnit>(
  terms: readonly Term[],
  constants: readonly Term[],
  { isFirst, keepsMinus }: { readonly isFirst: boolean; readonly keepsMinus: boolean },
): Term[] {
  const added = constants.filter((one) => !isMinus(one));
  const [before, behind] = isFirst || terms.every(isMinus) ? [added, []] : [[], added];
  const all = [...before, ...terms, ...behind, ...constants.filter(isMinus)];
  return keepsMinus ? all : positiveFirst(unitsOf(all).map(positiveFirst)).flat();
}

function isMinus({ sign }: Signed): boolean {
  return sign === "-";
}

/** Summands, or units by their first one. */
function positiveFirst<Piece extends Signed | readonly Signed[]>(
  pieces: readonly Piece[],
): Piece[] {
  const first = (piece: Piece): Signed => ("sign" in piece ? piece : piece[0]!);
  return pieces.toSorted((a, b) => Number(isMinus(first(a))) - Number(isMinus(first(b))));
}

/** Neighbours that belong together, in lists. */
function unitsOf<Term extends SignedUnit>(summands: readonly Term[]): Term[][] {
  const units: Term[][] = [];
  for (const one of summands) {
    const last = units.at(-1);
    if (one.unit !== undefined && last?.[0]?.unit === one.unit) last.push(one);
    else units.push([one]);
  }
  return units;
}

/** `-a + b - c` */
export function signed(summands: readonly Summand[]): string {
  return summands.reduce((text, { sign, tex }, position) => {
    if (position > 0) return `${text}${betweenOperands(text, sign)}${tex}`;
    return sign === "-" ? `-${tex}` : tex;
  }, "");
}
