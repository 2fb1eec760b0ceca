/** A quantity and the same with a number added taken for one another: a norm for the norm and its epsilon. */
import type { Fraction } from "fraction.js";
import type { Expression } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { postorder, references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

/** n + ε, where no name is given to it. */
interface Offset {
  readonly quantity: Quantity;
  readonly number: Fraction;
}

export const OFFSET_MUTANTS: Kind<Edge> = {
  least: 2.05,
  make: ({ backward }, edge) => offsetMutants(backward, edge),
};

/** n + ε for n, and n for n + ε, where some definition has n + ε. */
function* offsetMutants(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.withNames(edge.clause.body);
  const used = new Set(references([body]).map(({ quantity }) => quantity));
  for (const { quantity, number } of offsetsOf(backward)) {
    if (!used.has(quantity)) continue;
    const isSum = (node: Expression): boolean => {
      const own = offsetIn(node);
      return own?.quantity === quantity && own.number.equals(number);
    };
    const without = graph.transform(body, (node) =>
      isSum(node) ? graph.subtract(node, graph.number(number)) : undefined,
    );
    const throughout = graph.transform(body, (node) => {
      const isOwn = node.kind === "reference" && node.quantity === quantity;
      return isSum(node) ? node : isOwn ? graph.add(node, graph.number(number)) : undefined;
    });
    const sum = `${quantity.name} + ${number.valueOf()}`;
    for (const [other, given, right] of [
      [without, quantity.name, sum],
      [throughout, sum, quantity.name],
    ] as const) {
      if (other === body) continue;
      yield {
        fault: faultAt(edge.to, "wrong-variable", () => ({
          used: given,
          instead: right,
          what: `computed with ${given} where ${right} belongs in ${modelText(body)}`,
        })),
        cost: 2.05,
        change: () => instead(edge, other),
      };
    }
  }
}

function offsetsOf({ definitions }: Backward): Offset[] {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  const found = new Map<string, Offset>();
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    const offset = offsetIn(node);
    if (offset) found.set(`${offset.quantity.name} ${offset.number.toFraction()}`, offset);
  }
  return [...found.values()];
}

function offsetIn(node: Expression): Offset | undefined {
  if (node.kind !== "sum" || node.constant.n === 0n) return undefined;
  const [only, ...others] = node.terms;
  if (only?.term.kind !== "reference" || others.length > 0 || !only.coefficient.equals(1)) {
    return undefined;
  }
  const { quantity } = only.term;
  return quantity.role === "definition" ? { quantity, number: node.constant } : undefined;
}
