/** Factors of a product on the wrong side of the line in its derivative: divided by where one multiplies, and the reverse. */
import { partials } from "../../../calculus/occurrences.js";
import type { Definition } from "../../../expression/definition.js";
import type { Expression, ProductNode, SumNode } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Mutant, Told } from "../mutant.js";
import { dependsOnQuantities, mutantOf } from "../variant.js";
import { isGivenNumber } from "./scales.js";

const COST = 2.1;
/** As much as a number that is left out, and a little more. */
const NUMBER_COST = 1.65;

/** ∂(u·v)/∂u as 1/v, ∂(u/v)/∂u as v. */
export function* invertedFactors(
  backward: Backward,
  definition: Definition,
  node: ProductNode,
): Generator<Mutant> {
  const { graph } = backward;
  for (const [part, right] of partials(graph, node)) {
    if (!dependsOnQuantities(part)) continue;
    for (const { base, exponent } of node.factors) {
      const isNumber = isGivenNumber(backward, base);
      if (base === part || !dependsOnQuantities(base)) continue;
      if (Math.abs(exponent) !== 1 && !isNumber) continue;
      yield mutantOf(backward, definition, node, part, {
        partial: graph.multiply(right, graph.integerPower(base, -2 * exponent)),
        cause: "wrong-function",
        tell: () => {
          const text = modelText(graph.integerPower(backward.withNames(base), Math.abs(exponent)));
          const [used, instead] = exponent > 0 ? [`1 ./ ${text}`, text] : [text, `1 ./ ${text}`];
          const [slip, right] =
            exponent > 0 ? ["divided", "multiplied"] : ["multiplied", "divided"];
          const place = placeOf(backward, definition, node);
          const what = `${slip} by ${text} in the step back through ${place}, where it must be ${right} by it`;
          return { used, instead, what };
        },
        cost: isNumber ? NUMBER_COST : COST,
      });
    }
  }
}

/** The quantity that a product is; of one term of it the term is told, too. */
function placeOf(backward: Backward, { quantity, clauses }: Definition, node: Expression): string {
  const isWhole = clauses.some(({ body }) => body === node);
  return isWhole
    ? quantity.name
    : `the term ${modelText(backward.withNames(node))} of ${quantity.name}`;
}

/** ∂(c·u)/∂u as 1/c: the 0.8 of a dropout, the √d of scores. */
export function* invertedNumbers(
  backward: Backward,
  definition: Definition,
  node: ProductNode | SumNode,
): Generator<Mutant> {
  const { graph } = backward;
  for (const [part, right] of partials(graph, node)) {
    if (!dependsOnQuantities(part)) continue;
    for (const { number, isDivisor } of numbersBefore(graph, node, part, right)) {
      const slip = graph.integerPower(number, isDivisor ? 2 : -2);
      const [wrong, meant] = isDivisor ? ["multiplied", "divided"] : ["divided", "multiplied"];
      const tell = (where: string): Told => {
        const text = modelText(number);
        return {
          factor: slip.kind === "number" ? slip.value.valueOf() : modelText(slip),
          what: `${wrong} by ${text}${where} where it must be ${meant} by ${text}`,
        };
      };
      yield mutantOf(backward, definition, node, part, {
        partial: graph.multiply(right, slip),
        cause: "constant-factor",
        tell: () => tell(` in the step back through ${definition.quantity.name},`),
        undone: { by: graph.integerPower(slip, -1), what: () => tell("").what },
        cost: NUMBER_COST,
      });
    }
  }
}

/** A number that an operand is multiplied by, or divided by. */
interface NumberBefore {
  readonly number: Expression;
  readonly isDivisor: boolean;
}

/** Those that stand in the derivative as well: the ½ of a square does not. */
function numbersBefore(
  graph: Graph,
  node: ProductNode | SumNode,
  part: Expression,
  right: Expression,
): NumberBefore[] {
  const before =
    node.kind === "product"
      ? node.coefficient
      : node.terms.find(({ term }) => term === part)?.coefficient;
  const kept = right.kind === "number" ? right.value : graph.splitCoefficient(right)[0];
  const found = before && !isPlain(before) && !isUnit(kept) ? [asWritten(graph, before)] : [];
  if (node.kind === "sum") return found;
  const numbers = node.factors.filter(
    ({ base, exponent }) =>
      base.kind !== "size" && !dependsOnQuantities(base) && Math.abs(exponent) === 1,
  );
  return [
    ...found,
    ...numbers.map(({ base, exponent }) => ({ number: base, isDivisor: exponent < 0 })),
  ];
}

/** What ½ for 2 makes is told as 4 times, which has other reasons as well. */
function isPlain(number: Coefficient): boolean {
  return isUnit(number) || [2, 1 / 2].includes(number.abs().valueOf());
}

function isUnit(number: Coefficient): boolean {
  return number.abs().equals(1);
}

/** People write the shorter of the two: / 0.8 for * 1.25, * 0.1 for / 10. */
function asWritten(graph: Graph, number: Coefficient): NumberBefore {
  const [value, inverse] = [number, number.inverse()].map((one) => one.abs().valueOf());
  const isDivisor = `${inverse}`.length < `${value}`.length || Number.isInteger(inverse);
  const shown = number.abs();
  return { number: graph.number(isDivisor ? shown.inverse() : shown), isDivisor };
}

type Coefficient = ProductNode["coefficient"];
