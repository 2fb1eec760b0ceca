/** The tables of a page: paths with factors, values with derivatives, the verification. */
import type { Comparison } from "../../check/comparison.js";
import type { ParameterStepDifferences } from "../../check/step-differences.js";
import type { Verification } from "../../check/verify.js";
import type { ModelValues } from "../../derivation/valuation.js";
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Edge, Entry, Path } from "../../forms/paths.js";
import type { Model } from "../../language/model.js";
import { kinkText } from "../../numeric/kinks.js";
import { entryAt } from "../../numeric/watch.js";
import { html, type Markup } from "./markup.js";
import { relativeStep } from "../verification-part.js";
import { numberText, spokenName } from "./symbols.js";
import type { PageText } from "./text.js";

/** Entries of one quantity in the table of numbers. */
const MOST_ROWS = 24;
/** Paths in the table of one entry; the equations may list more. */
const MOST_PATHS = 12;

export interface PathTableOptions {
  readonly text: PageText;
  /** Where a point is known. */
  readonly valueOf: ((derivative: Expression) => number | undefined) | undefined;
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
    const values = path.map(({ derivative }) => valueOf?.(derivative));
    const product = values.reduce<number>((total, value) => total * (value ?? NaN), 1);
    return html`<tr class="${id}">
      <th scope="row">${pathButton(path, id, position, text)}</th>
      ${cells} ${valueOf ? html`<td class="number">${numberText(product)}</td>` : undefined}
    </tr>`;
  });
  return html`<div class="scroll" data-name="Table of the paths">
    <table>
      <caption>
        ${paths.length > rows.length ? `The first ${rows.length} of the ${paths.length} paths above` : "The paths"},
        each a product of its factors
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
function pathButton(path: Path, id: string, position: number, { things }: PageText): Markup {
  const entry = ({ quantity, indices }: Entry): string => things.entry(quantity.name, indices);
  const parts = path.flatMap(({ of, wrt }) => [
    things.factor(entry(of), entry(wrt)),
    entry(of),
    entry(wrt),
  ]);
  const names = [...path.map(({ of }) => of), path.at(-1)!.wrt].map(({ quantity, indices }) =>
    spokenName(quantity, indices),
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

function factorCell(
  { of, wrt, derivative }: Edge,
  text: PageText,
  valueOf: PathTableOptions["valueOf"],
): Markup {
  const { things } = text;
  const id = things.factor(
    things.entry(of.quantity.name, of.indices),
    things.entry(wrt.quantity.name, wrt.indices),
  );
  const value = valueOf?.(derivative);
  const shown = value === undefined ? undefined : numberText(value);
  const name = `∂${spokenName(of.quantity, of.indices)}/∂${spokenName(wrt.quantity, wrt.indices)}`;
  const label = shown === undefined ? name : `${name} = ${shown}`;
  return html`<td>
    <button type="button" class="${id}" data-label="${label}">
      <span>${text.derivative(of, wrt)}</span>
      ${shown === undefined ? undefined : html`<span>= ${shown}</span>`}
    </button>
  </td>`;
}

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

/** The engine against itself: every column is compared with the reference. */
export function verificationTable(result: Verification, text: PageText): Markup {
  const { digits, loss, parameters, kinks, notes, ok, stepDifferences } = result;
  const columns = ["symbolic", "backprop", "differences"] as const;
  const rows = parameters.map(
    (one, which) =>
      html`<tr>
        <th scope="row">${text.sentence(one.name)}</th>
        ${columns.map((column) => html`<td>${comparison(one[column])}</td>`)}
        ${stepDifferences && html`<td>${stepped(stepDifferences.parameters[which]!)}</td>`}
        <td>
          ${one.ok && stepDifferences?.parameters[which]!.ok !== false ? "✓ agrees" : "✗ disagrees"}
        </td>
      </tr>`,
  );
  return html`<div class="scroll" data-name="Verification">
      <table>
        <caption>
          Largest disagreement with ${digits} digits, relative to the parameter’s largest derivative
        </caption>
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col">Symbolic gradient</th>
            <th scope="col">Matrix backprop</th>
            <th scope="col">Finite differences</th>
            ${stepDifferences && html`<th scope="col">Step ${stepDifferences.step}: error, and what the step explains</th>`}
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">${text.sentence(loss.name)} itself</th>
            ${columns.map((column) => html`<td>${numberText(loss[column], 12)}</td>`)}
            ${stepDifferences && html`<td></td>`}
            <td>${loss.ok ? "✓ agrees" : "✗ disagrees"}</td>
          </tr>
          ${rows}
        </tbody>
      </table>
    </div>
    <p>${ok ? "All gradients agree." : "The gradients disagree."}</p>
    ${kinks.map((one) => html`<p class="note">At a kink: ${kinkText(one)}; ${one.convention}.</p>`)}
    ${notes.map((note) => html`<p class="note">${text.sentence(note)}</p>`)}`;
}

function stepped(one: ParameterStepDifferences): string {
  const step = relativeStep(one);
  if (!step) return "not judged";
  const margin = `± ${numberText(step.tolerance, 2)}`;
  if (step.error === undefined) return `0 ${margin}, rounding`;
  const explained = step.truncation === undefined ? "" : `${numberText(step.truncation, 2)} `;
  return `${numberText(step.error, 2)}, explained: ${explained}${margin}`;
}

function comparison({ verdict, maxError, worst }: Comparison): string {
  if (verdict === "not judged" || !worst) return "not judged";
  const where = worst.entry.length > 0 ? ` at [${worst.entry.join(",")}]` : "";
  return `${maxError === 0 ? "0" : numberText(maxError, 2)}${where}`;
}
