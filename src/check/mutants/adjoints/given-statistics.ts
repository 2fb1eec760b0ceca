/** The terms of a mean and a variance where both are given: a batch normalisation with fixed moments. */
import { fullAxes } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import { Index, letter, type Letter } from "../../../expression/indices.js";
import { has } from "../../../expression/predicates.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";

export const GIVEN_STATISTICS: Kind<Quantity> = {
  least: 2.25,
  make: ({ backward }, quantity) => givenStatistics(backward, quantity),
};

/**
 * d − mean(d) − q ⊙ mean(d ⊙ q) for the derivative d by z, where q = (z − m)/s with m and s given, and one
 * of the two means alone.
 */
function* givenStatistics(backward: Backward, to: Quantity): Generator<Mutant> {
  const { graph } = backward;
  const { letters, indices } = fullAxes(to.shape);
  const right = backward.lastLine(to, indices);
  for (const { from } of right ? backward.into(to) : []) {
    const over = alongGiven(backward, from, to, letters);
    if (!over) continue;
    const q = graph.reference(from, indices);
    const [ofMean, ofVariance] = [graph.one, q].map((factor) =>
      graph.multiply(factor, mean(backward, over, graph.multiply(right!, factor))),
    );
    const terms: readonly [what: string, term: Expression][] = [
      ["of a mean and a variance", graph.add(ofMean!, ofVariance!)],
      ["of a mean", ofMean!],
      ["of a variance", ofVariance!],
    ];
    for (const [what, term] of terms) {
      yield {
        fault: faultAt(to, "extra-term", () => ({
          term: `the terms ${what}`,
          what: `computed with the terms ${what} over ${to.name}, as if ${from.name} were normalised by its own: they are given here, leave these terms out`,
        })),
        cost: 2.25,
        change: () => backward.whole(to, graph.subtract(right!, term)),
      };
    }
  }
}

/** The axis that is normalised along: what q and z have and the given m and s have not. */
function alongGiven(
  backward: Backward,
  from: Quantity,
  to: Quantity,
  letters: readonly Letter[],
): Letter | undefined {
  const body = sameShape(from.shape, to.shape)
    ? backward.bodyAt(from, fullAxes(to.shape).indices)
    : undefined;
  const given = references(body ? [body] : []).filter(({ quantity }) => quantity !== to);
  const isGiven = given.every(({ quantity: { role } }) => role === "input");
  const isDifference =
    body?.kind === "product" && body.factors.some(({ base }) => base.kind === "sum");
  if (!isGiven || !isDifference || given.length < 2) return undefined;
  const [over, ...others] = letters.filter((one) => !given.some((each) => has(each, one)));
  return others.length === 0 ? over : undefined;
}

function mean({ graph }: Backward, over: Letter, body: Expression): Expression {
  const bound = letter("normalised", over.size);
  const sum = graph.sum(bound, graph.substitute(body, new Map([[over.key, Index.of(bound)]])));
  return graph.divide(sum, graph.size(over.size));
}
