/** Masks that differ from a convention only at a kink. */
import type { Expression } from "../../expression/expression.js";
import { postorder } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { printSyntax } from "../../language/print.js";
import { type BinarySyntax, parts, type Syntax } from "../../language/syntax.js";
import { watches } from "../../numeric/watch.js";
import type { Line } from "./lines.js";
import type { Script } from "./script.js";

/** Notes on right statements whose masks take another value at a kink of the model. */
export function conventionNotes(model: Model, script: Script, lines: readonly Line[]): string[] {
  const { graph, definitions } = model;
  const kinks = watches(graph, definitions).filter(({ kind }) => kind === "kink");
  if (kinks.length === 0) return [];
  return lines.flatMap(({ formula: { line, statement }, scope }) =>
    closedMasks(statement.expression).flatMap((mask) => {
      const { left, right } = mask;
      const operands = [left, right].map((side) => script.entries(side, scope));
      const [above, below] = operands;
      if (!above || !below) return [];
      const difference = graph.subtract(above, below);
      const sides = [difference, graph.negate(difference)];
      const conventions = kinks
        .filter(({ subject }) => sides.some((side) => isSame(side, subject)))
        .flatMap(({ convention }) => convention ?? []);
      if (conventions.length === 0) return [];
      const told = [...new Set(conventions)].join("; ");
      return [`line ${line}: ${printSyntax(mask)} is 1 at the kink itself; here ${told}`];
    }),
  );
}

function closedMasks(expression: Syntax): BinarySyntax[] {
  return [...postorder<Syntax>([expression], parts)].filter(
    (node): node is BinarySyntax =>
      node.kind === "binary" && (node.operator === ">=" || node.operator === "<="),
  );
}

/** Equal expressions are one object; a quantity is the same whatever letters it is read with. */
function isSame(a: Expression, b: Expression): boolean {
  return a === b || (a.kind === "reference" && b.kind === "reference" && a.quantity === b.quantity);
}
