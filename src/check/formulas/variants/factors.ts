/** Factors and terms that do not belong where they stand. */
import { binary, minus } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import { type CallSyntax, namesIn, type Syntax } from "../../../language/syntax.js";
import { type Fault, factorFaults } from "../../explanations/hypothesis.js";
import {
  atSpots,
  factorsOf,
  isAdditive,
  isProduct,
  isScalar,
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

/** Whether something is a number once sizes are known: 3, N, sqrt(d). */
export function isConstant(node: Syntax, sizes: readonly string[]): boolean {
  return node.kind !== "matrix" && [...namesIn(node)].every((name) => sizes.includes(name));
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
  const isNamed = value === undefined && isConstant(factor, sizes);
  if (isNamed && isWhole) {
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
      cause: isNamed ? "constant-factor" : "extra-factor",
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
    if (isFactor && isConstant(gone, around.sizes)) return 1.05;
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
      if (!isUnit(gone)) yield undivided(spot, kept, gone, around);
    }
  } else if (DIVISIONS.has(operator)) {
    const within = numberWithin(spot, right, left);
    const faults = within ? [within] : tooMuch(right, true, isFactor, around);
    if (faults.length > 0) yield { syntax: replace(left), faults, cost: costOf(right) };
    if (!isUnit(right)) yield unmultiplied(spot, left, right, around);
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
  spot: Pick<Spot, "node" | "isFactor" | "replace">,
  over: Syntax,
  under: Syntax,
  around: Surroundings,
): Variant {
  const isScalarProduct = spot.node.kind === "binary" && spot.node.operator === "*";
  const text = printSyntax(under);
  const where = spot.isFactor ? "" : ` ${printSyntax(over)}`;
  const say = (claim: string): string =>
    `${claim} multiplies${where} by ${text} where it must divide`;
  return {
    syntax: spot.replace(binary(isScalarProduct ? "/" : "./", over, under)),
    faults: [{ ...inverted(under, 2, around), say }],
    cost: costOfSide(spot, under, around) ?? 1.9,
  };
}

/** A divisor where there must be a factor. */
function unmultiplied(
  spot: Pick<Spot, "node" | "isFactor" | "replace">,
  over: Syntax,
  under: Syntax,
  around: Surroundings,
): Variant {
  const isScalarQuotient = spot.node.kind === "binary" && spot.node.operator === "/";
  const text = printSyntax(under);
  const isReciprocal = constantValue(over) === 1;
  const where = spot.isFactor ? "" : ` ${printSyntax(over)}`;
  const say = (claim: string): string =>
    isReciprocal && !spot.isFactor
      ? `${claim} has ${printSyntax(spot.node)} where ${text} belongs`
      : `${claim} divides${where} by ${text} where it must multiply`;
  const product = binary(isScalarQuotient ? "*" : ".*", over, under);
  return {
    syntax: spot.replace(isReciprocal ? under : product),
    faults: [{ ...inverted(under, -2, around), say }],
    // the reciprocal of a derivative has a name of its own
    cost: costOfSide(spot, under, around) ?? (constantValue(under) === undefined ? 2.15 : 1.9),
  };
}

/** What stands on the wrong side of a line is a factor too much, twice. */
function inverted(
  factor: Syntax,
  power: 2 | -2,
  { sizes }: Surroundings,
): Pick<Fault, "cause" | "details"> {
  const number = constantValue(factor);
  const square = squareText(factor);
  const name = power > 0 ? square : `1/${square}`;
  return {
    cause: isConstant(factor, sizes) ? "constant-factor" : "extra-factor",
    details: () => ({ factor: number === undefined ? asNumber(name) : number ** power }),
  };
}

/** `N^2`, and `d` for sqrt(d). */
function squareText(factor: Syntax): string {
  if (isRoot(factor)) return printSyntax(factor.args[0]!);
  if (factor.kind === "binary" && (factor.operator === "^" || factor.operator === ".^")) {
    const power = constantValue(factor.right);
    if (power) return `${printSyntax(factor.left)}${factor.operator}${2 * power}`;
  }
  const text = printSyntax(factor);
  return factor.kind === "binary" ? `(${text})^2` : `${text}^2`;
}

function isRoot(factor: Syntax): factor is CallSyntax {
  return factor.kind === "call" && factor.name === "sqrt" && factor.args.length === 1;
}

/** 3 for `3`, 1/3 for `1/3`. */
function asNumber(name: string): number | string {
  const [, under, whole] = /^(?:1\/(\d+)|(\d+))$/.exec(name) ?? [];
  if (whole) return Number(whole);
  return under ? 1 / Number(under) : name;
}

/** One number is rather put on the wrong side of a line than undone by its square. */
function costOfSide(
  { isFactor }: Pick<Spot, "isFactor">,
  factor: Syntax,
  { names, sizes }: Surroundings,
): number | undefined {
  // d for sqrt(d) twice would be told as that
  if (isConstant(factor, sizes)) return isFactor ? (isRoot(factor) ? 1.08 : 1.25) : 1.35;
  const shape = factor.kind === "name" ? names.get(factor.name) : undefined;
  return shape && isScalar(shape) ? 1.6 : undefined;
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
