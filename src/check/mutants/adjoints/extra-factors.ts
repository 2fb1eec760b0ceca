/** What somebody may have multiplied a derivative with: an activation's derivative, a quantity. */
import { fullAxes, fullBody } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Operation } from "../../../expression/operations/operation.js";
import { absolute } from "../../../expression/operations/piecewise.js";
import { isOne, isZero } from "../../../expression/predicates.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { postorder, references } from "../../../expression/walk.js";
import { modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { appliedAt } from "../../pass/operands.js";
import { factorText } from "../lines/line-text.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";
import { ACTIVATIONS } from "../unary.js";
import { derivativeName } from "../variant.js";
import { alongEdge } from "../lines/along.js";
import { lostFactor } from "./whole-steps.js";

/** What the derivative of a function costs, at the quantity itself and at another, */
const OWN_SLOPE = 1.8;
const OTHER_SLOPE = 2.1;
/** what it costs that the function is not in the model, */
const STRANGE = 0.4;
/** what a factor costs that is no derivative of a function, */
const OTHER_FACTOR = 2.3;
/** and one that belongs to a term. */
const TERM_FACTOR = 2;

/** The derivatives of the model's functions at the quantity itself. */
export const OWN_SLOPES: Kind<Quantity> = {
  least: OWN_SLOPE,
  make: ({ backward }, at) =>
    extraFactors(
      backward,
      at,
      at.role === "definition"
        ? [...slopes(backward, at, false, OWN_SLOPE), ...slopeOfMaking(backward, at)]
        : [],
    ),
};

/** The derivative of the function that the quantity is, taken where that is: of an operand without a name. */
function slopeOfMaking(backward: Backward, at: Quantity): ExtraFactor[] {
  const applied = appliedAt(backward, at, fullAxes(at.shape).indices);
  if (!applied) return [];
  const { operation, children } = applied.node;
  const body = operation.derivative(backward.graph, children, entryOf(backward, at))[0]!;
  if (isZero(body) || isOne(body)) return [];
  return [{ body, name: derivativeName(applied.node, children[0]!), cost: OWN_SLOPE }];
}

/** Derivatives of other functions, or at other quantities. */
export const OTHER_SLOPES: Kind<Quantity> = {
  least: OTHER_SLOPE,
  make: ({ backward, others }, at) => {
    const alike = others.filter(
      ({ role, shape }) => role === "definition" && sameShape(shape, at.shape),
    );
    const factors = alike.flatMap((quantity) => [
      ...(quantity === at ? [] : slopes(backward, quantity, false, OTHER_SLOPE)),
      ...slopes(backward, quantity, true, (quantity === at ? OWN_SLOPE : OTHER_SLOPE) + STRANGE),
    ]);
    return extraFactors(backward, at, factors);
  },
};

/** What is a factor of one term of the derivative's line, put before all of them: e⁻ˢ − e²·e⁻²ˢ for 1 − e²·e⁻ˢ. */
export const TERM_FACTORS: Kind<Quantity> = {
  least: TERM_FACTOR,
  make: ({ backward }, at) => {
    const line = backward.lastLine(at, fullAxes(at.shape).indices);
    const factors = line ? termFactors(backward, at, line) : [];
    return extraFactors(backward, at, factors);
  },
};

function termFactors(backward: Backward, at: Quantity, line: Expression): ExtraFactor[] {
  const { graph } = backward;
  const axes = new Set(fullAxes(at.shape).letters.map(({ key }) => key));
  const sums = line.kind === "product" ? line.factors.map(({ base }) => base) : [line];
  const found = sums.flatMap((sum) =>
    sum.kind === "sum"
      ? sum.terms.flatMap(({ term }) =>
          (term.kind === "product" ? term.factors : [{ base: term, exponent: 1 }]).map(
            ({ base, exponent }) => graph.integerPower(base, exponent),
          ),
        )
      : [],
  );
  return [...new Set(found)].flatMap((body): ExtraFactor[] => {
    const read = references([body]);
    const isLocal = body.free.length > 0 && body.free.every(({ key }) => axes.has(key));
    if (!isLocal || read.some(({ quantity }) => quantity.of !== undefined)) return [];
    const name = modelText(backward.withNames(body));
    return [{ body, name, cost: TERM_FACTOR, isOfTerm: true }];
  });
}

/** Quantities of the same shape, and what is divided by them. */
export const OTHER_FACTORS: Kind<Quantity> = {
  least: OTHER_FACTOR,
  make: ({ backward, others }, at) => {
    const { graph } = backward;
    const alike = others.filter(({ shape }) => sameShape(shape, at.shape));
    const factors = alike.flatMap((quantity): ExtraFactor[] => {
      const body = entryOf(backward, quantity);
      const { name } = quantity;
      // of errors whose sign is all that counts
      const size = { body: graph.apply(absolute, body), name: `abs(${name})`, cost: OTHER_FACTOR };
      return [
        { body, name, cost: OTHER_FACTOR },
        ...(quantity === at ? [size] : []),
        {
          body: graph.integerPower(body, -1),
          name: `1 ./ ${name}`,
          cost: quantity === at ? OTHER_FACTOR : 2.6,
          divisor: quantity,
        },
      ];
    });
    return extraFactors(backward, at, factors);
  },
};

function entryOf({ graph }: Backward, quantity: Quantity): Expression {
  return graph.reference(quantity, fullAxes(quantity.shape).indices);
}

/** Derivatives of functions at a quantity, and the same in terms of an output that the quantity is. */
function slopes(
  backward: Backward,
  quantity: Quantity,
  isStrange: boolean,
  cost: number,
): ExtraFactor[] {
  const { graph } = backward;
  const x = entryOf(backward, quantity);
  return functions(backward, isStrange).flatMap((operation): ExtraFactor[] => {
    const derivative = operation.derivative(graph, [x], graph.apply(operation, x))[0]!;
    if (isZero(derivative) || isOne(derivative)) return [];
    if (isPowerOf(derivative, x) && !isApplied(backward, operation, quantity)) return [];
    const own = { body: derivative, name: `${operation.name}'(${quantity.name})`, cost };
    const ofOutput = operation.derivative(graph, [x], x)[0]!;
    if (ofOutput === derivative) return [own];
    return [own, { body: ofOutput, name: modelText(ofOutput), cost: cost + 0.1 }];
  });
}

/** Whether a slope is a power of what it is taken at, c/s or 2s: where there is no log(s), that is no log'(s). */
function isPowerOf(slope: Expression, x: Expression): boolean {
  if (slope.kind !== "product") return slope === x;
  return slope.factors.length === 1 && slope.factors[0]!.base === x;
}

function isApplied({ definitions }: Backward, operation: Operation, quantity: Quantity): boolean {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return postorder(bodies, (one: Expression) => one.children).some((node) => {
    const [child] = node.kind === "apply" && node.operation === operation ? node.children : [];
    return child?.kind === "reference" && child.quantity === quantity;
  });
}

/** Those without a number of their own, which the name of a factor would leave open. */
const PLAIN = ACTIVATIONS.filter(({ operands }) => operands.length === 1);

/** Functions of one operand: those of the model, or the usual activations that are not in it. */
function functions({ definitions }: Backward, isStrange: boolean): readonly Operation[] {
  const used = new Set<Operation>();
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    if (node.kind === "apply" && node.children.length === 1) used.add(node.operation);
  }
  const all = new Set([...PLAIN, ...used]);
  return [...all].filter((operation) => used.has(operation) !== isStrange);
}

/** What a derivative may be multiplied with. */
interface ExtraFactor {
  readonly body: Expression;
  readonly name: string;
  readonly cost: number;
  /** The quantity that it divides by, if it does nothing else. */
  readonly divisor?: Quantity;
  /** Whether it belongs to one of the derivative's terms. */
  readonly isOfTerm?: boolean;
}

/** The whole derivative with a factor too many: the derivative of a function, or a quantity. */
function* extraFactors(
  backward: Backward,
  at: Quantity,
  factors: readonly ExtraFactor[],
): Generator<Mutant> {
  const { graph } = backward;
  const edges = backward.into(at);
  for (const { body, name, cost, divisor, isOfTerm } of factors) {
    const added: Edge[] = [];
    for (const edge of edges) {
      const along = alongEdge(backward, edge, body, at);
      if (!along) break;
      added.push({
        ...edge,
        clause: { ...edge.clause, body: graph.multiply(edge.clause.body, along) },
      });
    }
    if (added.length !== edges.length || added.length === 0) continue;
    const isLost = divisor !== undefined && edges.some((edge) => holds(backward, edge, divisor));
    const lostBehind = divisor === at ? placeWith(backward, at) : undefined;
    yield {
      fault: lostBehind
        ? lostFactor(lostBehind, () => [at.name, at.name])
        : isLost
          ? lostFactor(at, () => [
              divisor.name,
              factorText(backward, at, graph.integerPower(body, -1)),
            ])
          : faultAt(at, "extra-factor", () => ({
              factor: name,
              what: isOfTerm
                ? `the right gradient times ${name}, which is a factor of one of its terms: leave it out before the whole`
                : `the right gradient times ${name}: leave that factor out`,
            })),
      cost,
      change: () => ({ removed: new Set(edges), added }),
    };
  }
}

/**
 * The one place that a derivative goes on to, if the quantity itself is a factor of that step, v = e²ˢ of 2·v·dv, and
 * nothing else comes there.
 */
function placeWith(backward: Backward, at: Quantity): Quantity | undefined {
  const [edge, ...others] = backward.outOf(at);
  if (!edge || others.length > 0 || !sameShape(edge.to.shape, at.shape)) return undefined;
  if (backward.into(edge.to).length > 1) return undefined;
  return holds(backward, edge, at) ? edge.to : undefined;
}

/** Whether a step has a quantity as a factor, written out: u·v/(|u|²·|v|) has the cosine c in c/|u|. */
function holds(backward: Backward, edge: Edge, factor: Quantity): boolean {
  const { graph, definitions } = backward;
  const own = definitions.find(({ quantity }) => quantity === factor);
  const body = own && fullBody(factor.shape, own.clauses);
  const along = body && alongEdge(backward, edge, body, edge.to);
  if (!along || isZero(along)) return false;
  const width = (node: Expression): number => (node.kind === "product" ? node.factors.length : 1);
  return width(graph.divide(edge.clause.body, along)) < width(edge.clause.body);
}
