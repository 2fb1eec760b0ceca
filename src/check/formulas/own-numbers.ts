/** The numbers that stand in a model, and what it divides by. */
import type { Model } from "../../language/model.js";
import { printSyntax } from "../../language/print.js";
import { namesIn, type Syntax } from "../../language/syntax.js";
import { constantValue, isConstant } from "./variants/factors.js";
import { type Piece, spotsOf } from "./variants/variant.js";

/** 0, and the numbers that stand in the model. */
export function boundsIn({ program }: Model): readonly number[] {
  const numbers = program.statements
    .flatMap(({ expression }) => spotsOf(expression))
    .flatMap(({ node }) => constantValue(node) ?? []);
  return [...new Set([0, ...numbers])];
}

/** Numbers, and functions of sizes, that the model multiplies by or divides by, and nobody else does: 0.8, sqrt(d). */
export function constantsIn({ program, sizes }: Model): readonly Piece[] {
  const found = new Map<string, Syntax>();
  const factors = program.statements
    .flatMap(({ expression }) => spotsOf(expression))
    .flatMap(({ node }) =>
      node.kind === "binary" && SCALING.has(node.operator) ? [node.left, node.right] : [],
    );
  for (const node of factors) {
    const value = constantValue(node);
    const isUsual = value !== undefined && [value, 1 / value].some(Number.isInteger);
    if (isConstant(node, sizes) && !isUsual && !isOfSizesAlone(node)) {
      found.set(printSyntax(node), node);
    }
  }
  return [...found].map(([name, syntax]) => ({ name, syntax }));
}

/** N, 2*N, N/2, which are usual whatever the model has. */
function isOfSizesAlone(node: Syntax): boolean {
  if (node.kind === "name") return true;
  const isProduct = node.kind === "binary" && SCALING.has(node.operator);
  return isProduct && namesIn(node).size > 0 && [node.left, node.right].every(isPlain);
}

function isPlain(node: Syntax): boolean {
  return constantValue(node) !== undefined || isOfSizesAlone(node);
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
