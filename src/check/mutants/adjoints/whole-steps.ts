/** Steps, and whole factors of a step, left out of all that is added up. */
import { fullAxes, fullBody } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { listed } from "../../../language/words.js";
import { alongEdge } from "../lines/along.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { joinOf } from "../../pass/users.js";
import { adjointName, modelText, partialText } from "../../explanations/words.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { factorText, stepText } from "../lines/line-text.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** A step, or a layer of several, left out altogether: ∂loss/∂to is taken to be ∂loss/∂from. */
export const STEPS_LEFT_OUT: Kind<Quantity> = {
  least: 1.7,
  make: ({ backward }, quantity) => stepsLeftOut(backward, quantity),
};

function* stepsLeftOut(backward: Backward, to: Quantity): Generator<Mutant> {
  const { graph } = backward;
  const into = backward.into(to);
  const steps = new Map(
    into.map(({ from }) => [from, into.filter((edge) => edge.from === from)] as const),
  );
  const join = steps.size > 1 ? joinOf(backward, to) : undefined;
  if (join) steps.set(join, [...into]);
  for (const [from, edges] of steps) {
    if (!sameShape(from.shape, to.shape) || from === backward.model.loss) continue;
    const removed = new Set(edges);
    const { letters, indices } = fullAxes(to.shape);
    const body = graph.reference(backward.adjointOf(from), indices);
    const others = edges.filter((edge) => edge.from !== from);
    const own = edges.filter((edge) => edge.from === from).map(({ clause }) => clause);
    // a residual: what comes straight from there is handed on as it is
    const isHandedOn = others.length > 0 && fullBody(to.shape, own) === body;
    yield {
      fault: isHandedOn
        ? lostPaths(from, to, others)
        : lostStep(backward, from, to, {
            isAll: edges.length === into.length,
            through: others.length > 0 ? [...new Set(edges.map((edge) => edge.from))] : [],
          }),
      cost: 1.7,
      change: () => ({ removed, added: [{ from, to, clause: { letters, indices, body } }] }),
    };
  }
}

/**
 * @param lost `isAll`: nothing else is added up there; `through`: where what is left out are several ways to
 *   the same place, whose derivative is no factor, the quantities that they lead through
 */
function lostStep(
  backward: Backward,
  from: Quantity,
  to: Quantity,
  { isAll, through }: { readonly isAll: boolean; readonly through: readonly Quantity[] },
): Fault {
  return faultAt(to, "missing-factor", () => {
    if (through.length > 0) {
      const ways = listed(through.map((one) => adjointName(one)));
      const what = `taken to be ${adjointName(from)}: the step back from ${from.name} to ${to.name} is left out; add up what comes from ${ways}`;
      return { factor: `d${from.name}/d${to.name}`, what };
    }
    const text = stepText(backward, from, to);
    const factor = text ?? `d${from.name}/d${to.name}`;
    const said = text ?? partialText(from, to);
    const what = isAll
      ? `taken to be ${adjointName(from)}: the factor ${said} is left out; multiply by it`
      : `computed with ${adjointName(from)} for what comes through ${from.name}: the factor ${said} is left out there; multiply by it`;
    return { factor, what };
  });
}

/** Beside the residual path there are others, through functions of what it goes around. */
function lostPaths(from: Quantity, to: Quantity, others: readonly Edge[]): Fault {
  return faultAt(to, "missing-term", () => {
    const names = [...new Set(others.map((edge) => edge.from.name))];
    const term = `the ${names.length > 1 ? "paths" : "path"} through ${listed(names)}`;
    const what = `taken to be ${adjointName(from)}, which is only what comes straight from ${from.name}: add ${term}`;
    return { term, what };
  });
}

/** A factor of one step left out of all that is added up: the derivative by σ given for that by log σ. */
export const SLOPES_LEFT_OUT: Kind<Quantity> = {
  least: 1.8,
  make: ({ backward }, quantity) => slopesLeftOut(backward, quantity),
};

function* slopesLeftOut(backward: Backward, at: Quantity): Generator<Mutant> {
  const { graph } = backward;
  const edges = backward.into(at);
  // of one contribution alone that is a factor of a line
  if (edges.length < 2) return;
  for (const slope of new Set(edges.flatMap((edge) => slopesIn(backward, edge)))) {
    const added = edges.map((edge): Edge | undefined => {
      const along = alongEdge(backward, edge, slope, at);
      const body = along && graph.divide(edge.clause.body, along);
      return body && { ...edge, clause: { ...edge.clause, body } };
    });
    const all = added.filter((edge) => edge !== undefined);
    if (all.length < edges.length) continue;
    yield {
      fault: lostFactor(at, () => [modelText(slope), factorText(backward, at, slope)]),
      cost: 1.8,
      change: () => ({ removed: new Set(edges), added: all }),
    };
  }
}

/** Factors of a step, over the axes of what it leads to: a for da·a, where a = exp(z). */
export function slopesIn(backward: Backward, { to, clause }: Edge): Expression[] {
  const { graph } = backward;
  const axes = fullAxes(to.shape).indices;
  const replacements = new Map(
    clause.indices.flatMap(({ plain }, axis) => (plain ? [[plain.key, axes[axis]!] as const] : [])),
  );
  const body = backward.withNames(clause.body);
  if (body.kind !== "product") return [];
  return body.factors.flatMap(({ base, exponent }) => {
    const isAdjoint = base.kind === "reference" && base.quantity.of !== undefined;
    // letters that are summed may be named as the axes are
    const isLocal = base.free.length > 0 && base.free.every(({ key }) => replacements.has(key));
    if (isAdjoint || !isLocal) return [];
    return [graph.integerPower(graph.substitute(base, replacements), exponent)];
  });
}

/** @param texts of the factor, and of what the derivative is to be multiplied by */
export function lostFactor(at: Quantity, texts: () => readonly [string, string]): Fault {
  return faultAt(at, "missing-factor", () => {
    const [factor, along] = texts();
    const what = `the right gradient with the factor ${factor} left out: multiply by ${along}`;
    return { factor, what };
  });
}

export function factorTwice(at: Quantity, slope: Expression): Fault {
  return faultAt(at, "extra-factor", () => {
    const factor = modelText(slope);
    return {
      factor,
      what: `the right gradient with the factor ${factor} taken twice: take it once`,
    };
  });
}
