export { parseModel, type Model, type ModelOptions } from "./language/model.js";
export { type NestedNumbers, type Point } from "./language/point.js";
export { InputError } from "./language/source.js";
export {
  type BoundGradient,
  compile,
  type CompiledGradient,
  type Evaluation,
  type Nested,
} from "./numeric/compile.js";
export { evaluateDecimal, evaluateExact, type PreciseEvaluation } from "./numeric/precise.js";
export { version } from "./version.js";
