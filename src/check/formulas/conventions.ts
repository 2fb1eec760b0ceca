/** Masks that differ from a convention only at a kink. */
import { postorder } from "../../expression/walk.js";
import type { Expression } from "../../expression/expression.js";
import type { Model } from "../../language/model.js";
import { printSyntax } from "../../language/print.js";
import { parts, type Syntax } from "../../language/syntax.js";
import type { Formula } from "./statements.js";

/** Notes on right statements whose masks take another value at a kink. */
export function conventionNotes(model: Model, formulas: readonly Formula[]): string[] {
  const conventions = new Map<string, string>();
  const bodies = model.definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    if (node.kind !== "apply" || node.operation.convention === undefined) continue;
    conventions.set(node.operation.name, node.operation.convention);
  }
  if (conventions.size === 0) return [];
  const told = [...conventions.values()].join("; ");
  return formulas.flatMap(({ line, statement }) =>
    [...postorder<Syntax>([statement.expression], parts)].flatMap((node) => {
      const isClosed = node.kind === "binary" && (node.operator === ">=" || node.operator === "<=");
      if (!isClosed) return [];
      return [`line ${line}: ${printSyntax(node)} is 1 at the kink itself; here ${told}`];
    }),
  );
}
