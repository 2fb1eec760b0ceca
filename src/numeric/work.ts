/** How much work a program is, and programs cut down to some entries of the gradients. */
import { type Definition, fullBody } from "../expression/definition.js";
import { axisLetter } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { isSign } from "../expression/rational.js";
import type { SizeValues } from "../expression/size.js";
import { postorder } from "../expression/walk.js";

/**
 * Nodes that are visited when every entry is computed once: a rough measure of time.
 * @param costly how many operations a transcendental function counts for
 */
export function work(definitions: readonly Definition[], sizes: SizeValues, costly = 1): number {
  return count(definitions, sizes, 0, (node) =>
    node.kind === "apply" && node.operation.costly ? costly : 1,
  );
}

/** Additions, multiplications, divisions and functions when every entry is computed once. */
export function operationCount(definitions: readonly Definition[], sizes: SizeValues): number {
  return count(definitions, sizes, 1, operationsOf);
}

/** How often an operation is applied that has no value for several numbers at once. */
export function singleApplications(definitions: readonly Definition[], sizes: SizeValues): number {
  return count(definitions, sizes, 0, (node) =>
    Number(node.kind === "apply" && !node.operation.vector),
  );
}

function operationsOf(node: Expression): number {
  switch (node.kind) {
    case "sum": {
      const scaled = node.terms.filter(({ coefficient }) => !isSign(coefficient));
      return node.terms.length - 1 + Number(node.constant.n !== 0n) + scaled.length;
    }
    case "product": {
      const factors = node.factors.reduce((n, { exponent }) => n + Math.abs(exponent), 0);
      const divides = node.factors.every(({ exponent }) => exponent < 0);
      return factors - 1 + Number(divides || !isSign(node.coefficient));
    }
    case "apply":
      return 1;
    default:
      return 0;
  }
}

/**
 * @param perRound what a reduction costs for each value of its letter, besides its body
 * @param cost of a node by itself
 */
function count(
  definitions: readonly Definition[],
  sizes: SizeValues,
  perRound: number,
  cost: (node: Expression) => number,
): number {
  const runs = (letters: readonly Letter[]): number =>
    letters.reduce((product, { size }) => product * size.evaluate(sizes), 1);
  const bodies = new Map<Expression, number>();
  const inScope = (node: Expression): readonly Expression[] =>
    node.kind === "reduce" ? [] : node.children;
  const scopeCost = (root: Expression): number => {
    let total = 0;
    for (const node of postorder([root], inScope)) {
      if (node.kind === "reduce")
        total += runs([node.letter]) * (bodies.get(node.body)! + perRound);
      else total += cost(node);
    }
    return total;
  };
  let total = 0;
  for (const { clauses } of definitions) {
    for (const { letters, body } of clauses) {
      // inner scopes first: a walk over everything meets them in that order
      for (const node of postorder([body], (one: Expression) => one.children)) {
        if (node.kind === "reduce") bodies.set(node.body, scopeCost(node.body));
      }
      total += runs(letters) * scopeCost(body);
    }
  }
  return total;
}

/**
 * Definitions of which only some entries are computed; the others stay 0.
 * @param kept row-major positions for each quantity that is cut down; nothing else may use these
 * quantities. Definitions of several clauses are left whole.
 */
export function restrict(
  graph: Graph,
  definitions: readonly Definition[],
  kept: ReadonlyMap<Quantity, readonly number[]>,
  sizes: SizeValues,
): Definition[] {
  return definitions.map((definition) => {
    const { quantity, clauses } = definition;
    const positions = kept.get(quantity);
    const body = fullBody(quantity.shape, clauses);
    const lengths = quantity.shape.map((size) => size.evaluate(sizes));
    const count = lengths.reduce((product, length) => product * length, 1);
    if (!positions || !body || positions.length >= count) return definition;
    return {
      quantity,
      clauses: positions.map((position) => {
        const indices: Index[] = [];
        let rest = position;
        for (const length of lengths.toReversed()) {
          indices.unshift(Index.number(rest % length));
          rest = Math.floor(rest / length);
        }
        const at = new Map(
          quantity.shape.map((size, axis) => [axisLetter(axis, size).key, indices[axis]!]),
        );
        return { letters: [], indices, body: graph.substitute(body, at) };
      }),
    };
  });
}
