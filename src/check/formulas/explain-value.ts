/** What is wrong with a statement that claims nothing and ought to be the value of a quantity. */
import { minus } from "../../language/compose.js";
import { printSyntax } from "../../language/print.js";
import { parts, type Syntax } from "../../language/syntax.js";
import { diagnosisOf, type Fault } from "../explanations/hypothesis.js";
import type { Explained } from "./explain.js";
import type { Line } from "./lines.js";
import type { Repairer } from "./repair.js";
import { isAdditive } from "./variants/variant.js";

/**
 * @param right the quantity as the model defines it, in the names of the statements above

 * @param repairer finds variants of the statement that are right
 */
export function explainValue(
  { formula }: Line,
  right: Syntax,
  repairer: Repairer | undefined,
  definitionOf: (name: string) => Syntax | undefined,
): Explained {
  const { name, statement } = formula;
  const repair = repairer?.single() ?? undefined;
  const faults = repair?.faults ?? [differenceOf(statement.expression, right, definitionOf)];
  return {
    diagnosis: faults.map((fault) => diagnosisOf(fault, name)),
    repair: `${name} = ${printSyntax(repair?.syntax ?? right)}`,
  };
}

/** The one part in which an expression is not another one. */
function differenceOf(
  written: Syntax,
  right: Syntax,
  definitionOf: (name: string) => Syntax | undefined,
): Fault {
  const [used, instead] = [written, right].map(printSyntax) as [string, string];
  const [own, wanted] = [parts(written), parts(right)];
  const isAlike = headOf(written) === headOf(right) && own.length === wanted.length;
  const pairs = isAlike ? own.map((part, k) => [part, wanted[k]!] as const) : [];
  const others = pairs.filter(([a, b]) => printSyntax(a) !== printSyntax(b));
  const [only] = others;
  if (only && others.length === 1) return differenceOf(...only, definitionOf);
  const definition = right.kind === "name" ? definitionOf(right.name) : undefined;
  if (definition && written.kind !== "name") {
    return differenceOf(written, definition, definitionOf);
  }
  const term = termBeside(written, right);
  if (term) {
    const text = printSyntax(term);
    return {
      cause: "missing-term",
      details: () => ({ term: text }),
      say: (claim) => `${claim} lacks the term ${text} in ${instead}`,
    };
  }
  const isName = written.kind === "name" && right.kind === "name";
  return {
    cause: isName ? "wrong-variable" : "wrong-function",
    details: () => (isName ? { used, instead } : {}),
    say: (claim) => `${claim} has ${used} where ${instead} belongs`,
  };
}

/** What an expression is, its parts aside. */
function headOf(node: Syntax): string {
  switch (node.kind) {
    case "binary":
    case "unary":
      return node.operator;
    case "call":
      return node.name;
    default:
      return node.kind;
  }
}

/** What a sum has beside an expression. */
function termBeside(written: Syntax, right: Syntax): Syntax | undefined {
  if (!isAdditive(right)) return undefined;
  const own = printSyntax(written);
  if (printSyntax(right.left) === own)
    return right.operator === "-" ? minus(right.right) : right.right;
  return right.operator === "+" && printSyntax(right.right) === own ? right.left : undefined;
}
