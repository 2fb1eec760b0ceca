/** The engine against itself: the gradients, computed in ways that share as little as possible. */
import type { Comparison } from "../../check/verify/comparison.js";
import type { ParameterStepDifferences } from "../../check/verify/step-differences.js";
import type { ParameterVerification, Verification } from "../../check/verify/verify.js";
import { kinkText } from "../../numeric/kinks.js";
import { html, type Markup } from "./markup.js";
import { type RelativeStep, stepTelling } from "../document/verification-part.js";
import { numberText } from "./symbols.js";
import type { PageText } from "./text.js";

/** Digits of values that stand beside each other. */
const VALUE = 10;

/** Every column is compared with the reference. */
export function verificationTable(result: Verification, text: PageText): Markup {
  const { digits, loss, parameters, kinks, notes, ok, stepDifferences } = result;
  const columns = ["symbolic", "backprop", "differences"] as const;
  const { indexBase } = text.notation;
  const rows = parameters.map(
    (one, which) =>
      html`<tr>
        <th scope="row">${text.named(one.name)}</th>
        <td>
          ${one.ok && stepDifferences?.parameters[which]!.ok !== false ? "✓ agrees" : "✗ disagrees"}
        </td>
        ${columns.map((column) => html`<td>${comparison(one[column], digits, indexBase)}</td>`)}
        ${stepDifferences && html`<td>${stepped(stepDifferences.parameters[which]!, one, indexBase)}</td>`}
      </tr>`,
  );
  return html`<div class="scroll" data-name="Verification">
      <table>
        <caption>
          <span>
            Largest disagreement with ${digits} digits, relative to the parameter’s largest
            derivative, and both values of the entry that is nearest to its tolerance
          </span>
        </caption>
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col">Verdict</th>
            <th scope="col">Symbolic gradient</th>
            <th scope="col">Matrix backprop</th>
            <th scope="col">Finite differences</th>
            ${stepDifferences && html`<th scope="col">Step ${stepDifferences.step}: error, and what the step explains</th>`}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">${text.named(loss.name)} itself</th>
            <td>${loss.ok ? "✓ agrees" : "✗ disagrees"}</td>
            ${columns.map((column) => html`<td>${numberText(loss[column], 12)}</td>`)}
            ${stepDifferences && html`<td></td>`}
          </tr>
          ${rows}
        </tbody>
      </table>
    </div>
    <p>${ok ? "All gradients agree." : "The gradients disagree."}</p>
    ${kinks.map(
      (one) =>
        html`<p class="note">
          At a kink: ${kinkText({ ...one, entry: counted(one.entry, indexBase) })};
          ${one.convention}.
        </p>`,
    )}
    ${notes.map((note) => html`<p class="note">${note}</p>`)}`;
}

function stepped(
  one: ParameterStepDifferences,
  verification: ParameterVerification,
  indexBase: number,
): Markup {
  const told = stepTelling(one, verification);
  if (told === "not judged") return html`not judged`;
  const { entry, difference, gradient } = one.worst;
  const error = `${typeof told === "string" ? told : errorText(told)}${placeText(entry, indexBase)}`;
  return beside(error, ["difference", difference], ["gradient", gradient]);
}

function errorText({ error, truncation, tolerance }: RelativeStep): string {
  const margin = `± ${numberText(tolerance, 2)}`;
  if (error === undefined) return `0 ${margin}, rounding`;
  const explained = truncation === undefined ? "" : `${numberText(truncation, 2)} `;
  return `${numberText(error, 2)}, explained: ${explained}${margin}`;
}

/** @param digits of the reference */
function comparison(
  { verdict, maxError, worst }: Comparison,
  digits: number,
  indexBase: number,
): Markup {
  if (verdict === "not judged" || !worst) return html`not judged`;
  const { entry, value, reference } = worst;
  const error = `${maxError === 0 ? "0" : numberText(maxError, 2)}${placeText(entry, indexBase)}`;
  return beside(error, ["here", value], [`${digits} digits`, Number(reference)]);
}

/** An error, and below it the values whose difference it is. */
function beside(
  error: string,
  ...values: readonly (readonly [name: string, value: number])[]
): Markup {
  const lines = values.map(
    ([name, value]) => html` <small>${name} ${numberText(value, VALUE)}</small>`,
  );
  return html`${error}${lines}`;
}

function placeText(entry: readonly number[], indexBase: number): string {
  return entry.length > 0 ? ` at [${counted(entry, indexBase).join(",")}]` : "";
}

/** Indices as the page counts them, which `verify` counts from 1. */
function counted(entry: readonly number[], indexBase: number): readonly number[] {
  return entry.map((index) => index - 1 + indexBase);
}
