/** Labels of another kind than the model's, and the logistic loss for these. */
import type { Expression, ReferenceNode } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index, letter } from "../../../expression/indices.js";
import { sigmoid } from "../../../expression/operations/smooth.js";
import { fullAxes, fullBody } from "../../../expression/definition.js";
import type { Quantity } from "../../../expression/quantity.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { inPlaceOf } from "../forward-fault.js";
import type { Rewriting } from "./rewriting.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** What is taken for a target: labels of another kind, or one number for all of its entries. */
export function otherTargets(graph: Graph, node: ReferenceNode): Rewriting[] {
  const { quantity: target, indices } = node;
  if (target.role !== "target") return [];
  const { name } = target;
  const two = graph.number(2);
  const instead = (result: Expression, used: string, why: string, cost: number): Rewriting => ({
    result,
    cause: "wrong-variable",
    tell: () => {
      const told = inPlaceOf(used, name);
      return { ...told, what: `${told.what}${why}` };
    },
    cost,
  });
  const signs = graph.subtract(graph.multiply(two, node), graph.one);
  const bits = graph.divide(graph.add(node, graph.one), two);
  return [
    instead(signs, `2 * ${name} - 1`, ", for labels 0 and 1 as if they were -1 and 1", 2.2),
    instead(bits, `(${name} + 1) / 2`, ", for labels -1 and 1 as if they were 0 and 1", 2.2),
    instead(graph.subtract(graph.one, node), `1 - ${name}`, ", the other label", 2.2),
    ...averaged(),
  ];

  /** Every output is compared with every target where (n,) meets (n, 1) and both are stretched. */
  function averaged(): Rewriting[] {
    const long = target.shape.flatMap((size, axis) => (size.isOne ? [] : [axis]));
    const [axis] = long;
    if (axis === undefined || long.length > 1) return [];
    const size = target.shape[axis]!;
    const along = letter("all", size);
    const each = graph.reference(target, indices.with(axis, Index.of(along)));
    const mean = graph.divide(graph.sum(along, each), graph.size(size));
    const why = `: a column and a row of the same length were stretched to a matrix, so that every output meets every ${name}`;
    return [instead(mean, `mean(${name})`, why, 2.15)];
  }
}

/** Labels that a logistic loss is written for. */
type LabelKind = "bits" | "signs";

/** ∂loss/∂f of the logistic loss of a score f: σ(f) − t for labels 0 and 1, −t·σ(−t·f) for −1 and 1. */
function logisticSlope(graph: Graph, kind: LabelKind, f: Expression, t: Expression): Expression {
  if (kind === "bits") return graph.subtract(graph.apply(sigmoid, f), t);
  const margin = graph.multiply(t, f);
  return graph.negate(graph.multiply(t, graph.apply(sigmoid, graph.negate(margin))));
}

function otherKind(at: Quantity, { name }: Quantity, kind: LabelKind): Fault {
  return faultAt(at, "wrong-variable", () => {
    const [labels, instead, form] =
      kind === "bits"
        ? ["0 and 1", `(1 + ${name}) / 2`, `sigmoid(z) - ${name}`]
        : ["-1 and 1", `2 * ${name} - 1`, `-${name} .* sigmoid(-${name} .* z)`];
    return {
      used: name,
      instead,
      what: `${form}, the derivative of the logistic loss for labels ${labels}: the loss is written for other labels; put ${instead} in place of ${name}`,
    };
  });
}

/** The derivative of the logistic loss for labels of the other kind, taken by a score. */
export function* otherLogistic(
  backward: Backward,
  score: Quantity,
  target: Quantity,
): Generator<Mutant> {
  const { graph } = backward;
  const { indices } = fullAxes(score.shape);
  const [f, t] = [score, target].map((one) => graph.reference(one, indices));
  const kind = isSigned(backward, target) ? "bits" : "signs";
  if (kind === "signs" && !isSquashed(backward, score)) return;
  yield {
    fault: otherKind(score, target, kind),
    cost: 2.2,
    isUpToFactor: true,
    change: () => backward.whole(score, logisticSlope(graph, kind, f!, t!)),
  };
}

/** Whether a target multiplies something inside a function: log(1 + exp(−t·f)). */
function isSigned({ definitions }: Backward, target: Quantity): boolean {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  const functions = nodesOf(bodies).filter((node) => node.kind === "apply");
  return nodesOf(functions.flatMap(({ children }) => children)).some(
    (node) =>
      node.kind === "product" &&
      node.factors.some(({ base }) => base.kind === "reference" && base.quantity === target),
  );
}

/** Whether a function of one operand is taken of a score, as a sigmoid is. */
function isSquashed({ definitions }: Backward, score: Quantity): boolean {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return nodesOf(bodies).some(
    ({ kind, children }) =>
      kind === "apply" &&
      children.length === 1 &&
      children.some((child) => child.kind === "reference" && child.quantity === score),
  );
}

function nodesOf(roots: readonly Expression[]): Expression[] {
  return postorder(roots, (node) => node.children);
}

/** A margin t·f, whose loss is for labels −1 and 1, differentiated as if they were 0 and 1. */
export const UNSIGNED_MARGIN: Kind<Quantity> = {
  least: 2.2,
  make: ({ backward }, quantity) => unsignedMargin(backward, quantity),
};

function* unsignedMargin(backward: Backward, margin: Quantity): Generator<Mutant> {
  const { graph, definitions } = backward;
  const definition = definitions.find(({ quantity }) => quantity === margin);
  const body = definition && fullBody(margin.shape, definition.clauses);
  if (body?.kind !== "product") return;
  const targets = body.factors.flatMap(({ base, exponent }) =>
    exponent === 1 && base.kind === "reference" && base.quantity.role === "target" ? [base] : [],
  );
  const [target] = targets;
  if (!target) return;
  const score = graph.divide(body, target);
  const slope = graph.divide(logisticSlope(graph, "bits", score, target), target);
  const adjoint = backward.adjointOf(margin);
  const own = fullAxes(margin.shape).indices;
  yield {
    fault: otherKind(margin, target.quantity, "bits"),
    cost: 2.2,
    isUpToFactor: true,
    change: () => {
      const out = backward.outOf(margin);
      const added = out.map((edge): Edge => {
        const body = graph.transform(edge.clause.body, (node) => {
          if (node.kind !== "reference" || node.quantity !== adjoint) return undefined;
          const at = own.flatMap(({ plain }, axis) =>
            plain ? [[plain.key, node.indices[axis]!] as const] : [],
          );
          return graph.substitute(slope, new Map(at));
        });
        return { ...edge, clause: { ...edge.clause, body } };
      });
      return { removed: new Set(out), added };
    },
  };
}
