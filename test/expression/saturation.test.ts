/** Which operations have an asymptote that they come to exponentially, read off their values. */
import { Decimal } from "decimal.js";
import { expect, it } from "vitest";
import { operations } from "../../src/expression/operations/index.js";
import type { Operation } from "../../src/expression/operations/operation.js";

const D = Decimal.clone({ precision: 40 });
const rows = [...operations.values()].filter(
  ({ operands, defaults = [] }) => operands.length - defaults.length === 1,
);

/** How much a function bends at a number: on an asymptote not at all. */
function bend({ decimal, defaults = [] }: Operation, at: number): Decimal {
  const [below, here, above] = [at - 1, at, at + 1].map((x) =>
    decimal(D, ...[x, ...defaults].map((one) => new D(one))),
  );
  return above!.minus(here!.times(2)).plus(below!).abs();
}

it.each(rows.map((row) => [row.name, row] as const))(
  "%s saturates where it stops to bend",
  (_, row) => {
    const stops = [-1, 1].some((side) => {
      const [near, far] = [3, 40].map((distance) => bend(row, side * distance));
      return near!.gt(1e-6) && far!.lt(1e-15);
    });
    expect(stops).toBe(row.saturates ?? false);
  },
);
