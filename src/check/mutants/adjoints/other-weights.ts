/** Weights of one axis of a derivative in place of those of the other: of the classes, where each sample has its own. */
import { fullAxes } from "../../../expression/definition.js";
import type { Index } from "../../../expression/indices.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { references } from "../../../expression/walk.js";
import { computedFrom } from "../../pass/users.js";
import { alongEdge } from "../lines/along.js";
import type { Kind, Scene } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";

const COST = 2.25;

export const OTHER_WEIGHTS: Kind<Quantity> = {
  least: COST,
  make: otherWeights,
};

/** A vector along an axis of a matrix. */
interface Weights {
  readonly quantity: Quantity;
  readonly index: Index;
  /** As it stands beside the matrix: `c'` where it runs along rows. */
  readonly text: string;
}

function* otherWeights({ backward, others }: Scene, at: Quantity): Generator<Mutant> {
  if (at.role !== "definition" || at.shape.length !== 2) return;
  const [rows, columns] = [0, 1].map((axis) => weightsAlong(backward, others, at, axis));
  if (rows!.length === 0 || columns!.length === 0) return;
  const weighing = readBehind(backward, at);
  for (const row of rows!) {
    for (const column of columns!) {
      if (weighing.has(row.quantity)) yield* inPlaceOf(backward, at, column, row);
      if (weighing.has(column.quantity)) yield* inPlaceOf(backward, at, row, column);
    }
  }
}

/** What the derivative by a quantity, and those that it is computed from, are made of. */
function readBehind(backward: Backward, at: Quantity): ReadonlySet<Quantity> {
  const behind = new Set([...computedFrom(backward, at), at]);
  const lines = [...behind].flatMap((one) => backward.into(one).map(({ clause }) => clause.body));
  return new Set(references(lines).map(({ quantity }) => quantity));
}

/** Data that may weigh the rows or columns of a matrix. */
function weightsAlong(
  backward: Backward,
  others: readonly Quantity[],
  { shape }: Quantity,
  axis: number,
): Weights[] {
  const size = shape[axis];
  const { indices } = fullAxes(shape);
  return others.flatMap((quantity): Weights[] => {
    const isAlong = size && !size.isOne && sameShape(quantity.shape, [size]);
    // labels weigh nothing
    if (!isAlong || quantity.role === "target" || !backward.isData(quantity)) return [];
    const { name } = quantity;
    return [{ quantity, index: indices[axis]!, text: axis === 0 ? name : `${name}'` }];
  });
}

function* inPlaceOf(
  backward: Backward,
  at: Quantity,
  used: Weights,
  right: Weights,
): Generator<Mutant> {
  if (used.quantity === right.quantity) return;
  const { graph } = backward;
  const entryOf = ({ quantity, index }: Weights) => graph.reference(quantity, [index]);
  const edges = backward.into(at);
  const added = edges.flatMap((edge): Edge[] => {
    const ratio = graph.divide(entryOf(used), entryOf(right));
    const along = alongEdge(backward, edge, ratio, at);
    const { clause } = edge;
    return along
      ? [{ ...edge, clause: { ...clause, body: graph.multiply(clause.body, along) } }]
      : [];
  });
  if (added.length === 0 || added.length < edges.length) return;
  yield {
    fault: faultAt(at, "wrong-variable", () => ({
      used: used.text,
      instead: right.text,
      what: `weighted with ${used.text} where ${right.text} belongs: put ${right.text} in its place`,
    })),
    cost: COST,
    change: () => ({ removed: new Set(edges), added }),
  };
}
