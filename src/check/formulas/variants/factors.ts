/** Factors and terms that are left out, or that do not belong there. */
import { binary, call, minus, named, numeral, transposed } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import type { BinaryOperator, Syntax } from "../../../language/syntax.js";
import type { Shape } from "../../../expression/size.js";
import { type Fault, factorFaults } from "../../explanations/hypothesis.js";
import {
  atParts,
  atSpots,
  factorsOf,
  isAdditive,
  isProduct,
  isScalar,
  type Piece,
  type Spot,
  suits,
  type Surroundings,
  times,
  type Variant,
  type VariantKind,
} from "./variant.js";

export const FACTOR_VARIANTS: readonly VariantKind[] = [
  atSpots(1.05, dropped),
  atSpots(1.45, distributed),
  atParts(1.1, scaledWhereMissing),
  atParts(1.2, slopesLost),
  atParts(1.35, factorsLost),
];

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
function tooMuch(factor: Syntax, isDivisor: boolean, isWhole: boolean): readonly Fault[] {
  const value = constantValue(factor);
  const text = printSyntax(factor);
  if (value !== undefined && value !== 0) {
    const number = isDivisor ? 1 / value : value;
    if (!isWhole) {
      const say = (claim: string): string =>
        `${claim} has the factor ${isDivisor ? `1/${text}` : text} in one of its terms, where it does not belong`;
      return number === 1
        ? []
        : [{ cause: "constant-factor", details: () => ({ factor: number }), say }];
    }
    return factorFaults({
      value: number,
      name: number,
      cost: 0,
      isStep: number < 0 && Math.abs(number) < 0.5,
    });
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

function* dropped({ node, isFactor, replace }: Spot): Generator<Variant> {
  if (node.kind !== "binary") return;
  const { operator, left, right } = node;
  if (PRODUCTS.has(operator)) {
    for (const [kept, gone] of [
      [left, right],
      [right, left],
    ] as const) {
      const faults = tooMuch(gone, false, isFactor);
      // a number that is there is rather taken away than undone by another one
      const cost = isFactor && constantValue(gone) !== undefined ? 1.05 : 1.4;
      if (faults.length > 0) yield { syntax: replace(kept), faults, cost };
      // what is divided by itself is no number of its own
      if (constantValue(gone) === undefined) yield undivided(operator, kept, gone, replace);
    }
  } else if (DIVISIONS.has(operator)) {
    const faults = tooMuch(right, true, isFactor);
    if (faults.length > 0) yield { syntax: replace(left), faults, cost: 1.4 };
    const inverse = binary(operator === "/" ? "*" : ".*", left, right);
    const text = printSyntax(right);
    yield {
      syntax: replace(inverse),
      faults: [
        {
          cause: "extra-factor",
          details: () => ({ factor: `1/${text}^2` }),
          say: (claim) => `${claim} divides by ${text} where it must multiply`,
        },
      ],
      // the reciprocal of a derivative has a name of its own
      cost: 2.15,
    };
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

/** A factor where there must be a divisor. */
function undivided(
  operator: BinaryOperator,
  over: Syntax,
  under: Syntax,
  replace: Spot["replace"],
): Variant {
  const text = printSyntax(under);
  const fault: Fault = {
    cause: "extra-factor",
    details: () => ({ factor: `${text}^2` }),
    say: (claim) => `${claim} multiplies by ${text} where it must divide`,
  };
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

function missingFactor({ name }: Piece): Fault {
  return {
    cause: "missing-factor",
    details: () => ({ factor: name }),
    say: (claim) => `${claim} lacks the factor ${name}`,
  };
}

/** Where a factor may be missing: in the whole, in a term, in a factor of a matrix product. */
function mayLackFactor({ node, parent }: Spot): boolean {
  if (node.kind === "number") return false;
  return !parent || (parent.kind === "binary" && parent.operator !== ".^") || isSum(parent);
}

function isSum(node: Syntax): boolean {
  return node.kind === "call" && (node.name === "sum" || node.name === "mean");
}

/** What it costs that a factor is missing in a part. */
const WITHIN = 0.05;

function* scaledWhereMissing(spot: Spot, around: Surroundings): Generator<Variant> {
  if (mayLackFactor(spot)) yield* scaled(spot, around);
}

/** The derivative of one of the model's functions that is left out. */
function* slopesLost(spot: Spot, around: Surroundings): Generator<Variant> {
  const { node, parent, replace } = spot;
  const shape = mayLackFactor(spot) ? around.shapeOf(node) : undefined;
  if (!shape) return;
  for (const piece of around.derivatives) {
    if (!suits(shape, around.shapeOf(piece.syntax))) continue;
    const syntax = replace(times(node, piece.syntax, shape));
    yield { syntax, faults: [missingFactor(piece)], cost: 1.2 + (parent ? WITHIN : 0) };
  }
}

/** A part of such a derivative, or any quantity, that is left out. */
function* factorsLost(spot: Spot, around: Surroundings): Generator<Variant> {
  const { node, parent, replace } = spot;
  const within = parent ? WITHIN : 0;
  const shape = mayLackFactor(spot) ? around.shapeOf(node) : undefined;
  if (!shape) return;
  for (const piece of around.parts) {
    if (!suits(shape, around.shapeOf(piece.syntax))) continue;
    const syntax = replace(times(node, piece.syntax, shape));
    yield { syntax, faults: [missingFactor(piece)], cost: 1.35 + within };
  }
  for (const [name, other] of around.names) {
    if (!suits(shape, other)) continue;
    const syntax = named(name);
    const cost = 1.7 + within;
    const product = replace(times(node, syntax, shape));
    yield { syntax: product, faults: [missingFactor({ syntax, name })], cost };
    const inverse: Piece = { syntax, name: `1/${name}` };
    const isOuter = spot.outer.some((one) => one.kind === "name" && one.name === name);
    // nobody misses a division where the right formula has none
    if (isOuter || around.divisors?.has(name) === false) continue;
    const quotient = replace(binary(isScalar(shape) ? "/" : "./", node, syntax));
    yield { syntax: quotient, faults: [missingFactor(inverse)], cost: cost + 0.1 };
  }
  for (const piece of counts(shape, around)) {
    const syntax = replace(times(node, piece.syntax, shape));
    yield { syntax, faults: [missingFactor(piece)], cost: 1.6 + within };
  }
}

/** What masks and helpers add up to in each row and column: how many margins a row violates. */
function* counts(shape: Shape, { names, masks, helpers }: Surroundings): Generator<Piece> {
  for (const name of new Set([...masks, ...helpers])) {
    const own = names.get(name);
    if (own?.length !== 2 || !suits(own, shape)) continue;
    const [downwards, across] = [1, 2].map((axis) => call("sum", named(name), numeral(axis)));
    for (const syntax of [across!, transposed(downwards!)]) {
      yield { syntax, name: printSyntax(syntax) };
    }
  }
}

/** Numbers that people forget or write twice. */
const NUMBERS = [2, 3, 4] as const;

/** A part times or over a number or a size. */
export function* scaled(
  { node, parent, isLinear, isFactor, replace }: Spot,
  { sizes }: Pick<Surroundings, "sizes">,
): Generator<Variant> {
  // what multiplies a factor multiplies the product, and is tried there
  if (parent && isLinear) return;
  const cost = parent ? 1.6 : 1.1;
  const text = printSyntax(node);
  const given = (value: number, name: number | string): readonly Fault[] =>
    isFactor
      ? factorFaults({ value, name, cost: 0, isStep: false })
      : [
          {
            cause: "constant-factor",
            details: () => ({ factor: name }),
            say: (claim) => `${claim}: ${text} is ${name} times what belongs there`,
          },
        ];
  for (const number of NUMBERS) {
    const extra = number === 2 ? 0 : 0.2;
    const times = replace(binary("*", numeral(number), node));
    yield { syntax: times, faults: given(1 / number, 1 / number), cost: cost + extra };
    const over = replace(binary("/", node, numeral(number)));
    yield { syntax: over, faults: given(number, number), cost: cost + extra };
  }
  for (const size of sizes) {
    // the value only tells that it is no sign; the name is what is said
    const times = replace(binary("*", named(size), node));
    yield { syntax: times, faults: given(0.5, `1/${size}`), cost };
    const over = replace(binary("/", node, named(size)));
    yield { syntax: over, faults: given(2, size), cost };
    const both = replace(binary("/", binary("*", numeral(2), node), named(size)));
    yield { syntax: both, faults: given(2, `${size}/2`), cost: cost + 0.3 };
  }
}
