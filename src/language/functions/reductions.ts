/** Reductions, over everything or along one axis, and what normalises along an axis. */
import { fullAxes } from "../../expression/definition.js";
import type { Expression, Reduction } from "../../expression/expression.js";
import { Index, letter, type Letter } from "../../expression/indices.js";
import { exponential } from "../../expression/operations/smooth.js";
import { entryCount, type Shape, type Size } from "../../expression/size.js";
import type { Elaboration } from "../elaboration.js";
import { at, columns, rows, type Tensor, tensor } from "../tensor.js";
import { type Axis, axisOf, type FunctionCall, type LanguageFunction } from "./function.js";

/** The letter along an axis (1 or 2) of a shape, none where its size is 1. */
function along(shape: Shape, axis: Axis): Letter | undefined {
  const size = shape[axis - 1];
  return size && !size.isOne ? letter(`k${axis}`, size) : undefined;
}

/** What is left of a shape, and how a body is reindexed, when axes are reduced away. */
function reducer(call: FunctionCall, body: Expression, shape: Shape, axis: Axis | undefined) {
  const { graph } = call.context;
  const letters = (axis ? [axis] : ([1, 2] as const)).map((one) => along(shape, one));
  const [row, column] = axis === 2 ? [undefined, letters[0]] : letters;
  const kept = axis === 1 ? columns(shape) : rows(shape);
  const moved = axis === 1 && shape.length === 2;
  const rest = moved ? Index.of(fullAxes([kept]).letters[0] ?? letter("@0", kept)) : undefined;
  const entry = at(graph, shape, body, row && Index.of(row), column ? Index.of(column) : rest);
  const isScalar = axis === undefined || shape.length < 2;
  const result: Shape = axis === 2 && shape.length === 1 ? shape : isScalar ? [] : [kept];
  return { entry, letters: letters.filter((one) => one !== undefined), result };
}

interface ReductionOptions {
  readonly operand?: (context: Elaboration, value: Tensor) => Expression;
  /** The function that does the same with two operands. */
  readonly pairwise?: string;
}

function reduction(
  name: string,
  build: (
    call: FunctionCall,
    entry: Expression,
    letters: readonly Letter[],
    count: Size,
  ) => Expression,
  { operand = (context, value) => context.body(value), pairwise }: ReductionOptions = {},
): LanguageFunction {
  return {
    name,
    parameters: ["A", "dim"],
    required: 1,
    build(call) {
      const [argument, dim] = call.args;
      const { shape } = argument!.value;
      const { context } = call;
      const body = operand(context, argument!.value);
      const { entry, letters, result } = reducer(call, body, shape, axisOf(call, dim, pairwise));
      const count = entryCount(letters.map(({ size }) => size));
      return tensor(result, build(call, entry, letters, count));
    },
  };
}

function reduceOver(kind: Reduction) {
  return ({ context }: FunctionCall, entry: Expression, letters: readonly Letter[]): Expression =>
    letters.reduceRight((inner, one) => context.graph.reduce(kind, one, inner), entry);
}

/** exp(A − logsumexp(A)) along an axis, or A − logsumexp(A). */
function softmaxLike(
  name: string,
  finish: (context: Elaboration, log: Expression) => Expression,
): LanguageFunction {
  return {
    name,
    parameters: ["A", "dim"],
    required: 1,
    build(call) {
      const [argument, dim] = call.args;
      const { context } = call;
      const { shape } = argument!.value;
      const axis = axisOf(call, dim) ?? (columns(shape).isOne && shape.length < 2 ? 1 : undefined);
      if (!axis) {
        return context.fail(
          call.syntax.place,
          `${name} of a matrix needs its dimension: ${context.describe(argument!)}`,
          `${name}(A, 1) normalises each column, ${name}(A, 2) each row`,
        );
      }
      const body = context.namedBody(argument!.value);
      const running = along(shape, axis);
      if (!running) return tensor(shape, finish(context, context.graph.zero));
      const index = Index.of(running);
      const entry = at(
        context.graph,
        shape,
        body,
        axis === 1 ? index : undefined,
        axis === 2 ? index : undefined,
      );
      const total = context.graph.reduce("logsumexp", running, entry);
      return tensor(shape, finish(context, context.graph.subtract(body, total)));
    },
  };
}

const stored = (context: Elaboration, value: Tensor): Expression => context.storedBody(value);

export const reductions: readonly LanguageFunction[] = [
  reduction("sum", reduceOver("sum")),
  reduction("mean", (call, entry, letters, count) => {
    const { graph } = call.context;
    return graph.divide(reduceOver("sum")(call, entry, letters), graph.size(count));
  }),
  reduction("max", reduceOver("max"), { operand: stored, pairwise: "maximum" }),
  reduction("min", reduceOver("min"), { operand: stored, pairwise: "minimum" }),
  reduction("logsumexp", reduceOver("logsumexp"), {
    operand: (context, value) => context.namedBody(value),
  }),
  softmaxLike("softmax", ({ graph }, log) => graph.apply(exponential, log)),
  softmaxLike("logsoftmax", (context, log) => log),
];
