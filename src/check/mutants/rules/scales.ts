/** Constants before a part of a definition that its derivative lacks: 1/N of a mean, ½, a rate. */
import { partials } from "../../../calculus/occurrences.js";
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Letter } from "../../../expression/indices.js";
import { references } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText, reducedText } from "../../explanations/words.js";
import type { Mutant } from "../mutant.js";
import { dependsOnQuantities, mutantOf } from "../variant.js";

export function* scaleMutants(
  backward: Backward,
  definition: Definition,
  node: Expression,
): Generator<Mutant> {
  const { graph } = backward;
  for (const [part, right] of partials(graph, node)) {
    if (!dependsOnQuantities(part)) continue;
    for (const scale of scales(backward, node, part)) {
      const inverse = graph.integerPower(scale, -1);
      // what the model gives a name is a factor like others, and no constant
      const isNamed = references([scale]).length > 0;
      yield mutantOf(backward, definition, node, part, {
        partial: graph.multiply(right, inverse),
        cause: isNamed ? "missing-factor" : "constant-factor",
        tell: () => {
          const [left, factor] = [scale, inverse].map((one) =>
            modelText(one).replace(/^1 \.\/ /, "1/"),
          );
          const number = inverse.kind === "number" ? inverse.value.valueOf() : factor!;
          const term = modelText(part);
          const mean = meanText(graph, part, inverse);
          const what = mean
            ? `computed with ${term} where the mean over ${factor} entries belongs, ${mean}: divide that part by ${factor}`
            : isShorter(inverse, scale)
              ? `computed without dividing ${term} by ${factor}: divide that part by ${factor}`
              : `computed with the factor ${left} before ${term} left out: multiply that part by ${left}`;
          return { factor: isNamed ? left! : number, term, what };
        },
        cost: 1.6,
      });
    }
  }
}

/** Whether a number is rather divided by, 0.8 for 1.25; of whole ones people write either. */
function isShorter(divisor: Expression, factor: Expression): boolean {
  if (divisor.kind !== "number" || factor.kind !== "number" || divisor.value.d === 1n) return false;
  const [under, over] = [divisor, factor].map(({ value }) => `${value.valueOf()}`.length);
  return under! < over!;
}

/** What a sum is if it is divided by the number of its terms: `mean(r.^2)`. */
function meanText(graph: Graph, sum: Expression, divisor: Expression): string | undefined {
  if (sum.kind !== "reduce" || sum.reduction !== "sum") return undefined;
  const letters: Letter[] = [];
  for (let node: Expression = sum; node.kind === "reduce" && node.reduction === "sum";) {
    letters.push(node.letter);
    node = node.body;
  }
  const count = graph.multiply(...letters.map(({ size }) => graph.size(size)));
  return count === divisor ? reducedText(sum, "mean", letters) : undefined;
}

/** One number that no parameter moves: a temperature, a rate, the sum of the weights of all examples. */
export function isGivenNumber(backward: Backward, node: Expression): boolean {
  const used = references([node]).map(({ quantity }) => quantity);
  return (
    node.free.length === 0 && used.length > 0 && used.every((quantity) => backward.isData(quantity))
  );
}

/** Constants that an operand stands with in a sum or a product: sizes, given numbers, and its coefficient. */
function scales(backward: Backward, node: Expression, part: Expression): Expression[] {
  const { graph } = backward;
  const found: Expression[] = [];
  if (node.kind === "product") {
    for (const { base, exponent } of node.factors) {
      if (base.kind !== "size" && !isGivenNumber(backward, base)) continue;
      found.push(graph.integerPower(base, exponent));
      // 1/sigma for 1/sigma^2
      if (Math.abs(exponent) > 1) found.push(graph.integerPower(base, Math.sign(exponent)));
    }
    found.push(graph.number(node.coefficient.abs()));
  }
  if (node.kind === "sum") {
    const own = node.terms.find(({ term }) => term === part);
    if (own) found.push(graph.number(own.coefficient.abs()));
  }
  return found.filter((scale) => scale !== graph.one && scale !== graph.zero);
}
