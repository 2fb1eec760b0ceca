/** Factors and terms that do not belong where they stand. */
import { binary, minus } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import type { BinaryOperator, Syntax } from "../../../language/syntax.js";
import { type Fault, factorFaults } from "../../explanations/hypothesis.js";
import {
  atSpots,
  factorsOf,
  isAdditive,
  isProduct,
  LINEAR,
  type Spot,
  type Surroundings,
  type Variant,
  type VariantKind,
} from "./variant.js";

/** Factors and terms that are too many. */
export const DROPPED = atSpots(1.05, dropped);

export const FACTOR_VARIANTS: readonly VariantKind[] = [DROPPED, atSpots(1.45, distributed)];

/** The number that an expression of numbers alone is. */
export function constantValue(node: Syntax): number | undefined {
  if (node.kind === "number") return Number(node.text);
  if (node.kind === "unary" && node.operator === "-") {
    const value = constantValue(node.operand);
    return value === undefined ? undefined : -value;
  }
  if (node.kind !== "binary") return undefined;
  const [left, right] = [constantValue(node.left), constantValue(node.right)];
  if (left === undefined || right === undefined) return undefined;
  if (node.operator === "/" || node.operator === "./") return left / right;
  return node.operator === "*" || node.operator === ".*" ? left * right : undefined;
}

/** What is said where a factor is too much. */
function tooMuch(
  factor: Syntax,
  isDivisor: boolean,
  isWhole: boolean,
  { sizes, ideal }: Surroundings,
): readonly Fault[] {
  const value = constantValue(factor);
  const text = printSyntax(factor);
  const isSize = factor.kind === "name" && sizes.includes(text);
  if (isSize && isWhole) {
    // the value only tells that it is no sign; the name is what is said
    const given = isDivisor ? { value: 0.5, name: `1/${text}` } : { value: 2, name: text };
    return factorFaults({ ...given, cost: 0, isStep: false }, ideal);
  }
  if (value !== undefined && value !== 0) {
    const number = isDivisor ? 1 / value : value;
    if (!isWhole) {
      const say = (claim: string): string =>
        `${claim} has the factor ${isDivisor ? `1/${text}` : text} in one of its terms, where it does not belong`;
      return number === 1
        ? []
        : [{ cause: "constant-factor", details: () => ({ factor: number }), say }];
    }
    return factorFaults(
      {
        value: number,
        name: number,
        cost: 0,
        isStep: number < 0 && Math.abs(number) < 0.5,
      },
      ideal,
    );
  }
  const name = isDivisor ? `1/${text}` : text;
  return [
    {
      cause: "extra-factor",
      details: () => ({ factor: name }),
      say: (claim) => `${claim} has the factor ${name}, which does not belong there`,
    },
  ];
}

const DIVISIONS: ReadonlySet<string> = new Set(["/", "./"]);
const PRODUCTS: ReadonlySet<string> = new Set(["*", ".*"]);

function* dropped(spot: Spot, around: Surroundings): Generator<Variant> {
  const { node, isFactor, replace } = spot;
  if (node.kind !== "binary") return;
  const { operator, left, right } = node;
  // a number that is there is rather taken away than undone by another one
  const costOf = (gone: Syntax): number => {
    const isSize = gone.kind === "name" && around.sizes.includes(gone.name);
    if (isFactor && (isSize || constantValue(gone) !== undefined)) return 1.05;
    return numberWithin(spot, gone, gone) ? INSIDE : 1.4;
  };
  if (PRODUCTS.has(operator)) {
    for (const [kept, gone] of [
      [left, right],
      [right, left],
    ] as const) {
      const within = numberWithin(spot, gone, kept);
      const faults = within ? [within] : tooMuch(gone, false, isFactor, around);
      if (faults.length > 0) yield { syntax: replace(kept), faults, cost: costOf(gone) };
      if (!isUnit(gone)) yield undivided(operator, kept, gone, replace);
    }
  } else if (DIVISIONS.has(operator)) {
    const within = numberWithin(spot, right, left);
    const faults = within ? [within] : tooMuch(right, true, isFactor, around);
    if (faults.length > 0) yield { syntax: replace(left), faults, cost: costOf(right) };
    if (isUnit(right)) return;
    const inverse = binary(operator === "/" ? "*" : ".*", left, right);
    const text = printSyntax(right);
    const number = constantValue(right);
    const say = (claim: string): string => `${claim} divides by ${text} where it must multiply`;
    const fault: Fault =
      number === undefined
        ? { cause: "extra-factor", details: () => ({ factor: `1/${text}^2` }), say }
        : { cause: "constant-factor", details: () => ({ factor: 1 / number ** 2 }), say };
    // the reciprocal of a derivative has a name of its own
    const cost = number === undefined ? 2.15 : 1.9;
    yield { syntax: replace(inverse), faults: [fault], cost };
  } else if (operator === ".^" || operator === "^") {
    const text = printSyntax(left);
    yield {
      syntax: replace(left),
      faults: [
        {
          cause: "extra-factor",
          details: () => ({ factor: text }),
          say: (claim) => `${claim} takes a power of ${text} that does not belong there`,
        },
      ],
      cost: 1.5,
    };
  } else if (operator === "+" || operator === "-") {
    if (operator === "-" && constantValue(left) === 1) yield complement(right, replace(right));
    for (const [kept, gone] of [
      [left, right],
      [operator === "-" ? minus(right) : right, left],
    ] as const) {
      const term = printSyntax(gone);
      yield {
        syntax: replace(kept),
        faults: [
          {
            cause: "extra-term",
            details: () => ({ term }),
            say: (claim) => `${claim} has the term ${term}, which does not belong there`,
          },
        ],
        cost: 1.45,
      };
    }
  }
}

/** Less than the derivative of the function before the whole line, which would undo it. */
const INSIDE = 1.18;

/** A number before what a function is of: exp(2 * s) for exp(s). Undefined for any other factor. */
function numberWithin({ node, parent }: Spot, gone: Syntax, kept: Syntax): Fault | undefined {
  const number = constantValue(gone);
  const isOnly = parent?.kind === "call" && parent.args.length === 1 && !LINEAR.has(parent.name);
  if (!isOnly || number === undefined || Math.abs(number) === 1) return undefined;
  const [used, instead] = [parent, { ...parent, args: [kept] }].map(printSyntax);
  return {
    cause: "constant-factor",
    details: () => ({ factor: number, term: printSyntax(node) }),
    say: (claim) => `${claim} has ${used!} where ${instead!} belongs`,
  };
}

/** Whether it makes no difference whether one multiplies by it or divides. */
function isUnit(node: Syntax): boolean {
  return Math.abs(constantValue(node) ?? 0) === 1;
}

/** A factor where there must be a divisor. */
function undivided(
  operator: BinaryOperator,
  over: Syntax,
  under: Syntax,
  replace: Spot["replace"],
): Variant {
  const text = printSyntax(under);
  const number = constantValue(under);
  const say = (claim: string): string => `${claim} multiplies by ${text} where it must divide`;
  const fault: Fault =
    number === undefined
      ? { cause: "extra-factor", details: () => ({ factor: `${text}^2` }), say }
      : { cause: "constant-factor", details: () => ({ factor: number ** 2 }), say };
  const syntax = replace(binary(operator === "*" ? "/" : "./", over, under));
  return { syntax, faults: [fault], cost: 1.9 };
}

/** u for 1 − u, as at the gates of a GRU. */
function complement(share: Syntax, syntax: Syntax): Variant {
  const instead = printSyntax(share);
  const used = `1 - ${share.kind === "binary" ? `(${instead})` : instead}`;
  const fault: Fault = {
    cause: "wrong-variable",
    details: () => ({ used, instead }),
    say: (claim) => `${claim} has ${used} where ${instead} belongs: the two add up to 1`,
  };
  return { syntax, faults: [fault], cost: 1.45 };
}

/** A factor of brackets that belongs to some of the terms inside, and not to this one: c * (a + b) for c * a + b. */
function* distributed({ node, replace }: Spot): Generator<Variant> {
  if (!isProduct(node)) return;
  const [left, right] = [factorsOf(node.left), factorsOf(node.right)];
  // of factors on both sides this is the innermost product
  const pairs = [
    ...left.flatMap((sum) => right.map((factor) => ({ sum, factor }))),
    ...right.flatMap((sum) => left.map((factor) => ({ sum, factor }))),
  ];
  for (const { sum, factor } of pairs) {
    const terms = termsOf(sum);
    // a .* (1 - a) is a slope, whatever stands in its place
    const isSlope = terms.some(({ term }) => isSame(term, factor) || isSame(term, minus(factor)));
    if (isSlope || constantValue(factor) !== undefined) continue;
    for (const { term, others } of terms) {
      const kept = withFactors(node, (one) => (one === sum ? others : one))!;
      const alone = withFactors(node, (one) =>
        one === factor ? undefined : one === sum ? term : one,
      )!;
      const [text, name] = [term, factor].map(printSyntax);
      const fault: Fault = {
        cause: "extra-factor",
        details: () => ({ factor: name! }),
        say: (claim) =>
          `${claim} has the factor ${name} before ${text} too, where it does not belong`,
      };
      yield { syntax: replace(binary("+", kept, alone)), faults: [fault], cost: 1.45 };
    }
  }
}

function isSame(a: Syntax, b: Syntax): boolean {
  return printSyntax(a) === printSyntax(b);
}

/** Each term of a sum, with its sign, and what is left without it. */
function termsOf(node: Syntax): { readonly term: Syntax; readonly others: Syntax }[] {
  if (!isAdditive(node)) return [];
  const { operator, left, right } = node;
  const signed = operator === "-" ? minus(right) : right;
  return [
    { term: signed, others: left },
    ...(isAdditive(left)
      ? termsOf(left).map(({ term, others }) => ({ term, others: binary(operator, others, right) }))
      : [{ term: left, others: signed }]),
  ];
}

/** A product with other factors, or without some; undefined where none is left. */
function withFactors(
  node: Syntax,
  other: (factor: Syntax) => Syntax | undefined,
): Syntax | undefined {
  if (!isProduct(node)) return other(node);
  const [left, right] = [node.left, node.right].map((side) => withFactors(side, other));
  return left && right ? binary(node.operator, left, right) : (left ?? right);
}
