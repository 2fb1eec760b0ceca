/** Forgotten masks: of a function made of several pieces, such as a clip; of a factor min(u, 0). */
import { type LocalRule, partials } from "../../../calculus/occurrences.js";
import type { Definition } from "../../../expression/definition.js";
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { greater, less } from "../../../expression/operations/comparisons.js";
import { absolute, maximum, minimum, relu } from "../../../expression/operations/piecewise.js";
import { isZero } from "../../../expression/predicates.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText, partialText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant, type Told } from "../mutant.js";
import { dependsOnQuantities } from "../variant.js";
import type { Kind } from "../family.js";

/** min(max(u, 0), 1) differentiated as if it were u everywhere. */
export const FORGOTTEN_MASKS: Kind<Definition> = {
  least: 1.6,
  make: ({ backward }, definition) => forgottenMasks(backward, definition),
};

function* forgottenMasks(backward: Backward, definition: Definition): Generator<Mutant> {
  const bodies = definition.clauses.map(({ body }) => body);
  const pieces = new Set(
    postorder(bodies, (one: Expression) => one.children).filter(
      (node) => node.kind === "apply" && dependsOnQuantities(node) && hasFlatPiece(node),
    ),
  );
  if (pieces.size < 2) return;
  const rule: LocalRule = (graph, node) =>
    partials(graph, node).map(([child, partial]) => {
      const isMasked = pieces.has(node) && dependsOnQuantities(child) && !isZero(partial);
      return [child, isMasked ? graph.one : partial];
    });
  const [to, ...others] = new Set(backward.outOf(definition.quantity).map((edge) => edge.to));
  const at = others.length === 0 ? to : undefined;
  const { name } = definition.quantity;
  yield {
    fault: faultAt(at, "missing-factor", () => {
      const factor = at ? `the mask of d${name}/d${at.name}` : `the mask of ${name}`;
      const said = at ? `the mask of ${partialText(definition.quantity, at)}` : factor;
      return {
        factor,
        what: `the right gradient with ${said} left out: where ${name} is constant, its derivative is 0`,
      };
    }),
    cost: 1.6,
    change: () => backward.changeOf(definition, rule),
  };
}

/** Whether a function is constant on one side of a kink, as |u| is on neither. */
function hasFlatPiece({ operation }: ApplyNode): boolean {
  return operation.kinks !== undefined && operation !== absolute;
}

/** u, or u < 0, in place of min(u, 0) where that is a factor: the derivative by a slope that acts below 0 only. */
export const UNMASKED_FACTORS: Kind<Edge> = {
  least: 1.9,
  make: ({ backward }, edge) => unmaskedFactors(backward, edge),
};

function* unmaskedFactors(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.withNames(edge.clause.body);
  for (const node of postorder([body], (one: Expression) => one.children)) {
    const masked = maskedIn(graph, node);
    if (!masked) continue;
    const tell = (what: (mask: string, operand: string, right: string) => Told) => (): Told =>
      what(modelText(masked.mask), modelText(masked.operand), modelText(node));
    const isFactor = body.kind === "product" && body.factors.some(({ base }) => base === node);
    if (isFactor) {
      yield {
        fault: faultAt(
          edge.to,
          "missing-factor",
          tell((mask, operand, right) => ({
            factor: operand,
            what: `computed with the mask ${mask} alone where ${right} belongs: multiply it by ${operand}`,
          })),
        ),
        cost: 1.9,
        change: () =>
          instead(
            edge,
            graph.transform(body, (one) => (one === node ? masked.mask : undefined)),
          ),
      };
    }
    yield {
      fault: faultAt(
        edge.to,
        "missing-factor",
        tell((mask, operand, right) => ({
          factor: mask,
          what: `computed with ${operand} where ${right} belongs, so that the mask ${mask} is left out: multiply ${operand} by it`,
        })),
      ),
      cost: 1.9,
      change: () =>
        instead(
          edge,
          graph.transform(body, (one) =>
            one === node ? masked.operand : one === masked.slope ? graph.one : undefined,
          ),
        ),
    };
  }
}

interface Masked {
  readonly operand: Expression;
  readonly mask: Expression;
  /** The derivative of the masked operand, which is the mask again. */
  readonly slope: Expression;
}

/** u and u < 0 for min(u, 0), u and u > 0 for max(u, 0) and relu(u). */
function maskedIn(graph: Graph, node: Expression): Masked | undefined {
  if (node.kind !== "apply") return undefined;
  const { operation, children } = node;
  const others = children.filter((child) => !isZero(child));
  const [operand] = others;
  if (!operand || others.length > 1 || !dependsOnQuantities(operand)) return undefined;
  const isHalf = children.length === 2 && (operation === maximum || operation === minimum);
  if (!isHalf && operation !== relu) return undefined;
  const mask = graph.apply(operation === minimum ? less : greater, operand, graph.zero);
  const slope = operation.derivative(graph, children, node)[children.indexOf(operand)]!;
  return { operand, mask, slope };
}
