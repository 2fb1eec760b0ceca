/** The functions of the model language by name: what they take and which operation they are. */
import { InputError, type Place } from "../language/source.js";
import type { CallSyntax, Syntax } from "../language/syntax.js";
import { applyBinary, applyBinaryAs, applyUnary, UNARY } from "./elementwise.js";
import type { Plan } from "./fold.js";
import { dot, kronecker, norm, trace } from "./linear.js";
import { filled, type Matrix, tabulated } from "./matrices.js";
import { type Dim, mapSlices, reduce, REDUCTIONS, SLICES } from "./reductions.js";
import { checkSize, concatenate, describe, diagonal, hasOneEntry, transpose } from "./shape.js";
import type { Rank, Tape, Value } from "./tape.js";
import { type Lookup, sizeNumber, wholeNumber } from "./whole.js";

interface Call {
  readonly tape: Tape;
  readonly place: Place;
  /** The operands in order, the option last. */
  readonly values: readonly Value[];
  readonly dim: Dim | undefined;
}

/** A function of values; it may have one more value that has a default, or a dimension. */
interface FunctionRow {
  readonly takes: number;
  readonly option?: { readonly name: string; readonly standard: string };
  readonly hasDim?: true;
  readonly apply: (call: Call) => Value;
}

const one = (apply: (tape: Tape, x: Value, place: Place) => Value): FunctionRow => ({
  takes: 1,
  apply: ({ tape, values, place }) => apply(tape, values[0]!, place),
});

const two = (apply: (tape: Tape, a: Value, b: Value, place: Place) => Value): FunctionRow => ({
  takes: 2,
  apply: ({ tape, values, place }) => apply(tape, values[0]!, values[1]!, place),
});

/** f(x, parameter): elementwise in x, one parameter for all entries. */
const shaped = (row: string, name: string, standard: string): FunctionRow => ({
  takes: 1,
  option: { name, standard },
  apply: ({ tape, values, place }) => {
    const [x, parameter] = values;
    if (!hasOneEntry(parameter!)) {
      throw new InputError(`${name} must be a scalar, not ${describe(parameter!)}`, { place });
    }
    return applyBinaryAs(tape, row, x!, parameter!, x!);
  },
});

const FUNCTIONS: ReadonlyMap<string, FunctionRow> = new Map<string, FunctionRow>([
  ...[...UNARY.keys()].map((name) => [name, one((tape, x) => applyUnary(tape, name, x))] as const),
  ...[...REDUCTIONS.keys()].map((name): [string, FunctionRow] => [
    name,
    {
      takes: 1,
      hasDim: true,
      apply: ({ tape, values, dim }) => reduce(tape, name, values[0]!, dim),
    },
  ]),
  ...[...SLICES.keys()].map((name): [string, FunctionRow] => [
    name,
    {
      takes: 1,
      hasDim: true,
      apply: ({ tape, values, dim, place }) => mapSlices(tape, name, values[0]!, dim, place),
    },
  ]),
  ["leakyrelu", shaped("leakyrelu", "slope", "0.01")],
  ["elu", shaped("elu", "alpha", "1")],
  ["maximum", two((tape, a, b, at) => applyBinary(tape, "maximum", "maximum", a, b, at))],
  ["minimum", two((tape, a, b, at) => applyBinary(tape, "minimum", "minimum", a, b, at))],
  ["dot", two(dot)],
  ["kron", two(kronecker)],
  ["norm", one(norm)],
  ["trace", one(trace)],
  ["diag", one(diagonal)],
  ["transpose", one(transpose)],
]);

/** A constant of given sizes; a size that is left out is 1. */
interface ConstantRow {
  readonly sizes: readonly number[];
  readonly build: (rows: number, columns: number) => Matrix;
  readonly rank: (sizes: number) => Rank;
}

const asManyAxes = (sizes: number): Rank => sizes as Rank;
const CONSTANTS: ReadonlyMap<string, ConstantRow> = new Map<string, ConstantRow>([
  ["ones", { sizes: [0, 1, 2], build: (m, n) => filled(m, n, 1), rank: asManyAxes }],
  ["zeros", { sizes: [0, 1, 2], build: (m, n) => filled(m, n, 0), rank: asManyAxes }],
  [
    "identity",
    { sizes: [1], build: (n) => tabulated(n, n, (i, j) => (i === j ? 1 : 0)), rank: () => 2 },
  ],
]);

/** How a call is evaluated. @throws InputError for functions and arguments that there are not. */
export function planCall(tape: Tape, call: CallSyntax, lookup: Lookup): Plan<Value> {
  const constant = CONSTANTS.get(call.name);
  if (constant) return planConstant(tape, call, constant, lookup);
  if (call.name === "concat") return planConcat(tape, call, lookup);
  const row = FUNCTIONS.get(call.name);
  if (!row) throw wrong(call, `there is no function ${call.name} here`);
  return planFunction(tape, call, row, lookup);
}

function wrong({ place }: { place: Place }, message: string, hint?: string): InputError {
  return new InputError(message, { place, hint });
}

/** The argument behind the operands, by position or by the name. */
function extra(call: CallSyntax, takes: number, name: string | undefined): Syntax | undefined {
  const positional = call.args.slice(takes);
  const [named, ...more] = call.named;
  const stranger = call.named.find((argument) => argument.name !== name);
  if (stranger) throw wrong(stranger, `${call.name} has no argument ${stranger.name}`);
  if (positional.length + call.named.length > (name === undefined ? 0 : 1) || more.length > 0) {
    throw wrong(call, `${call.name} has too many arguments`);
  }
  return positional[0] ?? named?.value;
}

function dimNumber(call: CallSyntax, node: Syntax | undefined, lookup: Lookup): Dim | undefined {
  if (!node) return undefined;
  const dim = wholeNumber(node, lookup);
  if (dim !== 1 && dim !== 2) {
    throw wrong(node, `the dimension of ${call.name} is 1 or 2, not ${dim}`);
  }
  return dim;
}

function planFunction(tape: Tape, call: CallSyntax, row: FunctionRow, lookup: Lookup): Plan<Value> {
  if (call.args.length < row.takes) {
    throw wrong(call, `${call.name} takes ${row.takes} operands, not ${call.args.length}`);
  }
  const { option } = row;
  const last = extra(call, row.takes, row.hasDim ? "dim" : option?.name);
  const dim = row.hasDim ? dimNumber(call, last, lookup) : undefined;
  const operands = call.args.slice(0, row.takes);
  if (option && last) operands.push(last);
  return {
    operands,
    combine: (results) => {
      const values = option && !last ? [...results, tape.number(option.standard)] : results;
      return row.apply({ tape, place: call.place, values, dim });
    },
  };
}

function planConstant(tape: Tape, call: CallSyntax, row: ConstantRow, lookup: Lookup): Plan<Value> {
  if (call.named.length > 0 || !row.sizes.includes(call.args.length)) {
    throw wrong(call, `${call.name} takes ${row.sizes.join(", ")} sizes`);
  }
  const [rows = 1, second] = call.args.map((size) => sizeNumber(size, lookup));
  const columns = second ?? (call.name === "identity" ? rows : 1);
  checkSize(rows, columns, call.place);
  const value = tape.constant(
    tape.field.lift(row.build(rows, columns)),
    row.rank(call.args.length),
  );
  return { operands: [], combine: () => value };
}

/** The dimension is named, or the last of at least three arguments if that is a literal 1 or 2. */
function planConcat(tape: Tape, call: CallSyntax, lookup: Lookup): Plan<Value> {
  const last = call.args.at(-1);
  const isDim =
    call.named.length === 0 &&
    call.args.length >= 3 &&
    last?.kind === "number" &&
    [1, 2].includes(Number(last.text));
  const operands = isDim ? call.args.slice(0, -1) : call.args;
  if (operands.length < 2) throw wrong(call, "concat takes at least two operands");
  const named = extra({ ...call, args: operands }, operands.length, "dim");
  const dim = dimNumber(call, isDim ? last : named, lookup) ?? 1;
  return { operands, combine: (values) => concatenate(tape, values, dim, call.place) };
}
