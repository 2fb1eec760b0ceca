/** The numbers that stand in a model, and what it divides by. */
import type { Model } from "../../language/model.js";
import { printSyntax } from "../../language/print.js";
import { namesIn, type Syntax } from "../../language/syntax.js";
import { constantValue } from "./variants/factors.js";
import { type Piece, spotsOf } from "./variants/variant.js";

/** 0, and the numbers that stand in the model. */
export function boundsIn({ program }: Model): readonly number[] {
  const numbers = program.statements
    .flatMap(({ expression }) => spotsOf(expression))
    .flatMap(({ node }) => constantValue(node) ?? []);
  return [...new Set([0, ...numbers])];
}

/** Numbers that the model multiplies by or divides by, and nobody else does. */
export function constantsIn({ program }: Model): readonly Piece[] {
  const found = new Map<string, Syntax>();
  const factors = program.statements
    .flatMap(({ expression }) => spotsOf(expression))
    .flatMap(({ node }) =>
      node.kind === "binary" && SCALING.has(node.operator) ? [node.left, node.right] : [],
    );
  for (const node of factors) {
    const value = constantValue(node);
    const isUsual = value !== undefined && [value, 1 / value].some(Number.isInteger);
    const isNumber = node.kind !== "matrix" && namesIn(node).size === 0;
    if (isNumber && !isUsual) found.set(printSyntax(node), node);
  }
  return [...found].map(([name, syntax]) => ({ name, syntax }));
}

const SCALING: ReadonlySet<string> = new Set(["*", ".*", "/", "./"]);

/** What statements divide by that is more than a size or a number. */
export function divisorsIn({ program, sizes }: Model): readonly Piece[] {
  const found = new Map<string, Syntax>();
  for (const { node } of program.statements.flatMap(({ expression }) => spotsOf(expression))) {
    const isQuotient = node.kind === "binary" && (node.operator === "/" || node.operator === "./");
    if (!isQuotient) continue;
    const isFixed = [...namesIn(node.right)].every((name) => sizes.includes(name));
    if (!isFixed) found.set(printSyntax(node.right), node.right);
  }
  return [...found].map(([name, syntax]) => ({ name, syntax }));
}
