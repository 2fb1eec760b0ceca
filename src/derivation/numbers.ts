/** The numbers of the user's point, for the lines that show them. */
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Quantity } from "../expression/quantity.js";
import type { Size } from "../expression/size.js";
import { evaluateMatrix } from "../forms/matrix/evaluate.js";
import type { MatrixExpression } from "../forms/matrix/expression.js";
import type { Known } from "../numeric/known.js";
import { Computation, type Valuation } from "./valuation.js";

/** A matrix of numbers, rows first; a vector is n×1. */
export interface Numbers {
  readonly rows: number;
  readonly columns: number;
  readonly entries: readonly Known[];
}

export class PointNumbers {
  private readonly computation: Computation;

  /** @param inlined replaces symbols, such as ∂u/∂v, by what they stand for */
  constructor(
    graph: Graph,
    readonly environment: Valuation<Known>,
    private readonly inlined: (expression: Expression) => Expression = (one) => one,
  ) {
    this.computation = new Computation(graph);
  }

  /** The value of an expression without free letters. */
  scalar(expression: Expression): Known {
    return this.computation.values(this.environment, this.inlined(expression), [])[0]!;
  }

  /** The value of a matrix expression whose quantities the point gives. */
  matrix(matrix: MatrixExpression): Numbers {
    const { environment } = this;
    const lookup = (one: Quantity) => environment.entries.get(one)!;
    return {
      rows: this.size(matrix.rows),
      columns: this.size(matrix.columns),
      entries: evaluateMatrix(matrix, { ...environment, lookup }),
    };
  }

  size(size: Size): number {
    return size.evaluate(this.environment.sizes);
  }
}
