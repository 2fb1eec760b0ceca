/** Terms that are left out of sums within a statement: 1 for 1 - y, and an addend of what a function is taken of. */
import { binary, minus, named, transposed } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import { parts, type Syntax } from "../../../language/syntax.js";
import type { Fault } from "../../explanations/hypothesis.js";
import {
  atSpots,
  isAdditive,
  isScalar,
  LINEAR,
  type Spot,
  suits,
  type Sum,
  type Surroundings,
  type Variant,
  type VariantKind,
} from "./variant.js";

export const LOST_TERM_VARIANTS: readonly VariantKind[] = [
  atSpots(1.38, restored),
  atSpots(1.5, addends),
];

/** Sums of more terms are not looked at. */
const MOST_TERMS = 5;

/** What is left of the sums in some expressions where one of their terms is left out. */
export function sumsIn(roots: readonly Syntax[]): Sum[] {
  const found = new Map<string, Sum>();
  const visit = (node: Syntax, isWithin: boolean): void => {
    const isSum = isAdditive(node);
    if (isSum && !isWithin) {
      const terms = signedTerms(node);
      for (const [k, term] of terms.length <= MOST_TERMS ? terms.entries() : []) {
        const left = printSyntax(total(terms.toSpliced(k, 1)));
        found.set(`${printSyntax(node)}; ${left}`, { whole: node, left, term: printSyntax(term) });
      }
    }
    for (const part of parts(node)) visit(part, isSum);
  };
  for (const root of roots) visit(root, false);
  return [...found.values()];
}

function signedTerms(node: Syntax): Syntax[] {
  if (!isAdditive(node)) return [node];
  const { operator, left, right } = node;
  return [...signedTerms(left), operator === "-" ? minus(right) : right];
}

function total([first, ...others]: readonly Syntax[]): Syntax {
  return others.reduce(
    (sum, one) =>
      one.kind === "unary" && one.operator === "-"
        ? binary("-", sum, one.operand)
        : binary("+", sum, one),
    first!,
  );
}

/** A sum of the model, or of the right formula, for what it is without one of its terms. */
function* restored({ node, parent, replace }: Spot, { sums }: Surroundings): Generator<Variant> {
  // a sum with more terms is looked at as a whole
  if (isAdditive(parent)) return;
  const used = printSyntax(node);
  for (const { whole, left, term } of sums) {
    const instead = printSyntax(whole);
    // u for 1 - u, as people say it
    const isShare = term === "1" && left === `-${used}`;
    if (left !== used && !isShare) continue;
    const fault: Fault = isShare
      ? {
          cause: "wrong-variable",
          details: () => ({ used, instead }),
          say: (claim) => `${claim} has ${used} where ${instead} belongs: the two add up to 1`,
        }
      : {
          cause: "missing-term",
          details: () => ({ term }),
          say: (claim) =>
            `${claim} has ${used} where ${instead} belongs: the term ${term} is left out`,
        };
    yield { syntax: replace(whole), faults: [fault], cost: isShare ? 1.45 : 1.38 };
  }
}

/** A quantity that is left out of the sum that a function is taken of: exp(a + A) for exp(a + A + e'). */
function* addends({ node, parent, replace }: Spot, around: Surroundings): Generator<Variant> {
  const { names, adjoints, masks, shapeOf } = around;
  const isArgument = parent?.kind === "call" && parent.args[0] === node && !LINEAR.has(parent.name);
  const shape = isArgument ? shapeOf(node) : undefined;
  if (!shape) return;
  const used = printSyntax(node);
  for (const [name, other] of names) {
    if (adjoints.has(name) || masks.has(name) || name === used) continue;
    if (isScalar(shape) && !isScalar(other)) continue;
    for (const addend of isScalar(other) ? [named(name)] : [named(name), transposed(named(name))]) {
      for (const operator of ["+", "-"] as const) {
        const sum = binary(operator, node, addend);
        if (!suits(shape, shapeOf(sum))) continue;
        const term = printSyntax(operator === "-" ? minus(addend) : addend);
        const fault: Fault = {
          cause: "missing-term",
          details: () => ({ term }),
          say: (claim) => `${claim} lacks the term ${term} beside ${used}`,
        };
        yield { syntax: replace(sum), faults: [fault], cost: 1.5 };
      }
    }
  }
}
