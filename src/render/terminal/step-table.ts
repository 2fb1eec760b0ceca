/** Central differences with one step beside the gradients, for the terminal. */
import type {
  ParameterStepDifferences,
  StepDifference,
  StepDifferences,
} from "../../check/verify/step-differences.js";
import { aligned } from "./terminal.js";

/** Parameters with more entries than this are shown by their worst entry. */
const MOST_ENTRIES = 12;
const LONGEST_NAME = 14;

/** Lines of text: every entry of small parameters, the worst of large ones. */
export function stepLines({ step, parameters }: StepDifferences): string[] {
  return [
    `Central differences with the step ε = ${step}, and the error that it explains:`,
    "ε²/6 of the third derivative ± rounding and higher terms",
    "",
    ...aligned([
      ["", "gradient", "difference", "error", "explained", ""],
      ...parameters.flatMap(rows),
    ]),
  ];
}

function rows({ name, total, entries, worst }: ParameterStepDifferences): string[][] {
  if (total <= MOST_ENTRIES) return entries.map((one) => row(label(name, one), one));
  const rest = entries.length < total ? ` of ${entries.length}/${total}` : ` of ${total}`;
  return [row(`${label(name, worst)} worst${rest}`, worst)];
}

function label(name: string, { entry }: StepDifference): string {
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
  return entry.length > 0 ? `${short}[${entry.join(",")}]` : short;
}

function row(
  name: string,
  { gradient, difference, error, truncation, tolerance, verdict }: StepDifference,
): string[] {
  const explained =
    verdict === "not judged"
      ? "-"
      : `${truncation.toExponential(1)} ± ${tolerance.toExponential(1)}`;
  const shown = verdict === "not explained" ? "NOT EXPLAINED" : verdict;
  return [name, digits(gradient), digits(difference), error.toExponential(1), explained, shown];
}

/** Ten significant digits: the error of a small step is beyond them. */
function digits(value: number): string {
  return String(Number(value.toPrecision(10)));
}
