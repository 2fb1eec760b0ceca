/** Whole numbers that are known before anything is evaluated: sizes, positions of an index, dims. */
import { InputError } from "../language/source.js";
import type { BinaryOperator, Syntax } from "../language/syntax.js";
import { fold } from "./fold.js";

/** What names mean where a whole number stands. */
export type Lookup = (name: string) => number | undefined;

const OPERATORS: ReadonlyMap<BinaryOperator, (a: number, b: number) => number> = new Map([
  ["+", (a: number, b: number) => a + b],
  ["-", (a: number, b: number) => a - b],
  ["*", (a: number, b: number) => a * b],
]);

/** @throws InputError unless the expression is made of whole numbers and known names by + - *. */
export function wholeNumber(root: Syntax, lookup: Lookup): number {
  const plan = (node: Syntax): { operands: readonly Syntax[]; combine: Combine } => {
    const combine = combination(node, lookup);
    if (!combine) {
      throw new InputError("a whole number is expected here", {
        place: node.place,
        hint: "it is made of whole numbers and names of sizes by + - *",
      });
    }
    const operands =
      node.kind === "binary"
        ? [node.left, node.right]
        : node.kind === "unary"
          ? [node.operand]
          : [];
    return { operands, combine };
  };
  return fold(root, plan);
}

type Combine = (results: readonly number[]) => number;

function combination(node: Syntax, lookup: Lookup): Combine | undefined {
  if (node.kind === "number" || node.kind === "name") {
    const known = node.kind === "number" ? Number(node.text) : lookup(node.name);
    return Number.isSafeInteger(known) ? () => known! : undefined;
  }
  if (node.kind === "unary" && node.operator !== "'") {
    const sign = node.operator === "-" ? -1 : 1;
    return ([operand]) => sign * operand!;
  }
  const operator = node.kind === "binary" ? OPERATORS.get(node.operator) : undefined;
  return operator && (([left, right]) => operator(left!, right!));
}

/** A whole number that counts entries. */
export function sizeNumber(node: Syntax, lookup: Lookup): number {
  const size = wholeNumber(node, lookup);
  if (size < 1 || !Number.isSafeInteger(size)) {
    throw new InputError(`a size must be a positive whole number, not ${size}`, {
      place: node.place,
    });
  }
  return size;
}

/** The names in an expression. */
export function namesIn(root: Syntax, children: (node: Syntax) => readonly Syntax[]): Set<string> {
  const names = new Set<string>();
  const left = [root];
  for (let node = left.pop(); node; node = left.pop()) {
    if (node.kind === "name") names.add(node.name);
    left.push(...children(node));
  }
  return names;
}
