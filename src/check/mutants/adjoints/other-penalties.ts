/** The derivative of a penalty by another norm: sign(w), of the absolute values, for w/‖w‖. */
import { fullAxes } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { isRoot } from "../../../expression/operations/lowered.js";
import { absolute, sign } from "../../../expression/operations/piecewise.js";
import { squareRoot } from "../../../expression/operations/smooth.js";
import type { Quantity } from "../../../expression/quantity.js";
import { postorder, references } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";
import { isPenaltyOf, termsIn } from "./penalties.js";

/** What penalties are made of: the norm, its square, the sum of the absolute values. */
type Norm = "norm" | "squares" | "absolute";

export const OTHER_PENALTIES: Kind<Quantity> = {
  least: 2.1,
  make: ({ backward }, quantity) => otherPenalties(backward, quantity),
};

function* otherPenalties(backward: Backward, to: Quantity): Generator<Mutant> {
  if (to.role !== "parameter") return;
  const { graph, model } = backward;
  const { letters, indices } = fullAxes(to.shape);
  const own = graph.reference(to, indices);
  const squares = graph.sumOver(letters, graph.integerPower(own, 2));
  const slopes: readonly [norm: Norm, of: string, slope: Expression][] = [
    ["absolute", `sum(abs(${to.name}))`, graph.apply(sign, own)],
    ["norm", `norm(${to.name})`, graph.divide(own, graph.apply(squareRoot, squares))],
    ["squares", `sum(${to.name}.^2)`, graph.multiply(graph.number(2), own)],
    ["squares", `1/2 * sum(${to.name}.^2)`, own],
  ];
  for (const from of new Set(backward.into(to).map((edge) => edge.from))) {
    const [term, ...others] = termsIn(backward, from).filter((one) =>
      references([one]).some(({ quantity }) => quantity === to),
    );
    const penalty =
      term && others.length === 0 && isPenaltyOf(backward, term, to) && normIn(graph, term, to);
    if (!penalty) continue;
    const { norm, scale } = penalty;
    const seed = from === model.loss ? graph.one : graph.reference(backward.adjointOf(from), []);
    const removed = new Set(backward.into(to).filter((edge) => edge.from === from));
    // λ/2 is written before squares only
    const scales = norm === "squares" ? [scale, graph.multiply(graph.number(2), scale)] : [scale];
    for (const [other, of, slope] of slopes) {
      if (other === norm) continue;
      for (const [k, factor] of scales.entries()) {
        const body = graph.multiply(seed, factor, slope);
        yield {
          fault: faultAt(to, "wrong-function", () => ({
            used: modelText(slope),
            instead: `the derivative of ${modelText(term)}`,
            what: `computed with the derivative of ${of} in the penalty, which is ${modelText(term)}`,
          })),
          cost: 2.1 + 0.05 * k,
          change: () => ({ removed, added: [{ from, to, clause: { letters, indices, body } }] }),
        };
      }
    }
  }
}

/** The norm that a penalty is a multiple of. */
function normIn(
  graph: Graph,
  term: Expression,
  of: Quantity,
): { readonly norm: Norm; readonly scale: Expression } | undefined {
  for (const node of postorder([term], (one: Expression) => one.children).reverse()) {
    const norm = normOf(node);
    const scale = graph.divide(term, node);
    if (norm && !references([scale]).some(({ quantity }) => quantity === of)) {
      return { norm, scale };
    }
  }
  return undefined;
}

function normOf(node: Expression): Norm | undefined {
  if (node.kind === "apply" && isRoot(node.operation)) {
    return normOf(node.children[0]!) === "squares" ? "norm" : undefined;
  }
  let inner = node;
  while (inner.kind === "reduce" && inner.reduction === "sum") inner = inner.body;
  if (inner === node) return undefined;
  if (inner.kind === "apply")
    return inner.operation === absolute && isEntry(inner.children[0]!) ? "absolute" : undefined;
  const isSquare =
    inner.kind === "product" &&
    inner.coefficient.equals(1) &&
    inner.factors.every(({ base, exponent }) => exponent === 2 && isEntry(base));
  return isSquare ? "squares" : undefined;
}

function isEntry(node: Expression): boolean {
  return node.kind === "reference";
}
