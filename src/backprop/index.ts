export { matrixBackprop, type MatrixBackprop } from "./backprop.js";
export type { NestedNumbers } from "./point.js";
