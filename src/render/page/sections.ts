/** Derivations as sections of a page: sentences, equations, checks, the table of the paths. */
import { namesOf } from "../notation/called.js";
import { entryIndices } from "../../derivation/target.js";
import type { Step } from "../../derivation/step.js";
import type { Expression } from "../../expression/expression.js";
import type { Edge, Path } from "../../forms/paths.js";
import type { Known } from "../../numeric/known.js";
import type { Derivation } from "../derivation.js";
import { aligned, ARTICLE, type Equation } from "../formula/aligned.js";
import { EquationPrinter } from "../formula/equations.js";
import type { Passage } from "../document/passage.js";
import { type Display, displayEquations, displays } from "../document/steps.js";
import { checkText } from "./checks.js";
import { html, type Markup } from "./markup.js";
import { type Mark, type MarkedEquation, MarkedNotation } from "./marks.js";
import { pathTable } from "./path-table.js";
import type { PageText } from "./text.js";

/** Runs of steps by one rule that are longer than this are closed until they are opened. */
const LONGEST_RUN = 3;

/**
 * The width of equations in em on a phone that is 360 pixels wide. Elsewhere they are as wide as in an article, for
 * which they are copied; beside the picture, on a screen of 1280 pixels, there are 36.
 */
const PHONE = 16;

/** A section, and what it adds to a page. */
export interface Section {
  readonly markup: Markup;
  /** All LaTeX in it, to know the fonts that it needs. */
  readonly tex: string;
  /** How many displays of equations it has. */
  readonly count: number;
  readonly steps: readonly Step[];
}

/** One derivation: its steps, the table of its paths, and what it leaves out. */
export function derivationSection(derivation: Derivation, text: PageText): Section {
  const { data, notation: options } = derivation;
  const { model, numbers } = data;
  const notation = new MarkedNotation(options, namesOf(model), text.things, data.deltas);
  const printer = new EquationPrinter(model, notation, numbers);
  const listed = data.paths.flatMap((one) => one.listed);
  const ids = listed.map(() => text.things.path());
  noteSummands(derivation, listed, ids, notation);
  const parts = displays(data.steps, printer);
  const equations = parts.map((part) => laidOut(displayEquations(printer, part), notation));
  const paths =
    listed.length > 0
      ? pathTable(listed, ids, {
          text,
          valueOf: numbers ? memoized((one) => numbers.scalar(one)) : undefined,
        })
      : undefined;
  const { opening } = data;
  const own = text.within(notation);
  const markup = html`${opening === undefined ? undefined : html`<p>${own.sentence(opening)}</p>`}
  ${stepList(parts, equations, own)} ${paths}
  ${derivation.sentences.map((note) => html`<p class="note">${own.sentence(note)}</p>`)}`;
  return { markup, ...contentsOf(parts, equations) };
}

/** Steps that belong to no derivation, such as those of the forward pass. */
export function passageSection(passage: Passage, text: PageText): Section {
  const { model, notation: options, deltas } = passage;
  const notation = new MarkedNotation(options, namesOf(model), text.things, deltas);
  const parts: Display[] = [];
  const equations: MarkedEquation[] = [];
  for (const part of passage.shown(notation)) {
    parts.push(part);
    // the marks of one display at a time
    equations.push(laidOut(part.equations, notation));
  }
  return {
    markup: stepList(parts, equations, text.within(notation)),
    ...contentsOf(parts, equations),
  };
}

function laidOut(equations: readonly Equation[], notation: MarkedNotation): MarkedEquation {
  return notation.read(aligned(equations, ARTICLE), aligned(equations, PHONE));
}

function contentsOf(
  parts: readonly Display[],
  equations: readonly MarkedEquation[],
): Omit<Section, "markup"> {
  return {
    tex: equations.map(({ tex }) => tex).join("\n"),
    count: equations.length,
    steps: parts.flatMap(({ steps }) => steps),
  };
}

/** The products of the paths' factors, as they stand in the sums. */
function noteSummands(
  { data }: Derivation,
  paths: readonly Path[],
  ids: readonly string[],
  { summands }: MarkedNotation,
): void {
  const { graph } = data.model;
  const ambiguous = new Set<Expression>();
  for (const [position, path] of paths.entries()) {
    const products = [
      graph.multiply(...path.map((edge) => partialOf(data.route, edge))),
      graph.multiply(...path.map(({ derivative }) => derivative)),
    ];
    for (const product of products) {
      if (product.kind !== "product") continue;
      // in a sum, a summand's number stands apart from it
      const bare = graph.multiply(graph.number(product.coefficient.inverse()), product);
      for (const node of new Set([product, bare])) {
        if (node.kind !== "product") continue;
        if (summands.has(node)) ambiguous.add(node);
        summands.set(node, ids[position]!);
      }
    }
  }
  for (const node of ambiguous) summands.delete(node);
}

function partialOf(route: Derivation["data"]["route"], { of, wrt }: Edge): Expression {
  const { graph } = route.model;
  const { quantity } = route.partialOf(of.quantity, wrt.quantity)!;
  return graph.reference(quantity, entryIndices([...of.indices, ...wrt.indices]));
}

function memoized(value: (one: Expression) => Known): typeof value {
  const found = new Map<Expression, Known>();
  return (one) => {
    let known = found.get(one);
    if (!known) found.set(one, (known = value(one)));
    return known;
  };
}

/** Long runs of one rule are put into a part of their own, unless there is nothing else. */
function stepList(
  shown: readonly Display[],
  equations: readonly MarkedEquation[],
  text: PageText,
): Markup {
  const parts: Markup[] = [];
  const ruleOf = (part: Display | undefined): string | undefined => part?.steps[0]!.rule;
  for (let from = 0; from < shown.length;) {
    const rule = ruleOf(shown[from]);
    let to = from + 1;
    while (to < shown.length && ruleOf(shown[to]) === rule) to++;
    const items = shown
      .slice(from, to)
      .map((part, position) => displayItem(part, equations[from + position]!, text));
    const list = html`<ol class="steps" start="${from + 1}">
      ${items}
    </ol>`;
    parts.push(
      to - from > LONGEST_RUN && to - from < shown.length
        ? html`<details class="run">
            <summary>Steps ${from + 1} to ${to}: ${rule}</summary>
            ${list}
          </details>`
        : list,
    );
    from = to;
  }
  return html`${parts}`;
}

function displayItem({ why, steps }: Display, equation: MarkedEquation, text: PageText): Markup {
  const { tex, marks, narrow } = equation;
  const phone =
    narrow && html` data-narrow="${narrow.tex}" data-narrow-marks="${marksText(narrow.marks)}"`;
  const data = html`data-name="Equation" data-marks="${marksText(marks)}"${phone}`;
  const rules = [...new Set(steps.map(({ rule }) => rule))].join(", ");
  return html`<li>
    <p class="why">${text.sentence(why)}</p>
    <div class="equation">
      <div class="tex scroll" ${data}>${tex}</div>
      <p class="check"><span class="rule">${rules}</span> ✓ ${checkText(steps)}</p>
    </div>
  </li>`;
}

function marksText(marks: readonly Mark[]): string {
  return marks.map(({ start, end, id }) => `${start} ${end} ${id}`).join(";");
}
