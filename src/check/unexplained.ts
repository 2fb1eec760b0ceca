/** What is said where no explanation reproduces the numbers. */
import { arrangement } from "./claims.js";
import type { Evidence } from "./evidence.js";
import type { Fault } from "./hypothesis.js";
import { lengthsText } from "./words.js";

/** The shape, where it is not the declared one. */
export function shapeFault({ quantity, exhibits }: Evidence): Fault | undefined {
  const exhibit = exhibits.find(({ claim, sizes }) => arrangement(claim, sizes) !== "fits");
  if (!exhibit) return undefined;
  const { claim, sizes } = exhibit;
  const declared = lengthsText(quantity.shape.map((size) => size.evaluate(sizes)));
  const given = lengthsText(claim.lengths);
  return {
    cause: arrangement(claim, sizes) === "transposed" ? "transposed" : "shape",
    say: (name) =>
      `${name} has the wrong shape: it is ${given}, ${quantity.name} is ${declared}; its numbers are none of the right ones in another order`,
  };
}

/** Nothing known: how far the numbers are off is all that can be said. */
export function unknownFault({ exhibits }: Evidence): Fault {
  const { claim, right } = exhibits[0]!;
  const wrong = [...claim.entries.keys()].filter((k) => {
    const [given, expected] = [claim.entries[k]!, right.entries[k]!];
    return Math.abs(given - expected) > 1e-6 * Math.max(Math.abs(given), Math.abs(expected));
  }).length;
  const close = wrong === 0;
  return {
    cause: "unknown",
    say: (name) =>
      close
        ? `${name} agrees to six digits, but not to the precision that it is given with: it may be a finite difference, or computed from rounded numbers`
        : `${name} is wrong in ${wrong} of ${claim.entries.length} entries; no known mistake reproduces these numbers`,
  };
}
