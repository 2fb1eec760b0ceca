import { expect, it } from "vitest";
import { roundingArithmetic, within } from "../../src/numeric/rounding.js";

it.each([0, 1, 3])("knows nothing of %d times what may be anything", (factor) => {
  const { integerPower, multiply } = roundingArithmetic;
  // what is left of terms that cancel
  const inverse = integerPower(within(1e-17, 1e-14), -1);
  expect(inverse.error).toBe(Infinity);
  expect(multiply(within(factor, 0), inverse).error).toBe(Infinity);
  expect(multiply(inverse, within(factor, 0)).error).toBe(Infinity);
});
