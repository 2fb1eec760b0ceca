/** A part of a page, which the contents link to, and the body that is made of all parts. */
import type { Step } from "../../derivation/step.js";
import { html, type Markup } from "./markup.js";
import type { Things } from "./things.js";

/** What the contents link to. */
export interface Anchor {
  readonly id: string;
  readonly title: string | Markup;
  /** The equations in it, for the verification. */
  readonly steps?: readonly Step[] | undefined;
}

export interface Part extends Anchor {
  readonly body: Markup;
  /** Parts of it that are linked to by themselves. */
  readonly parts?: readonly Anchor[] | undefined;
  /** All LaTeX in it, to know the fonts that it needs. */
  readonly tex?: string | undefined;
}

/** The id of the part with a title. */
export function partId(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z]+/g, "-")
    .replace(/^-|-$/g, "");
}

export function pageBody(
  title: string,
  figure: Markup,
  parts: readonly Part[],
  { lists }: Things,
): Markup {
  return html`<a class="skip" href="#contents">Skip to the contents</a>
    <header>
      <h1>${title}</h1>
      <p>
        Every equation was evaluated on both sides before it was written here;
        <a href="#verification">Verification</a> says at how many points.
      </p>
      <p class="invitation">
        Point at a weight, a factor, a path or a number, or move to it with the Tab key, and it is
        marked wherever it stands; Enter, a click or a tap keeps it, Escape or a tap elsewhere lets
        go.
      </p>
      <p class="tools" hidden>
        <button type="button" data-action="open">Open everything</button>
        <button type="button" data-action="close">Close everything</button>
      </p>
    </header>
    <div class="columns">
      <div class="side">
        <section aria-labelledby="network">
          <h2 id="network">The network</h2>
          <div class="marked">
            <p class="status" role="status" id="status"></p>
            <p class="hint" aria-hidden="true">What is pointed at is named here.</p>
          </div>
          ${figure}
        </section>
        <nav aria-labelledby="contents">
          <h2 id="contents" tabindex="-1">Contents</h2>
          <ul>
            ${parts.map(contentsItem)}
          </ul>
        </nav>
      </div>
      <main data-quantities="${lists.quantities}" data-factors="${lists.factors}">
        ${parts.map(
          ({ id, title: name, body }) =>
            html`<section id="${id}" aria-labelledby="${id}-title">
              <h2 id="${id}-title">${name}</h2>
              ${body}
            </section>`,
        )}
        <p class="note">Equations are typeset by KaTeX, which this page carries in itself.</p>
      </main>
    </div>`;
}

function contentsItem({ id, title, parts = [] }: Part): Markup {
  const links = parts.map(
    (part) =>
      html` <a class="part" href="#${part.id}"
        ><span class="unseen">${title}: </span>${part.title}</a
      >`,
  );
  return html`<li ${parts.length > 0 ? html`class="whole"` : undefined}>
    <a href="#${id}">${title}</a>${links}
  </li>`;
}
