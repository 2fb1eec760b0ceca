/** Lines that do the same at every step of a loop that is written out: zf3, zf2, zf1. */
import type { Candidate } from "./candidates.js";
import type { Line } from "./lines.js";

/** Two lines or more, as they stand, with the number of the step that each is of. */
export type Family = readonly { readonly line: Line; readonly step: number }[];

/** What each line of a loop ought to be. */
export type FamilyMeaning = ReadonlyMap<Line, Candidate>;

/** The lines that are called the same but for a number at the end. */
export function familiesOf(lines: readonly Line[]): Family[] {
  const found = new Map<string, { line: Line; step: number }[]>();
  for (const line of lines) {
    const { stem, step } = stepOf(line.formula.name);
    if (step === undefined) continue;
    found.set(stem, [...(found.get(stem) ?? []), { line, step }]);
  }
  return [...found.values()].filter((family) => family.length > 1);
}

/** What the lines of a loop may be that is the same but for the step, in the order of the first one's candidates. */
export function meaningsAlong(
  family: Family,
  candidatesOf: (line: Line) => readonly Candidate[],
): FamilyMeaning[] {
  const [first, ...others] = family.map(({ line, step }) => {
    return { line, step, candidates: candidatesOf(line) };
  });
  return first!.candidates.flatMap((meaning) => {
    const meanings = new Map([[first!.line, meaning]]);
    for (const { line, step, candidates } of others) {
      const same = candidates.find(
        (one) =>
          one.isValue === meaning.isValue &&
          one.late?.text === meaning.late?.text &&
          isStepsOn(meaning.name, one.name, step - first!.step),
      );
      if (same) meanings.set(line, same);
    }
    return meanings.size === family.length ? [meanings] : [];
  });
}

/** Whether a text is another one so many steps on: `(Wf * x2 + Uf * h1)` of `(Wf * x3 + Uf * h2)`, one step back. */
function isStepsOn(text: string, other: string, by: number): boolean {
  const [own, others] = [text, other].map((one) => one.match(TOKENS) ?? []);
  if (own!.length !== others!.length) return false;
  const moves = own!.map((token, k) => movesTo(token, others![k]!, by));
  return moves.every((move) => move !== undefined) && moves.some((move) => move === by);
}

const TOKENS = /[A-Za-z_]\w*|\d[\d.]*|\S/g;

/** By how many steps a name becomes another: none or all; undefined where it does not. */
function movesTo(name: string, other: string, by: number): number | undefined {
  if (name === other) return 0;
  const [from, to] = [stepOf(name), stepOf(other)];
  if (from.step === undefined || to.step === undefined || from.stem !== to.stem) return undefined;
  return to.step - from.step === by ? by : undefined;
}

function stepOf(name: string): { readonly stem: string; readonly step: number | undefined } {
  const [, stem, step] = /^([A-Za-z_].*?)(\d+)$/.exec(name) ?? [];
  return stem === undefined ? { stem: name, step: undefined } : { stem, step: Number(step) };
}
