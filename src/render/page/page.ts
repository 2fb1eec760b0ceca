/** The page: one HTML file that opens offline, with everything that it needs in itself. */
import type { Verification } from "../../check/verify/verify.js";
import type { ModelValues } from "../../derivation/valuation.js";
import type { Form } from "../../derivation/derive.js";
import { Workbench } from "../../derivation/workbench.js";
import type { Entry } from "../../forms/paths.js";
import type { Model } from "../../language/model.js";
import { nest, type Point } from "../../language/point.js";
import type { Known } from "../../numeric/known.js";
import type { Derivation } from "../derivation.js";
import { modelLines } from "../document/documents.js";
import { namesOf } from "../notation/called.js";
import { Notation, type NotationOptions } from "../notation/notation.js";
import { NO_PASSAGES, type Passage, type Passages } from "../document/passage.js";
import { shareSteps } from "../document/shared.js";
import { equationTable } from "./checks.js";
import { document, frameLength } from "./document.js";
import { type Group, grouped } from "./groups.js";
import { leftOut } from "./left-out.js";
import { html, type Markup } from "./markup.js";
import { network } from "./network.js";
import { numberTables } from "./numbers.js";
import { pageBody, type Part, partId } from "./part.js";
import { picture } from "./picture.js";
import { passageSection, type Section } from "./sections.js";
import { PageText } from "./text.js";
import { Things } from "./things.js";
import { verificationTable } from "./verification.js";

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
const MOST_CHARACTERS = 930_000;
/** Of these, what the parts beside the derivations may have. */
const MOST_IN_PASSAGES = 240_000;
/** LaTeX that asks for every font that derivations may need and passages may not. */
const DERIVATION_FONTS = "\\mathbf\\boldsymbol";

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
  const { point = pointOf(model, derivations), passages = NO_PASSAGES, verification } = options;
  const notationOptions = options.notation ?? derivations[0]?.notation ?? {};
  const notation = new Notation(notationOptions, namesOf(model));
  const { before, paths, forms, after } = passages;
  const shared = shareSteps(model, derivations, before);
  const hasPaths = derivations.some(({ form }) => form === "paths");
  const ofForm = (asked: Form): readonly Passage[] => {
    if (asked === "paths") return hasPaths ? paths : [];
    return shared.parts.filter(({ form }) => form === asked).map(({ passage }) => passage);
  };
  const general = [...before, ...forms.flatMap(ofForm)];
  const titles = [...general, ...after].map(({ title }) => title);
  const ids = new Map(titles.map((title) => [title, partId(title)]));
  const text = new PageText(model, notation, new Things(model), ids);
  const bench = new Workbench(model, point, options.seed);
  const at = bench.knownValues;

  const figure = picture(network(model, bench.sizes), {
    notation,
    things: text.things,
    valueOf: at ? (entry) => valueIn(at, entry) : () => undefined,
  });
  let forPassages = MOST_IN_PASSAGES;
  const passagePart = (passage: Passage): Part => {
    const section = passageSection(passage, text);
    const { length } = section.markup.text;
    const isRoom = length <= forPassages;
    if (isRoom) forPassages -= length;
    return passageOf(passage.title, section, isRoom);
  };
  const first: readonly Part[] = [
    { id: "model", title: "The model", body: modelBody(model, text) },
    ...general.map(passagePart),
  ];
  const last: readonly Part[] = [
    ...after.map(passagePart),
    ...(at ? [{ id: "numbers", title: "The numbers", body: numberTables(model, at, text) }] : []),
  ];
  const gradients = verification && verificationTable(verification, text);
  const others = [figure, gradients, ...[...first, ...last].map(({ body }) => body)];
  const taken = others.reduce((total, markup) => total + (markup?.text.length ?? 0), 0);
  const room = MOST_CHARACTERS - frameLength(texOf([...first, ...last]) + DERIVATION_FONTS) - taken;
  const { groups, left } = grouped(shared.derivations, text, { room, forms, sizes: bench.sizes });
  const parts: readonly Part[] = [
    ...first,
    ...groups.map((group) => groupPart(group, text)),
    ...(left.length > 0 ? [{ id: "left-out", title: "Left out", body: leftOut(left, text) }] : []),
    ...last,
  ];
  const verified: Part = {
    id: "verification",
    title: "Verification",
    body: html`${equationTable(parts)} ${gradients}`,
  };
  const title = `Derivatives of ${model.loss.name}`;
  const body = pageBody(title, figure, [...parts, verified], text.things);
  return document(title, body, texOf(parts));
}

function texOf(parts: readonly Part[]): string {
  return parts.map(({ tex }) => tex ?? "").join("\n");
}

function groupPart({ id, quantity, parts, tex }: Group, text: PageText): Part {
  return {
    id,
    title: html`Derivative by ${text.symbol({ quantity, indices: [] })}`,
    body: html`${parts.map(({ markup }) => markup)}`,
    parts,
    tex,
  };
}

function passageOf(title: string, { markup, tex, steps, count }: Section, isRoom: boolean): Part {
  const id = partId(title);
  const equations = `${count} ${count === 1 ? "equation" : "equations"}`;
  if (!isRoom) {
    const note = `${equations} would make the page too large: other formats have them, with --format latex or markdown.`;
    return { id, title, body: html`<p class="note">${note}</p>` };
  }
  return {
    id,
    title,
    steps,
    tex,
    body: html`<details class="derivation">
      <summary><span class="unseen">${title}: </span>${equations}</summary>
      ${markup}
    </details>`,
  };
}

function modelBody(model: Model, text: PageText): Markup {
  const lines = modelLines(model).map(
    (line) => html`<li><code>${text.statement(line)}</code></li>`,
  );
  return html`<ol class="statements">
    ${lines}
  </ol>`;
}

function valueIn(
  { sizes, values }: ModelValues<Known>,
  { quantity, indices }: Entry,
): Known | undefined {
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
      nest(
        quantity.shape,
        known.sizes,
        known.entries.get(quantity)!.map(({ value }) => value),
      ),
    ]),
  );
}
