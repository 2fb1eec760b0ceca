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
  /** Empty where pieces of level 2 follow. */
  readonly text: string;
  /** Whether the contents name it. */
  readonly isListed: boolean;
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
    return { level: 1, heading: passage.title, text: passage.written(prose), isListed: true };
  };
  const inForm = (form: Form): readonly Piece[] => {
    const parts = shared.parts.filter((one) => one.form === form);
    const own = shared.derivations.filter((one) => one.form === form);
    const pieces = [
      ...parts.map(({ passage }) => ofPassage(passage)),
      ...own.map((one) => ofDerivation(one, prose)),
    ];
    return under(
      `${FORM_TITLES[form].charAt(0).toUpperCase()}${FORM_TITLES[form].slice(1)}`,
      pieces,
    );
  };
  return [
    ...before.filter((one) => !isOfLocals(one)).map(ofPassage),
    ...READING.filter((form) => !OF_ENTRIES.has(form)).flatMap(inForm),
    ...before.filter(isOfLocals).map(ofPassage),
    ...ofEntries(
      shared.derivations.filter(({ form }) => OF_ENTRIES.has(form)),
      prose,
    ),
    ...after.map(ofPassage),
    ...(verification ? [ofPassage(verification)] : []),
  ];
}

/** Pieces under a heading of their own; one without more text stands for itself. */
function under(heading: string, pieces: readonly Piece[], text = ""): readonly Piece[] {
  if (pieces.length < 2 && text === "") return pieces;
  return [
    { level: 1, heading, text, isListed: true },
    ...pieces.map((one): Piece => ({ ...one, level: 2 })),
  ];
}

/** Single entries, as far as there is room. */
function ofEntries(entries: readonly Derivation[], prose: Prose): readonly Piece[] {
  const made = madeWithin(entries, {
    most: MOST_IN_ENTRIES,
    make: (one) => ofDerivation(one, prose),
    lengthOf: ({ text }) => text.length,
  });
  const left = leftOutKinds(entries.filter((one) => !made.has(one)));
  const notes = left.map(({ first: { wrt }, form, count, names }) => {
    const what = prose.text(`… ${count} more, ${FORM_TITLES[form]}: ${names}; each with`);
    return `${what} ${prose.code(`--wrt "${wrt}" --form ${form}`)}`;
  });
  const pieces = entries.flatMap((one) => made.get(one) ?? []);
  const several = pieces.map((one) => ({ ...one, isListed: pieces.length < 2 }));
  return under("Entry by entry", several, notes.join("\n\n"));
}

function ofDerivation(derivation: Derivation, prose: Prose): Piece {
  const heading = title(derivation, prose);
  return { level: 1, heading, text: derivation.written(prose), isListed: true, derivation };
}

function title({ lossLatex, wrtLatex, form }: Derivation, { inline }: Prose): string {
  return `Derivative of ${inline(lossLatex)} with respect to ${inline(wrtLatex)}: ${FORM_TITLES[form]}`;
}
