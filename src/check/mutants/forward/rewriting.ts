/** What is written in the forward pass in place of one node. */
import type { Expression } from "../../../expression/expression.js";
import type { Cause } from "../../result.js";
import type { Told } from "../mutant.js";

/** What stands in place of a node. */
export interface Rewriting {
  readonly result: Expression;
  readonly cause: Cause;
  /** `the term b1 left out`. */
  readonly tell: () => Told;
  readonly cost: number;
}
