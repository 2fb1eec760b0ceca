/** Mistakes that show on pieces of piecewise functions only that no point uses: found in expressions, without numbers. */
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { axisLetter } from "../../expression/definition.js";
import { Index } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { postorder } from "../../expression/walk.js";
import type { Piece } from "../../numeric/pieces.js";
import { modelText } from "../explanations/words.js";
import type { Backward, Edge } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import type { Mistake } from "./mistakes.js";

/** A mistake with the reason why no point shows it. */
interface Unseen extends Mistake {
  readonly why: string;
}

/**
 * For each piece the first mistake that changes a line there which something that is claimed depends on.
 * @param silent mistakes that change nothing at points that do not use the pieces
 */
export function beyond(
  { graph }: Backward,
  bench: Bench,
  silent: readonly Mistake[],
  pieces: readonly Piece[],
): Unseen[] {
  const linesWith = (edges: Iterable<Edge>, piece: Piece): Lines =>
    linesOn(
      graph,
      [...edges].filter(({ to }) => bench.leadsToClaims(to)),
      piece,
    );
  const found = pieces.flatMap((piece) => {
    const first = silent.find(({ change }) => {
      if (!change) return false;
      const { removed, added } = change();
      return differ(linesWith(removed, piece), linesWith(added, piece));
    });
    return first ? [{ ...first, why: sideText(piece) }] : [];
  });
  return found.filter(({ fault }, k) => found.findIndex((one) => one.fault === fault) === k);
}

/** `l - 0.1 is positive everywhere`, of what has one sign as far as points are known. */
function sideText({ watch: { subject }, side }: Piece): string {
  if (side === 0) return `${modelText(subject)} is 0 nowhere`;
  return `${modelText(subject)} is ${side < 0 ? "positive" : "negative"} everywhere`;
}

/** Sums of contributions, by what they lead to; undefined where no piece shows in them. */
type Lines = ReadonlyMap<Quantity, Expression> | undefined;

function differ(right: Lines, wrong: Lines): boolean {
  if (!right || !wrong) return false;
  const places = new Set([...right.keys(), ...wrong.keys()]);
  return [...places].some((place) => right.get(place) !== wrong.get(place));
}

function linesOn(graph: Graph, edges: readonly Edge[], piece: Piece): Lines {
  const { part, value } = heldOn(graph, piece);
  const form = inOrder(graph, part);
  let isFound = false;
  const lines = new Map<Quantity, Expression>();
  for (const { to, clause } of edges) {
    const nodes = postorder([clause.body], (one: Expression) => one.children);
    const held = new Set(nodes.filter((node) => inOrder(graph, node) === form));
    isFound ||= held.size > 0;
    const body = graph.transform(clause.body, (node) => (held.has(node) ? value : undefined));
    lines.set(to, graph.add(lines.get(to) ?? graph.zero, body));
  }
  return isFound ? lines : undefined;
}

/** How far beyond a kink: what else changes sign there would change further out. */
const BEYOND = "1/4096";

/** A part of the subject, and its value a little beyond the kink: l is 0.1 - ε where l - 0.1 is -ε. */
function heldOn(graph: Graph, { watch: { subject }, side }: Piece) {
  const reached = graph.multiply(graph.number(side), graph.number(BEYOND));
  if (subject.kind !== "sum") return { part: subject, value: reached };
  const { coefficient, term } = subject.terms[0]!;
  const rest = graph.subtract(subject, graph.scale(coefficient, term));
  return {
    part: term,
    value: graph.divide(graph.subtract(reached, rest), graph.number(coefficient)),
  };
}

/** The same for expressions that differ in their letters only. */
function inOrder(graph: Graph, node: Expression): Expression {
  const renaming = node.free.map(
    ({ key, size }, k) => [key, Index.of(axisLetter(k, size))] as const,
  );
  return graph.substitute(node, new Map(renaming));
}
