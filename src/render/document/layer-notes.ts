/** Lines that hold for several layers, and what is said of them beside their reasons. */
import { conventionsOf } from "../../derivation/conventions.js";
import type { Deltas } from "../../derivation/layers.js";
import { signsExplained } from "../../derivation/signs.js";
import { sideQuantities } from "../../derivation/side-quantities.js";
import type { Step } from "../../derivation/step.js";
import type { Workbench } from "../../derivation/workbench.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { enumerated, said, type Sentence } from "../../language/sentence.js";
import type { Equation } from "../formula/aligned.js";

/** A line for several layers. */
export interface LayerLine {
  readonly why: Sentence;
  /** Lines of one part stand together. */
  readonly part: string;
  readonly equation: Equation;
  /** What stands for the number of the layer. */
  readonly letter: string;
  /** Whether the values of an index are left out. */
  readonly hasOpenRange: boolean;
  /** The layers for which it was checked, ascending. */
  readonly layers: readonly number[];
  /** The lines of these layers. */
  readonly steps: readonly Step[];
  /** Inputs that stand for the layer before the first: a^{(0)} = x. */
  readonly aliases: readonly string[];
  /** What is said where it is written first: what δ and other signs mean, what holds at kinks. */
  readonly notes: readonly Sentence[];
}

/** A line without what is said beside it. */
export type GeneralLine = Omit<LayerLine, "notes">;

/** The lines with what has to be known of them, each said once. */
export function withNotes(
  lines: readonly GeneralLine[],
  workbench: Workbench,
  deltas: Deltas,
): LayerLine[] {
  const { model } = workbench;
  const signs = signsExplained(
    lines.map(({ steps }) => steps),
    model,
  );
  const isOfDelta = ({ steps }: GeneralLine): boolean =>
    steps.some(({ left, right }) =>
      [left, right]
        .flatMap(sideQuantities)
        .some(({ role, of }) => role === "adjoint" && of && deltas.has(of)),
    );
  const firstOfDelta = lines.findIndex(isOfDelta);
  return lines.map((line, place) => ({
    ...line,
    notes: [
      ...(place === firstOfDelta ? [calledDelta(model, [...deltas.keys()])] : []),
      ...line.steps.flatMap((step) => conventionsBehind(workbench, step)),
      ...signs[place]!,
      ...line.steps.flatMap((step) => rateNamed(step, model)),
    ],
  }));
}

/** What the letter of a gradient step is, which the model does not have. */
function rateNamed({ rule, right }: Step, { scope }: Model): Sentence[] {
  if (rule !== "gradient step") return [];
  const rate = sideQuantities(right).find(
    ({ role, name }) => role === "input" && scope.get(name) === undefined,
  );
  return rate ? [said`${rate} is the rate of the step.`] : [];
}

function calledDelta({ loss }: Model, of: readonly Quantity[]): Sentence {
  const [word, verb] = of.length === 1 ? ["derivative", "is"] : ["derivatives", "are"];
  return said`The ${word} of ${loss} by ${enumerated(of)} ${verb} called δ.`;
}

/** What holds at the kinks that a local derivative passes. */
function conventionsBehind(workbench: Workbench, { rule, left }: Step): Sentence[] {
  if (rule !== "local derivative" || left.kind !== "scalar") return [];
  const { numerator, of } = references([left.expression])[0]?.quantity ?? {};
  return numerator && of ? conventionsOf(workbench.route(of), numerator, of) : [];
}
