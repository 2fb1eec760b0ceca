/** What a page has no room for. */
import type { Derivation } from "../derivation.js";
import { FORM_TITLES } from "../document/outline.js";
import { leftOutKinds } from "../document/room.js";
import { html, type Markup } from "./markup.js";
import type { PageText } from "./text.js";

/** By quantity and form, and how to get it. */
export function leftOut(left: readonly Derivation[], text: PageText): Markup {
  const items = leftOutKinds(left).map(({ first: { data, wrt }, form, names }) => {
    const by = text.derivative(
      { quantity: data.model.loss, indices: [] },
      { quantity: data.target.quantity, indices: [] },
    );
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
