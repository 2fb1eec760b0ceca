/** The matrices of the backprop beside those of mathjs. */
import { add, fraction, matrix, type Matrix as MathMatrix, multiply, sum, transpose } from "mathjs";
import { describe, expect, it } from "vitest";
import { doubles } from "../../src/backprop/doubles.js";
import { fractions } from "../../src/backprop/fractions.js";
import {
  each,
  type Matrix,
  multiplied,
  sumOfColumns,
  sumOfRows,
  tabulated,
  transposed,
  upright,
  zip,
} from "../../src/backprop/matrices.js";
import { exactDecimal } from "../../src/language/decimal.js";
import { random } from "../../src/numeric/prng.js";

const numbers = random(7);
const drawn = (rows: number, columns: number): Matrix =>
  tabulated(rows, columns, () => numbers.between(-10, 10));

const theirs = (a: Matrix): MathMatrix => matrix(a.map((row) => [...row]) as number[][]);
const entries = (a: MathMatrix): unknown => a.valueOf();

const SIZES = [
  [1, 1, 1],
  [3, 1, 4],
  [1, 5, 1],
  [2, 3, 4],
  [7, 6, 5],
] as const;

describe.each(SIZES)("matrices of %i×%i and %i columns", (rows, inner, columns) => {
  const [a, b, c] = [drawn(rows, inner), drawn(inner, columns), drawn(rows, inner)];

  it("have mathjs's product, transpose and sum, to the last digit", () => {
    expect(multiplied(doubles, a, b)).toEqual(entries(multiply(theirs(a), theirs(b))));
    expect(transposed(a)).toEqual(entries(transpose(theirs(a))));
    expect(zip(a, c, (x: number, y: number) => x + y)).toEqual(entries(add(theirs(a), theirs(c))));
  });

  it("have mathjs's sums along their axes", () => {
    expect(sumOfRows(doubles, a)).toEqual([entries(sum(theirs(a), 0) as unknown as MathMatrix)]);
    const own = sumOfColumns(doubles, a).map(([entry]) => entry);
    expect(own).toEqual(entries(sum(theirs(a), 1) as unknown as MathMatrix));
  });

  it("have the same product in fractions", () => {
    const short = (one: Matrix): Matrix => each(one, (x: number) => Math.round(100 * x) / 64);
    const exact = (one: Matrix): Matrix => each(short(one), (x) => exactDecimal(String(x)));
    const asMathjs = (one: Matrix): MathMatrix =>
      matrix((short(one) as number[][]).map((row) => row.map((entry) => fraction(entry))) as never);
    const product = multiplied(fractions, exact(a), exact(b));
    const expected = entries(multiply(asMathjs(a), asMathjs(b))) as unknown[][];
    expect(each(product, String as never)).toEqual(
      expected.map((row) => row.map((entry) => String(entry))),
    );
  });
});

describe("matrices whose sizes disagree", () => {
  it("are refused", () => {
    const plus = (x: number, y: number): number => x + y;
    expect(() => zip(drawn(2, 3), drawn(3, 2), plus)).toThrow("one size expected, 2×3 and 3×2");
    expect(() => zip(drawn(2, 3), drawn(1, 3), plus)).toThrow("one size expected, 2×3 and 1×3");
    expect(() => multiplied(doubles, drawn(2, 3), drawn(2, 3))).toThrow("inner sizes 3 and 2");
  });
});

it("a row stands upright, a column does already", () => {
  expect(upright([[1, 2, 3]])).toEqual([[1], [2], [3]]);
  expect(upright([[1], [2]])).toEqual([[1], [2]]);
});
