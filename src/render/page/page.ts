/** The page: one HTML file that opens offline, with everything that it needs in itself. */
import { clientScript, fontStyles, katexScript, katexStyle, pageStyle } from "virtual:page-assets";
import type { Verification } from "../../check/verify.js";
import type { ModelValues } from "../../derivation/valuation.js";
import { Workbench } from "../../derivation/workbench.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Entry } from "../../forms/paths.js";
import type { Model } from "../../language/model.js";
import { nest, type Point } from "../../language/point.js";
import type { Derivation } from "../derivation.js";
import { modelLines } from "../documents.js";
import type { Passage, Passages } from "../passage.js";
import { Notation, type NotationOptions, namesOf } from "../notation.js";
import { html, type Markup, raw } from "./markup.js";
import { network } from "./network.js";
import { picture } from "./picture.js";
import { derivationSection, passageSection, type Section } from "./sections.js";
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

/** Of derivations with more markup in all than this some are left out, and the page says which. */
const MOST_MARKUP = 365_000;

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
  const title = `Derivatives of ${model.loss.name}`;

  const figure = picture(network(model, bench.sizes), {
    notation,
    things: text.things,
    valueOf: at ? (entry) => valueIn(at, entry) : () => undefined,
  });
  const { groups, left } = grouped(derivations, text);
  const around = (list: readonly Passage[] | undefined): (Part & { section: Section })[] =>
    (list ?? []).map((passage) => passagePart(passage, text));
  const [before, after] = [around(passages?.before), around(passages?.after)];
  const fonts = fontsFor([
    ...groups.flatMap(({ sections }) => sections),
    ...[...before, ...after].map(({ section }) => section),
  ]);

  const parts: readonly (Part | undefined)[] = [
    { id: "model", title: "The model", body: modelPart(model, text) },
    ...before,
    ...groups.map(({ quantity, sections }, position): Part => ({
      id: `by-${position + 1}`,
      title: html`Derivative by ${text.symbol({ quantity, indices: [] })}`,
      body: html`${sections.map(({ markup }) => markup)}`,
    })),
    ...after,
    left.length > 0 ? { id: "left-out", title: "Left out", body: leftOut(left, text) } : undefined,
    at && { id: "numbers", title: "The numbers", body: html`${numberTables(model, at, text)}` },
    verification && {
      id: "verification",
      title: "Verification",
      body: verificationTable(verification, text),
    },
  ];
  const present = parts.filter((part) => part !== undefined);
  const body = html`<a class="skip" href="#by-1">Skip to the derivations</a>
    <header>
      <h1>${title}</h1>
      <p>
        Every equation on this page was evaluated on both sides, at several points, before it was
        written here. Point at a weight, a factor, a path or a number, or move to it with the Tab
        key, and it is lit wherever it stands; Enter or a click keeps it, Escape lets go.
      </p>
      <nav aria-label="Contents">
        <ul>
          ${present.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
        </ul>
      </nav>
      <p class="tools" hidden>
        <button type="button" data-action="open">Open everything</button>
        <button type="button" data-action="close">Close everything</button>
      </p>
    </header>
    <div class="columns">
      <section class="side" aria-labelledby="network">
        <h2 id="network">The network</h2>
        <p class="status" role="status" id="status">Nothing is lit.</p>
        ${figure}
      </section>
      <main>
        ${present.map(
          (part) =>
            html`<section id="${part.id}" aria-labelledby="${part.id}-title">
              <h2 id="${part.id}-title">${part.title}</h2>
              ${part.body}
            </section>`,
        )}
        <p class="note">Equations are typeset by KaTeX, which this page carries in itself.</p>
      </main>
    </div>`;
  return document(title, body, fonts);
}

interface Part {
  readonly id: string;
  readonly title: string | Markup;
  readonly body: Markup;
}

interface Group {
  readonly quantity: Quantity;
  readonly sections: Section[];
}

/**
 * Derivations by the same quantity together. Where there is no room for all, whole quantities come
 * first, and the first entries of each before the later ones of any.
 */
function grouped(
  derivations: readonly Derivation[],
  text: PageText,
): { groups: Group[]; left: Derivation[] } {
  const counts = new Map<string, number>();
  const ranked = derivations.map((derivation) => {
    const { form, data } = derivation;
    if (data.target.entry === undefined) return { derivation, rank: -1 };
    const key = `${form} ${data.target.quantity.name}`;
    const rank = counts.get(key) ?? 0;
    counts.set(key, rank + 1);
    return { derivation, rank };
  });
  let room = MOST_MARKUP;
  const made = new Map<Derivation, Section>();
  for (const { derivation } of ranked.toSorted((a, b) => a.rank - b.rank)) {
    if (room <= 0) break;
    const isOpen = derivation === derivations[0];
    const section = derivationSection(derivation, text, { isOpen });
    if (made.size > 0 && section.markup.text.length > room) continue;
    made.set(derivation, section);
    room -= section.markup.text.length;
  }
  const groups: Group[] = [];
  for (const derivation of derivations) {
    const section = made.get(derivation);
    if (!section) continue;
    const { quantity } = derivation.data.target;
    if (groups.at(-1)?.quantity === quantity) groups.at(-1)!.sections.push(section);
    else groups.push({ quantity, sections: [section] });
  }
  return { groups, left: derivations.filter((one) => !made.has(one)) };
}

function leftOut(left: readonly Derivation[], text: PageText): Markup {
  const names = [...new Set(left.map(({ wrt }) => wrt))];
  const more = names.length > 40 ? ` and ${names.length - 40} more` : "";
  const list = text.sentence(`${names.slice(0, 40).join(", ")}${more}`);
  return html`<p class="note">
    ${left.length} derivations are left out, because the page would be too large: those by ${list}.
    Ask for fewer quantities or forms at a time.
  </p>`;
}

function passagePart(passage: Passage, text: PageText): Part & { readonly section: Section } {
  const section = passageSection(passage, text);
  return {
    id: passage.title.toLowerCase().replaceAll(" ", "-"),
    title: passage.title,
    section,
    body: html`<details class="derivation">
      <summary><h3>${section.count} equations</h3></summary>
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

// ————— the document —————

type FontGroup = keyof typeof fontStyles;

/** Which commands need fonts beyond those of every page. */
const ALPHABETS: readonly (readonly [RegExp, FontGroup])[] = [
  [/\\mathcal/, "caligraphic"],
  [/\\mathfrak/, "fraktur"],
  [/\\(mathsf|textsf)/, "sansSerif"],
  [/\\mathscr/, "script"],
  [/\\(mathtt|texttt)/, "typewriter"],
];

function fontsFor(sections: readonly Section[]): FontGroup[] {
  const needed = ALPHABETS.filter(([command]) => sections.some(({ tex }) => command.test(tex)));
  return ["core", ...needed.map(([, group]) => group)];
}

/**
 * Scripts and styles are only those named by their hashes; nothing is loaded from anywhere, nothing
 * is sent anywhere, and no text can become a script.
 */
function document(title: string, body: Markup, fonts: readonly FontGroup[]): string {
  const styles = [...fonts.map((group) => fontStyles[group]), katexStyle, pageStyle];
  const scripts = [katexScript, clientScript];
  const sources = (assets: readonly { hash: string }[]): string =>
    assets.map(({ hash }) => `'${hash}'`).join(" ");
  const policy = [
    "default-src 'none'",
    `script-src ${sources(scripts)}`,
    `style-src ${sources(styles)}`,
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="chainrule" />
        <title>${title}</title>
        ${styles.map(({ text }) => element("style", text))}
      </head>
      <body>
        ${body} ${scripts.map(({ text }) => element("script", text))}
      </body>
    </html> `.text;
}

/** Exactly the text whose hash the policy names: not a space more. */
function element(name: "style" | "script", text: string): Markup {
  return raw(`<${name}>${text}</${name}>\n`);
}
