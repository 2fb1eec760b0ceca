import { describe, expect, it } from "vitest";
import { compareRounded } from "../../src/derivation/compare.js";
import type { Rounded } from "../../src/numeric/rounding.js";

/** A number that ran through so many layers that the bound of its error has overflowed. */
const unbounded = (value: number): Rounded => ({ value, error: Infinity, magnitude: Infinity });
/** What is computed from such numbers. */
const unknown = (value: number): Rounded => ({ value, error: NaN, magnitude: Infinity });

describe("entries without a bound of their errors", () => {
  const entries = [1.61e-62, -3.7e-62, -7.09e-62];
  const left = entries.map(unbounded);

  it("agree where they differ by what rounding explains", () => {
    const right = entries.map((value) => unknown(value * (1 + 2e-14)));
    const { difference, isBlurred, maxError } = compareRounded(left, right);
    expect({ difference, isBlurred }).toEqual({ difference: undefined, isBlurred: false });
    expect(maxError).toBeCloseTo(2e-14, 16);
  });

  it("differ where they differ by more", () => {
    const right = entries.map((value, k) => unknown(k === 1 ? value * (1 + 1e-7) : value));
    expect(compareRounded(left, right).difference).toMatchObject({ position: 1 });
  });

  it("are compared by the largest of them, as others are", () => {
    const right = entries.map((value, k) => unknown(k === 0 ? value + 1e-73 : value));
    expect(compareRounded(left, right).difference).toBeUndefined();
  });
});
