/** Scalars that all terms of a sum of matrices share, in front of it: ¼A − ¼B is ¼(A − B). */
import type { Fraction } from "fraction.js";
import { areEqual, isUnit, times } from "../../expression/rational.js";
import { isScalar, type MatrixExpression, type SumNode } from "./expression.js";
import { ONE } from "./node.js";
import { type Front, split, sum, withFront } from "./products.js";
import { rebuilt } from "./substitute.js";

/** The expression with the shared scalars of each of its sums in front, as far out as they go. */
export function withSharedFronts(root: MatrixExpression): MatrixExpression {
  const visit = (node: MatrixExpression): MatrixExpression => {
    const own = rebuilt(node, visit);
    return own.kind === "sum" && !isScalar(own) ? inFront(own) : own;
  };
  return visit(root);
}

/** A number alone is put in front only where nothing else stands before any term: 2A/N + 2λB stays. */
function inFront(node: SumNode): MatrixExpression {
  const terms = node.terms.map(({ coefficient, term, ...told }) => {
    const { front, rest } = split(term);
    const own = { ...front, coefficient: times(coefficient, front.coefficient) };
    return { front: own, rest: rest!, told };
  });
  const fronts = terms.map(({ front }) => front);
  const numerator = inAll(fronts.map((front) => front.numerator));
  const denominator = inAll(fronts.map((front) => front.denominator));
  const isOfNumbers = fronts.every((one) => one.numerator.length + one.denominator.length === 0);
  const coefficient = sharedNumber(fronts.map((front) => front.coefficient));
  const hasScalars = numerator.length + denominator.length > 0;
  if (!hasScalars && !(isOfNumbers && !isUnit(coefficient.abs()))) return node;
  const left = terms.map(({ front, rest, told }) => ({
    ...told,
    coefficient: front.coefficient.div(coefficient),
    term: withFront(
      {
        coefficient: ONE,
        numerator: without(front.numerator, numerator),
        denominator: without(front.denominator, denominator),
      },
      rest,
    ),
  }));
  return withFront({ coefficient, numerator, denominator } satisfies Front, sum(left));
}

/** The size of all numbers, with their sign where that is one; else 1 or −1. */
function sharedNumber(numbers: readonly Fraction[]): Fraction {
  const size = numbers[0]!.abs();
  const shared = numbers.every((one) => areEqual(one.abs(), size)) ? size : ONE;
  return numbers.every(({ s }) => s < 0n) ? shared.neg() : shared;
}

function inAll([first, ...others]: readonly (readonly MatrixExpression[])[]): MatrixExpression[] {
  return first!.filter(({ key }) => others.every((nodes) => nodes.some((one) => one.key === key)));
}

function without(
  nodes: readonly MatrixExpression[],
  left: readonly MatrixExpression[],
): MatrixExpression[] {
  return nodes.filter(({ key }) => !left.some((one) => one.key === key));
}
