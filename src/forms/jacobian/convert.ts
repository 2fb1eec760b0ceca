/**
 * Local Jacobians ∂vec(u)/∂vec(v) as matrices: the deltas of a partial derivative stay, and become
 * identities of Kronecker products.
 *
 * An entry is a sum of terms in the letters p₀, p₁ of u and q₀, q₁ of v. A term whose factors fall
 * apart into those of the row letters and those of the column letters is a Kronecker product:
 * with columns one after the other, ∂u[p₀,p₁]/∂v[q₀,q₁] = F[p₁,q₁]·G[p₀,q₀] is F ⊗ G
 * (Magnus, Neudecker 2019, ch. 2); with rows it is G ⊗ F. Factors of the entries of u alone stand
 * in front as a diagonal matrix, factors of the entries of v alone behind. What falls apart only at the
 * entries of a part that has no name is a product of Jacobians (`through.ts`).
 */
import { Fraction } from "fraction.js";
import { lettersAlong } from "../../calculus/partial.js";
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { letter, type Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import * as build from "../matrix/build.js";
import { matrixForm } from "../matrix/convert.js";
import type { MatrixExpression, VecOrder } from "../matrix/expression.js";
import type { Reason } from "../matrix/reasons.js";
import { distribute, type FlatTerm, flatten } from "../../calculus/term.js";
import { jacobianReasons } from "./reasons.js";
import { splitTerm, type TermLetters } from "./split.js";
import { termThrough } from "./through.js";

export interface JacobianForm {
  /** Its rows are the entries of u, its columns those of v. */
  readonly matrix: MatrixExpression;
  readonly order: VecOrder;
  readonly reasons: readonly Reason[];
}

/** A partial derivative ∂numerator/∂of at the letters `p0`, `p1` and `q0`, `q1`. */
export interface PartialDerivative {
  readonly numerator: Quantity;
  readonly of: Quantity;
  readonly expression: Expression;
}

/** How often sums may be multiplied out. */
const MAX_DISTRIBUTIONS = 32;

/**
 * @param order whether columns or rows of a matrix stand one after the other in its vec
 * @returns undefined where a term is no product of this kind
 */
export function jacobianForm(
  graph: Graph,
  partial: PartialDerivative,
  order: VecOrder,
): JacobianForm | undefined {
  const { numerator, of, expression } = partial;
  const [p, q] = [lettersAlong("p", numerator.shape), lettersAlong("q", of.shape)];
  const at = ({ indices }: typeof p, axis: number) => indices[axis]?.plain;
  const letters: TermLetters = { p: [at(p, 0), at(p, 1)], q: [at(q, 0), at(q, 1)] };
  const converter = new JacobianConverter(graph, letters, order);
  const matrix = converter.convert(expression);
  const isThrough = converter.goesThrough;
  return matrix && { matrix, order, reasons: jacobianReasons(partial, matrix, isThrough) };
}

class JacobianConverter {
  private distributions = 0;
  /** Whether a term goes through a matrix that has no name. */
  goesThrough = false;

  constructor(
    private readonly graph: Graph,
    private readonly letters: TermLetters,
    private readonly order: VecOrder,
  ) {}

  convert(expression: Expression): MatrixExpression | undefined {
    const { p, q } = this.letters;
    const [outer, inner] = [p, q].map((pair) => pair.filter((one) => one !== undefined));
    if (outer!.length < 2 && inner!.length < 2) {
      return this.form(expression, outer![0], inner![0]);
    }
    if (outer!.length === 0) {
      const matrix = this.form(expression, ...q);
      return matrix && build.transpose(build.vec(matrix, this.order));
    }
    if (inner!.length === 0) {
      const matrix = this.form(expression, ...p);
      return matrix && build.vec(matrix, this.order);
    }
    return this.sum(expression);
  }

  private form(
    expression: Expression,
    row?: Letter,
    column?: Letter,
  ): MatrixExpression | undefined {
    return matrixForm(this.graph, expression, { row, column })?.matrix;
  }

  private sum(node: Expression): MatrixExpression | undefined {
    if (node.kind !== "sum") return this.term(node);
    const summands = node.terms.map(({ coefficient, term }) => ({
      coefficient,
      term: this.term(term),
    }));
    if (node.constant.n !== 0n) {
      summands.push({ coefficient: node.constant, term: this.term(this.graph.one) });
    }
    return sumOf(summands);
  }

  private term(node: Expression): MatrixExpression | undefined {
    let count = 0;
    const flat = flatten(this.graph, node, (size) => letter(`j${count++}`, size));
    const made = splitTerm(this.graph, flat, this.letters, this.order);
    if (made) return made;
    const through = termThrough(this.graph, flat, this.letters, this.order);
    const apart = this.apart(flat);
    const isThrough = through && (!apart || through.weight <= apart.weight);
    if (isThrough) this.goesThrough = true;
    return isThrough ? through : apart;
  }

  /** The term with one of its sums multiplied out. */
  private apart(flat: FlatTerm): MatrixExpression | undefined {
    const parts = distribute(this.graph, flat);
    if (!parts || this.distributions >= MAX_DISTRIBUTIONS) return undefined;
    this.distributions++;
    return sumOf(parts.map((part) => ({ coefficient: new Fraction(1), term: this.sum(part) })));
  }
}

function sumOf(
  summands: readonly { coefficient: Fraction; term: MatrixExpression | undefined }[],
): MatrixExpression | undefined {
  const terms: { coefficient: Fraction; term: MatrixExpression }[] = [];
  for (const { coefficient, term } of summands) {
    if (!term) return undefined;
    terms.push({ coefficient, term });
  }
  return build.sum(terms);
}
