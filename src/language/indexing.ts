/** Entries and ranges of arrays: `x[2]`, `A[:, 1]`, `A[1:3, end]`, counted from 1. */
import { fullAxes } from "../expression/definition.js";
import { Index } from "../expression/indices.js";
import { Size } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import type { Argument, Elaboration } from "./elaboration.js";
import { type IndexSyntax, parts, type Position, type Syntax } from "./syntax.js";
import { asSize, at, bodyOf, hasOneEntry, type Tensor, tensor } from "./tensor.js";
import { syntaxText } from "./text.js";

/** The name of the last entry of an axis, inside an index. */
export const END = "end";

/** The names `end` that stand in positions of an index. */
export function endsInIndices(nodes: readonly Syntax[]): ReadonlySet<Syntax> {
  const found = new Set<Syntax>();
  if (!nodes.some((node) => node.kind === "name" && node.name === END)) return found;
  for (const node of nodes) {
    if (node.kind !== "index") continue;
    const [, ...positions] = parts(node);
    for (const part of postorder(positions, parts)) if (part.kind === "name") found.add(part);
  }
  return found;
}

/** `A[2, :]`. */
export function applyIndex(
  context: Elaboration,
  node: IndexSyntax,
  argument: (syntax: Syntax) => Argument,
): Tensor {
  const object = argument(node.object);
  const { shape } = object.value;
  const rank = shape.length;
  if (node.positions.length !== rank) {
    const text = syntaxText(node.object);
    const count = node.positions.length;
    const wanted = ["no indices", `1 index, not ${count}`, `2 indices, not ${count}`][rank]!;
    context.fail(
      node.place,
      `${text} takes ${wanted}: ${context.describe(object)}`,
      rank === 2
        ? "write A[i, j], A[:, j] or A[i, :]"
        : rank === 1
          ? "write x[i]"
          : "a scalar has no entries to pick",
    );
  }
  const picks = node.positions.map((position, axis) =>
    pick(context, position, shape[axis]!, object, argument),
  );
  const kept = picks.flatMap(({ length }) => (length ? [length] : []));
  const axes = fullAxes(kept).indices;
  let next = 0;
  const indices = picks.map(({ start, step, length }) => {
    const offset = Index.constant(start);
    return length ? axes[next++]!.times(step).plus(offset) : offset;
  });
  const body = at(context.graph, shape, context.body(object.value), indices[0], indices[1]);
  return tensor(kept, body);
}

/** One position of an index, from 0: a range has a length, a single number has none. */
interface Selection {
  readonly start: Size;
  readonly step: Size;
  readonly length?: Size;
}

function pick(
  context: Elaboration,
  position: Position,
  size: Size,
  object: Argument,
  argument: (syntax: Syntax) => Argument,
): Selection {
  const read = (syntax: Syntax): Size => {
    const { value } = argument(syntax);
    const body = hasOneEntry(value.shape) ? bodyOf(value) : undefined;
    const result = body && asSize(body);
    if (!result) {
      context.fail(syntax.place, `an index must be a whole number, not ${syntaxText(syntax)}`);
    }
    return result.replace(END, size);
  };
  const within = (index: Size, syntax: Syntax): void => {
    const bounds = [index.minus(Size.one), size.minus(index)];
    const text = index.toString() === syntaxText(syntax) ? "" : ` (${syntaxText(syntax)})`;
    const message = `index ${index.toString()}${text} is not within 1…${size.toString()}: ${context.describe(object)}`;
    const hint = index.constant === 0 ? "indices start at 1" : undefined;
    for (const bound of bounds) {
      if (bound.nonNegative === false) context.fail(syntax.place, message, hint);
      if (bound.nonNegative === undefined) context.require(bound, syntax.place, message);
    }
  };
  if (position.kind === "at") {
    const index = read(position.index);
    within(index, position.index);
    return { start: index.minus(Size.one), step: Size.one };
  }
  const [start, end] = [read(position.start), read(position.end)];
  within(start, position.start);
  within(end, position.end);
  const span = end.minus(start);
  const step = position.step ? read(position.step) : Size.one;
  const { place } = position.start;
  if (step.isOne) {
    const message = `the range ${start.toString()}:${end.toString()} is empty`;
    if (span.nonNegative === false) context.fail(place, message);
    if (span.nonNegative === undefined) context.require(span, place, message);
    return { start: start.minus(Size.one), step, length: span.plus(Size.one) };
  }
  const [reach, stride] = [span.constant, step.constant];
  if (reach === undefined || stride === undefined || stride < 1 || reach < 0) {
    return context.fail(place, "a range with a step needs whole numbers, counting upwards");
  }
  return { start: start.minus(Size.one), step, length: Size.of(Math.floor(reach / stride) + 1) };
}
