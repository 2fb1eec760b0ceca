/** A local derivative that is written in terms of the output, taken at the input: diag(z) − z zᵀ for a softmax. */
import type { Definition } from "../../../expression/definition.js";
import { sameShape } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import { partialText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";

export const INPUTS_FOR_OUTPUTS: Kind<Definition> = {
  least: 1.95,
  make: ({ backward }, definition) => inputsForOutputs(backward, definition),
};

/** Where the derivative has several terms: of one alone other families know. */
function* inputsForOutputs(
  backward: Backward,
  { quantity: output }: Definition,
): Generator<Mutant> {
  const { graph } = backward;
  const out = backward.outOf(output);
  for (const input of new Set(out.map(({ to }) => to))) {
    const steps = out.filter(({ to }) => to === input);
    if (steps.length < 2 || !sameShape(input.shape, output.shape)) continue;
    const bodies = steps.map(({ clause }) => backward.withNames(clause.body));
    if (!references(bodies).some(({ quantity }) => quantity === output)) continue;
    yield {
      fault: faultAt(input, "wrong-variable", () => ({
        used: input.name,
        instead: output.name,
        what: `computed with ${input.name} where ${output.name} belongs in all of ${partialText(output, input)}`,
      })),
      cost: 1.95,
      change: () => ({
        removed: new Set(steps),
        added: steps.map((step, k) => ({
          ...step,
          clause: {
            ...step.clause,
            body: graph.transform(bodies[k]!, (node) =>
              node.kind === "reference" && node.quantity === output
                ? graph.reference(input, node.indices)
                : undefined,
            ),
          },
        })),
      }),
    };
  }
}
