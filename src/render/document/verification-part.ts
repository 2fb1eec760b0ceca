/** The verification as the last part of a document: one small table. */
import type { Comparison } from "../../check/verify/comparison.js";
import type { ParameterStepDifferences } from "../../check/verify/step-differences.js";
import type { ParameterVerification, Verification } from "../../check/verify/verify.js";
import type { Model } from "../../language/model.js";
import { said } from "../../language/sentence.js";
import type { Notation } from "../notation/notation.js";
import { FRAGMENT, GITHUB, type Prose } from "./prose.js";
import { Sentences } from "./sentence.js";

/** Disagreements below this are rounding, whose digits say nothing. */
const ROUNDING = 1e-14;

/** What ≤ and ± mean in the table. */
const BOUNDS =
  "What rounding and higher terms can make of it stands behind ±, and an error that is no larger behind ≤.";

/** What differences with one step say of a parameter, relative to its largest derivative. */
export interface RelativeStep {
  /** Undefined where rounding hides it. */
  readonly error: number | undefined;
  /** The error that ε² explains; undefined where rounding hides it. */
  readonly truncation: number | undefined;
  readonly tolerance: number;
}

/** What the differences by a parameter tell: nothing where its derivatives are 0, or smaller than their rounding. */
export type StepTelling = RelativeStep | "not judged" | "all are 0" | "below rounding";

/** Of the worst entry. */
export function stepTelling(
  one: ParameterStepDifferences,
  { symbolic }: Pick<ParameterVerification, "symbolic">,
): StepTelling {
  const { error, truncation, tolerance, verdict } = one.worst;
  const { scale } = one;
  if (verdict === "not judged") return "not judged";
  // of 0 no more is known than the rounding of the symbolic gradient leaves
  const isZero = scale <= (symbolic.worst?.tolerance ?? 0);
  if (scale <= tolerance && Math.abs(error) <= tolerance) {
    return isZero ? "all are 0" : "below rounding";
  }
  const relativeTo = isZero ? 1 : scale;
  const visible = (value: number): number | undefined =>
    Math.abs(value) <= tolerance ? undefined : Math.abs(value) / relativeTo;
  return {
    error: visible(error),
    truncation: visible(truncation),
    tolerance: tolerance / relativeTo,
  };
}

/** A document's part "Verification". */
export class VerificationPart {
  readonly title = "Verification";

  constructor(
    private readonly result: Verification,
    private readonly model: Model,
    private readonly notation: Notation,
  ) {}

  toMarkdown(): string {
    return this.written(GITHUB);
  }

  toLatex(): string {
    return this.written(FRAGMENT);
  }

  written(prose: Prose): string {
    return `${prose.text(this.sentence())}\n\n${prose.table(this.rows(prose))}`;
  }

  private sentence(): string {
    const { digits, stepDifferences } = this.result;
    const compared = `The largest disagreement of each way with ${digits} digits, relative to the parameter's largest derivative.`;
    if (!stepDifferences) return compared;
    const differences = `Central differences are compared with the symbolic gradient; of their error the step explains the term in its square, up to rounding and higher terms.`;
    const told = this.result.parameters.map((one, which) =>
      stepTelling(stepDifferences.parameters[which]!, one),
    );
    const isBounded = told.some((one) => typeof one === "object" && one.error === undefined);
    return [compared, differences, ...(isBounded ? [BOUNDS] : [])].join(" ");
  }

  /** The first is the head. */
  private rows(prose: Prose): string[][] {
    const { parameters, stepDifferences } = this.result;
    const sentences = new Sentences(this.model, this.notation, prose);
    const stepHead = stepDifferences
      ? [
          `Differences, step ${prose.inline(numberTex(stepDifferences.step))}`,
          "Explained by the step",
        ]
      : ["Differences"];
    return [
      ["Parameter", "Symbolic", "Backprop", ...stepHead, "Verdict"],
      ...parameters.map((one, which) => {
        const stepped = stepDifferences?.parameters[which];
        const told = stepped && stepTelling(stepped, one);
        const cells = told ? stepCells(told, prose) : [disagreement(one.differences, prose)];
        const verdict = one.ok && stepped?.ok !== false ? verdictOf(one, told) : "disagrees";
        return [
          sentences.typeset(said`${this.model.scope.get(one.name)!.quantity!}`),
          disagreement(one.symbolic, prose),
          disagreement(one.backprop, prose),
          ...cells,
          verdict,
        ];
      }),
    ];
  }
}

function verdictOf({ symbolic }: ParameterVerification, told: StepTelling | undefined): string {
  if (symbolic.verdict === "not judged") return "not judged";
  return told === "all are 0" ? "agrees: all are 0" : "agrees";
}

function disagreement({ verdict, maxError }: Comparison, { inline }: Prose): string {
  if (verdict === "not judged") return "not judged";
  return inline(maxError < ROUNDING ? `< ${numberTex(ROUNDING)}` : numberTex(maxError));
}

function stepCells(told: StepTelling, { inline }: Prose): [string, string] {
  if (told === "all are 0") return [inline("0"), inline("0")];
  if (typeof told === "string") return [told, told];
  const { error, truncation, tolerance } = told;
  const margin = `\\pm ${numberTex(tolerance)}`;
  return [
    inline(error === undefined ? `\\le ${numberTex(tolerance)}` : numberTex(error)),
    inline(truncation === undefined ? margin : `${numberTex(truncation)} ${margin}`),
  ];
}

/** Two significant digits. */
function numberTex(value: number): string {
  const [mantissa, exponent] = value.toExponential(1).split("e") as [string, string];
  const power = `10^{${Number(exponent)}}`;
  return mantissa === "1.0" ? power : `${mantissa} \\cdot ${power}`;
}
