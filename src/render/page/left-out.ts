/** What a page has no room for. */
import type { Derivation } from "../derivation.js";
import { FORM_TITLES } from "../document/documents.js";
import { html, type Markup } from "./markup.js";
import type { PageText } from "./text.js";

/** By quantity and form, and how to get it. */
export function leftOut(left: readonly Derivation[], text: PageText): Markup {
  const kinds = new Map<string, Derivation[]>();
  for (const one of left) {
    const key = `${one.data.target.quantity.name} ${one.form}`;
    kinds.set(key, [...(kinds.get(key) ?? []), one]);
  }
  const items = [...kinds.values()].map((ones) => {
    const [{ data, form, wrt }] = ones as [Derivation];
    const by = text.derivative(
      { quantity: data.model.loss, indices: [] },
      { quantity: data.target.quantity, indices: [] },
    );
    const names = ones.length === 1 ? wrt : `${wrt} to ${ones.at(-1)!.wrt}`;
    const entries = data.target.entry === undefined ? undefined : html` (${text.sentence(names)})`;
    return html`<li>
      ${by}, ${FORM_TITLES[form]}${entries}: <code>--wrt "${wrt}" --form ${form}</code>
    </li>`;
  });
  return html`<p>
      These derivations would make the page too large. Each has a page of its own with
    </p>
    <ul>
      ${items}
    </ul>`;
}
