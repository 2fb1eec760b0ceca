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
  /** The names that a bound letter must give way to, if any. */
  readonly givesWay?: (node: ReduceNode) => ReadonlySet<string> | undefined;
}

/** See `Graph.substitute`. */
export function substitute(graph: Graph, root: Expression, replacements: Replacements): Expression {
  const isTouched = (node: Expression): boolean =>
    node.free.some((letter) => replacements.has(letter.key));
  if (!isTouched(root)) return root;
  return rebuild(graph, root, {
    enters: isTouched,
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
  // what is entered is done before it is met again: an operand is never above what uses it
  const done = new Map<Expression, Expression>();
  const built = (child: Expression): Expression => done.get(child) ?? child;
  const stack: Frame[] = [];
  const enter = (node: Expression): void => {
    const replacement = rules.enters && !rules.enters(node) ? node : rules.replace?.(node);
    if (replacement) done.set(node, replacement);
    else if (node.children.length === 0) done.set(node, rules.leaf ? rules.leaf(node) : node);
    else stack.push(frame(graph, node, rules));
  };
  enter(root);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (top.next < top.operands.length) {
      const child = top.operands[top.next++]!;
      if (!done.has(child)) enter(child);
      continue;
    }
    stack.pop();
    const { node, operands, letter } = top;
    if (letter && node.kind === "reduce") {
      done.set(node, graph.reduce(node.reduction, letter, built(operands[0]!)));
    } else {
      const isUnchanged = operands.every((operand) => built(operand) === operand);
      done.set(node, isUnchanged ? node : build(graph, node, built));
    }
  }
  return built(root);
}

function frame(graph: Graph, node: Expression, rules: Rules): Frame {
  const taken = node.kind === "reduce" ? rules.givesWay?.(node) : undefined;
  if (!taken || node.kind !== "reduce") return { node, operands: node.children, next: 0 };
  const letter = unusedLetter(node.letter.size, node.body, taken);
  const renaming = new Map([[node.letter.key, Index.of(letter)]]);
  return { node, operands: [substitute(graph, node.body, renaming)], letter, next: 0 };
}

function build(
  graph: Graph,
  node: Expression,
  built: (child: Expression) => Expression,
): Expression {
  switch (node.kind) {
    case "sum": {
      // a term that stays keeps its form: −(a + b) is not dissolved by rebuilding around it
      const terms = node.terms.map(({ coefficient, term }) => ({ coefficient, term: built(term) }));
      const kept = new Set(
        node.terms.map(({ term }) => term).filter((term) => built(term) === term),
      );
      terms.push({ coefficient: node.constant, term: graph.one });
      return graph.combine(terms, (term) => kept.has(term));
    }
    case "product": {
      const powers = node.factors.map(({ base, exponent }) => ({ base: built(base), exponent }));
      return graph.monomial(node.coefficient, powers);
    }
    case "apply":
      return graph.apply(node.operation, ...node.children.map(built));
    case "reduce":
      return graph.reduce(node.reduction, node.letter, built(node.body));
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
