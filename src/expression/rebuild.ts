/** Rebuilding expressions with parts replaced: substitution of indices, and of whole nodes. */
import { holds } from "./contents.js";
import type { Expression, ReduceNode } from "./expression.js";
import type { Graph } from "./graph.js";
import { Index, letter as makeLetter, type Letter, type Replacements } from "./indices.js";
import type { Size } from "./size.js";

/** What a node becomes; undefined where that follows from its operands. */
export type Replace = (node: Expression) => Expression | undefined;

interface Rules {
  /** Whether a node changes at all; what does not is kept as it is. */
  readonly enters?: (node: Expression) => boolean;
  /** What a node without operands becomes. */
  readonly leaf?: (node: Expression) => Expression;
  /** What a node becomes, asked before its operands. */
  readonly replace?: Replace;
  /** Whether sums that are terms of a sum stay so: other indices are no reason to multiply 2(a + b) out. */
  readonly keepsBrackets?: boolean;
  /** The names that a bound letter must give way to, if any. */
  readonly givesWay?: (node: ReduceNode) => ReadonlySet<string> | undefined;
}

/** See `Graph.substitute`. */
export function substitute(graph: Graph, root: Expression, replacements: Replacements): Expression {
  const isTouched = ({ free }: Expression): boolean => {
    for (const { key } of free) if (replacements.has(key)) return true;
    return false;
  };
  return rebuild(graph, root, {
    enters: isTouched,
    keepsBrackets: true,
    leaf: (node) => {
      if (node.kind === "reference") {
        const indices = node.indices.map((index) => index.substitute(replacements));
        return graph.reference(node.quantity, indices);
      }
      if (node.kind !== "delta") return node;
      const [a, b] = node.indices;
      return graph.delta(a.substitute(replacements), b.substitute(replacements));
    },
    givesWay: (node) => {
      const incoming = node.free.flatMap((letter) => replacements.get(letter.key)?.letters ?? []);
      const isCaptured =
        replacements.has(node.letter.key) ||
        incoming.some((letter) => letter.key === node.letter.key);
      if (!isCaptured) return undefined;
      const replaced = [...replacements.keys()].map((key) => key.slice(0, key.indexOf(":")));
      // nor a letter that is free in the body: an outer reduction may bind it
      const free = [...incoming, ...node.free].map((letter) => letter.name);
      return new Set([...free, ...replaced]);
    },
  });
}

/** See `Graph.transform`. */
export function transform(
  graph: Graph,
  root: Expression,
  replace: Replace,
  among?: number,
): Expression {
  if (among === undefined) return rebuild(graph, root, { replace });
  if (!holds(root, among)) return root;
  return rebuild(graph, root, { replace, enters: (node) => holds(node, among) });
}

interface Frame {
  readonly node: Expression;
  readonly operands: readonly Expression[];
  /** The letter that a reduction's own gives way to. */
  readonly letter?: Letter;
  next: number;
}

function rebuild(graph: Graph, root: Expression, rules: Rules): Expression {
  const whole = withoutOperands(root, rules);
  if (whole) return whole;
  // what is entered is done before it is met again: an operand is never above what uses it
  const done = new Map<Expression, Expression>();
  const stack = [frame(graph, root, rules)];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (top.next < top.operands.length) {
      const child = top.operands[top.next++]!;
      if (done.has(child)) continue;
      const result = withoutOperands(child, rules);
      if (result) done.set(child, result);
      else stack.push(frame(graph, child, rules));
    } else {
      stack.pop();
      done.set(top.node, build(graph, top, done, rules));
    }
  }
  return done.get(root)!;
}

/** What a node becomes if that does not follow from its operands. */
function withoutOperands(
  node: Expression,
  { enters, leaf, replace }: Rules,
): Expression | undefined {
  if (enters && !enters(node)) return node;
  const replacement = replace?.(node);
  if (replacement || node.children.length > 0) return replacement;
  return leaf ? leaf(node) : node;
}

function frame(graph: Graph, node: Expression, rules: Rules): Frame {
  const taken = node.kind === "reduce" ? rules.givesWay?.(node) : undefined;
  if (!taken || node.kind !== "reduce") return { node, operands: node.children, next: 0 };
  const letter = unusedLetter(node.letter.size, node.body, taken);
  const renaming = new Map([[node.letter.key, Index.of(letter)]]);
  return { node, operands: [substitute(graph, node.body, renaming)], letter, next: 0 };
}

/** A node again from its operands, which are done; itself where they stay as they are. */
function build(
  graph: Graph,
  { node, operands, letter }: Frame,
  done: ReadonlyMap<Expression, Expression>,
  { keepsBrackets = false }: Rules,
): Expression {
  if (letter && node.kind === "reduce")
    return graph.reduce(node.reduction, letter, done.get(operands[0]!)!);
  if (operands.every((operand) => done.get(operand) === operand)) return node;
  switch (node.kind) {
    case "sum": {
      const terms = node.terms.map(({ coefficient, term }) => ({
        coefficient,
        term: done.get(term)!,
      }));
      terms.push({ coefficient: node.constant, term: graph.one });
      // a term that stays keeps its form: −(a + b) is not dissolved by rebuilding around it
      const isKept = (one: Expression): boolean => kept.has(one);
      const kept = new Set(
        node.children
          .filter((one) => done.get(one) === one || (keepsBrackets && one.kind === "sum"))
          .map((one) => done.get(one)),
      );
      return graph.combine(terms, isKept);
    }
    case "product": {
      const powers = node.factors.map(({ base, exponent }) => ({
        base: done.get(base)!,
        exponent,
      }));
      return graph.monomial(node.coefficient, powers);
    }
    case "apply":
      return graph.apply(node.operation, ...operands.map((operand) => done.get(operand)!));
    case "reduce":
      return graph.reduce(node.reduction, node.letter, done.get(node.body)!);
    default:
      return node;
  }
}

/** A letter `#n` above all letters that a body binds, and none of those taken. */
export function unusedLetter(size: Size, body: Expression, taken: ReadonlySet<string>): Letter {
  let depth = body.height + 1;
  while (taken.has(`#${depth}`)) depth++;
  return makeLetter(`#${depth}`, size);
}
