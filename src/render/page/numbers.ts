/** The tables of values and derivatives at the point. */
import type { ModelValues } from "../../derivation/valuation.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { entryAt } from "../../numeric/watch.js";
import { html, type Markup } from "./markup.js";
import { numberText, spokenName } from "./symbols.js";
import type { PageText } from "./text.js";

/** Entries of one quantity in the table of numbers. */
const MOST_ROWS = 24;

/** Values and derivatives of all quantities at the point, a table for each. */
export function numberTables(model: Model, at: ModelValues, text: PageText): Markup[] {
  const quantities = [
    ...model.params,
    ...model.inputs,
    ...model.targets,
    ...model.definitions.map(({ quantity }) => quantity),
  ].filter((one) => one.role !== "auxiliary" && at.values.has(one));
  return quantities.map((quantity) => numberTable(model, quantity, at, text));
}

function numberTable(
  { loss }: Model,
  quantity: Quantity,
  { sizes, values, adjoints }: ModelValues,
  text: PageText,
): Markup {
  const lengths = quantity.shape.map((size) => size.evaluate(sizes));
  const own = values.get(quantity)!;
  const derivatives = quantity === loss ? undefined : adjoints.get(quantity);
  const rows = own.slice(0, MOST_ROWS).map((value, position) => {
    const indices = entryAt(lengths, position).map((index) => index - 1);
    const id = text.things.entry(quantity.name, indices);
    const shown = numberText(value);
    const label = `${spokenName(quantity, indices)} = ${shown}`;
    return html`<tr class="${id}">
      <th scope="row">
        <button type="button" class="${id}" data-label="${label}">
          ${text.symbol({ quantity, indices })}
        </button>
      </th>
      <td class="number">${shown}</td>
      ${
        derivatives
          ? html`<td class="number">${numberText(derivatives[position]!)}</td>`
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
        <caption>
          Entries of ${quantity.name}${rest > 0 ? `: ${rows.length} of ${own.length}` : undefined}
        </caption>
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
    ${rest > 0 ? html`<p class="note">… ${rest} more entries.</p>` : undefined}
  </details>`;
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
