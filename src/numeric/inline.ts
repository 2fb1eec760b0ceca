/**
 * Definitions with names that save no work dissolved, so that fewer numbers are stored and read:
 * other names for the same (dz2 := dy), constants, and what is used once, at the very entries that
 * it is computed at (dz1[i] := a1[i]·(1 − a1[i])·Σ_k W2[k,i]·dz2[k]).
 */
import { axisLetter, type Definition, fullBody, fullClause } from "../expression/definition.js";
import type { Expression, ReferenceNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Index, Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { isSign } from "../expression/rational.js";
import { postorder } from "../expression/walk.js";

/** Larger bodies keep their names, so that chains of definitions stay linear. */
const LARGEST = 60;

/**
 * @param kept quantities that must stay, besides those that others use
 */
export function inline(
  graph: Graph,
  definitions: readonly Definition[],
  kept: ReadonlySet<Quantity>,
): Definition[] {
  const bodies = new Map<Quantity, Expression>();
  const expand = (root: Expression): Expression =>
    graph.transform(root, (node) => {
      const body = node.kind === "reference" ? bodies.get(node.quantity) : undefined;
      return body && node.kind === "reference" ? at(graph, body, node) : undefined;
    });
  // first other names and constants: then it shows what is used once
  const short = definitions.map((definition) => {
    const expanded = withBodies(definition, expand);
    const body = fullBody(expanded.quantity.shape, expanded.clauses);
    if (body && isFree(body)) bodies.set(expanded.quantity, body);
    return expanded;
  });
  const used = uses(short);
  const result: Definition[] = [];
  for (const definition of short) {
    const { quantity } = definition;
    const expanded = withBodies(definition, expand);
    const body = fullBody(quantity.shape, expanded.clauses);
    const isOnce = used.get(quantity) === "once" && !kept.has(quantity) && isSmall(body);
    if (body && isOnce) bodies.set(quantity, body);
    if (!bodies.has(quantity) || kept.has(quantity)) result.push(expanded);
  }
  return result;
}

function withBodies(
  { quantity, clauses }: Definition,
  change: (body: Expression) => Expression,
): Definition {
  const changed = clauses.map((clause) => ({ ...clause, body: change(clause.body) }));
  const body = fullBody(quantity.shape, changed);
  return { quantity, clauses: body ? [fullClause(quantity.shape, body)] : changed };
}

/** A body at the indices of a reference. */
function at(graph: Graph, body: Expression, { quantity, indices }: ReferenceNode): Expression {
  const replacements = new Map<string, Index>(
    quantity.shape.map((size, axis) => [axisLetter(axis, size).key, indices[axis]!]),
  );
  return graph.substitute(body, replacements);
}

/** Whether a body costs nothing: constants, and other names for the same. */
function isFree(body: Expression): boolean {
  if (body.kind === "reference") return true;
  if (body.kind === "product" && isSign(body.coefficient) && body.factors.length === 1) {
    const [{ base, exponent }] = body.factors as [(typeof body.factors)[number]];
    return exponent === 1 && base.kind === "reference";
  }
  return size(body) <= LARGEST && nodesOf(body).every(({ kind }) => CONSTANT.has(kind));
}

const CONSTANT: ReadonlySet<Expression["kind"]> = new Set([
  "number",
  "size",
  "constant",
  "sum",
  "product",
]);

function isSmall(body: Expression | undefined): boolean {
  return body !== undefined && !isFast(body) && size(body) <= LARGEST;
}

/** Fast functions are applied to a whole array: their values keep it. */
function isFast(body: Expression): boolean {
  return body.kind === "apply" && body.operation.fast !== undefined;
}

function size(body: Expression): number {
  return nodesOf(body).length;
}

function nodesOf(body: Expression): readonly Expression[] {
  return [...postorder([body], (node: Expression) => node.children)];
}

/** Whether a quantity is used once, for each of its entries once. */
function uses(definitions: readonly Definition[]): Map<Quantity, "once" | "again"> {
  const found = new Map<Quantity, "once" | "again">();
  for (const { clauses } of definitions) {
    const scopes = clauses.map(({ body, letters }) => ({ body, letters }));
    for (let scope = scopes.pop(); scope; scope = scopes.pop()) {
      const { letters } = scope;
      const inScope = (node: Expression): readonly Expression[] =>
        node.kind === "reduce" ? [] : node.children;
      for (const node of postorder([scope.body], inScope)) {
        if (node.kind === "reduce") {
          scopes.push({ body: node.body, letters: [...letters, node.letter] });
        } else if (node.kind === "reference") {
          const isOnce = !found.has(node.quantity) && runsOver(node, letters);
          found.set(node.quantity, isOnce ? "once" : "again");
        }
      }
    }
  }
  return found;
}

/** Whether the entries that are referred to differ for all values of the letters. */
function runsOver({ quantity, indices }: ReferenceNode, letters: readonly Letter[]): boolean {
  const plain = new Set(indices.map((index) => index.plain?.key));
  const long = quantity.shape.filter((size) => !size.isOne);
  return letters.length === long.length && letters.every(({ key }) => plain.has(key));
}
