/** How the numbers of a model are written, as its statements have them. */
import { postorder } from "../../expression/walk.js";
import { exactDecimal } from "../../language/decimal.js";
import type { Model } from "../../language/model.js";
import { parts, type Syntax } from "../../language/syntax.js";
import { Numerals } from "./fraction.js";

/** A decimal of more digits, such as the 10⁻⁵ below a root, says nothing of how other numbers are written. */
const FINEST = 10_000n;

/**
 * How the numbers of a model are written: as decimals, where a statement has some other than halves, quarters and the
 * like, which are written as fractions; of these, those beyond 1 and those that are a statement of their own stay
 * decimals; and below a line, where a statement divides by them.
 */
export function numeralsOf({ program }: Model): Numerals {
  // most statements have whole numbers alone
  const nodes = program.statements.flatMap(({ expression, text }) =>
    /\d[.e]|\.\d/i.test(text) ? postorder<Syntax>([expression], parts) : [],
  );
  const areDecimals = nodes.some((node) => {
    if (node.kind !== "number") return false;
    const { d } = exactDecimal(node.text);
    return d % 5n === 0n && d <= FINEST;
  });
  const divisors = nodes.flatMap((node) => {
    const isQuotient = node.kind === "binary" && /^\.?\/$/.test(node.operator);
    return isQuotient && node.right.kind === "number" ? node.right.text : [];
  });
  const below = [...new Set(divisors)].map(exactDecimal).filter(({ d }) => d !== 1n);
  const alone = program.statements.flatMap(({ expression }) => numberAlone(expression) ?? []);
  const beyondOne = nodes.flatMap((node) =>
    node.kind === "number" && Number(node.text) > 1 ? [node.text] : [],
  );
  const decimals = [...new Set([...alone, ...beyondOne])].map(exactDecimal);
  return new Numerals(
    areDecimals,
    below,
    decimals.filter(({ d }) => d !== 1n),
  );
}

/** The digits of what is a number alone, which may have a minus. */
function numberAlone(syntax: Syntax): string | undefined {
  const inner = syntax.kind === "unary" ? syntax.operand : syntax;
  return inner.kind === "number" ? inner.text : undefined;
}
