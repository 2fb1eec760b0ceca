/** A statement with those above it that claim nothing written in their place. */
import { printSyntax } from "../../language/print.js";
import type { Syntax } from "../../language/syntax.js";
import { type Line, wantedOf } from "./lines.js";
import { spotsOf } from "./variants/variant.js";

/** Longer statements have too many variants. */
const LONGEST = 160;

/** Undefined where the statement uses none, or becomes too long. */
export function withHelpers({ formula }: Line, lines: readonly Line[]): Syntax | undefined {
  const helpers = new Map<string, Syntax>();
  for (const line of lines) {
    const { formula: above, written } = line;
    if (above === formula) break;
    const { name, statement } = above;
    if (!wantedOf(line) && written.kind === "valued") helpers.set(name, statement.expression);
  }
  const given = formula.statement.expression;
  let whole = given;
  while (printSyntax(whole).length <= LONGEST) {
    const spot = spotsOf(whole).find(({ node }) => node.kind === "name" && helpers.has(node.name));
    if (!spot) return whole === given ? undefined : whole;
    if (spot.node.kind === "name") whole = spot.replace(helpers.get(spot.node.name)!);
  }
  return undefined;
}
