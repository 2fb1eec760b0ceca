/**
 * The step of windows forgotten, or taken between the windows in place of between their entries: A[:, j:j+3] and
 * A[:, 2j:2j+3] for A[:, j:j+5:2], where they are read or where what comes back is added.
 */
import { Index } from "../../../expression/indices.js";
import { Size, type SizeValues } from "../../../expression/size.js";
import type { Expression } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { references } from "../../../expression/walk.js";
import { adjointName, modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";

const COST = 2.1;

export const FORGOTTEN_STEPS: Kind<Quantity> = {
  least: COST,
  make: ({ backward, sizes }, at) => forgottenSteps(backward, at, sizes),
};

/** Where entries lie along an axis: so far apart, from a first one on. */
interface Place {
  readonly index: Index;
  readonly length: number;
  readonly step: number;
  readonly offset: number;
}

/** What stands in place of an index, for windows the first of which begins at some entry. */
type Rewriting = (place: Place, first: number) => Index;

const WITHOUT_STEP: Rewriting = ({ index, step }) => along(index, step, 0);

const STEP_BETWEEN: Rewriting = ({ index, step, offset }, first) =>
  along(index, step, (step - 1) * (offset - first));

/** An index whose letter has lost its step, moved by some entries. */
function along(index: Index, step: number, moved: number): Index {
  const [{ letter }] = index.terms as [Index["terms"][number]];
  return index.plus(Index.of(letter).times(Size.of(1 - step))).plus(Index.number(moved));
}

function* forgottenSteps(backward: Backward, to: Quantity, sizes: SizeValues): Generator<Mutant> {
  const into = backward.into(to);
  for (const from of new Set(into.map((edge) => edge.from))) {
    const edges = into.filter((edge) => edge.from === from);
    for (const rewriting of [WITHOUT_STEP, STEP_BETWEEN]) {
      yield* elsewhere(to, edges, readsIn(backward, edges, sizes, rewriting));
      yield* elsewhere(to, edges, writesIn(backward, edges, sizes, rewriting));
    }
  }
}

/** Lines with windows elsewhere, and how one of these is written, wrong and right. */
interface Moved {
  /** How far apart the right ones are. */
  readonly step: number;
  readonly added: readonly Edge[];
  readonly texts: () => readonly [used: string, instead: string];
}

function* elsewhere(
  to: Quantity,
  edges: readonly Edge[],
  moved: Moved | undefined,
): Generator<Mutant> {
  if (!moved) return;
  yield {
    fault: faultAt(to, "wrong-variable", () => {
      const [used, instead] = moved.texts();
      const what = `computed with the windows ${used} where ${instead} belong: their entries are ${moved.step} apart`;
      return { used, instead, what };
    }),
    cost: COST,
    change: () => ({ removed: new Set(edges), added: moved.added }),
  };
}

/** All windows that lines read of one quantity. */
function readsIn(
  { graph }: Backward,
  edges: readonly Edge[],
  sizes: SizeValues,
  rewriting: Rewriting,
): Moved | undefined {
  const all = references(edges.map(({ clause }) => clause.body));
  const others = moved(all, (one) => [one.quantity, one.indices], sizes, rewriting);
  if (others.size === 0) return undefined;
  const [first] = others.keys();
  const instead = (node: Expression): Expression | undefined => {
    if (node.kind !== "reference") return undefined;
    const indices = others.get(node);
    return indices && graph.reference(node.quantity, indices);
  };
  return {
    added: edges.map((edge) => {
      const body = graph.transform(edge.clause.body, instead);
      return { ...edge, clause: { ...edge.clause, body } };
    }),
    step: stepIn(first!.indices),
    texts: () => [modelText(instead(first!)!), modelText(first!)],
  };
}

/** All windows that lines add to. */
function writesIn(
  { graph }: Backward,
  edges: readonly Edge[],
  sizes: SizeValues,
  rewriting: Rewriting,
): Moved | undefined {
  const others = moved(edges, ({ to, clause }) => [to, clause.indices], sizes, rewriting);
  if (others.size === 0) return undefined;
  const [first] = others.keys();
  return {
    added: edges.map((edge) => {
      const indices = others.get(edge) ?? edge.clause.indices;
      return { ...edge, clause: { ...edge.clause, indices } };
    }),
    step: stepIn(first!.clause.indices),
    texts: () => {
      const text = (at: readonly Index[]): string =>
        modelText(graph.reference({ ...first!.to, name: adjointName(first!.to) }, at));
      return [text(others.get(first!)!), text(first!.clause.indices)];
    },
  };
}

function stepIn(indices: readonly Index[]): number {
  return Math.max(
    ...indices.flatMap(({ terms }) => terms.map((one) => one.coefficient.constant ?? 1)),
  );
}

/** The axes along which entries have a step between them. */
function placesOf(
  { shape }: Quantity,
  indices: readonly Index[],
  sizes: SizeValues,
): (Place | undefined)[] {
  return indices.map((index, axis) => {
    const [term, ...others] = index.terms;
    const step = term?.coefficient.constant ?? 1;
    if (!term || others.length > 0 || step < 2) return undefined;
    const length = shape[axis]!.evaluate(sizes);
    return { index, length, step, offset: index.offset.evaluate(sizes) };
  });
}

/**
 * The indices of those that have a step, without it; none where an entry would lie outside.
 * @param placeOf whose entries they are, and where
 */
function moved<One>(
  all: readonly One[],
  placeOf: (one: One) => readonly [Quantity, readonly Index[]],
  sizes: SizeValues,
  rewriting: Rewriting,
): ReadonlyMap<One, readonly Index[]> {
  const found = new Map<One, readonly Index[]>();
  const places = all.map((one) => placesOf(...placeOf(one), sizes));
  for (const [k, one] of all.entries()) {
    const [, indices] = placeOf(one);
    const others = indices.map((index, axis) => {
      const place = places[k]![axis];
      const offsets = places.flatMap((at) => at[axis]?.offset ?? []);
      return place ? rewriting(place, Math.min(...offsets)) : index;
    });
    if (others.every((other, axis) => other === indices[axis])) continue;
    const isInside = others.every((other, axis) => {
      const place = places[k]![axis];
      return !place || lastOf(other, sizes) < place.length;
    });
    if (!isInside) return new Map();
    found.set(one, others);
  }
  return found;
}

/** The last entry, from 0, that an index comes to. */
function lastOf({ offset, terms }: Index, sizes: SizeValues): number {
  return terms.reduce(
    (sum, { letter, coefficient }) =>
      sum + coefficient.evaluate(sizes) * (letter.size.evaluate(sizes) - 1),
    offset.evaluate(sizes),
  );
}
