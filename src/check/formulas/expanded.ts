/** A statement with those above it that claim nothing written in their place. */
import { printSyntax } from "../../language/print.js";
import { namesIn, rewritten, type Syntax } from "../../language/syntax.js";
import { type Line, wantedOf } from "./lines.js";

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
  const isHelper = (name: string): boolean => helpers.has(name);
  let whole = formula.statement.expression;
  if (![...namesIn(whole)].some(isHelper)) return undefined;
  while (printSyntax(whole).length <= LONGEST) {
    if (![...namesIn(whole)].some(isHelper)) return whole;
    whole = rewritten(whole, (node) => (node.kind === "name" ? helpers.get(node.name) : undefined));
  }
  return undefined;
}
