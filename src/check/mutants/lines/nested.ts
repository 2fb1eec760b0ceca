/** Slips deep inside one line: a term, a factor, a function lost, a sign or a division turned. */
import type { Expression, SumNode } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { exponential } from "../../../expression/operations/smooth.js";
import { postorder, references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Cause } from "../../result.js";
import { modelText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** What a part of a line becomes, and what was lost or turned there. */
interface Slip {
  readonly cause: Cause;
  readonly part: Expression;
  readonly result: Expression;
  readonly cost: number;
}

/** Deeper slips than the factors and terms of the whole line, which have sentences of their own. */
export const NESTED_SLIPS: Kind<Edge> = {
  least: 2.24,
  make: ({ backward }, edge) => nestedSlips(backward, edge),
};

function* nestedSlips(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.withNames(edge.clause.body);
  for (const node of postorder([body], (one: Expression) => one.children)) {
    if (node === body) continue;
    for (const { cause, part, result, cost } of slips(backward, node)) {
      yield {
        fault: faultAt(edge.to, cause, () => {
          const [used, right] = [modelText(result), modelText(node)];
          return {
            ...details(cause, modelText(part), used, right),
            what: `computed with ${used} where ${right} belongs: put that in its place`,
          };
        }),
        cost,
        change: () =>
          instead(
            edge,
            graph.transform(body, (one) => (one === node ? result : undefined)),
          ),
      };
    }
  }
}

/** n for n − 1: the count of a mean where that of an unbiased variance belongs. */
function counts(graph: Graph, node: SumNode): Slip[] {
  const result = graph.subtract(node, graph.number(node.constant));
  if (result === node || result.kind !== "size") return [];
  const part = graph.divide(node, result);
  return [{ cause: "constant-factor", part, result, cost: 2.25 }];
}

/** eᵃ for eᵃ⁺ᵇ, as where probabilities are not divided by their sum: a factor is left out. */
function unnormalised(graph: Graph, exponent: Expression): Slip[] {
  if (exponent.kind !== "sum") return [];
  return exponent.terms.map(({ coefficient, term }) => {
    const part = graph.scale(coefficient, term);
    return {
      cause: "missing-factor",
      part: graph.apply(exponential, part),
      result: graph.apply(exponential, graph.subtract(exponent, part)),
      cost: 2.24,
    };
  });
}

function details(cause: Cause, part: string, used: string, instead: string) {
  if (cause === "constant-factor") return { factor: `${used}/(${instead})` };
  if (cause === "missing-factor" || cause === "extra-factor") return { factor: part };
  if (cause === "missing-term" || cause === "sign") return { term: part };
  return { used, instead };
}

function slips({ graph }: Backward, node: Expression): Slip[] {
  switch (node.kind) {
    case "sum": {
      if (references([node]).length === 0) return counts(graph, node);
      const terms = node.terms.map(({ coefficient, term }) => graph.scale(coefficient, term));
      if (!node.constant.equals(0)) terms.push(graph.number(node.constant));
      return terms.flatMap((part): Slip[] => {
        const rest = graph.subtract(node, part);
        return [
          { cause: "missing-term", part, result: rest, cost: 2.25 },
          { cause: "sign", part, result: graph.subtract(rest, part), cost: 2.25 },
        ];
      });
    }
    case "product":
      return node.factors.flatMap(({ base, exponent }): Slip[] => {
        if (base.kind === "reference" && base.quantity.role === "adjoint") return [];
        const part = graph.integerPower(base, exponent);
        const rest = graph.multiply(node, graph.integerPower(base, -exponent));
        const turned = graph.multiply(rest, graph.integerPower(base, -exponent));
        return [
          { cause: "missing-factor", part, result: rest, cost: 2.3 },
          { cause: "extra-factor", part, result: graph.multiply(node, part), cost: 2.4 },
          { cause: "wrong-function", part, result: turned, cost: 2.4 },
        ];
      });
    case "apply": {
      const [operand] = node.children;
      if (node.children.length !== 1) return [];
      const itself: Slip = { cause: "wrong-function", part: node, result: operand!, cost: 2.35 };
      return [...(node.operation === exponential ? unnormalised(graph, operand!) : []), itself];
    }
    default:
      return [];
  }
}
