/** Syntax that stands in no text: for expressions that the engine writes itself. */
import type { Place } from "./source.js";
import type { BinaryOperator, Position, Syntax } from "./syntax.js";

const NOWHERE: Place = { source: { name: "formula", text: "" }, offset: 0 };

export function numeral(value: number | bigint): Syntax {
  const text = `${value < 0 ? -value : value}`;
  const magnitude: Syntax = { kind: "number", text, place: NOWHERE };
  return value < 0 ? minus(magnitude) : magnitude;
}

export function named(name: string): Syntax {
  return { kind: "name", name, place: NOWHERE };
}

export function binary(operator: BinaryOperator, left: Syntax, right: Syntax): Syntax {
  return { kind: "binary", operator, left, right, place: NOWHERE };
}

export function minus(operand: Syntax): Syntax {
  return { kind: "unary", operator: "-", operand, place: NOWHERE };
}

/** The transpose; of a transpose, what it is of. */
export function transposed(operand: Syntax): Syntax {
  if (operand.kind === "unary" && operand.operator === "'") return operand.operand;
  return { kind: "unary", operator: "'", operand, place: NOWHERE };
}

export function call(name: string, ...args: readonly Syntax[]): Syntax {
  return { kind: "call", name, args, named: [], place: NOWHERE };
}

export function indexed(object: Syntax, positions: readonly Position[]): Syntax {
  return { kind: "index", object, positions, place: NOWHERE };
}

/** Everything along an axis: `:`. */
export const EVERYTHING: Position = {
  kind: "range",
  start: numeral(1),
  end: named("end"),
  step: undefined,
};
