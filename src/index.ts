export { backprop, type Backprop } from "./backprop/model.js";
export {
  type Cause,
  check,
  checkAsync,
  type CheckedClaim,
  type CheckOptions,
  type CheckResult,
  type Claims,
  type Diagnosis,
  type HiddenMistake,
  type Power,
} from "./check/check.js";
export { checkFormulas, type CheckFormulasOptions } from "./check/formulas/check-formulas.js";
export type {
  FormulaCheck,
  FormulaLine,
  FormulaResult,
  LineReference,
  Remedy,
} from "./check/formulas/result.js";
export type { Comparison, Verdict } from "./check/verify/comparison.js";
export type {
  ParameterStepDifferences,
  StepDifference,
  StepDifferences,
} from "./check/verify/step-differences.js";
export {
  type ParameterVerification,
  type Verification,
  verify,
  type VerifyOptions,
} from "./check/verify/verify.js";
export { parseModel, type Model, type ModelOptions, type ParameterInfo } from "./language/model.js";
export { network, type NetworkOptions } from "./language/network.js";
export { type NestedNumbers, type Point } from "./language/point.js";
export { InputError } from "./language/source.js";
export { type BoundGradient, compile, type CompiledGradient } from "./numeric/compile.js";
export type { Evaluation, Nested } from "./numeric/evaluator.js";
export { evaluateDecimal, evaluateExact, type PreciseEvaluation } from "./numeric/precise.js";
export { randomPoint, type RandomPointOptions } from "./numeric/random.js";
export {
  type Derivation,
  type DerivationJson,
  derive,
  deriveAll,
  type DeriveAllOptions,
  type DeriveOptions,
  type PathJson,
} from "./render/derivation.js";
export type { NotationOptions } from "./render/notation/notation.js";
export type { NotebookCell } from "./render/notebook/cells.js";
export { type Notebook, notebookDocument } from "./render/notebook/notebook.js";
export { htmlDocument, type PageOptions } from "./render/page/page.js";
export type { StepJson } from "./render/document/steps.js";
export { version } from "./version.js";
