/** The operators of the model language, one row each: operands → tensor. */
import { DivisionByZeroError } from "../expression/graph.js";
import { Index, letter } from "../expression/indices.js";
import { operations } from "../expression/operations/index.js";
import type { Expression } from "../expression/expression.js";
import { shapeText } from "../expression/size.js";
import { chain } from "./chain.js";
import type { Argument, Elaboration } from "./elaboration.js";
import { transposed } from "./functions/linear.js";
import type { BinaryOperator, BinarySyntax, UnaryOperator } from "./syntax.js";
import { at, columns, hasOneEntry, rows, type Tensor, tensor } from "./tensor.js";
import { syntaxText } from "./text.js";

type Build = (
  context: Elaboration,
  syntax: BinarySyntax,
  left: Argument,
  right: Argument,
) => Tensor;

function elementwise(
  build: (context: Elaboration, a: Expression, b: Expression) => Expression,
): Build {
  return (context, syntax, left, right) => {
    const shape = context.broadcast(() => syntaxText(syntax), syntax.place, left, right);
    return tensor(shape, build(context, context.body(left.value), context.body(right.value)));
  };
}

/** An operator that is often written many times in a row. */
function chained(
  kind: "sum" | "product",
  part: (context: Elaboration, right: Expression) => Expression,
): Build {
  return (context, syntax, left, right) => {
    const shape = context.broadcast(() => syntaxText(syntax), syntax.place, left, right);
    return chain(context, kind, shape, left.value, part(context, context.body(right.value)));
  };
}

function comparison(name: string): Build {
  const row = operations.get(name)!;
  return elementwise(({ graph }, a, b) => graph.apply(row, a, b));
}

/** The matrix product, or scaling by what has one entry. */
const product: Build = (context, syntax, left, right) => {
  const { graph } = context;
  const [a, b] = [left.value.shape, right.value.shape];
  const conforms = a.length > 0 && b.length > 0 && columns(a).equals(rows(b));
  if (!conforms) {
    if (!hasOneEntry(a) && !hasOneEntry(b)) {
      context.failShape(
        syntax.place,
        `${syntaxText(syntax)}: inner sizes differ: ${context.describe(left)}, ${context.describe(right)}`,
        productHint(left, right),
      );
    }
    const shape = hasOneEntry(b) && !(hasOneEntry(a) && b.length > a.length) ? a : b;
    return chain(context, "product", shape, left.value, context.body(right.value));
  }
  const inner = letter("k", rows(b));
  const entry = graph.multiply(
    at(graph, a, context.body(left.value), undefined, Index.of(inner)),
    at(graph, b, context.body(right.value), Index.of(inner), undefined),
  );
  const shape = [rows(a), columns(b)].slice(0, b.length);
  context.checkEntries(shape, syntax.place);
  return tensor(shape, graph.sum(inner, entry));
};

function productHint(left: Argument, right: Argument): string {
  const [a, b] = [left.value.shape, right.value.shape];
  const [l, r] = [syntaxText(left.syntax), syntaxText(right.syntax)];
  if (a.length === 1 && b.length === 1 && rows(a).equals(rows(b))) {
    return `for the inner product write dot(${l}, ${r}), elementwise ${l} .* ${r}`;
  }
  if (rows(a).equals(rows(b))) return `did you mean ${transposeText(l)} * ${r}?`;
  if (columns(a).equals(columns(b))) return `did you mean ${l} * ${transposeText(r)}?`;
  if (rows(a).equals(columns(b))) return `did you mean ${r} * ${l}?`;
  const resized = `${rows(a).toString()}×${rows(b).toString()}`;
  return b.length === 1
    ? `make ${r} ${columns(a).toString()} long, or ${l} ${resized}`
    : `make ${r} ${shapeText([columns(a), columns(b)])}, or ${l} ${resized}`;
}

function transposeText(text: string): string {
  if (text.endsWith("'")) return text.slice(0, -1);
  return /^\w+$/.test(text) ? `${text}'` : `(${text})'`;
}

const quotient: Build = (context, syntax, left, right) => {
  const hint = `elementwise division is ./`;
  const divisor = context.scalar(right, "what / divides by", syntax.place, hint);
  return tensor(left.value.shape, context.graph.divide(context.body(left.value), divisor));
};

const scalarPower: Build = (context, syntax, left, right) => {
  const hint = "elementwise powers are .^";
  const base = context.scalar(left, "the base of ^", syntax.place, hint);
  const exponent = context.scalar(right, "the exponent of ^", syntax.place, hint);
  const [a, b] = [left.value.shape, right.value.shape];
  return tensor(a.length >= b.length ? a : b, context.graph.power(base, exponent));
};

const binary: Readonly<Record<BinaryOperator, Build>> = {
  "+": chained("sum", (_, b) => b),
  "-": chained("sum", ({ graph }, b) => graph.negate(b)),
  ".*": chained("product", (_, b) => b),
  "./": elementwise(({ graph }, a, b) => graph.divide(a, b)),
  ".^": elementwise(({ graph }, a, b) => graph.power(a, b)),
  "*": product,
  "/": quotient,
  "^": scalarPower,
  "<": comparison("<"),
  "<=": comparison("<="),
  ">": comparison(">"),
  ">=": comparison(">="),
  "==": comparison("=="),
  "!=": comparison("!="),
};

const unary: Readonly<Record<UnaryOperator, (context: Elaboration, operand: Tensor) => Tensor>> = {
  "+": (context, operand) => operand,
  "-": (context, operand) => tensor(operand.shape, context.graph.negate(context.body(operand))),
  "'": transposed,
};

/** @throws InputError at the operator's place when the shapes do not fit or 0 is divided by. */
export function applyBinary(
  context: Elaboration,
  syntax: BinarySyntax,
  left: Argument,
  right: Argument,
): Tensor {
  try {
    return binary[syntax.operator](context, syntax, left, right);
  } catch (error) {
    if (!(error instanceof DivisionByZeroError)) throw error;
    return context.fail(syntax.place, `${syntaxText(syntax)}: division by zero`);
  }
}

export function applyUnary(context: Elaboration, operator: UnaryOperator, operand: Tensor): Tensor {
  return unary[operator](context, operand);
}
