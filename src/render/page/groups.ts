/**
 * Derivations by the same quantity together: first of the quantity as a whole, then entry by entry,
 * in parts that are closed until they are opened.
 */
import { entryIndices, entryName } from "../../derivation/target.js";
import type { Form } from "../../derivation/derive.js";
import { entryCount, type SizeValues } from "../../expression/size.js";
import type { Quantity } from "../../expression/quantity.js";
import { enumerated } from "../../language/sentence.js";
import type { Derivation } from "../derivation.js";
import { FORM_TITLES } from "../document/outline.js";
import { madeWithin } from "../document/room.js";
import { html, type Markup } from "./markup.js";
import type { Anchor } from "./part.js";
import { derivationSection, type Section } from "./sections.js";
import { equalText } from "./symbols.js";
import type { PageText } from "./text.js";

/** Derivations by one quantity, and what links lead to in them. */
export interface Group {
  readonly id: string;
  readonly quantity: Quantity;
  readonly parts: readonly GroupPart[];
  /** All LaTeX in it. */
  readonly tex: string;
}

export interface GroupPart extends Anchor {
  readonly markup: Markup;
}

export interface Grouped {
  readonly groups: readonly Group[];
  /** What the page has no room for. */
  readonly left: readonly Derivation[];
}

/** Titles beside the name of the quantity, in the contents. */
const SHORT_TITLES: Readonly<Record<Form, string>> = {
  index: "indices",
  matrix: "matrix",
  jacobian: "Jacobians",
  paths: "paths",
  scalar: "written out",
};

interface Made {
  readonly derivation: Derivation;
  readonly section: Section;
}

/**
 * Groups in the order of the derivations, as many as there is room for.
 * @param room characters of markup that all derivations may have
 * @param forms in the order in which they are read
 * @param sizes of the entries that are written out
 */
export function grouped(
  derivations: readonly Derivation[],
  text: PageText,
  { room, forms, sizes }: Pick<GroupOptions, "forms" | "sizes"> & { readonly room: number },
): Grouped {
  const made = madeWithin(derivations, {
    most: room,
    make: (one) => derivationSection(one, text),
    lengthOf: ({ markup }) => markup.text.length,
  });
  const byQuantity = new Map<Quantity, Made[]>();
  for (const derivation of derivations) {
    const section = made.get(derivation);
    if (!section) continue;
    const { quantity } = derivation.data.target;
    const group = byQuantity.get(quantity) ?? [];
    byQuantity.set(quantity, [...group, { derivation, section }]);
  }
  const groups = [...byQuantity].map(([quantity, members], position): Group => {
    const id = `by-${position + 1}`;
    return {
      id,
      quantity,
      parts: partsOf(members, text, { id, isOpen: position === 0, forms, sizes }),
      tex: members.map(({ section }) => section.tex).join("\n"),
    };
  });
  return { groups, left: derivations.filter((one) => !made.has(one)) };
}

interface GroupOptions {
  readonly id: string;
  /** Whether its first part is open. */
  readonly isOpen: boolean;
  readonly forms: readonly Form[];
  readonly sizes: SizeValues;
}

function partsOf(
  members: readonly Made[],
  text: PageText,
  { id, isOpen, forms, sizes }: GroupOptions,
): GroupPart[] {
  const isWhole = ({ derivation }: Made): boolean => derivation.data.target.entry === undefined;
  const rank = ({ derivation }: Made): number => forms.indexOf(derivation.form);
  const whole = members
    .filter(isWhole)
    .toSorted((a, b) => rank(a) - rank(b))
    .map((member, position): GroupPart => {
      const { form } = member.derivation;
      return {
        id: `${id}-${form}`,
        title: SHORT_TITLES[form],
        steps: member.section.steps,
        markup: wholePart(member, text, { id: `${id}-${form}`, isOpen: isOpen && position === 0 }),
      };
    });
  const entries = entriesOf(members.filter((member) => !isWhole(member)));
  if (entries.length === 0) return whole;
  const ids = { id: `${id}-entries`, isOpen: isOpen && whole.length === 0, sizes };
  const steps = entries.flatMap((ones) => ones.flatMap(({ section }) => section.steps));
  const markup = entriesPart(entries, text, ids);
  return [...whole, { id: ids.id, title: "entries", steps, markup }];
}

/** The derivations of one entry, in their order. */
function entriesOf(members: readonly Made[]): (readonly [Made, ...Made[]])[] {
  const byName = new Map<string, [Made, ...Made[]]>();
  for (const member of members) {
    const { wrt } = member.derivation;
    const known = byName.get(wrt);
    if (known) known.push(member);
    else byName.set(wrt, [member]);
  }
  return [...byName.values()];
}

function wholePart(
  { derivation, section }: Made,
  text: PageText,
  { id, isOpen }: Pick<GroupOptions, "id" | "isOpen">,
): Markup {
  return html`<details class="derivation" id="${id}" ${openIf(isOpen)}>
    <summary>
      <h3>${derivativeBy(derivation, text)}: ${FORM_TITLES[derivation.form]}</h3>
      ${result(derivation)}
    </summary>
    ${section.markup}
  </details>`;
}

function entriesPart(
  entries: readonly (readonly [Made, ...Made[]])[],
  text: PageText,
  { id, isOpen, sizes }: Omit<GroupOptions, "forms">,
): Markup {
  const [[{ derivation: first }]] = entries as [[Made]];
  const { quantity } = first.data.target;
  const total = entryCount(quantity.shape).evaluate(sizes);
  const titles = new Set(entries.flat().map(({ derivation }) => FORM_TITLES[derivation.form]));
  const forms = enumerated([...titles]).text;
  const count =
    entries.length === total ? `${total} entries` : `${entries.length} of ${total} entries`;
  const example = entryName(
    quantity,
    quantity.shape.map((size) => size.evaluate(sizes) - 1),
  );
  return html`<details class="entries" id="${id}" ${openIf(isOpen)}>
    <summary>
      <h3>${derivativeOf(first, text)}, entry by entry</h3>
      <span class="result">${count}: ${forms}</span>
    </summary>
    ${entries.map((members, position) => entryPart(members, text, isOpen && position === 0))}
    ${
      entries.length < total
        ? html`<p class="note">
            Any other entry has a page of its own: <code>--wrt "${example}"</code>.
          </p>`
        : undefined
    }
  </details>`;
}

function entryPart(members: readonly [Made, ...Made[]], text: PageText, isOpen: boolean): Markup {
  const [{ derivation }] = members;
  const isOne = members.length === 1;
  const form = isOne ? `: ${FORM_TITLES[derivation.form]}` : "";
  return html`<details class="derivation" ${openIf(isOpen)}>
    <summary>
      <h4>${derivativeBy(derivation, text)}${form}</h4>
      ${result(derivation)}
    </summary>
    ${members.map(({ derivation: { form: one }, section }) => [
      isOne ? undefined : html`<h5>${capitalised(FORM_TITLES[one])}</h5>`,
      section.markup,
    ])}
  </details>`;
}

function openIf(isOpen: boolean): Markup | undefined {
  return isOpen ? html`open` : undefined;
}

function derivativeBy(derivation: Derivation, text: PageText): Markup {
  return derivativeOf(derivation, text, derivation.data.target.entry);
}

/** Of the whole quantity where no entry is given. */
function derivativeOf(
  { data: { model, target } }: Derivation,
  text: PageText,
  indices: readonly number[] = [],
): Markup {
  const { quantity } = target;
  return text.derivative({ quantity: model.loss, indices: [] }, { quantity, indices });
}

function result({ data: { target, route, numbers } }: Derivation): Markup | undefined {
  const isEntry = target.entry !== undefined || target.quantity.shape.length === 0;
  if (!numbers || !isEntry) return undefined;
  const { quantity } = route.adjoint(target.quantity);
  const at = route.model.graph.reference(quantity, entryIndices(target.entry ?? []));
  return html`<span class="result">${equalText(numbers.scalar(at), 5)}</span>`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
