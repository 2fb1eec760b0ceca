/** How sentences name matrix expressions. */
import type { Quantity } from "../../expression/quantity.js";
import { isSign, isUnit } from "../../expression/rational.js";
import {
  derivativeAtom,
  entryAtom,
  formula,
  said,
  type Sentence,
  type Atom,
} from "../../language/sentence.js";
import type { MatrixExpression, SumNode } from "./expression.js";

/** What is short enough to be named, with transposes left out: `x`, `O − T`. */
export function mentionOf(node: MatrixExpression): Sentence | undefined {
  switch (node.kind) {
    case "quantity":
      return said`${atomOf(node.quantity)}`;
    case "slice":
      return said`the part of ${atomOf(node.quantity)}`;
    case "transpose":
    case "vec":
      return mentionOf(node.of);
    case "sum":
      return differenceOf(node);
    default:
      return undefined;
  }
}

/** The quantity that an expression is, or is a part of. */
export function quantityIn(node: MatrixExpression): Quantity | undefined {
  if (node.kind === "transpose") return quantityIn(node.of);
  return node.kind === "quantity" || node.kind === "slice" ? node.quantity : undefined;
}

/** A quantity by its name, a derivative as ∂L/∂W. */
function atomOf(quantity: Quantity): Atom {
  const { numerator, of } = quantity;
  return numerator && of ? derivativeAtom(numerator, of) : entryAtom(quantity, []);
}

/** `O − T`, `1 − c`: two terms with coefficients of ±1, what is added before what is taken away. */
function differenceOf({ terms }: SumNode): Sentence | undefined {
  const [first, second, more] = terms.toSorted((a, b) => b.coefficient.compare(a.coefficient));
  if (!first || !second || more || !isUnit(first.coefficient)) return undefined;
  if (!isSign(second.coefficient)) return undefined;
  const [one, other] = [first.term, second.term].map(termAtom);
  if (one === undefined || other === undefined) return undefined;
  return said`${formula(one, second.coefficient.s < 0n ? " − " : " + ", other)}`;
}

function termAtom(node: MatrixExpression): Atom | undefined {
  if (node.kind === "ones") return { kind: "number", value: 1 };
  return node.kind === "quantity" ? atomOf(node.quantity) : undefined;
}

/** ` of x`, where the expression can be named. */
export function ofMention(node: MatrixExpression): Sentence {
  const what = mentionOf(node);
  return what ? said` of ${what}` : said``;
}
