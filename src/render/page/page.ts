/** The page: one HTML file that opens offline, with everything that it needs in itself. */
import type { Verification } from "../../check/verify.js";
import type { ModelValues } from "../../derivation/valuation.js";
import { Workbench } from "../../derivation/workbench.js";
import type { Entry } from "../../forms/paths.js";
import type { Model } from "../../language/model.js";
import { nest, type Point } from "../../language/point.js";
import type { Derivation } from "../derivation.js";
import { modelLines } from "../documents.js";
import { Notation, type NotationOptions, namesOf } from "../notation.js";
import type { Passage, Passages } from "../passage.js";
import { document, frameLength } from "./document.js";
import { type Group, type GroupPart, grouped, leftOut } from "./groups.js";
import { html, type Markup } from "./markup.js";
import { network } from "./network.js";
import { picture } from "./picture.js";
import { passageSection, type Section } from "./sections.js";
import { numberTables, verificationTable } from "./tables.js";
import { PageText } from "./text.js";
import { Things } from "./things.js";

export interface PageOptions {
  /** Where numbers are known; by default the point of the derivations. */
  readonly point?: Point | undefined;
  readonly seed?: number | undefined;
  readonly notation?: NotationOptions | undefined;
  /** What stands before and after the derivations. */
  readonly passages?: Passages | undefined;
  /** What `verify` found. */
  readonly verification?: Verification | undefined;
}

/** Characters of a page; derivations beyond are left out, and the page says which. */
const MOST_CHARACTERS = 880_000;
/** LaTeX that asks for every font that derivations may need and passages may not. */
const DERIVATION_FONTS = "\\mathbf\\boldsymbol";

/** A part of the page, which the contents link to. */
interface Part {
  readonly id: string;
  readonly title: string | Markup;
  readonly body: Markup;
  /** Parts of it that are linked to by themselves. */
  readonly parts?: readonly GroupPart[] | undefined;
}

/**
 * A page with the model, its network as a picture, the derivations, the numbers and the
 * verification.
 * @returns a whole HTML document; whatever comes from the model is escaped in it
 */
export function htmlDocument(
  model: Model,
  derivations: readonly Derivation[],
  options: PageOptions = {},
): string {
  const { point = pointOf(model, derivations), passages, verification } = options;
  const notationOptions = options.notation ?? derivations[0]?.notation ?? {};
  const notation = new Notation(notationOptions, namesOf(model));
  const text = new PageText(model, notation, new Things(model));
  const bench = new Workbench(model, point, options.seed);
  const at = bench.pointValues;

  const figure = picture(network(model, bench.sizes), {
    notation,
    things: text.things,
    valueOf: at ? (entry) => valueIn(at, entry) : () => undefined,
  });
  const around = (list: readonly Passage[] | undefined): PassagePart[] =>
    (list ?? []).map((passage) => passagePart(passage, text));
  const [before, after] = [around(passages?.before), around(passages?.after)];
  const first: readonly Part[] = [
    { id: "model", title: "The model", body: modelPart(model, text) },
    ...before,
  ];
  const last: readonly Part[] = [
    ...after,
    ...(at
      ? [{ id: "numbers", title: "The numbers", body: html`${numberTables(model, at, text)}` }]
      : []),
    ...(verification
      ? [{ id: "verification", title: "Verification", body: verificationTable(verification, text) }]
      : []),
  ];
  const passagesTex = [...before, ...after].map(({ section }) => section.tex).join("\n");
  const others = [figure, ...[...first, ...last].map(({ body }) => body)];
  const taken = others.reduce((total, markup) => total + markup.text.length, 0);
  const room = MOST_CHARACTERS - frameLength(passagesTex + DERIVATION_FONTS) - taken;
  const { groups, left } = grouped(derivations, text, { room, sizes: bench.sizes });
  const parts: readonly Part[] = [
    ...first,
    ...groups.map((group) => groupPart(group, text)),
    ...(left.length > 0 ? [{ id: "left-out", title: "Left out", body: leftOut(left, text) }] : []),
    ...last,
  ];
  const tex = [passagesTex, ...groups.map((group) => group.tex)].join("\n");
  const title = `Derivatives of ${model.loss.name}`;
  return document(title, pageBody(title, figure, parts), tex);
}

function pageBody(title: string, figure: Markup, parts: readonly Part[]): Markup {
  return html`<a class="skip" href="#contents">Skip to the contents</a>
    <header>
      <h1>${title}</h1>
      <p>
        Every equation was evaluated on both sides, at several points, before it was written here.
        Point at a weight, a factor, a path or a number, or move to it with the Tab key, and it is
        marked wherever it stands; Enter, a click or a tap keeps it, Escape lets go.
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
      <main>
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
  const links = parts.map((part) => html` <a class="part" href="#${part.id}">${part.title}</a>`);
  return html`<li ${parts.length > 0 ? html`class="whole"` : undefined}>
    <a href="#${id}">${title}</a>${links}
  </li>`;
}

function groupPart({ id, quantity, parts }: Group, text: PageText): Part {
  return {
    id,
    title: html`Derivative by ${text.symbol({ quantity, indices: [] })}`,
    body: html`${parts.map(({ markup }) => markup)}`,
    parts,
  };
}

interface PassagePart extends Part {
  readonly section: Section;
}

function passagePart(passage: Passage, text: PageText): PassagePart {
  const section = passageSection(passage, text);
  return {
    id: passage.title.toLowerCase().replaceAll(" ", "-"),
    title: passage.title,
    section,
    body: html`<details class="derivation">
      <summary>${section.count} ${section.count === 1 ? "equation" : "equations"}</summary>
      ${section.markup}
    </details>`,
  };
}

function modelPart(model: Model, text: PageText): Markup {
  const lines = modelLines(model).map(
    (line) => html`<li><code>${text.statement(line)}</code></li>`,
  );
  return html`<ol class="statements">
    ${lines}
  </ol>`;
}

function valueIn({ sizes, values }: ModelValues, { quantity, indices }: Entry): number | undefined {
  const position = quantity.shape.reduce(
    (total, size, axis) => total * size.evaluate(sizes) + indices[axis]!,
    0,
  );
  return values.get(quantity)?.[position];
}

/** The point at which the derivations have their numbers. */
function pointOf(model: Model, derivations: readonly Derivation[]): Point | undefined {
  const known = derivations.find(({ data }) => data.numbers)?.data.numbers?.environment;
  if (!known) return undefined;
  const given = [...model.inputs, ...model.targets, ...model.params];
  return Object.fromEntries(
    given.map((quantity) => [
      quantity.name,
      nest(quantity.shape, known.sizes, known.entries.get(quantity)!),
    ]),
  );
}
