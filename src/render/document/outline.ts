/**
 * What stands in a document, in the order in which it is read: the forward pass, the local
 * derivatives, then the derivations form by form, as the forms were asked for: each form after the
 * adjoints that its derivations share, and what is about single entries, which is long, together.
 */
import type { Form } from "../../derivation/derive.js";
import type { PassageData } from "../../derivation/passage.js";
import type { Model } from "../../language/model.js";
import type { Derivation } from "../derivation.js";
import { isOfLocals, type Passage, type Passages, StepsPassage } from "./passage.js";
import type { Prose } from "./prose.js";
import { kindOf, leftOutKinds, madeWithin } from "./room.js";
import { inGroups } from "./groups.js";
import { shareSteps } from "./shared.js";
import { type Paragraph, together } from "./steps.js";

export const FORM_TITLES: Readonly<Record<Form, string>> = {
  paths: "sum over paths",
  scalar: "written out",
  index: "index form",
  matrix: "matrix form",
  jacobian: "Jacobian form",
};

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
  /** The steps of what is no derivation, such as the forward pass. */
  readonly data?: PassageData;
  /** What it derives. */
  readonly derivations?: readonly Derivation[];
}

export function outline(
  model: Model,
  derivations: readonly Derivation[],
  { before, paths, forms, after, verification }: Passages,
  alone: Prose,
): readonly Piece[] {
  const prose: Prose = { ...alone, told: new Set() };
  const shared = shareSteps(model, derivations, before);
  const ofPassage = (passage: Pick<Passage, "title" | "written">): Piece => {
    const text = passage.written(prose);
    const data = passage instanceof StepsPassage ? { data: passage.data } : {};
    return { level: 1, heading: passage.title, text, isListed: true, ...data };
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
  const entries = shared.derivations.filter(({ form }) => OF_ENTRIES.has(form));
  const general = entries.some(({ form }) => form === "paths") ? paths : [];
  // the forms of single entries stand together, where the first of them is asked for
  const firstOfEntries = forms.find((form) => OF_ENTRIES.has(form));
  return [
    ...before.filter((one) => !isOfLocals(one)).map(ofPassage),
    ...before.filter(isOfLocals).map(ofPassage),
    ...forms.flatMap((form) => {
      if (!OF_ENTRIES.has(form)) return inForm(form);
      return form === firstOfEntries
        ? [...general.map(ofPassage), ...ofEntries(entries, prose)]
        : [];
    }),
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

/** Single entries, those of one quantity in one form together, as far as there is room. */
function ofEntries(entries: readonly Derivation[], prose: Prose): readonly Piece[] {
  const made = madeWithin(entries, {
    most: MOST_IN_ENTRIES,
    make: (one) => one.written({ ...prose, told: new Set() }),
    lengthOf: (text) => text.length,
  });
  const left = leftOutKinds(entries.filter((one) => !made.has(one)));
  const notes = left.map(({ first: { wrt }, form, count, names }) => {
    const what = prose.text(`… ${count} more, ${FORM_TITLES[form]}: ${names.text}; each with`);
    return `${what} ${prose.code(`--wrt "${wrt}" --form ${form}`)}`;
  });
  const kinds = new Map<string, readonly [Derivation, ...Derivation[]]>();
  for (const one of entries.filter((entry) => made.has(entry))) {
    const before = kinds.get(kindOf(one));
    kinds.set(kindOf(one), before ? [...before, one] : [one]);
  }
  const pieces = [...kinds.values()].map((ones) => ofKind(ones, prose));
  return under("Entry by entry", pieces, notes.join("\n\n"));
}

/** Entries of one quantity in one form: sentences that are the same for all of them stand once. */
function ofKind(ones: readonly [Derivation, ...Derivation[]], prose: Prose): Piece {
  const [first, ...others] = ones;
  if (others.length === 0) return ofDerivation(first, prose);
  const { inline } = prose;
  const whole = `Derivatives of ${inline(first.lossLatex)} with respect to the entries of ${inline(first.quantityLatex)}`;
  return {
    level: 1,
    heading: `${whole}: ${FORM_TITLES[first.form]}`,
    text: together(inGroups(paragraphsOf(ones, prose)), prose),
    isListed: true,
    derivations: ones,
  };
}

/** Each as if it came first: what is said of all of them is said in the same words. */
function paragraphsOf(ones: readonly Derivation[], prose: Prose): (readonly Paragraph[])[] {
  const { told = new Set() } = prose;
  const each = ones.map((one) => {
    const own = new Set(told);
    return { paragraphs: one.paragraphs({ ...prose, told: own }), own };
  });
  for (const { own } of each) own.forEach((text) => told.add(text));
  return each.map(({ paragraphs }) => paragraphs);
}

function ofDerivation(derivation: Derivation, prose: Prose): Piece {
  const heading = title(derivation, prose);
  return {
    level: 1,
    heading,
    text: derivation.written(prose),
    isListed: true,
    derivations: [derivation],
  };
}

function title({ lossLatex, wrtLatex, form }: Derivation, { inline }: Prose): string {
  return `Derivative of ${inline(lossLatex)} with respect to ${inline(wrtLatex)}: ${FORM_TITLES[form]}`;
}
