/**
 * Formulas with numbers in place of sizes: `ones(6, 2)`, or 1/6 for a mean over N where the data have
 * six rows. Such formulas are right at these sizes or at none.
 */
import { postorder } from "../../expression/walk.js";
import type { SizeValues } from "../../expression/size.js";
import { elaborateProgram, type Model } from "../../language/model.js";
import type { Point } from "../../language/point.js";
import { readPoint } from "../../language/point.js";
import { parts, type Syntax } from "../../language/syntax.js";
import type { Line } from "./lines.js";
import type { Formula } from "./statements.js";

/** A size of 1 is in every formula: whatever is not multiplied by anything. */
const LEAST = 2;

/** The named sizes whose values at a point stand in formulas as numbers. */
export function writtenSizes(model: Model, formulas: readonly Formula[], at: Point): SizeValues {
  const written = new Set(formulas.flatMap(numbersIn));
  const { sizes } = readPoint(model, at);
  return new Map([...sizes].filter(([, value]) => value >= LEAST && written.has(value)));
}

/** Numbers and lengths of lists that stand in a statement. */
function numbersIn({ statement: { expression } }: Formula): number[] {
  return postorder<Syntax>([expression], parts).flatMap((node) => {
    if (node.kind === "number") return [Number(node.text)];
    return node.kind === "matrix" ? node.rows.flatMap((row) => [node.rows.length, row.length]) : [];
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
  const values = new Set(sizes.values());
  const byFormula = new Map(lines.map((line) => [line.formula, line]));
  const writes = ({ formula, uses }: Line): boolean =>
    numbersIn(formula).some((one) => values.has(one)) ||
    uses.some((used) => !used.claims && writes(byFormula.get(used)!));
  return writes;
}
