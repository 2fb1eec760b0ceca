/** The verification as the last part of a document: one small table. */
import type { Comparison } from "../../check/verify/comparison.js";
import type { ParameterStepDifferences } from "../../check/verify/step-differences.js";
import type { ParameterVerification, Verification } from "../../check/verify/verify.js";
import type { Model } from "../../language/model.js";
import { said } from "../../language/sentence.js";
import type { Notation } from "../notation/notation.js";
import { GITHUB, LATEX, type Prose } from "./prose.js";
import { Sentences } from "./sentence.js";

/** Disagreements below this are rounding, whose digits say nothing. */
const ROUNDING = 1e-14;

/** What differences with one step say of a parameter, relative to its largest derivative. */
export interface RelativeStep {
  /** Whether no derivative can be told from 0: the numbers are then relative to 1. */
  readonly isZero: boolean;
  /** Undefined where rounding hides it. */
  readonly error: number | undefined;
  /** The error that ε² explains; undefined where rounding hides it. */
  readonly truncation: number | undefined;
  readonly tolerance: number;
}

/** Of the worst entry; undefined where no entry was judged. */
export function relativeStep(one: ParameterStepDifferences): RelativeStep | undefined {
  const { error, truncation, tolerance, verdict } = one.worst;
  if (verdict === "not judged") return undefined;
  const isZero = one.scale <= tolerance;
  const scale = isZero ? 1 : one.scale;
  const visible = (value: number): number | undefined =>
    Math.abs(value) <= tolerance ? undefined : Math.abs(value) / scale;
  return {
    isZero,
    error: visible(error),
    truncation: visible(truncation),
    tolerance: tolerance / scale,
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
    return this.written(LATEX);
  }

  written(prose: Prose): string {
    return `${prose.text(this.sentence())}\n\n${prose.table(this.rows(prose))}`;
  }

  private sentence(): string {
    const { digits, stepDifferences } = this.result;
    const compared = `The largest disagreement of each way with ${digits} digits, relative to the parameter's largest derivative.`;
    return stepDifferences
      ? `${compared} Central differences are compared with the symbolic gradient; of their error the step explains the term in its square, up to rounding and higher terms.`
      : compared;
  }

  /** The first is the head. */
  private rows(prose: Prose): string[][] {
    const { parameters, stepDifferences } = this.result;
    const sentences = new Sentences(this.model, this.notation, prose);
    const stepHead = stepDifferences
      ? [
          `Differences, ${prose.inline(`\\varepsilon = ${numberTex(stepDifferences.step)}`)}`,
          "Explained by the step",
        ]
      : ["Differences"];
    return [
      ["Parameter", "Symbolic", "Backprop", ...stepHead, "Verdict"],
      ...parameters.map((one, which) => {
        const stepped = stepDifferences?.parameters[which];
        const cells = stepped ? stepCells(stepped, prose) : [disagreement(one.differences, prose)];
        const verdict = one.ok && stepped?.ok !== false ? verdictOf(one, stepped) : "disagrees";
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

function verdictOf(
  { symbolic }: ParameterVerification,
  stepped: ParameterStepDifferences | undefined,
): string {
  if (symbolic.verdict === "not judged") return "not judged";
  return stepped && relativeStep(stepped)?.isZero ? "agrees: all are 0" : "agrees";
}

function disagreement({ verdict, maxError }: Comparison, { inline }: Prose): string {
  if (verdict === "not judged") return "not judged";
  return inline(maxError < ROUNDING ? `< ${numberTex(ROUNDING)}` : numberTex(maxError));
}

function stepCells(one: ParameterStepDifferences, { inline }: Prose): [string, string] {
  const step = relativeStep(one);
  if (!step) return ["not judged", "not judged"];
  const { isZero, error, truncation, tolerance } = step;
  if (isZero && error === undefined) return [inline("0"), inline("0")];
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
