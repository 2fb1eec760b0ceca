/**
 * Two steps of the backward pass as one: what is forgotten on one path through a quantity may be
 * there on its other paths, and people write the derivatives of statistics in one line.
 */
import type { Expression, ReferenceNode } from "../../../expression/expression.js";
import { Index, letter, type Letter } from "../../../expression/indices.js";
import type { Quantity } from "../../../expression/quantity.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { summandsOf } from "./partitions.js";

/** More steps into a quantity are not written in one line with the step out of it. */
const MOST_INTO = 3;

export interface Composition {
  /** The contribution through both steps. */
  readonly edge: Edge;
  /** What they go through, and the indices at which the second step uses its derivative. */
  readonly through: { readonly quantity: Quantity; readonly indices: readonly Index[] };
  /** The same change of this line made in the pass of single steps. */
  readonly inPass: (change: Change) => Change;
}

/** Pairs of steps a → through → b, where the way through is not the only way, or a narrow one. */
export function compositions(backward: Backward, out: Edge): Composition[] {
  const { from: through } = out;
  const isNarrow = through.shape.length < out.to.shape.length;
  const isBranch = new Set(backward.outOf(through).map(({ to }) => to)).size > 1;
  if (!isNarrow && !isBranch) return [];
  const into = backward.into(through);
  // a line for each use of a quantity: y·d² and (1 − y)·max(m − d, 0)² are differentiated apart
  const inTerms = into.flatMap((edge) => {
    const bodies = summandsOf(backward, edge);
    return bodies.length === 0
      ? [edge]
      : bodies.map((body) => ({ ...edge, clause: { ...edge.clause, body } }));
  });
  return [into, ...(inTerms.length > into.length ? [inTerms] : [])].flatMap((steps) =>
    composedWith(backward, steps, out),
  );
}

function composedWith(backward: Backward, into: readonly Edge[], out: Edge): Composition[] {
  if (into.length === 0 || into.length > MOST_INTO) return [];
  const composed = into.map((one) => compose(backward, one, out));
  if (!composed.every((one) => one !== undefined)) return [];
  const { indices } = usesOfAdjoint(backward, out)[0]!;
  return composed.map((edge) => ({
    edge,
    through: { quantity: out.from, indices },
    inPass: ({ removed, added }) => ({
      removed: new Set([...removed].map((one) => (one === edge ? out : one))),
      added: [...added, ...composed.filter((one) => one !== edge)],
    }),
  }));
}

/** The contribution of `into` put in place of ∂loss/∂through; undefined where it stands at other indices. */
export function compose(backward: Backward, into: Edge, out: Edge): Edge | undefined {
  const { graph } = backward;
  const uses = usesOfAdjoint(backward, out);
  const [use] = uses;
  if (!use || uses.length > 1) return undefined;
  const replacements = new Map<string, Index>();
  for (const [axis, index] of into.clause.indices.entries()) {
    const { plain } = index;
    if (plain) replacements.set(plain.key, use.indices[axis]!);
    else if (!(index.letters.length === 0 && index.offset.constant === 0)) return undefined;
  }
  const summed: Letter[] = [];
  for (const one of into.clause.letters) {
    if (replacements.has(one.key)) continue;
    const fresh = letter(`through${out.clause.letters.length + summed.length}`, one.size);
    summed.push(fresh);
    replacements.set(one.key, Index.of(fresh));
  }
  const inner = graph.substitute(into.clause.body, replacements);
  const body = productWith(backward, out.clause.body, use, inner);
  if (!body) return undefined;
  const letters = [...out.clause.letters, ...summed];
  return { from: into.from, to: out.to, clause: { ...out.clause, letters, body } };
}

function usesOfAdjoint(backward: Backward, { from, clause }: Edge): ReferenceNode[] {
  const adjoint = backward.adjointOf(from);
  return references([clause.body]).filter(({ quantity }) => quantity === adjoint);
}

/** A body that is linear in a reference, with something in its place, which may be summed outside. */
function productWith(
  { graph }: Backward,
  body: Expression,
  use: Expression,
  inner: Expression,
): Expression | undefined {
  if (body === use) return inner;
  if (body.kind !== "product") return undefined;
  const own = body.factors.find(({ base }) => base === use);
  if (own?.exponent !== 1) return undefined;
  return graph.multiply(graph.divide(body, use), inner);
}
