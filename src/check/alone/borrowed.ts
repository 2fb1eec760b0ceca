/** A bias's gradient summed from its weights' gradient: the weights' factor is in it. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Backward, Edge } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { type Evidence, reproduces } from "../claims/evidence.js";
import { isSame, summed } from "./blocks.js";
import { constantFactor } from "../explanations/factors.js";
import { type Explanation, factorFaults } from "../explanations/hypothesis.js";
import { faultAt } from "../mutants/mutant.js";
import type { Comparable } from "./normalise.js";
import { adjointName, modelText } from "../explanations/words.js";

/** More contributions than this are not added up. */
const MOST = 1e6;

/** Sums over an axis of the derivatives by other parameters of the same step, X·W + b. */
export function borrowedSums(
  model: Model,
  backward: Backward,
  benches: readonly Bench[],
  { evidence }: Comparable,
): Explanation[] {
  const { quantity, exhibits } = evidence;
  if (quantity.role !== "parameter") return [];
  const given = exhibits.map(({ claim }) => claim.entries);
  const wanted = exhibits.map(({ sizes }) => quantity.shape.map((size) => size.evaluate(sizes)));
  const others = siblings(backward, quantity);
  if (others.length === 0 || isOneStep(backward, benches, evidence)) return [];
  return others.flatMap(({ to, from, clause }) => {
    const { letters, indices } = clause;
    const isNumber = quantity.shape.length === 0;
    return (isNumber ? [undefined] : [...indices.keys()]).flatMap((axis) => {
      const kept = axis === undefined ? undefined : indices[axis]!.plain?.key;
      const summedOver = letters.flatMap(({ key }, k) => (key === kept ? [] : [k]));
      const sums = benches.map((bench, k) => {
        const lengths = letters.map(({ size }) => size.evaluate(exhibits[k]!.sizes));
        const isFew = lengths.reduce((product, length) => product * length, 1) <= MOST;
        return isFew ? summed({ lengths, entries: bench.unsummed(clause) }, summedOver) : undefined;
      });
      const known = sums.filter((sum, k) => sum && isSame(wanted[k]!, sum.lengths));
      const explained = known.flatMap((sum) => (sum ? [sum.entries] : []));
      if (explained.length !== exhibits.length) return [];
      const factor = constantFactor(model, evidence, { given, explained }, 1e9);
      if (!factor) return [];
      const name = factorOf(backward, { to, from, clause });
      const fault = faultAt(quantity, "extra-factor", () => {
        const along = axis === undefined ? "" : ` over axis ${2 - axis}`;
        return {
          factor: name,
          what: `${adjointName(to)} summed${along}: the factor ${name} belongs to ${adjointName(to)} only; sum ${adjointName(from)} instead`,
        };
      });
      const faults = factorFaults(factor);
      return [{ faults: [fault, ...faults], cost: 1.9 + (faults.length > 0 ? factor.cost : 0) }];
    });
  });
}

/** Whether a claim is one step alone: where one-hot data add up to 1, their factor changes nothing in its sum. */
function isOneStep(
  backward: Backward,
  benches: readonly Bench[],
  { quantity, exhibits }: Evidence,
): boolean {
  const steps = benches.map((bench) => bench.contributions(quantity));
  return backward
    .into(quantity)
    .some((_, k) =>
      exhibits.every((exhibit, n) => reproduces(exhibit.claim.entries, steps[n]![k]!, exhibit)),
    );
}

/** The steps into larger parameters that start where a step into the quantity starts. */
function siblings(backward: Backward, quantity: Quantity): Edge[] {
  return backward
    .into(quantity)
    .flatMap(({ from }) => backward.outOf(from))
    .filter(
      ({ to }) =>
        to !== quantity &&
        to.role === "parameter" &&
        (to.shape.length === 2 || to.shape.length > quantity.shape.length),
    );
}

/** What a step multiplies the incoming derivative with. */
function factorOf(backward: Backward, { clause }: Edge): string {
  const { graph } = backward;
  const body = backward.withNames(clause.body);
  const isAdjoint = (one: typeof body): boolean =>
    one.kind === "reference" && one.quantity.role === "adjoint";
  const factors = body.kind === "product" ? body.factors : [];
  const others = factors.filter(({ base }) => !isAdjoint(base));
  return modelText(
    graph.multiply(...others.map(({ base, exponent }) => graph.integerPower(base, exponent))),
  );
}
