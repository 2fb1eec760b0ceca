/** What the checks of equations found: beside each, and in a table of all parts. */
import type { Step } from "../../derivation/step.js";
import { html, type Markup } from "./markup.js";
import type { Part } from "./part.js";
import { numberText } from "./symbols.js";

/** With more rows than this the forms of a derivative have one row together. */
const MOST_ROWS = 40;

/** In one line, for the equations of one display. */
export function checkText(steps: readonly Step[]): string {
  const { points, maxError, exact } = summary(steps);
  const where = points === 1 ? "at the point" : `at ${points} points`;
  const doubles =
    maxError === 0 ? `equal ${where}` : `equal up to ${numberText(maxError, 2)} ${where}`;
  const notes = [...new Set(steps.flatMap(({ check }) => check.notes ?? []))];
  const inAll = exact === steps.length;
  return [inAll ? `${doubles}, at one of them in fractions` : doubles, ...notes].join("; ");
}

/** The equations of every part: how many there are, and what the comparison of their sides found. */
export function equationTable(parts: readonly Part[]): Markup | undefined {
  const single = parts.flatMap(formRows);
  const rows = single.length > MOST_ROWS ? parts.flatMap(partRow) : single;
  if (rows.length === 0) return undefined;
  return html`<div class="scroll" data-name="Checks of the equations">
    <table>
      <caption>
        <span>
          Both sides of every equation on this page were evaluated, by the rules that it prints and
          by an independent backpropagation, at random points and at the point of the numbers, if
          there is one. The difference is relative to the largest entry of the sides. The last
          column counts the equations that were compared in fractions, too, which do not round: what
          tanh, exponentials and the like give is no fraction.
        </span>
      </caption>
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">Equations</th>
          <th scope="col">Points for each</th>
          <th scope="col">Largest difference</th>
          <th scope="col">In fractions, too</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** A part that has parts of its own has a row for each of them. */
function formRows(part: Part): Markup[] {
  if (!part.parts) return partRow(part);
  return part.parts.map(({ id, title, steps = [] }) =>
    row(id, html`${part.title}: ${title}`, steps),
  );
}

function partRow({ id, title, parts, steps = [] }: Part): Markup[] {
  const all = parts ? parts.flatMap((one) => one.steps ?? []) : steps;
  return all.length === 0 ? [] : [row(id, title, all)];
}

function row(id: string, name: string | Markup, steps: readonly Step[]): Markup {
  const { points, most, maxError, exact } = summary(steps);
  return html`<tr>
    <th scope="row"><a href="#${id}">${name}</a></th>
    <td class="number">${steps.length}</td>
    <td class="number">${points === most ? points : `${points} to ${most}`}</td>
    <td class="number">${maxError === 0 ? "0" : numberText(maxError, 2)}</td>
    <td class="number">${exact}</td>
  </tr>`;
}

interface Summary {
  /** The fewest and the most points at which one equation was evaluated. */
  readonly points: number;
  readonly most: number;
  readonly maxError: number;
  /** How many were also evaluated in fractions. */
  readonly exact: number;
}

function summary(steps: readonly Step[]): Summary {
  const points = steps.map(({ check }) => check.points);
  return {
    points: Math.min(...points),
    most: Math.max(...points),
    maxError: Math.max(...steps.map(({ check }) => check.maxError)),
    exact: steps.filter(({ check }) => check.exact).length,
  };
}
