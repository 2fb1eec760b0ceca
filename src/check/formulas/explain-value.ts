/** What is wrong with a statement that claims nothing and ought to be something else than a derivative. */
import { minus } from "../../language/compose.js";
import { printSyntax } from "../../language/print.js";
import { parts, type Syntax } from "../../language/syntax.js";
import { diagnosisOf, type Fault } from "../explanations/hypothesis.js";
import type { Explained } from "./explain.js";
import type { Line, Mended } from "./lines.js";
import { isPart } from "./named-parts.js";
import type { Repairer } from "./repair.js";
import type { Formula } from "./statements.js";
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
  const difference = differenceOf(statement.expression, right, definitionOf);
  // what is put together otherwise has no one part that differs
  const isWhole = difference.at === statement.expression && difference.fault.cause === UNCLEAR;
  const repair = isWhole ? repairer?.single() : undefined;
  const faults = repair?.faults ?? [difference.fault];
  return {
    diagnosis: faults.map((fault) => diagnosisOf(fault, name)),
    repair: `${name} = ${printSyntax(repair?.syntax ?? spelledOut(right, definitionOf))}`,
  };
}

/** A part without a name, as it is written. */
function spelledOut(right: Syntax, definitionOf: (name: string) => Syntax | undefined): Syntax {
  const isOwn = right.kind === "name" && isPart(right);
  return (isOwn && definitionOf(right.name)) || right;
}

/** A statement that would be right with one mistake less, whatever it is. */
export function explainMended({ name }: Formula, { syntax, faults }: Mended): Explained {
  return {
    diagnosis: faults.map((fault) => diagnosisOf(fault, name)),
    repair: `${name} = ${printSyntax(syntax)}`,
  };
}

/** What is said of parts that differ in no known way. */
const UNCLEAR: Fault["cause"] = "wrong-function";

interface Difference {
  /** The part of the statement as it was written. */
  readonly at: Syntax;
  readonly fault: Fault;
}

/** The one part in which an expression is not another one. */
function differenceOf(
  written: Syntax,
  right: Syntax,
  definitionOf: (name: string) => Syntax | undefined,
): Difference {
  const [own, wanted] = [parts(written), parts(right)];
  const pairs = own.map((part, k) => [part, wanted[k]] as const);
  const others = pairs.filter(([a, b]) => !b || printSyntax(a) !== printSyntax(b));
  const isAlike = own.length === wanted.length && headOf(written) === headOf(right);
  const [[part, instead] = []] = others;
  if (isAlike && others.length === 1 && part && instead) {
    return differenceOf(part, instead, definitionOf);
  }
  const definition = right.kind === "name" ? definitionOf(right.name) : undefined;
  if (definition && written.kind !== "name") {
    return differenceOf(written, definition, definitionOf);
  }
  const isSame = own.length === wanted.length && own.length > 0 && others.length === 0;
  return { at: written, fault: isSame ? otherHead(written, right) : otherPart(written, right) };
}

/** Of expressions with the same parts. */
function otherHead(written: Syntax, right: Syntax): Fault {
  if (isAdditive(written) && isAdditive(right)) {
    const term = printSyntax(written.right);
    return { cause: "sign", say: (claim) => `${claim} has a wrong sign before ${term}` };
  }
  const [used, instead] =
    written.kind === "call" && right.kind === "call"
      ? [written.name, right.name]
      : [printSyntax(written), printSyntax(right)];
  return {
    cause: "wrong-function",
    say: (claim) => `${claim} has ${used} where ${instead} belongs`,
  };
}

function otherPart(written: Syntax, right: Syntax): Fault {
  const [used, instead] = [written, right].map(printSyntax) as [string, string];
  const term = termBeside(written, right);
  if (term) {
    const text = printSyntax(term);
    return {
      cause: "missing-term",
      details: () => ({ term: text }),
      say: (claim) => `${claim} lacks the term ${text} in ${instead}`,
    };
  }
  if (isTransposeOf(right, written)) {
    return { cause: "transposed", say: (claim) => `${claim}: ${used} must be transposed` };
  }
  if (isTransposeOf(written, right)) {
    const say = (claim: string): string =>
      `${claim}: ${instead} is transposed where it must not be`;
    return { cause: "transposed", say };
  }
  const isName = written.kind === "name" && right.kind === "name";
  return {
    cause: isName ? "wrong-variable" : UNCLEAR,
    details: () => (isName ? { used, instead } : {}),
    say: (claim) => `${claim} has ${used} where ${instead} belongs`,
  };
}

function isTransposeOf(one: Syntax, other: Syntax): boolean {
  return (
    one.kind === "unary" && one.operator === "'" && printSyntax(one.operand) === printSyntax(other)
  );
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
