/**
 * Names for what a definition defines: where a part of a matrix expression is the matrix of a
 * definition, its name takes the place. A converted sum over indices has such parts where products
 * were put together: Σ_j A_ij Σ_k G_ik V_jk is made of G ⊙ (A V), and A V is O.
 */
import { type Definition, fullBody } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { product, quantityMatrix, transpose } from "./build.js";
import { axesOf, type Axes, type MatrixForm, matrixForm } from "./convert.js";
import { type MatrixExpression, operands, type ProductNode } from "./expression.js";
import { reasonsFor } from "./reasons.js";
import { rebuilt } from "./substitute.js";

export class MatrixNames {
  /** By the keys of the definitions' matrices and of their transposes. */
  private readonly names = new Map<string, MatrixExpression>();

  constructor(
    private readonly graph: Graph,
    definitions: readonly Definition[],
  ) {
    for (const { quantity, clauses } of definitions) {
      const body = fullBody(quantity.shape, clauses);
      const matrix = body && matrixForm(graph, body, axesOf(quantity.shape))?.matrix;
      if (!matrix || isPlain(matrix)) continue;
      const name = quantityMatrix(quantity);
      this.add(matrix, name);
      this.add(transpose(matrix), transpose(name));
    }
  }

  /** An expression as a matrix, with names for whatever has one. */
  form(expression: Expression, axes: Axes): MatrixForm | undefined {
    const form = matrixForm(this.graph, expression, axes);
    const matrix = form && this.apply(form.matrix);
    if (!matrix || matrix.key === form.matrix.key) return form;
    return { matrix, reasons: reasonsFor(matrix) };
  }

  /** The expression with names for whatever has one, inner parts first. */
  apply(root: MatrixExpression): MatrixExpression {
    const visit = (node: MatrixExpression): MatrixExpression => {
      const inner = rebuilt(node, visit);
      const named = this.names.get(inner.key);
      return named ?? (inner.kind === "product" ? this.shortened(inner) : inner);
    };
    return visit(root);
  }

  /** The first name that a definition is given stays. */
  private add(matrix: MatrixExpression, name: MatrixExpression): void {
    if (!this.names.has(matrix.key)) this.names.set(matrix.key, name);
  }

  /** A product with names for neighbouring factors, the longest run first. */
  private shortened(node: ProductNode): MatrixExpression {
    const { factors } = node;
    for (let length = factors.length - 1; length > 1; length--) {
      for (let start = 0; start + length <= factors.length; start++) {
        const end = start + length;
        const named = this.names.get(product(...factors.slice(start, end)).key);
        if (!named) continue;
        const whole = product(...factors.slice(0, start), named, ...factors.slice(end));
        return whole.kind === "product" ? this.shortened(whole) : whole;
      }
    }
    return node;
  }
}

/** Whether nothing is computed: another name, a number, a part or a transpose of a quantity. */
function isPlain(matrix: MatrixExpression): boolean {
  return matrix.kind === "transpose" ? isPlain(matrix.of) : operands(matrix).length === 0;
}
