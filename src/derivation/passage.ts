/** Steps that are no derivation: the forward pass, the local derivatives, the gradient step. */
import type { PointNumbers } from "./numbers.js";
import type { Step } from "./step.js";

export interface PassageData {
  readonly steps: readonly Step[];
  /** The point's numbers, where one is known. */
  readonly numbers: PointNumbers | undefined;
}
