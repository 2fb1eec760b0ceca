/** A derivative with a factor, which all that is computed from it has, and what comes beside it has not. */
import type { Expression } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import type { Factor } from "../../explanations/factors.js";
import { type Fault, repair, timesText } from "../../explanations/hypothesis.js";
import type { Backward } from "../../pass/backward.js";
import { faultAt, type Probe } from "../mutant.js";

/** As much as a path with a factor of its own, which says less, and a little more. */
const COST = 1.75;

/**
 * A factor of all of a quantity's derivative, to be found. None where it is told elsewhere: at what alone is computed from
 * the derivative, and from nothing else.
 */
export function* wholeProbes(backward: Backward, at: Quantity): Generator<Probe> {
  const edges = backward.into(at);
  const isOfLoss = edges.every(({ from }) => from === backward.model.loss);
  if (at.role !== "definition" || isOfLoss || heir(backward, at)) return;
  yield {
    fault: (factor) => (factor.value < 0 ? undefined : faultOf(backward, at, factor)),
    cost: COST,
    // once more
    change: () => ({ removed: new Set(), added: edges.map((edge) => ({ ...edge })) }),
    present: 1,
  };
}

/** The quantity whose derivative is all that is computed from a quantity's, and is computed from nothing else. */
function heir(backward: Backward, quantity: Quantity): Quantity | undefined {
  const places = backward.outOf(quantity).map(({ to }) => to);
  const [to, ...others] = new Set(places.filter((one) => !backward.isData(one)));
  if (!to || others.length > 0) return undefined;
  return backward.into(to).every(({ from }) => from === quantity) ? to : undefined;
}

/** Told where a number of the model stands that makes the factor, if it does in a line before. */
function faultOf(backward: Backward, at: Quantity, factor: Factor): Fault {
  const { name } = factor;
  for (let one: Quantity | undefined = at; one; one = heirOf(backward, one)) {
    const what = inverted(backward, one, factor);
    if (what) return faultAt(one, "constant-factor", () => ({ factor: name, what }));
  }
  return faultAt(at, "constant-factor", () => ({
    factor: name,
    what: `${timesText(name)} times the right gradient: ${repair(name)}`,
  }));
}

/** What a quantity is the heir of. */
function heirOf(backward: Backward, quantity: Quantity): Quantity | undefined {
  const [edge] = backward.into(quantity);
  return edge && heir(backward, edge.from) === quantity ? edge.from : undefined;
}

const SAME = 1e-9;

/** A number of the model with which its line multiplies where it divides, or divides where it multiplies. */
function inverted(backward: Backward, at: Quantity, { value }: Factor): string | undefined {
  const numbers = new Set(backward.into(at).map(({ clause: { body } }) => coefficientOf(body)));
  const [number, ...others] = numbers;
  if (number === undefined || others.length > 0 || number === 1) return undefined;
  if (Math.abs(value * number * number - 1) > SAME) return undefined;
  // people write the shorter of the two: / 0.8 for * 1.25, * 0.1 for / 10
  const inverse = 1 / number;
  const isDivided = `${inverse}`.length < `${number}`.length || Number.isInteger(inverse);
  const text = isDivided ? inverse : number;
  return isDivided
    ? `multiplied by ${text} where it must be divided by ${text}`
    : `divided by ${text} where it must be multiplied by ${text}`;
}

function coefficientOf(body: Expression): number {
  return body.kind === "product" ? Math.abs(body.coefficient.valueOf()) : 1;
}
