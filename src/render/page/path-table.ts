/** The table of the paths to an entry, with their factors and numbers. */
import type { Expression } from "../../expression/expression.js";
import type { Edge, Entry, Path } from "../../forms/paths.js";
import { type Known, knownArithmetic } from "../../numeric/known.js";
import { html, type Markup } from "./markup.js";
import { equalText, numberText, spokenName } from "./symbols.js";
import type { PageText } from "./text.js";

/** Paths in the table of one entry; the equations may list more. */
const MOST_PATHS = 8;

export interface PathTableOptions {
  readonly text: PageText;
  /** Where a point is known. */
  readonly valueOf: ((derivative: Expression) => Known) | undefined;
}

/** Every listed path with its factors and numbers. */
export function pathTable(
  paths: readonly Path[],
  ids: readonly string[],
  { text, valueOf }: PathTableOptions,
): Markup {
  const longest = Math.max(...paths.map(({ length }) => length));
  const columns = Array.from({ length: longest }, (_, at) => at);
  const rows = paths.slice(0, MOST_PATHS).map((path, position) => {
    const id = ids[position]!;
    const cells = columns.map((at) => {
      const edge = path[at];
      return edge ? factorCell(edge, text, valueOf) : html`<td></td>`;
    });
    const product = valueOf && path.map(({ derivative }) => valueOf(derivative)).reduce(times);
    return html`<tr class="${id}">
      <th scope="row">${pathButton(path, id, position, text)}</th>
      ${cells} ${product && html`<td class="number">${numberText(product.value)}</td>`}
    </tr>`;
  });
  return html`<div class="scroll" data-name="Table of the paths">
    <table>
      <caption>
        <span>
          ${paths.length > rows.length ? `The first ${rows.length} of the ${paths.length} paths above` : "The paths"},
          each a product of its factors
        </span>
      </caption>
      <thead>
        <tr>
          <th scope="col">Path</th>
          ${columns.map((at) => html`<th scope="col">Factor ${at + 1}</th>`)}
          ${valueOf ? html`<th scope="col">Product</th>` : undefined}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** In the picture a path lights its edges, and the units between them. */
function pathButton(
  path: Path,
  id: string,
  position: number,
  { things, notation }: PageText,
): Markup {
  const entry = ({ quantity, indices }: Entry): string => things.entry(quantity.name, indices);
  const parts = path.flatMap(({ of, wrt }) => [
    things.factor(entry(of), entry(wrt)),
    entry(of),
    entry(wrt),
  ]);
  const names = [...path.map(({ of }) => of), path.at(-1)!.wrt].map(({ quantity, indices }) =>
    spokenName(notation, quantity, indices),
  );
  const label = `Path ${position + 1}: ${names.join(", ")}`;
  return html`<button
    type="button"
    class="${id}"
    data-parts="${[...new Set(parts)].join(" ")}"
    data-label="${label}"
  >
    ${position + 1}
  </button>`;
}

function times(product: Known, factor: Known): Known {
  return knownArithmetic.multiply(product, factor);
}

function factorCell(
  { of, wrt, derivative }: Edge,
  text: PageText,
  valueOf: PathTableOptions["valueOf"],
): Markup {
  const { things, notation } = text;
  const id = things.factor(
    things.entry(of.quantity.name, of.indices),
    things.entry(wrt.quantity.name, wrt.indices),
  );
  const value = valueOf?.(derivative);
  const shown = value && equalText(value);
  const [numerator, denominator] = [of, wrt].map(({ quantity, indices }) =>
    spokenName(notation, quantity, indices),
  );
  const name = `∂${numerator!}/∂${denominator!}`;
  const label = shown === undefined ? name : `${name} ${shown}`;
  return html`<td>
    <button type="button" class="${id}" data-label="${label}">
      <span>${text.derivative(of, wrt)}</span>
      ${shown === undefined ? undefined : html`<span>${shown}</span>`}
    </button>
  </td>`;
}
