/**
 * What stands in a document, in the order in which it is read: the forward pass, the derivations of
 * whole quantities form by form, each form after the adjoints that its derivations share, then what
 * is about single entries, which is long, behind the local derivatives that it uses.
 */
import type { Form } from "../../derivation/derive.js";
import type { Model } from "../../language/model.js";
import type { Derivation } from "../derivation.js";
import { isOfLocals, type Passage, type Passages } from "./passage.js";
import type { Prose } from "./prose.js";
import { leftOutKinds, madeWithin } from "./room.js";
import { shareSteps } from "./shared.js";

export const FORM_TITLES: Readonly<Record<Form, string>> = {
  paths: "sum over paths",
  scalar: "written out",
  index: "index form",
  matrix: "matrix form",
  jacobian: "Jacobian form",
};

/** From the general to the single path. */
export const READING: readonly Form[] = ["index", "matrix", "jacobian", "paths", "scalar"];

/** The forms of single entries. */
const OF_ENTRIES: ReadonlySet<Form> = new Set(["paths", "scalar"]);

/** Characters that the derivations of single entries may have together: some 20 pages. */
const MOST_IN_ENTRIES = 80_000;

/** A heading with what stands under it. */
export interface Piece {
  /** 2 under the piece of level 1 before it. */
  readonly level: 1 | 2;
  readonly heading: string;
  readonly text: string;
  readonly derivation?: Derivation;
}

export function outline(
  model: Model,
  derivations: readonly Derivation[],
  { before, after, verification }: Passages,
  prose: Prose,
): readonly Piece[] {
  const shared = shareSteps(model, derivations, before);
  const ofPassage = (passage: Pick<Passage, "title" | "written">): Piece => {
    return { level: 1, heading: passage.title, text: passage.written(prose) };
  };
  const entries = shared.derivations.filter(({ form }) => OF_ENTRIES.has(form));
  const wholes = READING.filter((form) => !OF_ENTRIES.has(form)).flatMap((form) => [
    ...shared.parts.filter((part) => part.form === form).map(({ passage }) => ofPassage(passage)),
    ...shared.derivations
      .filter((one) => one.form === form)
      .map((one) => ofDerivation(one, { prose, level: 1 })),
  ]);
  return [
    ...before.filter((one) => !isOfLocals(one)).map(ofPassage),
    ...wholes,
    ...before.filter(isOfLocals).map(ofPassage),
    ...entryPieces(entries, prose),
    ...after.map(ofPassage),
    ...(verification ? [ofPassage(verification)] : []),
  ];
}

/** One entry stands for itself; several stand under a heading of their own, as far as there is room. */
function entryPieces(entries: readonly Derivation[], prose: Prose): Piece[] {
  const isOne = new Set(entries.map(({ wrt }) => wrt)).size < 2;
  if (isOne) return entries.map((one) => ofDerivation(one, { prose, level: 1 }));
  const made = madeWithin(entries, {
    most: MOST_IN_ENTRIES,
    make: (one) => ofDerivation(one, { prose, level: 2 }),
    lengthOf: ({ text }) => text.length,
  });
  const left = leftOutKinds(entries.filter((one) => !made.has(one)));
  const notes = left.map(({ first: { wrt }, form, count, names }) => {
    const what = prose.text(`… ${count} more, ${FORM_TITLES[form]}: ${names}; each with`);
    return `${what} ${prose.code(`--wrt "${wrt}" --form ${form}`)}`;
  });
  return [
    { level: 1, heading: "Entry by entry", text: notes.join("\n\n") },
    ...entries.flatMap((one) => made.get(one) ?? []),
  ];
}

function ofDerivation(
  derivation: Derivation,
  { prose, level }: { readonly prose: Prose; readonly level: Piece["level"] },
): Piece {
  const heading = title(derivation, prose);
  return { level, heading, text: derivation.written(prose), derivation };
}

function title({ lossLatex, wrtLatex, form }: Derivation, { inline }: Prose): string {
  return `Derivative of ${inline(lossLatex)} with respect to ${inline(wrtLatex)}: ${FORM_TITLES[form]}`;
}
