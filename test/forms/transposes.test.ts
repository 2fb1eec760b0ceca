import { describe, expect, it } from "vitest";
import type { Quantity } from "../../src/expression/quantity.js";
import { Size } from "../../src/expression/size.js";
import { hadamard, product, quantityMatrix, transpose } from "../../src/forms/matrix/build.js";
import type { MatrixExpression } from "../../src/forms/matrix/expression.js";

const n = Size.of(3);
const quantity = (name: string, shape: Quantity["shape"]): MatrixExpression =>
  quantityMatrix({ name, role: "parameter", shape });

/** How often W is looked at while W(W(… ⊙ s) ⊙ s) ⊙ s is transposed, each part before what contains it. */
function looks(layers: number): number {
  let count = 0;
  const W = new Proxy(quantity("W", [n, n]), {
    get: (node, key) => {
      if (key === "kind") count++;
      return Reflect.get(node, key) as unknown;
    },
  });
  const s = quantity("s", [n]);
  let inner = s;
  for (let layer = 0; layer < layers; layer++) {
    inner = hadamard([product(W, inner), s].map((base) => ({ base, exponent: 1 })));
    transpose(inner);
  }
  return count;
}

describe("transposes", () => {
  it("of nested expressions are found by way of those of their parts", () => {
    const [few, more, most] = [20, 40, 60].map(looks);
    expect(most! - more!).toBe(more! - few!);
  });

  it("of transposes are the expressions themselves", () => {
    const W = quantity("W", [n, Size.of(2)]);
    expect(transpose(transpose(W))).toBe(W);
    expect(transpose(W)).toBe(transpose(W));
  });
});
