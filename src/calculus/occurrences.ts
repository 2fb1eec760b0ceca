/**
 * The derivative of one expression by each reference that occurs in it: reverse accumulation inside
 * a body, from the root down. Under a reduction the bound letter stays open, so that the caller
 * decides which indices are summed: those sums are the summed paths.
 */
import type { Expression, ReduceNode, ReferenceNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { isZero } from "../expression/predicates.js";
import type { Letter } from "../expression/indices.js";
import { equal } from "../expression/operations/comparisons.js";
import { exponential } from "../expression/operations/smooth.js";
import { PerGraph } from "../expression/per-graph.js";
import { postorder } from "../expression/walk.js";

/** ∂body/∂reference for one value of each open letter; the derivative is the sum over them. */
export interface Occurrence {
  readonly reference: ReferenceNode;
  /** Letters of the reductions that the reference stands under, outermost first. */
  readonly open: readonly Letter[];
  readonly derivative: Expression;
}

/** Derivatives of a node by its operands. */
export type LocalRule = (graph: Graph, node: Expression) => readonly [Expression, Expression][];

interface Scope {
  readonly body: Expression;
  readonly seed: Expression;
  readonly open: readonly Letter[];
}

/**
 * @param body the expression to differentiate
 * @param seed a factor for every derivative: the adjoint of what `body` defines
 * @param wanted references whose derivatives are asked for
 * @param rule the derivatives of single nodes; another rule shows what a mistake in one leads to
 */
export function occurrences(
  graph: Graph,
  body: Expression,
  seed: Expression,
  wanted: (reference: ReferenceNode) => boolean,
  rule: LocalRule = partials,
): Occurrence[] {
  const found: Occurrence[] = [];
  const scopes: Scope[] = [{ body, seed, open: [] }];
  for (let scope = scopes.shift(); scope; scope = scopes.shift()) {
    const { open } = scope;
    const adjoints = new Map<Expression, Expression[]>([[scope.body, [scope.seed]]]);
    const give = (node: Expression, adjoint: Expression): void => {
      if (isZero(adjoint)) return;
      const before = adjoints.get(node);
      if (before) before.push(adjoint);
      else adjoints.set(node, [adjoint]);
    };
    const inScope = (node: Expression): readonly Expression[] =>
      node.kind === "reduce" ? [] : node.children;
    for (const node of postorder([scope.body], inScope).reverse()) {
      const parts = adjoints.get(node);
      if (!parts) continue;
      const adjoint = graph.add(...parts);
      if (isZero(adjoint)) continue;
      if (node.kind === "reference") {
        if (wanted(node)) found.push({ reference: node, open, derivative: adjoint });
      } else if (node.kind === "reduce") {
        scopes.push(reductionScope(graph, node, adjoint, open));
      } else {
        for (const [child, partial] of rule(graph, node)) {
          give(child, graph.multiply(adjoint, partial));
        }
      }
    }
  }
  return found;
}

/** Of each node that was asked for: mistakes are made in many passes over the same bodies. */
const known = new PerGraph(() => new Map<Expression, ReturnType<LocalRule>>());

/** Derivatives of a node by its operands; a reduction's are taken in the scope of its body. */
export function partials(graph: Graph, node: Expression): ReturnType<LocalRule> {
  const nodes = known.of(graph);
  let found = nodes.get(node);
  if (!found) nodes.set(node, (found = partialsOf(graph, node)));
  return found;
}

function partialsOf(graph: Graph, node: Expression): [Expression, Expression][] {
  switch (node.kind) {
    case "sum":
      return node.terms.map(({ coefficient, term }) => [term, graph.number(coefficient)]);
    case "product":
      return node.factors.map(({ base, exponent }, position) => {
        const lowered = node.factors.with(position, { base, exponent: exponent - 1 });
        const front = exponent === 1 ? node.coefficient : node.coefficient.mul(exponent);
        return [base, graph.monomial(front, lowered)];
      });
    case "apply": {
      const rules = node.operation.derivative(graph, node.children, node);
      return node.children.map((child, position) => [child, rules[position]!]);
    }
    default:
      return [];
  }
}

/** The same, with their limits at the edges of domains: for programs. */
export function limitingPartials(graph: Graph, node: Expression): ReturnType<LocalRule> {
  const rules = node.kind === "apply" ? node.operation.limitingDerivative : undefined;
  if (!rules) return partials(graph, node);
  const derivatives = rules(graph, node.children, node);
  return node.children.map((child, position) => [child, derivatives[position]!]);
}

/** The scope of a reduction's body, seeded with the derivative of the reduction by one entry. */
function reductionScope(
  graph: Graph,
  node: ReduceNode,
  adjoint: Expression,
  open: readonly Letter[],
): Scope {
  const { letter, body } = node;
  switch (node.reduction) {
    case "sum":
      return { body, seed: adjoint, open: [...open, letter] };
    case "logsumexp": {
      const share = graph.apply(exponential, graph.subtract(body, node));
      return { body, seed: graph.multiply(adjoint, share), open: [...open, letter] };
    }
    case "max":
    case "min": {
      // max over several letters is nested; all entries that tie share equally.
      const letters = [letter];
      let entry = body;
      while (entry.kind === "reduce" && entry.reduction === node.reduction) {
        letters.push(entry.letter);
        entry = entry.body;
      }
      const ties = graph.apply(equal, entry, node);
      const share = graph.divide(ties, graph.sumOver(letters, ties));
      return { body: entry, seed: graph.multiply(adjoint, share), open: [...open, ...letters] };
    }
  }
}
