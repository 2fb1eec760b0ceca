/** Functions of many digits far out on their asymptotes. */
import { Decimal } from "decimal.js";
import { expect, it } from "vitest";
import { operations } from "../../src/expression/operations/index.js";
import { erfcDecimal } from "../../src/expression/operations/special.js";

const digits = (precision: number) => Decimal.clone({ precision, minE: -9e15, maxE: 9e15 });

it.each([9, 10.5, 11, 14.25, 20])("erfc has the same digits by both series: %f", (x) => {
  const [few, many] = [30, 250].map((precision) => {
    const D = digits(precision);
    return erfcDecimal(D, new D(x));
  });
  expect(few!.div(many!).minus(1).abs().toNumber()).toBeLessThan(1e-28);
});

it("gelu has a value at any number, at once", () => {
  const D = digits(50);
  const { decimal } = operations.get("gelu")!;
  for (const x of [-30, -100, -3000, -1e5]) {
    // −φ(x)(1 − 1/x² + …)
    const square = x * x;
    const density = D.exp(new D(-square).div(2)).div(D.acos(-1).times(2).sqrt());
    const ratio = decimal(D, new D(x)).div(density);
    expect(ratio.toNumber()).toBeCloseTo(-1 + 1 / square - 3 / square ** 2, 6);
  }
});
