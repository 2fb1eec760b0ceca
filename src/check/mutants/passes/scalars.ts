/** All derivatives with a number of the model as a factor: a denominator, a temperature, the loss itself. */
import type { Quantity } from "../../../expression/quantity.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** What stands too often, above the line or below it, and what that costs. */
const POWERS = [
  [1, 2.1],
  [-1, 2.1],
  [2, 2.25],
  [-2, 2.25],
] as const;

export const SCALAR_FACTORS: Kind<Backward> = {
  least: 2.05,
  make: ({ backward }) => scalarFactors(backward),
};

function* scalarFactors(backward: Backward): Generator<Mutant> {
  const { graph, model, order } = backward;
  const edges = backward.outOf(model.loss);
  for (const quantity of order) {
    const isNumber = quantity.shape.length === 0;
    if (!isNumber || (quantity.role !== "definition" && quantity.role !== "input")) continue;
    const isUnder = stands(backward, quantity, (exponent) => exponent < 0);
    const isOnlyUnder = isUnder && !stands(backward, quantity, (exponent) => exponent > 0);
    for (const [power, cost] of POWERS) {
      const body = graph.integerPower(graph.reference(quantity, []), power);
      const [own, inverse] = [body, graph.integerPower(body, -1)].map((one) => modelText(one));
      // what is only divided by is divided by too often; a factor is sooner forgotten than written twice
      const isMissing = Math.abs(power) === 1 ? (power > 0 ? isUnder : !isOnlyUnder) : power < 0;
      const factor = isMissing ? inverse! : own!;
      yield {
        fault: faultAt(undefined, isMissing ? "missing-factor" : "extra-factor", () => ({
          factor,
          what: isMissing
            ? `the right gradient with the factor ${factor} left out: multiply by ${factor}`
            : `the right gradient times ${factor}: leave that factor out`,
        })),
        cost,
        change: () => ({
          removed: new Set(edges),
          added: edges.map((edge) => ({
            ...edge,
            clause: { ...edge.clause, body: graph.multiply(edge.clause.body, body) },
          })),
        }),
      };
    }
  }
}

/** Whether a step has a number of the model as a factor of its own, to such an exponent. */
function stands(
  { edges }: Backward,
  quantity: Quantity,
  hasSuch: (exponent: number) => boolean,
): boolean {
  return edges.some(
    ({ clause: { body } }) =>
      body.kind === "product" &&
      body.factors.some(
        ({ base, exponent }) =>
          hasSuch(exponent) && base.kind === "reference" && base.quantity === quantity,
      ),
  );
}
