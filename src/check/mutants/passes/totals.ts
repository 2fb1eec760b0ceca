/** The total of weights that a model divides by, left out of all lines, or taken for their number: a mean is none. */
import type { Expression } from "../../../expression/expression.js";
import { Size } from "../../../expression/size.js";
import { modelText } from "../../explanations/words.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { forwardFault, inPlaceOf } from "../forward-fault.js";
import { summedData } from "../forward/weight-totals.js";
import { faultAt, type Mutant } from "../mutant.js";

/** Less than a number of two digits, or a quotient of lengths, which they may look like at one point. */
const LEFT_OUT = 1.5;
const COUNTED = 1.6;

export const MISTAKEN_TOTALS: Kind<Backward> = {
  least: LEFT_OUT,
  make: ({ backward }) => mistakenTotals(backward),
};

function* mistakenTotals(backward: Backward): Generator<Mutant> {
  const { graph } = backward;
  for (const [total, edges] of linesByTotal(backward)) {
    const name = modelText(total);
    yield {
      fault: faultAt(undefined, "missing-factor", () => {
        const factor = `1/${name}`;
        const what = `the right gradient with the factor ${factor} left out: multiply by ${factor}`;
        return { factor, what };
      }),
      cost: LEFT_OUT,
      change: () => times(backward, edges, total),
    };
    const [place, ...others] = new Set(edges.map(({ from }) => from));
    if (!place || others.length > 0) continue;
    for (const size of countsOf(backward, total)) {
      const count = graph.size(size);
      yield {
        fault: forwardFault(place, "wrong-variable", () => inPlaceOf(modelText(count), name)),
        cost: COUNTED,
        change: () => times(backward, edges, graph.divide(total, count)),
      };
    }
  }
}

/** What sums data and is divided by once, with the lines that do so. */
function linesByTotal(backward: Backward): ReadonlyMap<Expression, readonly Edge[]> {
  const found = new Map<Expression, Edge[]>();
  for (const edge of backward.edges) {
    const { body } = edge.clause;
    for (const { base, exponent } of body.kind === "product" ? body.factors : []) {
      if (exponent !== -1 || base.free.length > 0 || backward.isData(edge.to)) continue;
      if (summedData(backward, base).length === 0) continue;
      found.set(base, [...(found.get(base) ?? []), edge]);
    }
  }
  return found;
}

/** The lengths of the axes that a total is over, and how many entries it has. */
function countsOf(backward: Backward, total: Expression): Iterable<Size> {
  const own = summedData(backward, total);
  const all = own.reduce((product, size) => product.times(size), Size.one);
  return new Map([...own, all].map((size) => [size.key, size])).values();
}

function times({ graph }: Backward, edges: readonly Edge[], factor: Expression): Change {
  const added = edges.map((edge) => {
    const body = graph.multiply(edge.clause.body, factor);
    return { ...edge, clause: { ...edge.clause, body } };
  });
  return { removed: new Set(edges), added };
}
