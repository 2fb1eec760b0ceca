/** Sizes and positions as syntax of the model language. */
import { Size } from "../../expression/size.js";
import { binary, minus, named, numeral } from "../../language/compose.js";
import type { Position, Syntax } from "../../language/syntax.js";

/** A size as the language writes it. */
export function sizeSyntax(size: Size): Syntax {
  const terms = size.terms.map(({ names, coefficient }) => {
    const magnitude = Math.abs(coefficient);
    const factors = names.map(named);
    const all = magnitude === 1 && names.length > 0 ? factors : [numeral(magnitude), ...factors];
    return { isNegative: coefficient < 0, syntax: all.reduce((a, b) => binary("*", a, b)) };
  });
  const [first, ...rest] = terms;
  if (!first) return numeral(0);
  return rest.reduce(
    (left, { isNegative, syntax }) => binary(isNegative ? "-" : "+", left, syntax),
    first.isNegative ? minus(first.syntax) : first.syntax,
  );
}

/** An index from 0 as a position from 1. */
export function at(index: Size): Position {
  return { kind: "at", index: sizeSyntax(index.plus(Size.one)) };
}

/** So many indices as a range of positions. */
export function range(from: Size, count: Size): Position {
  return {
    kind: "range",
    start: sizeSyntax(from.plus(Size.one)),
    end: sizeSyntax(from.plus(count)),
    step: undefined,
  };
}
