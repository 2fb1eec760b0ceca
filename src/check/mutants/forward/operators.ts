/** Operators of the forward pass taken for one another: + for *, a product for a quotient, max for sum. */
import type {
  Expression,
  ProductNode,
  ReduceNode,
  SumNode,
} from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Letter } from "../../../expression/indices.js";
import { modelText, reducedText } from "../../explanations/words.js";
import { inPlaceOf } from "../forward-fault.js";
import { MISTAKEN } from "./mistaken.js";
import type { Rewriting } from "./rewriting.js";

export function operatorConfusions(graph: Graph, node: Expression): Rewriting[] {
  switch (node.kind) {
    case "product":
      return ofProduct(graph, node);
    case "sum":
      return ofSum(graph, node);
    case "reduce":
      return ofReduction(graph, node);
    case "apply": {
      const others = MISTAKEN.get(node.operation)?.(graph, ...node.children) ?? [];
      // of a function in pieces, one piece everywhere
      const isPiece = (result: Expression): boolean =>
        node.children.length > 1 && node.children.includes(result);
      return others.map((result) => confusion(node, result, isPiece(result) ? 2.1 : 2.25));
    }
    default:
      return [];
  }
}

function confusion(node: Expression, result: Expression, cost: number): Rewriting {
  return {
    result,
    cause: "wrong-function",
    tell: () => inPlaceOf(modelText(result), modelText(node)),
    cost,
  };
}

/** p + q for p·q, p·q for p/q and q/p. */
function ofProduct(graph: Graph, node: ProductNode): Rewriting[] {
  const { coefficient, factors } = node;
  const found: Rewriting[] = [];
  const added = summed(graph, node);
  if (added) found.push(confusion(node, added, 2.35));
  const under = factors.filter(({ exponent }) => exponent < 0);
  if (under.length === 0) return found;
  const number = graph.number(coefficient);
  const parts = factors.map(({ base, exponent }) => graph.integerPower(base, Math.abs(exponent)));
  found.push(confusion(node, graph.multiply(number, ...parts), 2.25));
  if (under.length < factors.length) {
    const turned = factors.map(({ base, exponent }) => graph.integerPower(base, -exponent));
    found.push(confusion(node, graph.multiply(number, ...turned), 2.3));
  }
  return found;
}

/** The factors of a product added up, where they have the same axes; numbers are none. */
function summed(graph: Graph, { coefficient, factors, free }: ProductNode): Expression | undefined {
  const isWhole = factors.every(({ exponent }) => exponent === 1);
  if (!isWhole || factors.length < 2 || factors.some(({ base }) => base.kind === "size")) {
    return undefined;
  }
  const isFull = factors.some(({ base }) => base.free.length === free.length);
  if (!isFull) return undefined;
  const total = graph.add(...factors.map(({ base }) => base));
  return graph.multiply(graph.number(coefficient), total);
}

/** p·q for p + q; p·q + r·s with both products as sums. */
function ofSum(graph: Graph, node: SumNode): Rewriting[] {
  const found: Rewriting[] = [];
  const { constant, terms, free } = node;
  const isFull = terms.some(({ term }) => term.free.length === free.length);
  if (terms.length === 2 && constant.n === 0n && isFull) {
    const product = graph.multiply(
      ...terms.map(({ coefficient, term }) => graph.scale(coefficient, term)),
    );
    found.push(confusion(node, product, 2.4));
  }
  const sums = terms.map(({ term }) => (term.kind === "product" ? summed(graph, term) : undefined));
  if (sums.filter((one) => one !== undefined).length > 1) {
    const all = terms.map(({ coefficient, term }, k) => graph.scale(coefficient, sums[k] ?? term));
    found.push(confusion(node, graph.add(graph.number(constant), ...all), 2.35));
  }
  return found;
}

/** Sum, mean, max, min and logsumexp over the same letter. */
function ofReduction(graph: Graph, node: ReduceNode): Rewriting[] {
  const { reduction, letter, body } = node;
  const others = (["sum", "max", "min", "logsumexp"] as const)
    .filter((other) => other !== reduction)
    .map((other) => graph.reduce(other, letter, body));
  const found = others
    .filter((result) => result.kind !== "number")
    .map((result) => confusion(node, result, 2.35));
  // means for maxima are taken in a whole definition at once
  if (reduction === "max" || reduction === "min") return found;
  const isSum = reduction === "sum";
  for (const letters of isSum ? averaged(node) : [[letter]]) {
    const counts = letters.map(({ size }) => graph.size(size));
    const mean = graph.divide(graph.sum(letter, body), graph.multiply(...counts));
    const what = (): string => {
      const [used, instead] = ["mean", reduction].map((name) => reducedText(node, name, letters));
      return used === undefined
        ? `a mean in place of the sum in ${modelText(node)}`
        : `${used} in place of ${instead!}`;
    };
    const rewriting = confusion(node, mean, isSum ? 2.2 : 2.35);
    found.push({
      ...rewriting,
      ...(isSum ? { cause: "constant-factor" } : {}),
      tell: () =>
        isSum
          ? { factor: modelText(graph.integerPower(graph.multiply(...counts), -1)), what: what() }
          : { ...rewriting.tell(), what: what() },
    });
  }
  return found;
}

/** Letters of sums inside each other over which a mean may be taken: the outermost, or all of a sum over everything. */
function averaged(node: ReduceNode): (readonly Letter[])[] {
  const letters = lettersOf(node);
  return letters.length > 1 && node.free.length === 0 ? [[node.letter], letters] : [[node.letter]];
}

function lettersOf({ reduction, letter, body }: ReduceNode): readonly Letter[] {
  const isNested = body.kind === "reduce" && body.reduction === reduction;
  return [letter, ...(isNested ? lettersOf(body) : [])];
}
