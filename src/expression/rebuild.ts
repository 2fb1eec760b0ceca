/** Rebuilding expressions with parts replaced: substitution of indices, and of whole nodes. */
import type { Expression, ReduceNode } from "./expression.js";
import type { Graph } from "./graph.js";
import { Index, letter as makeLetter, type Letter, type Replacements } from "./indices.js";
import type { Size } from "./size.js";
import { postorder } from "./walk.js";

interface Rules {
  /** Whether a node changes at all; what does not is kept as it is. */
  readonly enters?: (node: Expression) => boolean;
  /** What a node without operands becomes. */
  readonly leaf?: (node: Expression) => Expression;
  /** What a node becomes, asked before its operands. */
  readonly replace?: (node: Expression) => Expression | undefined;
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
  replace: (node: Expression) => Expression | undefined,
): Expression {
  return rebuild(graph, root, { replace });
}

function rebuild(graph: Graph, root: Expression, rules: Rules): Expression {
  const done = new Map<Expression, Expression>();
  const renamed = new Map<Expression, { letter: Letter; body: Expression }>();
  const children = (node: Expression): readonly Expression[] => {
    const replacement = rules.enters && !rules.enters(node) ? node : rules.replace?.(node);
    if (replacement) {
      done.set(node, replacement);
      return [];
    }
    const taken = node.kind === "reduce" ? rules.givesWay?.(node) : undefined;
    if (!taken || node.kind !== "reduce") return node.children;
    const letter = unusedLetter(node.letter.size, node.body, taken);
    const renaming = new Map([[node.letter.key, Index.of(letter)]]);
    const body = substitute(graph, node.body, renaming);
    renamed.set(node, { letter, body });
    return [body];
  };
  const built = (child: Expression): Expression => done.get(child) ?? child;
  for (const node of postorder([root], children)) {
    if (done.has(node)) continue;
    const binder = renamed.get(node);
    done.set(
      node,
      binder && node.kind === "reduce"
        ? graph.reduce(node.reduction, binder.letter, built(binder.body))
        : build(graph, node, built, rules.leaf),
    );
  }
  return built(root);
}

function build(
  graph: Graph,
  node: Expression,
  built: (child: Expression) => Expression,
  leaf: Rules["leaf"],
): Expression {
  switch (node.kind) {
    case "sum":
      // a term that stays keeps its form: −(a + b) is not dissolved by rebuilding around it
      return graph.add(
        graph.number(node.constant),
        ...node.terms.map(({ coefficient, term }) =>
          built(term) === term
            ? graph.scale(coefficient, term)
            : graph.combine([{ coefficient, term: built(term) }]),
        ),
      );
    case "product":
      return graph.multiply(
        graph.number(node.coefficient),
        ...node.factors.map(({ base, exponent }) => graph.integerPower(built(base), exponent)),
      );
    case "apply":
      return graph.apply(node.operation, ...node.children.map(built));
    case "reduce":
      return graph.reduce(node.reduction, node.letter, built(node.body));
    default:
      return leaf ? leaf(node) : node;
  }
}

/** A letter `#n` above all letters that a body binds, and none of those taken. */
export function unusedLetter(size: Size, body: Expression, taken: ReadonlySet<string>): Letter {
  let depth = body.height + 1;
  while (taken.has(`#${depth}`)) depth++;
  return makeLetter(`#${depth}`, size);
}
