/** Products of matrices multiplied out: factors stand in each entry as they do in the product, w₁₁ δ₁ of Wᵀ δ. */
import type { Quantity } from "../../expression/quantity.js";
import { type MatrixExpression, operands } from "../../forms/matrix/expression.js";
import type { Order } from "./order.js";

/** The order of a line whose entries are those of a matrix. */
export function alongProducts(order: Order, matrix: MatrixExpression): Order {
  const places = placesIn(matrix);
  const placeOf = (quantities: readonly Quantity[]): number | undefined => {
    const own = quantities.map((one) => places.get(one));
    return own.every((one) => one !== undefined) && own.length > 0 ? Math.min(...own) : undefined;
  };
  const along: Order = {
    ...order,
    // what a statement says looks as it does there
    at: (node) => {
      const own = order.at(node);
      return own === order ? along : own;
    },
    factors: (all) => {
      const compare = order.factors(all);
      return (a, b) => {
        const [one, other] = [placeOf(a.quantities), placeOf(b.quantities)];
        const isTold = one !== undefined && other !== undefined;
        return (isTold ? one - other : 0) || compare(a, b);
      };
    },
  };
  return along;
}

/** In which factor of a product each quantity stands, from left to right; those that stand there twice have no place. */
function placesIn(root: MatrixExpression): ReadonlyMap<Quantity, number> {
  const found = new Map<Quantity, number>();
  const twice = new Set<Quantity>();
  let place = 0;
  const visit = (node: MatrixExpression, isInProduct: boolean): void => {
    if (node.kind === "quantity" && isInProduct) {
      if (found.has(node.quantity)) twice.add(node.quantity);
      found.set(node.quantity, place);
    }
    for (const one of operands(node)) {
      if (node.kind === "product") place++;
      visit(one, isInProduct || node.kind === "product");
    }
  };
  visit(root, false);
  for (const one of twice) found.delete(one);
  return found;
}
