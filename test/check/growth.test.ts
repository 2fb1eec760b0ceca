/** What a check makes does not grow faster than the model. */
import { describe, expect, it, vi } from "vitest";
import { updatedWeights } from "../../src/check/mutants/lines/updates.js";
import { Backward } from "../../src/check/pass/backward.js";
import { parseModel } from "../../src/language/model.js";

/** A loop that is written out: one weight in every line. */
function loop(steps: number): string {
  const lines = Array.from({ length: steps }, (_, k) => `h${k + 1} = tanh(h${k} .* w)`);
  return ["x = input(3)", "w = param(3)", "h0 = x .* w", ...lines, `L = sum(h${steps})`].join("\n");
}

describe("weights after their update, in a loop that is written out", () => {
  it("are looked for without writing the gradient of the weight, which is as long as the loop, for every line", () => {
    const backward = Backward.of(parseModel(loop(20)));
    const written = vi.spyOn(backward, "lastLine");
    const probes = backward.edges.flatMap((edge) => [...updatedWeights(backward, edge)]);
    expect(probes.length).toBeGreaterThan(20);
    expect(written).not.toHaveBeenCalled();
    probes[0]!.change();
    expect(written).toHaveBeenCalledTimes(1);
  });
});
