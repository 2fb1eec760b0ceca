/** Statements that a claim repeats by name: `h0 = X' * r`, `dw = h0`. */
import type { Diagnosis } from "../result.js";
import { isAtFault, type Line } from "./lines.js";
import type { Formula } from "./statements.js";

/**
 * Those whose claim lacks a term of the derivative: they are shares of it, and the term is lost where shares are put
 * together.
 * @param explain what is wrong with a line by itself
 */
export function repeatedShares(
  lines: readonly Line[],
  explain: (line: Line) => readonly Diagnosis[],
): readonly Formula[] {
  const isRepeated = ({ formula }: Line): boolean => {
    const users = lines.filter(({ uses }) => uses.includes(formula));
    const areNames = users.every((one) => one.formula.statement.expression.kind === "name");
    return users.length > 0 && areNames;
  };
  const isShare = (line: Line): boolean => {
    const faults = explain(line);
    return faults.length === 1 && faults[0]!.cause === "missing-term";
  };
  return lines
    .filter((line) => !line.formula.claims && line.intended && isAtFault(line))
    .filter((line) => isRepeated(line) && isShare(line))
    .map(({ formula }) => formula);
}
