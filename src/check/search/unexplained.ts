/** What is said where no explanation reproduces the numbers. */
import { arrangement } from "../claims/claims.js";
import type { Evidence } from "../claims/evidence.js";
import { largestOf } from "./given-differences.js";
import type { Fault } from "../explanations/hypothesis.js";
import type { Quantity } from "../../expression/quantity.js";
import { adjointName, lengthsText, UNEXPLAINED } from "../explanations/words.js";

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
      `${name} has the wrong shape: it is ${given}, ${quantity.name} is ${declared}; it is not the right gradient in another arrangement`,
  };
}

/**
 * Nothing known: how far the numbers are off, at the point where most are, is all that can be said.
 * @param suspect a quantity in whose derivative others have a mistake, and this claim is computed from it
 */
export function unknownFault(evidence: Evidence, suspect?: Quantity): Fault {
  const { exhibits, quantity } = evidence;
  if (oughtToVanish(evidence)) {
    const why = `${quantity.name} does not change the loss, as what it adds cancels`;
    return { cause: "unknown", say: (name) => `${name} ought to be 0 in every entry: ${why}` };
  }
  const counts = exhibits.map(({ claim, right }) => {
    const errors = claim.entries.map((given, k) => Math.abs(given - right.entries[k]!));
    const isWrong = (error: number, k: number): boolean =>
      error > 1e-6 * Math.max(Math.abs(claim.entries[k]!), Math.abs(right.entries[k]!));
    return {
      wrong: errors.filter(isWrong).length,
      of: errors.length,
      digits: Math.floor(-Math.log10(largestOf(errors) / largestOf(right.entries))),
    };
  });
  const { wrong, of } = counts.reduce((most, one) => (one.wrong > most.wrong ? one : most));
  const digits = Math.min(...counts.map((one) => one.digits));
  const perhaps = suspect
    ? `, perhaps by the mistake in ${adjointName(suspect)}, which it is computed from`
    : "";
  return {
    cause: "unknown",
    say: (name) =>
      wrong === 0
        ? `${name} agrees with the right gradient to ${digits} digits, but not to the precision that it is given with: it may be computed from rounded numbers, or differences of the loss`
        : `${name} is wrong in ${wrong} of ${of} entries${perhaps}; ${UNEXPLAINED}`,
  };
}

/** Whether the right derivative is 0 throughout, as that by a bias in front of a normalisation. */
export function oughtToVanish({ exhibits }: Evidence): boolean {
  return exhibits.every(({ right }) => right.entries.every((entry) => entry === 0));
}
