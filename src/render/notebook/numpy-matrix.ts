/**
 * Matrix expressions as NumPy, as people write them: `X.T @ (P - Y) / 4`. Every value has two axes, a
 * vector is a column; what is 1×1 is a number.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import { hasOneEntry } from "../../language/tensor.js";
import {
  type Along,
  isScalar,
  type MatrixExpression,
  type SliceNode,
} from "../../forms/matrix/expression.js";
import { calledInNumpy, fractionInPython, UntranslatableError } from "./numpy.js";

export class NumpyMatrixWriter {
  /** @param name the variable of a quantity, or of the derivative of the loss by it */
  constructor(
    private readonly name: (quantity: Quantity) => string,
    private readonly sizes: SizeValues,
  ) {}

  /**
   * An expression of Python.
   * @throws UntranslatableError
   */
  code(node: MatrixExpression): string {
    const [rows, columns] = [node.rows.evaluate(this.sizes), node.columns.evaluate(this.sizes)];
    switch (node.kind) {
      case "quantity":
        return this.quantity(node.quantity);
      case "slice":
        return this.slice(node);
      case "number":
        return fractionInPython(node.value);
      case "size":
        return `${node.size.evaluate(this.sizes)}`;
      case "constant":
        return node.name === "pi" ? "math.pi" : "math.e";
      case "ones":
      case "zeros":
        return `np.${node.kind}((${rows}, ${columns}))`;
      case "identity":
        return `np.eye(${rows})`;
      case "unit":
        return `np.eye(${rows})[:, [${node.index.evaluate(this.sizes)}]]`;
      case "selection": {
        const from = node.from.evaluate(this.sizes);
        return `np.eye(${rows})[:, ${from}:${from + columns}]`;
      }
      case "sum":
        return node.terms
          .map(({ coefficient, term }, position) => {
            const sign = coefficient.s < 0n ? "-" : position > 0 ? "+" : "";
            const magnitude = coefficient.abs();
            const front = magnitude.equals(1) ? "" : `${fractionInPython(magnitude)} * `;
            return `${position > 0 ? ` ${sign} ` : sign}${front}${this.part(term)}`;
          })
          .join("");
      case "scale": {
        const { coefficient, numerator, denominator, of } = node;
        const above = [...numerator, ...(of ? [of] : [])].map((one) => this.part(one));
        const front =
          coefficient.equals(1) && above.length > 0 ? [] : [fractionInPython(coefficient)];
        const below = denominator.map((one) => ` / ${this.part(one)}`);
        return [...front, ...above].join(" * ") + below.join("");
      }
      case "product":
        return node.factors.map((one) => this.part(one)).join(" @ ");
      case "hadamard":
        return node.factors
          .map(({ base, exponent }) => ({ code: this.part(base), exponent }))
          .map(({ code, exponent }) => (exponent === 1 ? code : `${code} ** ${exponent}.0`))
          .join(" * ");
      case "apply":
        return calledInNumpy(
          node.operation,
          node.args.map((one) => this.part(one)),
        );
      case "transpose":
        return isScalar(node.of) ? this.code(node.of) : `${this.part(node.of)}.T`;
      case "diag":
        return `np.diag(np.ravel(${this.code(node.of)}))`;
      case "diagonal":
        return `np.diag(${this.code(node.of)})[:, None]`;
      case "trace":
        return `np.trace(${this.code(node.of)})`;
      case "norm":
        return node.squared
          ? `np.sum(${this.part(node.of)} ** 2)`
          : `np.linalg.norm(${this.code(node.of)})`;
      case "kronecker":
        return node.factors.map((one) => this.code(one)).reduce((a, b) => `np.kron(${a}, ${b})`);
      case "vec": {
        const order = node.order === "columns" ? "F" : "C";
        return `np.reshape(${this.code(node.of)}, (-1, 1), order="${order}")`;
      }
      default:
        throw new UntranslatableError(`${node.kind} of a matrix`);
    }
  }

  /** A vector as a column; what has one entry as a number. */
  private quantity(quantity: Quantity): string {
    if (quantity.role !== "adjoint" && quantity.of) {
      throw new UntranslatableError("a Jacobian that is not put in");
    }
    const name = this.name(quantity);
    const { length } = quantity.shape;
    if (length === 0) return name;
    if (hasOneEntry(quantity.shape)) return `${name}.item()`;
    return length === 1 ? `${name}[:, None]` : name;
  }

  private slice({ quantity, axes }: SliceNode): string {
    const name = this.name(quantity);
    const along = (axis: Along): string => {
      const [from, count] =
        axis.kind === "at"
          ? [axis.index.evaluate(this.sizes), 1]
          : [axis.from.evaluate(this.sizes), axis.count.evaluate(this.sizes)];
      return `${from}:${from + count}`;
    };
    const taken = `${name}[${axes.map(along).join(", ")}]`;
    const isNumber = axes.every((axis) => axis.kind === "at");
    if (isNumber) return `${taken}.item()`;
    return axes.length === 1 ? `${taken}[:, None]` : taken;
  }

  /** In brackets unless it is one piece. */
  private part(node: MatrixExpression): string {
    const code = this.code(node);
    const isOpen =
      ["sum", "scale", "product", "hadamard"].includes(node.kind) || /^[-\d(]/.test(code);
    return isOpen && !/^\d+$/.test(code) ? `(${code})` : code;
  }
}
