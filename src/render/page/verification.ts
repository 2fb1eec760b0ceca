/** The engine against itself: the gradients, computed in ways that share as little as possible. */
import type { Comparison } from "../../check/verify/comparison.js";
import type { ParameterStepDifferences } from "../../check/verify/step-differences.js";
import type { Verification } from "../../check/verify/verify.js";
import { kinkText } from "../../numeric/kinks.js";
import { html, type Markup } from "./markup.js";
import { relativeStep } from "../document/verification-part.js";
import { numberText } from "./symbols.js";
import type { PageText } from "./text.js";

/** Every column is compared with the reference. */
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
