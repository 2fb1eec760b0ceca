/** Syntax → tensors: one pass over the tree from its leaves, without recursion. */
import { Fraction } from "fraction.js";
import { type Clause, fullAxes } from "../expression/definition.js";
import { DivisionByZeroError } from "../expression/graph.js";
import { Index } from "../expression/indices.js";
import { type Operation } from "../expression/operations/operation.js";
import { operations } from "../expression/operations/index.js";
import { exactDecimal, readDecimal } from "./decimal.js";
import type { Quantity } from "../expression/quantity.js";
import { type Shape, Size } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import type { Argument, Elaboration } from "./elaboration.js";
import { argumentElsewhere, functionElsewhere, nameElsewhere } from "./elsewhere.js";
import type { FunctionCall, LanguageFunction } from "./functions/function.js";
import { spelledOut } from "./greek.js";
import { functions } from "./functions/index.js";
import { applyIndex, END, endsInIndices } from "./indexing.js";
import { applyBinary, applyUnary } from "./operators.js";
import { locate, nearest } from "./source.js";
import {
  type CallSyntax,
  type MatrixSyntax,
  type NameSyntax,
  type NumberSyntax,
  parts,
  type Syntax,
} from "./syntax.js";
import { type Tensor, tensor } from "./tensor.js";
import { syntaxText } from "./text.js";

/** What a name stands for: a quantity or a named size. */
export type Meaning =
  | { readonly quantity: Quantity; readonly size?: never }
  | { readonly size: Size; readonly quantity?: never };

export type Scope = ReadonlyMap<string, Meaning>;

/** Words that declare; they stand only as whole statements. */
export const DECLARATIONS: ReadonlySet<string> = new Set(["input", "target", "param", "size"]);

/**
 * @param known values of parts in the same scope, which statements that differ in a few places share; those
 * that need nothing beside themselves are added
 * @throws InputError with the place, for unknown names, shapes that disagree and the like.
 */
export function elaborate(
  context: Elaboration,
  scope: Scope,
  root: Syntax,
  known = new Map<Syntax, Tensor>(),
): Tensor {
  const values = new Map<Syntax, Tensor>();
  const valueOf = (syntax: Syntax): Tensor => known.get(syntax) ?? values.get(syntax)!;
  const argument = (syntax: Syntax): Argument => ({ syntax, value: valueOf(syntax) });
  const nodes = postorder([root], (node) => (known.has(node) ? [] : parts(node)));
  const inIndices = endsInIndices(nodes);
  const evaluate = (node: Syntax): Tensor => {
    switch (node.kind) {
      case "number":
        return tensor([], context.graph.number(exactNumber(context, node)));
      case "string":
        return context.fail(node.place, "a string stands only at the end of a declaration");
      case "name":
        return meaning(context, scope, node, inIndices.has(node));
      case "unary":
        return applyUnary(context, node.operator, valueOf(node.operand));
      case "binary":
        return applyBinary(context, node, argument(node.left), argument(node.right));
      case "call":
        return applyFunction(context, scope, node, argument);
      case "index":
        return applyIndex(context, node, argument);
      case "matrix":
        return literal(context, node, argument);
    }
  };
  for (const node of nodes) {
    if (known.has(node)) continue;
    const before = context.needs;
    const value = evaluate(node);
    context.checkEntries(value.shape, node.place);
    values.set(node, value);
    const isAlone = context.needs === before && !inIndices.has(node);
    if (isAlone && parts(node).every((part) => known.has(part))) known.set(node, value);
  }
  return valueOf(root);
}

const NAMES_LISTED = 8;

const MAX_EXPONENT = 330;

function exactNumber(context: Elaboration, { text, place }: NumberSyntax): Fraction {
  const { digits, shift } = readDecimal(text);
  if (!Number.isFinite(Number(text)) || (digits !== 0n && Math.abs(shift) > MAX_EXPONENT)) {
    context.fail(
      place,
      `the number ${text.length > 40 ? `${text.slice(0, 40)}…` : text} is beyond double precision`,
    );
  }
  return digits === 0n ? new Fraction(0) : exactDecimal(text);
}

function meaning(
  context: Elaboration,
  scope: Scope,
  { name, place }: NameSyntax,
  isInIndex: boolean,
): Tensor {
  const { graph } = context;
  const found = scope.get(name);
  if (found?.size) return tensor([], graph.size(found.size));
  if (found) {
    const { shape } = found.quantity;
    return tensor(shape, graph.reference(found.quantity, fullAxes(shape).indices));
  }
  if (name === "pi" || name === "e") return tensor([], graph.constant(name));
  if (name === END) {
    if (isInIndex) return tensor([], graph.size(Size.named(END)));
    return context.fail(place, "end stands only in an index", "the last entry of x is x[end]");
  }
  if (functions.has(name) || operations.has(name)) {
    return context.fail(place, `${name} is a function and needs its arguments`, `write ${name}(…)`);
  }
  const given = context.given.get(name);
  if (given) {
    const { line } = locate(given);
    return line === locate(place).line || given.offset < place.offset
      ? context.fail(place, `${name} is used in its own definition`)
      : context.fail(
          place,
          `${name} is used before it is given`,
          `it is given in line ${line}; a statement uses only names of those above it`,
        );
  }
  const near = nearest(name, [...scope.keys(), "pi"]);
  const alike = [...scope.keys()].find((one) => spelledOut(one) === spelledOut(name));
  const known = [...scope.keys()].slice(-NAMES_LISTED).join(", ");
  const sizes = [...scope].flatMap(([one, { size }]) => (size ? [one] : []));
  const isLikeSize = /^([nmk]|batch_?size)$/i.test(name) && sizes.length > 0;
  const hint =
    (alike && `the model calls it ${alike}: one name has one spelling`) ??
    nameElsewhere(name) ??
    (isLikeSize ? `the model's sizes are ${sizes.join(", ")}` : undefined) ??
    (near ? `did you mean ${near}?` : known && `names given above: ${known}`);
  return context.fail(place, `unknown name ${name}`, hint);
}

// ————— calls —————

function applyFunction(
  context: Elaboration,
  scope: Scope,
  node: CallSyntax,
  argument: (syntax: Syntax) => Argument,
): Tensor {
  const row = functions.get(node.name);
  if (row)
    return callFunction(
      { context, syntax: node, args: collect(context, row, node, argument) },
      row,
    );
  const operation = operations.get(node.name);
  if (operation) return applyElementwise(context, operation, node, argument);
  if (DECLARATIONS.has(node.name)) {
    context.fail(
      node.place,
      `${node.name}(…) stands only as a whole statement`,
      `NAME = ${node.name}(…)`,
    );
  }
  if (scope.has(node.name)) {
    context.fail(
      node.place,
      `${node.name} is not a function`,
      `for a product write ${node.name} * (…), for an entry ${node.name}[…]`,
    );
  }
  const near = nearest(node.name, [...functions.keys(), ...operations.keys(), ...DECLARATIONS]);
  const hint = functionElsewhere(node.name) ?? (near && `did you mean ${near}?`);
  return context.fail(node.place, `unknown function ${node.name}`, hint);
}

function callFunction(call: FunctionCall, row: LanguageFunction): Tensor {
  try {
    return row.build(call);
  } catch (error) {
    if (!(error instanceof DivisionByZeroError)) throw error;
    return call.context.fail(call.syntax.place, `${syntaxText(call.syntax)}: division by zero`);
  }
}

/** Arguments in the order of the parameters; named ones in their places. */
function collect(
  context: Elaboration,
  row: Pick<LanguageFunction, "parameters" | "required" | "variadic">,
  node: CallSyntax,
  argument: (syntax: Syntax) => Argument,
): (Argument | undefined)[] {
  const { parameters, required, variadic = false } = row;
  const args: (Argument | undefined)[] = node.args.map(argument);
  const usage = `${node.name}(${parameters.join(", ")})`;
  if (args.length > parameters.length && !variadic) {
    const most = required < parameters.length ? "at most " : "";
    const count = `${most}${parameters.length} argument${parameters.length === 1 ? "" : "s"}`;
    context.fail(node.place, `${node.name} takes ${count}, not ${args.length}`, `write ${usage}`);
  }
  for (const { name, value, place } of node.named) {
    const position = variadic
      ? Math.max(args.length, parameters.length - 1)
      : parameters.indexOf(name);
    if (!parameters.includes(name)) {
      const near = nearest(name, parameters);
      context.fail(
        place,
        `${node.name} has no argument ${name}`,
        argumentElsewhere(node.name, name) ?? (near ? `did you mean ${near}?` : `write ${usage}`),
      );
    }
    if (args[position] !== undefined) context.fail(place, `the argument ${name} is given twice`);
    args[position] = argument(value);
  }
  for (let position = 0; position < required; position++) {
    if (args[position] === undefined) {
      context.fail(
        node.place,
        `${node.name} needs its argument ${parameters[position]!}`,
        `write ${usage}`,
      );
    }
  }
  return args;
}

/** A row of the table of operations, entry by entry; two operands broadcast. */
function applyElementwise(
  context: Elaboration,
  operation: Operation,
  node: CallSyntax,
  argument: (syntax: Syntax) => Argument,
): Tensor {
  const { operands, defaults = [] } = operation;
  const required = operands.length - defaults.length;
  const given = collect(context, { parameters: operands, required }, node, argument);
  const bodies = operands.map((_, position) => {
    const value = given[position]?.value;
    return value ? context.body(value) : context.graph.number(defaults[position - required]!);
  });
  const present = given.filter((one) => one !== undefined);
  let [whole] = present;
  for (const other of present.slice(1)) {
    const shape = context.broadcast(() => node.name, node.place, whole!, other);
    whole = { syntax: whole!.syntax, value: { ...whole!.value, shape } };
  }
  return tensor(whole!.value.shape, context.graph.apply(operation, ...bodies));
}

// ————— literals —————

/** `[1, 2; 3, 4]`: one clause for each entry. */
function literal(
  context: Elaboration,
  node: MatrixSyntax,
  argument: (syntax: Syntax) => Argument,
): Tensor {
  const width = node.rows[0]?.length ?? 0;
  if (width === 0) context.fail(node.place, "an array without entries");
  const shape: Shape = node.isVector
    ? [Size.of(node.rows.length)]
    : [Size.of(node.rows.length), Size.of(width)];
  const clauses = node.rows.flatMap((row, i): Clause[] => {
    if (row.length !== width) {
      context.fail(
        node.place,
        `rows of different lengths: row 1 has ${width} entries, row ${i + 1} has ${row.length}`,
      );
    }
    return row.map((entry, j) => {
      const hint = "to join arrays write concat(a, b)";
      const body = context.scalar(argument(entry), "an entry of an array", entry.place, hint);
      return {
        letters: [],
        indices: [i, j].slice(0, shape.length).map((index) => Index.number(index)),
        body,
      };
    });
  });
  return { shape, clauses };
}
