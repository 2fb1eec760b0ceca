/** Products, transposes, diagonals, and arrays made of other arrays. */
import { type Clause, fullAxes } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import { Index, letter } from "../../expression/indices.js";
import { normOfSquares } from "../../expression/operations/lowered.js";
import { Size } from "../../expression/size.js";
import type { Argument, Elaboration } from "../elaboration.js";
import { at, columns, rows, type Tensor, tensor } from "../tensor.js";
import { axisOf, type FunctionCall, type LanguageFunction } from "./function.js";

/** The entries of a vector, a one-row or a one-column matrix, at index `@0`. */
function vectorEntry(call: FunctionCall, argument: Argument): { size: Size; entry: Expression } {
  const { context } = call;
  const { shape } = argument.value;
  const body = context.body(argument.value);
  if (columns(shape).isOne) return { size: rows(shape), entry: body };
  if (!rows(shape).isOne) {
    const remedy = call.syntax.name === "norm" ? "; for all entries write sqrt(sum(A.^2))" : "";
    return context.failShape(
      argument.syntax.place,
      `${call.syntax.name} takes vectors: ${context.describe(argument)}`,
      `a vector, one row or one column${remedy}`,
    );
  }
  const size = columns(shape);
  const index = fullAxes([size]).indices[0];
  return { size, entry: at(context.graph, shape, body, undefined, index) };
}

function requireSquare(call: FunctionCall, argument: Argument, hint?: string): void {
  const { shape } = argument.value;
  if (rows(shape).equals(columns(shape))) return;
  call.context.failShape(
    argument.syntax.place,
    `${call.syntax.name} takes a square matrix: ${call.context.describe(argument)}`,
    hint,
  );
}

/** Filled with one number: ones(m, n) and zeros(m, n). */
function filled(name: string, value: 0 | 1): LanguageFunction {
  return {
    name,
    parameters: ["m", "n"],
    required: 0,
    build({ context, syntax, args }) {
      const sizes = args.filter((arg) => arg !== undefined);
      const shape = sizes.map((arg) => context.size(arg, `a size of ${name}`));
      context.checkEntries(shape, syntax.place);
      return tensor(shape, context.graph.number(value));
    },
  };
}

/** A matrix whose transpose is taken; a vector becomes a row. */
export function transposed(context: Elaboration, value: Tensor): Tensor {
  if (value.shape.length === 0) return value;
  const [m, n] = [rows(value.shape), columns(value.shape)];
  const body = context.body(value);
  const [row, column] = fullAxes([n, m]).indices;
  return tensor([n, m], at(context.graph, value.shape, body, column, row));
}

const concat: LanguageFunction = {
  name: "concat",
  parameters: ["a", "b", "dim"],
  required: 2,
  variadic: true,
  build(call) {
    const { context } = call;
    const last = call.args.at(-1);
    const isAxis = last?.syntax.kind === "number" && /^[12]$/.test(last.syntax.text);
    const dim = call.args.length > 2 && isAxis ? last : undefined;
    const named = call.syntax.named.length > 0;
    const pieces = (dim || named ? call.args.slice(0, -1) : call.args).filter(
      (arg) => arg !== undefined,
    );
    const axis = axisOf(call, named ? last : dim) ?? 1;
    const [across, joined] = axis === 1 ? [columns, rows] : [rows, columns];
    const [first] = pieces;
    const clauses: Clause[] = [];
    let offset = Size.zero;
    for (const piece of pieces) {
      const { shape } = piece.value;
      if (!across(shape).equals(across(first!.value.shape))) {
        context.failShape(
          piece.syntax.place,
          `concat along dimension ${axis}: ${axis === 1 ? "columns" : "rows"} differ: ` +
            `${context.describe(first!)}, ${context.describe(piece)}`,
          axis === 1 ? "to put them side by side write dim = 2" : "to stack them write dim = 1",
        );
      }
      for (const clause of piece.value.clauses) {
        const indices = [0, 1].map((position) => {
          const index = clause.indices[position] ?? Index.number(0);
          return position === axis - 1 ? index.plus(Index.constant(offset)) : index;
        });
        clauses.push({ ...clause, indices });
      }
      offset = offset.plus(joined(shape));
    }
    const isVector = axis === 1 && pieces.every(({ value }) => value.shape.length < 2);
    if (isVector) {
      return {
        shape: [offset],
        clauses: clauses.map((one) => ({ ...one, indices: one.indices.slice(0, 1) })),
      };
    }
    const kept = across(first!.value.shape);
    return { shape: axis === 1 ? [offset, kept] : [kept, offset], clauses };
  },
};

const kron: LanguageFunction = {
  name: "kron",
  parameters: ["A", "B"],
  required: 2,
  build({ context, args, syntax }) {
    const [a, b] = args.map((arg) => arg!.value) as [Tensor, Tensor];
    const names = [
      ["i", "j"],
      ["k", "l"],
    ] as const;
    const factors = [a, b].map((value, which) => {
      const sizes = [rows(value.shape), columns(value.shape)];
      const letters = sizes.map((size, axis) => letter(names[which]![axis]!, size));
      const [row, column] = letters.map((one) =>
        one.size.isOne ? Index.number(0) : Index.of(one),
      );
      const entry = at(context.graph, value.shape, context.body(value), row, column);
      return {
        sizes,
        entry,
        letters: letters.filter(({ size }) => !size.isOne),
        indices: [row!, column!],
      };
    });
    const [left, right] = factors as [(typeof factors)[0], (typeof factors)[0]];
    const rank = Math.max(a.shape.length, b.shape.length);
    const shape = [0, 1].map((axis) => left.sizes[axis]!.times(right.sizes[axis]!)).slice(0, rank);
    context.checkEntries(shape, syntax.place);
    const indices = shape.map((_, axis) =>
      left.indices[axis]!.times(right.sizes[axis]!).plus(right.indices[axis]!),
    );
    const body = context.graph.multiply(left.entry, right.entry);
    return { shape, clauses: [{ letters: [...left.letters, ...right.letters], indices, body }] };
  },
};

export const linearAlgebra: readonly LanguageFunction[] = [
  {
    name: "dot",
    parameters: ["u", "v"],
    required: 2,
    build(call) {
      const { context, args } = call;
      const [u, v] = args.map((arg) => vectorEntry(call, arg!));
      if (!u!.size.equals(v!.size)) {
        context.failShape(
          call.syntax.place,
          `dot: lengths differ: ${context.describe(args[0]!)}, ${context.describe(args[1]!)}`,
          "both vectors need equally many entries",
        );
      }
      const product = context.graph.multiply(u!.entry, v!.entry);
      return tensor([], context.graph.sumOver(fullAxes([u!.size]).letters, product));
    },
  },
  {
    name: "norm",
    parameters: ["v"],
    required: 1,
    build(call) {
      const { graph } = call.context;
      const { size, entry } = vectorEntry(call, call.args[0]!);
      const squares = graph.sumOver(fullAxes([size]).letters, graph.integerPower(entry, 2));
      return tensor([], graph.apply(normOfSquares, squares));
    },
  },
  {
    name: "trace",
    parameters: ["A"],
    required: 1,
    build(call) {
      const { context } = call;
      const [argument] = call.args;
      requireSquare(call, argument!);
      const { shape } = argument!.value;
      const running = letter("k", rows(shape));
      const entry = at(
        context.graph,
        shape,
        context.body(argument!.value),
        Index.of(running),
        Index.of(running),
      );
      return tensor([], context.graph.sum(running, entry));
    },
  },
  {
    name: "diag",
    parameters: ["v"],
    required: 1,
    build(call) {
      const { context } = call;
      const [argument] = call.args;
      const { shape } = argument!.value;
      const body = context.body(argument!.value);
      const size = rows(shape);
      const [row, column] = fullAxes([size, size]).indices;
      if (shape.length < 2) {
        return tensor(
          [size, size],
          context.graph.multiply(context.graph.delta(row!, column!), body),
        );
      }
      requireSquare(
        call,
        argument!,
        "diag of a vector is a matrix, of a square matrix its diagonal",
      );
      return tensor([size], at(context.graph, shape, body, row, row));
    },
  },
  {
    name: "transpose",
    parameters: ["A"],
    required: 1,
    build: ({ context, args: [argument] }) => transposed(context, argument!.value),
  },
  kron,
  filled("ones", 1),
  filled("zeros", 0),
  {
    name: "identity",
    parameters: ["n"],
    required: 1,
    build({ context, syntax, args: [argument] }) {
      const size = context.size(argument!, "the size of identity");
      context.checkEntries([size, size], syntax.place);
      const [row, column] = fullAxes([size, size]).indices;
      return tensor([size, size], context.graph.delta(row!, column!));
    },
  },
  concat,
];
