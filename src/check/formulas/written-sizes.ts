/**
 * Formulas with numbers in place of sizes: `ones(6, 2)`, or 1/6 for a mean over N where the data have
 * six rows. Such formulas are right at these sizes or at none.
 */
import { postorder } from "../../expression/walk.js";
import type { SizeValues } from "../../expression/size.js";
import { elaborateProgram, type Model } from "../../language/model.js";
import { type Point, readPoint } from "../../language/point.js";
import { namesIn, parts, type Syntax } from "../../language/syntax.js";
import type { Line } from "./lines.js";
import type { Formula } from "./statements.js";

/** A size of 1 is in every formula: whatever is not multiplied by anything. */
const LEAST = 2;
/** And 2 is what squares leave behind: only larger numbers are taken for sizes wherever they stand. */
const LEAST_ANYWHERE = 3;
/** Functions of lengths. */
const OF_LENGTHS: ReadonlySet<string> = new Set(["ones", "zeros", "identity"]);

/** The named sizes whose values at a point stand in formulas as numbers. */
export function writtenSizes(model: Model, formulas: readonly Formula[], at: Point): SizeValues {
  const { sizes } = readPoint(model, at);
  return new Map(
    [...sizes].filter(([name, value]) => formulas.some((one) => writes(one, name, value))),
  );
}

/** Whether a number may stand for a size in a statement: as a length or an index, or where the size has no name. */
function writes({ statement: { expression } }: Formula, size: string, value: number): boolean {
  if (value < LEAST) return false;
  if (lengthsIn(expression).includes(value)) return true;
  const isNamed = namesIn(expression).has(size);
  return value >= LEAST_ANYWHERE && !isNamed && numbersIn(expression).includes(value);
}

function numbersIn(expression: Syntax): number[] {
  return postorder<Syntax>([expression], parts).flatMap((node) =>
    node.kind === "number" ? [Number(node.text)] : [],
  );
}

/** Lengths of lists and of arrays of one number, and indices. */
function lengthsIn(expression: Syntax): number[] {
  return postorder<Syntax>([expression], parts).flatMap((node) => {
    if (node.kind === "matrix") return node.rows.flatMap((row) => [node.rows.length, row.length]);
    if (node.kind === "call" && OF_LENGTHS.has(node.name)) return node.args.flatMap(numbersIn);
    const isIndexed = node.kind === "index";
    return isIndexed ? parts(node).slice(1).flatMap(numbersIn) : [];
  });
}

/** The same statements, with these numbers for the sizes. */
export function modelOfSizes({ program, loss }: Model, sizes: SizeValues): Model {
  return elaborateProgram(program, loss.name, sizes);
}

/**
 * The statements among some that hold a number in place of a size, themselves or in what they use
 * that claims nothing.
 */
export function thatWrite(sizes: SizeValues, lines: readonly Line[]): (line: Line) => boolean {
  const byFormula = new Map(lines.map((line) => [line.formula, line]));
  const isWritten = ({ formula, uses }: Line): boolean =>
    [...sizes].some(([name, value]) => writes(formula, name, value)) ||
    uses.some((used) => !used.claims && isWritten(byFormula.get(used)!));
  return isWritten;
}
