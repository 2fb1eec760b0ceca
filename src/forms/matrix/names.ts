/**
 * Names for what a definition defines: where a part of a matrix expression is the matrix of a
 * definition, its name takes the place. A converted sum over indices has such parts where products
 * were put together: Σ_j A_ij Σ_k G_ik V_jk is made of G ⊙ (A V), and A V is O.
 */
import type { Tell } from "../../calculus/named-factors.js";
import { fullBody } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import { distinct } from "../../language/sentence.js";
import { namingSentence } from "../naming.js";
import type { RouteModel } from "../route.js";
import { product, quantityMatrix, transpose } from "./build.js";
import { axesOf, type Axes, type MatrixForm, matrixForm } from "./convert.js";
import { type MatrixExpression, operands, type ProductNode } from "./expression.js";
import { type Reason, reasonsFor } from "./reasons.js";
import { rebuilt } from "./substitute.js";

/** What stands for the matrix of a definition. */
interface MatrixName {
  readonly quantity: Quantity;
  readonly matrix: MatrixExpression;
}

export class MatrixNames {
  /** By the keys of the definitions' matrices and of their transposes. */
  private readonly names = new Map<string, MatrixName>();

  constructor(private readonly model: RouteModel) {
    const { graph, definitions } = model;
    for (const { quantity, clauses } of definitions) {
      const body = fullBody(quantity.shape, clauses);
      const matrix = body && matrixForm(graph, body, axesOf(quantity.shape))?.matrix;
      if (!matrix || isPlain(matrix)) continue;
      const name = quantityMatrix(quantity);
      this.add(matrix, { quantity, matrix: name });
      this.add(transpose(matrix), { quantity, matrix: transpose(name) });
    }
  }

  /** An expression as a matrix, with names for whatever has one. */
  form(expression: Expression, axes: Axes): MatrixForm | undefined {
    const form = matrixForm(this.model.graph, expression, axes);
    return form && this.apply(form.matrix);
  }

  /** The expression with names for whatever has one, inner parts first, which is among the reasons. */
  apply(root: MatrixExpression): MatrixForm {
    const named: Quantity[] = [];
    const tell: Tell = (quantity) => named.push(quantity);
    const visit = (node: MatrixExpression): MatrixExpression => {
      const inner = rebuilt(node, visit);
      const name = this.names.get(inner.key);
      if (!name) return inner.kind === "product" ? this.shortened(inner, tell) : inner;
      tell(name.quantity);
      return name.matrix;
    };
    const matrix = visit(root);
    const told = distinct(named.map((one) => namingSentence(this.model, one, "whole")));
    const reasons = told.map((why): Reason => ({ kind: "name", why }));
    return { matrix, reasons: [...reasonsFor(matrix), ...reasons] };
  }

  /** The first name that a definition is given stays. */
  private add(matrix: MatrixExpression, name: MatrixName): void {
    if (!this.names.has(matrix.key)) this.names.set(matrix.key, name);
  }

  /** A product with names for neighbouring factors, the longest run first. */
  private shortened(node: ProductNode, tell: Tell): MatrixExpression {
    const { factors } = node;
    for (let length = factors.length - 1; length > 1; length--) {
      for (let start = 0; start + length <= factors.length; start++) {
        const end = start + length;
        const named = this.names.get(product(...factors.slice(start, end)).key);
        if (!named) continue;
        tell(named.quantity);
        const { matrix } = named;
        const whole = product(...factors.slice(0, start), matrix, ...factors.slice(end));
        return whole.kind === "product" ? this.shortened(whole, tell) : whole;
      }
    }
    return node;
  }
}

/** Whether nothing is computed: another name, a number, a part or a transpose of a quantity. */
function isPlain(matrix: MatrixExpression): boolean {
  return matrix.kind === "transpose" ? isPlain(matrix.of) : operands(matrix).length === 0;
}
