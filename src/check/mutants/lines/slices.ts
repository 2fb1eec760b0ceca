/** Slices and single entries: taken one place off, or forgotten, so that all entries are meant. */
import { fullAxes } from "../../../expression/definition.js";
import type { ReferenceNode } from "../../../expression/expression.js";
import { Index } from "../../../expression/indices.js";
import type { SizeValues } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName, modelText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

export const SLICE_MUTANTS: Kind<Edge> = {
  least: 1.7,
  make: ({ backward, sizes }, edge) => sliceMutants(backward, edge, sizes),
};

function* sliceMutants(backward: Backward, edge: Edge, sizes: SizeValues): Generator<Mutant> {
  yield* unsliced(backward, edge);
  yield* broadcast(backward, edge);
  yield* displaced(backward, edge, sizes);
  const { graph } = backward;
  for (const reference of references([edge.clause.body])) {
    for (const { indices, way } of shifted(reference, sizes)) {
      const other = graph.reference(reference.quantity, indices);
      yield {
        way,
        fault: faultAt(edge.to, "wrong-variable", () => {
          const [used, right] = [modelText(other), modelText(reference)];
          return {
            used,
            instead: right,
            what: `computed with entries of ${reference.quantity.name} that are one place off: ${used} where ${right} belongs`,
          };
        }),
        cost: 2.15,
        change: () => {
          const body = graph.transform(edge.clause.body, (node) =>
            node === reference ? other : undefined,
          );
          return instead(edge, body);
        },
      };
    }
  }
}

interface Shifted {
  readonly indices: readonly Index[];
  /** Along which axis, and to which side. */
  readonly way: string;
}

/**
 * Indices of a slice or a single entry, moved by one place to either side where entries are; before the first one
 * stands the last, as in languages that count back from the end.
 */
function shifted({ quantity, indices }: ReferenceNode, sizes: SizeValues): Shifted[] {
  return indices.flatMap((index, axis) => {
    const length = quantity.shape[axis]!.evaluate(sizes);
    if (index.plain || length < 2) return [];
    return [1, -1].flatMap((step): Shifted[] => {
      const way = `${step} along ${axis}`;
      const moved = index.plus(Index.number(step));
      const low = moved.offset.evaluate(sizes);
      const reach = moved.terms.reduce(
        (sum, { letter, coefficient }) =>
          sum + coefficient.evaluate(sizes) * (letter.size.evaluate(sizes) - 1),
        low,
      );
      const isInside = Math.min(low, reach) >= 0 && Math.max(low, reach) < length;
      if (isInside) return [{ indices: indices.with(axis, moved), way }];
      const isBeforeFirst = low === -1 && moved.terms.length === 0 && length > 2;
      return isBeforeFirst ? [{ indices: indices.with(axis, Index.number(length - 1)), way }] : [];
    });
  });
}

/** A term of some entries given to all of them: a penalty that spares the first one. */
function* unsliced({ graph }: Backward, edge: Edge): Generator<Mutant> {
  const { clause, to } = edge;
  const isSliced = clause.indices.some(
    (index, axis) => !index.plain && index.letters.length <= 1 && !to.shape[axis]!.isOne,
  );
  if (!isSliced) return;
  const { letters: axes, indices } = fullAxes(to.shape);
  const own = references([clause.body]).filter(({ quantity }) => quantity === to);
  const isAlong = own.every((one) =>
    one.indices.every((index, axis) => index.equals(clause.indices[axis]!)),
  );
  const others = references([clause.body]).filter((one) => one.indices.length > 0);
  if (own.length === 0 || !isAlong || others.length > own.length) return;
  const whole = graph.reference(to, indices);
  const body = graph.transform(clause.body, (node) =>
    own.some((one) => one === node) ? whole : undefined,
  );
  yield {
    fault: faultAt(to, "extra-term", () => {
      const term = modelText(body);
      return {
        term,
        what: `the right gradient with ${term} in all entries of ${adjointName(to)}: some have no such term, leave it out there`,
      };
    }),
    cost: 1.7,
    change: () => instead(edge, body, { letters: axes, indices }),
  };
}

/** What belongs to single entries, as it is, in all of them: a number added to a whole array. */
function* broadcast({ graph }: Backward, edge: Edge): Generator<Mutant> {
  const { clause, to } = edge;
  const full = fullAxes(to.shape);
  const isFixed = clause.indices.map(
    (index, axis) => index.letters.length === 0 && !to.shape[axis]!.isOne,
  );
  if (!isFixed.includes(true)) return;
  const indices = clause.indices.map((index, axis) =>
    isFixed[axis] ? full.indices[axis]! : index,
  );
  const taken = new Set(clause.letters.map(({ key }) => key));
  const letters = full.indices.flatMap(({ plain }, axis) =>
    isFixed[axis] && plain ? [plain] : [],
  );
  if (letters.some(({ key }) => taken.has(key))) return;
  yield {
    fault: faultAt(to, "extra-term", () => {
      const [term, place] = [
        modelText(clause.body),
        modelText(graph.reference(to, clause.indices)),
      ];
      return {
        term,
        what: `the right gradient with ${term} added to other entries too: it belongs to that of ${place} only`,
      };
    }),
    cost: 1.75,
    change: () => instead(edge, clause.body, { letters: [...clause.letters, ...letters], indices }),
  };
}

/** What belongs to single entries, or a slice, one place off. */
function* displaced({ graph }: Backward, edge: Edge, sizes: SizeValues): Generator<Mutant> {
  const { clause, to } = edge;
  const right = graph.reference(to, clause.indices);
  if (right.kind !== "reference") return;
  for (const { indices, way } of shifted(right, sizes)) {
    yield {
      way,
      fault: faultAt(to, "wrong-variable", () => {
        const [used, place] = [graph.reference(to, indices), right].map((one) => modelText(one));
        return {
          used: `d${used!}`,
          instead: `d${place!}`,
          what: `computed with ${modelText(clause.body)} added one place off: it belongs to the derivative by ${place!}`,
        };
      }),
      cost: 2.2,
      change: () => instead(edge, clause.body, { indices }),
    };
  }
}
