/** Random models over everything that the language has: what is printed for them holds too. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { randomModel } from "../properties/grammar.js";
import { faultsOf } from "./readback.js";
import { derived } from "./subjects.js";

/** Seeds of the models' seeds. */
const SEEDS = [11, 1717];
const MODELS = 12;

it.each(SEEDS)("every line of random models holds, seed %i", { timeout: 300_000 }, (seeds) => {
  const drawn = fc.record({
    seed: fc.integer({ min: 0, max: 1e9 }),
    statements: fc.integer({ min: 1, max: 3 }),
    indexBase: fc.constantFrom(0 as const, 1 as const),
    layers: fc.constantFrom("superscript" as const, "subscript" as const, "square" as const),
  });
  fc.assert(
    fc.property(drawn, ({ seed, statements, indexBase, layers }) => {
      const { text, sizes } = randomModel(seed, statements);
      const { world, derivations, forwardFormulas } = derived(
        { text, notation: { indexBase, layers } },
        sizes,
      );
      const faults = forwardFormulas.flatMap((one) => faultsOf(one, world));
      for (const { latex, wrt, form } of derivations) {
        for (const fault of faultsOf(latex, world)) {
          faults.push(`${wrt}, ${form}: ${fault}`);
        }
      }
      expect(faults.join("\n"), text).toBe("");
    }),
    { seed: seeds, numRuns: MODELS, includeErrorInReport: true, endOnFailure: true },
  );
});
