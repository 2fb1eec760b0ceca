/** The tables of values and derivatives at the point. */
import { MOST_ENTRIES } from "../../derivation/derive.js";
import type { ModelValues } from "../../derivation/valuation.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Known } from "../../numeric/known.js";
import { entryAt } from "../../numeric/watch.js";
import { html, type Markup } from "./markup.js";
import { drawnAlong } from "./network.js";
import { equalText, numberText, spokenName } from "./symbols.js";
import type { PageText } from "./text.js";

/** Quantities up to this have all their entries in their tables. */
const MOST_ROWS = 24;
/** Of all tables together. */
const MOST_CHARACTERS = 120_000;

/** Values and derivatives of all quantities at the point, a table for each that there is room for. */
export function numberTables(model: Model, at: ModelValues<Known>, text: PageText): Markup {
  const quantities = [
    ...model.params,
    ...model.inputs,
    ...model.targets,
    ...model.definitions.map(({ quantity }) => quantity),
  ].filter((one) => one.role !== "auxiliary" && at.values.has(one));
  const tables: Markup[] = [];
  let room = MOST_CHARACTERS;
  for (const quantity of quantities) {
    const table = numberTable(model, quantity, at, text);
    room -= table.text.length;
    if (room < 0) break;
    tables.push(table);
  }
  const left = quantities.slice(tables.length).map(({ name }) => name);
  return html`${tables}
  ${
    left.length > 0
      ? html`<p class="note">
          ${left.length} more quantities are left out, ${left[0]} to ${left.at(-1)}: the command
          <code>grad</code> prints all numbers.
        </p>`
      : undefined
  }`;
}

function numberTable(
  { loss }: Model,
  quantity: Quantity,
  { sizes, values, adjoints }: ModelValues<Known>,
  text: PageText,
): Markup {
  const lengths = quantity.shape.map((size) => size.evaluate(sizes));
  const own = values.get(quantity)!;
  const derivatives = quantity === loss ? undefined : adjoints.get(quantity);
  const rows = shownPositions(lengths).map((position) => {
    const value = own[position]!;
    const indices = entryAt(lengths, position).map((index) => index - 1);
    const id = text.things.entry(quantity.name, indices);
    const label = `${spokenName(text.notation, quantity, indices)} ${equalText(value)}`;
    return html`<tr class="${id}">
      <th scope="row">
        <button type="button" class="${id}" data-label="${label}">
          ${text.symbol({ quantity, indices })}
        </button>
      </th>
      <td class="number">${numberText(value.value)}</td>
      ${
        derivatives
          ? html`<td class="number">${numberText(derivatives[position]!.value)}</td>`
          : undefined
      }
    </tr>`;
  });
  const shape = lengths.length === 0 ? "a number" : lengths.join("×");
  const rest = own.length - rows.length;
  return html`<details class="numbers">
    <summary>
      <h3>${text.symbol({ quantity, indices: [] })}: ${ROLES[quantity.role]}, ${shape}</h3>
    </summary>
    <div class="scroll" data-name="Numbers of ${quantity.name}">
      <table>
        ${
          rest > 0
            ? html`<caption>
                ${rows.length} of ${own.length} entries
              </caption>`
            : undefined
        }
        <thead>
          <tr>
            <th scope="col">Entry</th>
            <th scope="col">Value</th>
            ${derivatives ? html`<th scope="col">Derivative of ${loss.name} by it</th>` : undefined}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${
      rest > 0
        ? html`<p class="note">
            These are the first entries and those of the picture; ${rest} more are left out.
          </p>`
        : undefined
    }
  </details>`;
}

/** Of large quantities: the entries that are derived by one by one, and those of the picture. */
function shownPositions(lengths: readonly number[]): number[] {
  const total = lengths.reduce((product, length) => product * length, 1);
  if (total <= MOST_ROWS) return Array.from({ length: total }, (_, position) => position);
  const drawn = lengths.reduce<number[]>(
    (positions, length) =>
      positions.flatMap((before) => drawnAlong(length).map((index) => before * length + index)),
    [0],
  );
  const first = Array.from({ length: MOST_ENTRIES }, (_, position) => position);
  return [...new Set([...first, ...drawn])].sort((a, b) => a - b);
}

const ROLES: Readonly<Record<Quantity["role"], string>> = {
  input: "input",
  target: "target",
  parameter: "parameter",
  definition: "defined",
  auxiliary: "defined",
  adjoint: "derivative",
  partial: "derivative",
  jacobian: "derivative",
};
