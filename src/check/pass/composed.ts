/** Two mistakes in one line of a pass: each changes a factor, or a term, that the other leaves as it is. */
import type { Fraction } from "fraction.js";
import type { Expression, ProductNode } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import type { Backward, Change, Edge } from "./backward.js";
import { merged } from "./changes.js";

/**
 * Two changes at once, also where both are made in the same lines. Of a line that one of them leaves out
 * nothing remains; where both change one factor of it, what is changed in fewer lines stands: the line has it
 * of its own. Undefined where that does not tell what becomes of a line.
 */
export function composed(backward: Backward, a: Change, b: Change): Change | undefined {
  const shared = [...a.removed].filter((edge) => b.removed.has(edge));
  if (shared.length === 0) return merged(a, b);
  const own = { a: new Set(a.added), b: new Set(b.added) };
  const lines: Edge[] = [];
  for (const edge of shared) {
    const [one, other] = [replacement(a, edge), replacement(b, edge)];
    if (one === "unclear" || other === "unclear") return undefined;
    if (one) own.a.delete(one);
    if (other) own.b.delete(other);
    if (!one || !other) continue;
    const line = composedLine(backward, edge, one, other) ?? narrower([a, one], [b, other]);
    if (!line) return undefined;
    lines.push(line);
  }
  const isShared = (edge: Edge): boolean => shared.includes(edge);
  const rest = { ...b, removed: new Set([...b.removed].filter((edge) => !isShared(edge))) };
  const whole = merged({ ...a, added: [...own.a] }, { ...rest, added: [...own.b] });
  return whole && { ...whole, added: [...whole.added, ...lines] };
}

/** What stands in place of a line; nothing, where it is left out. */
function replacement({ removed, added }: Change, edge: Edge): Edge | undefined | "unclear" {
  const isAlike = ({ from, to }: Edge): boolean => from === edge.from && to === edge.to;
  const before = [...removed].filter(isAlike);
  const after = added.filter(isAlike);
  if (after.length === 0) return undefined;
  return before.length === 1 && after.length === 1 ? after[0]! : "unclear";
}

function narrower(
  [a, one]: readonly [Change, Edge],
  [b, other]: readonly [Change, Edge],
): Edge | undefined {
  if (a.removed.size === b.removed.size) return undefined;
  return a.removed.size < b.removed.size ? one : other;
}

function composedLine(backward: Backward, right: Edge, one: Edge, other: Edge): Edge | undefined {
  const { graph } = backward;
  const places = [right, one, other].map(({ clause: { letters, indices } }) =>
    [...letters, ...indices].map(({ key }) => key).join(),
  );
  if (new Set(places).size > 1) return undefined;
  // some mistakes are made in what is named, others in what the names stand for
  const [whole, a, b] = [right, one, other].map(({ clause }) => backward.withNames(clause.body));
  const compose = whole!.kind === "sum" ? composedSum : composedProduct;
  const body = compose(graph, whole!, a!, b!);
  return body && { ...right, clause: { ...right.clause, body } };
}

function composedProduct(
  graph: Graph,
  whole: Expression,
  a: Expression,
  b: Expression,
): Expression | undefined {
  const [right, one, other] = [whole, a, b].map((node) => powersIn(graph, node));
  const powers: { base: Expression; exponent: number }[] = [];
  for (const base of new Set([...right!.keys(), ...one!.keys(), ...other!.keys()])) {
    const exponent = onlyChange(right!.get(base) ?? 0, one!.get(base) ?? 0, other!.get(base) ?? 0);
    if (exponent === undefined) return undefined;
    if (exponent !== 0) powers.push({ base, exponent });
  }
  const [c, d, e] = [whole, a, b].map((node) => graph.splitCoefficient(node)[0]);
  return graph.monomial(d!.mul(e!).div(c!), powers);
}

function powersIn(graph: Graph, node: Expression): Map<Expression, number> {
  const [, rest] = graph.splitCoefficient(node);
  if (rest === graph.one) return new Map();
  const factors: ProductNode["factors"] =
    rest.kind === "product" ? rest.factors : [{ base: rest, exponent: 1 }];
  return new Map(factors.map(({ base, exponent }) => [base, exponent]));
}

function composedSum(
  graph: Graph,
  whole: Expression,
  a: Expression,
  b: Expression,
): Expression | undefined {
  const [right, one, other] = [whole, a, b].map((node) => termsIn(graph, node));
  for (const term of new Set([...right!.keys(), ...one!.keys(), ...other!.keys()])) {
    const [r, s, t] = [right!, one!, other!].map((terms) => terms.get(term)?.valueOf() ?? 0);
    if (onlyChange(r!, s!, t!) === undefined) return undefined;
  }
  return graph.subtract(graph.add(a, b), whole);
}

/** The terms of a sum with their coefficients; its constant is that of 1. */
function termsIn(graph: Graph, node: Expression): Map<Expression, Fraction> {
  if (node.kind !== "sum") {
    const [coefficient, term] = graph.splitCoefficient(node);
    return new Map([[term, coefficient]]);
  }
  const terms = node.terms.map(({ coefficient, term }) => [term, coefficient] as const);
  return new Map([[graph.one, node.constant], ...terms]);
}

/** What two changes make of a number that at most one of them changes. */
function onlyChange(right: number, a: number, b: number): number | undefined {
  if (a === right) return b;
  return b === right ? a : undefined;
}
