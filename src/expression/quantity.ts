import type { Shape } from "./size.js";

/**
 * What a quantity is: given by a point (`input`, `target`, `parameter`), defined by a statement
 * (`definition`), defined by the engine inside a statement (`auxiliary`), the derivative of the loss
 * with respect to another quantity (`adjoint`), or the partial derivative of a definition with
 * respect to a quantity that it uses (`partial`, the axes of `numerator` first; `jacobian`, the
 * entries of both as rows and columns).
 */
export type QuantityRole =
  | "input"
  | "target"
  | "parameter"
  | "definition"
  | "auxiliary"
  | "adjoint"
  | "partial"
  | "jacobian";

/** A named array of numbers. Quantities are compared by identity; names are unique in a model. */
export interface Quantity {
  readonly name: string;
  readonly role: QuantityRole;
  readonly shape: Shape;
  /** The LaTeX symbol that the author gave, if any. */
  readonly symbol?: string;
  /** For a derivative: what is differentiated. */
  readonly numerator?: Quantity;
  /** For a derivative: what it is differentiated by. */
  readonly of?: Quantity;
  /**
   * For the partial derivative of what depends on `of` through other definitions too: it is
   * the derivative with these held fixed, and not the whole one.
   */
  readonly isDirect?: boolean;
}
