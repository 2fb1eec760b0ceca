/**
 * Values during elaboration: a shape, and the entry at the axes' letters. Transposes, broadcasts
 * and products become positions of indices here; later stages know only indices.
 */
import type { Fraction } from "fraction.js";
import { axisLetter, type Clause, fullBody, fullClause } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Index } from "../expression/indices.js";
import { type Shape, Size } from "../expression/size.js";

export interface Tensor {
  readonly shape: Shape;
  readonly clauses: readonly Clause[];
}

export function tensor(shape: Shape, body: Expression): Tensor {
  return { shape, clauses: [fullClause(shape, body)] };
}

/** The entry at the axes' letters, where the tensor is one clause. */
export function bodyOf(value: Tensor): Expression | undefined {
  return fullBody(value.shape, value.clauses);
}

export function rows(shape: Shape): Size {
  return shape[0] ?? Size.one;
}

export function columns(shape: Shape): Size {
  return shape[1] ?? Size.one;
}

export function hasOneEntry(shape: Shape): boolean {
  return shape.every((size) => size.isOne);
}

/** The entry at given indices of rows and columns instead of the axes' letters. */
export function at(
  graph: Graph,
  shape: Shape,
  body: Expression,
  row: Index | undefined,
  column: Index | undefined,
): Expression {
  const replacements = new Map<string, Index>();
  for (const [axis, index] of [row, column].entries()) {
    const size = shape[axis];
    if (index && size) replacements.set(axisLetter(axis, size).key, index);
  }
  return graph.substitute(body, replacements);
}

/**
 * A size that is written as an expression: whole numbers, named sizes, and their sums and products.
 * Undefined for anything else.
 */
export function asSize(body: Expression): Size | undefined {
  switch (body.kind) {
    case "number":
      return wholeNumber(body.value);
    case "size":
      return body.size;
    case "sum": {
      let total = wholeNumber(body.constant);
      for (const { coefficient, term } of body.terms) {
        const factor = wholeNumber(coefficient);
        const size = asSize(term);
        total = total && factor && size && total.plus(factor.times(size));
      }
      return total;
    }
    case "product": {
      let total = wholeNumber(body.coefficient);
      for (const { base, exponent } of body.factors) {
        const size = asSize(base);
        if (!size || exponent < 0 || exponent > 8) return undefined;
        for (let power = 0; power < exponent; power++) total = total?.times(size);
      }
      return total;
    }
    default:
      return undefined;
  }
}

function wholeNumber(value: Fraction): Size | undefined {
  const number = value.valueOf();
  return value.d === 1n && Number.isSafeInteger(number) ? Size.of(number) : undefined;
}
