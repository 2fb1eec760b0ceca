/** Whether statements keep numbers in bounds: only then may a derivative have been clipped. */
import { postorder } from "../../expression/walk.js";
import { parts, type Syntax } from "../../language/syntax.js";
import type { Line } from "./lines.js";

/** Functions that keep numbers in bounds, or take them to a norm or to their signs. */
const BOUNDING = new Set("abs max maximum min minimum norm relu sign sqrt tanh".split(" "));

const INEQUALITIES = new Set(["<", "<=", ">", ">="]);

/** Whether neither a statement nor what it uses above calls such a function, or compares with a bound. */
export function isUnbounded({ formula, uses }: Line): boolean {
  const read = [formula, ...uses].map(({ statement }) => statement.expression);
  return postorder<Syntax>(read, parts).every((node) => !isBounding(node));
}

/** The mask of a rectifier compares with 0, which is no bound. */
function isBounding(node: Syntax): boolean {
  if (node.kind === "call") return BOUNDING.has(node.name);
  if (node.kind !== "binary" || !INEQUALITIES.has(node.operator)) return false;
  return [node.left, node.right].every((side) => side.kind !== "number" || Number(side.text) !== 0);
}
