/** Constructors of matrix expressions; they keep the normal form. */
export {
  constant,
  identity,
  norm,
  number,
  ones,
  quantityMatrix,
  selection,
  size,
  slice,
  unit,
  zeros,
} from "./node.js";
export { apply, hadamard, product, scale, splitCoefficient, sum } from "./products.js";
export {
  commutation,
  diag,
  diagonal,
  kronecker,
  reduction,
  softmax,
  trace,
  transpose,
  vec,
} from "./operators.js";
