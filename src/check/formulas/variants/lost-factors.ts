/** Factors that are left out. */
import { binary, call, named, numeral, transposed } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import type { Syntax } from "../../../language/syntax.js";
import { constantValue } from "./factors.js";
import type { Shape } from "../../../expression/size.js";
import { type Fault, factorFaults } from "../../explanations/hypothesis.js";
import {
  atParts,
  isAdditive,
  isScalar,
  type Piece,
  type Spot,
  suits,
  type Surroundings,
  times,
  type Variant,
  type VariantKind,
} from "./variant.js";

export const LOST_FACTOR_VARIANTS: readonly VariantKind[] = [
  atParts(1.1, scaledWhereMissing),
  atParts(1.2, slopesLost),
  atParts(1.35, factorsLost),
  atParts(1.3, matrixFactorsLost),
];

/** @param spot what is not multiplied: it is told where it is not the whole */
function missingFactor({ name }: Piece, { node, isFactor }: Spot): Fault {
  const where = isFactor ? "" : ` beside ${printSyntax(node)}`;
  return {
    cause: "missing-factor",
    details: () => ({ factor: name }),
    say: (claim) => `${claim} lacks the factor ${name}${where}`,
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

/** That one number is left out which the model has a name for. */
const NUMBER_LOST = 1.43;

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
    const cost = 1.2 + (parent ? WITHIN : 0);
    // exp'(u) is the output itself
    if (node.kind === "name" && printSyntax(piece.syntax) === node.name) {
      yield square(node.name, replace, cost);
      continue;
    }
    const syntax = replace(times(node, piece.syntax, shape));
    yield { syntax, faults: [missingFactor(piece, spot)], cost };
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
    yield { syntax, faults: [missingFactor(piece, spot)], cost: 1.35 + within };
  }
  for (const [name, other] of around.names) {
    const isNumber = isScalar(other) && !isScalar(shape) && !around.adjoints.has(name);
    if (!isNumber && !suits(shape, other)) continue;
    const syntax = named(name);
    const cost = (isNumber ? NUMBER_LOST + 0.02 : 1.7) + within;
    if (node.kind === "name" && node.name === name) {
      yield square(name, replace, isScalar(shape) ? NUMBER_LOST : 1.65);
      continue;
    }
    const product = replace(isNumber ? binary("*", syntax, node) : times(node, syntax, shape));
    yield { syntax: product, faults: [missingFactor({ syntax, name }, spot)], cost };
    const inverse: Piece = { syntax, name: `1/${name}` };
    const isOuter = spot.outer.some((one) => one.kind === "name" && one.name === name);
    // nobody misses a division where the right formula has none
    if (isOuter || around.divisors?.has(name) === false) continue;
    const quotient = replace(binary(isNumber || isScalar(shape) ? "/" : "./", node, syntax));
    yield { syntax: quotient, faults: [missingFactor(inverse, spot)], cost: cost + 0.1 };
  }
  for (const piece of margins(shape, around)) {
    const syntax = replace(binary(".*", node, piece.syntax));
    yield { syntax, faults: [missingFactor(piece, spot)], cost: 1.65 + within };
  }
  for (const piece of counts(shape, around)) {
    const syntax = replace(times(node, piece.syntax, shape));
    yield { syntax, faults: [missingFactor(piece, spot)], cost: 1.6 + within };
  }
}

/** A name for its square. */
function square(factor: string, replace: Spot["replace"], cost: number): Variant {
  const syntax = binary(".^", named(factor), numeral(2));
  const instead = printSyntax(syntax);
  const fault: Fault = {
    cause: "missing-factor",
    details: () => ({ factor }),
    say: (claim) => `${claim} has ${factor} where ${instead} belongs: the square is left out`,
  };
  return { syntax: replace(syntax), faults: [fault], cost };
}

/**
 * A factor of a matrix product, where the shapes tell that something is missing, or a term is stretched to others;
 * where all fits together, a square one.
 */
function* matrixFactorsLost(spot: Spot, around: Surroundings): Generator<Variant> {
  const { node, parent, replace } = spot;
  const shape = mayLackFactor(spot) ? around.shapeOf(node) : undefined;
  if (!shape || isScalar(shape)) return;
  const isStretched = isAdditive(parent) && !suits(shape, around.shapeOf(parent));
  const fits = around.whole && !isStretched;
  const cost = (fits ? 1.7 : 1.3) + (parent ? WITHIN : 0);
  const text = printSyntax(node);
  for (const [name, own] of around.names) {
    if (isScalar(own) || (fits && !isSquare(own))) continue;
    for (const syntax of [named(name), transposed(named(name))]) {
      const factor = around.shapeOf(syntax);
      const piece = printSyntax(syntax);
      const variant = (product: Syntax, place: string): Variant => ({
        syntax: replace(product),
        faults: [
          {
            cause: "missing-factor",
            details: () => ({ factor: piece }),
            say: (claim) => `${claim} lacks the factor ${piece} ${place} ${text}`,
          },
        ],
        cost,
      });
      if (chains(factor, shape)) yield variant(binary("*", syntax, node), "in front of");
      if (chains(shape, factor)) yield variant(binary("*", node, syntax), "behind");
    }
  }
}

function isSquare([rows, columns]: Shape): boolean {
  return rows !== undefined && columns !== undefined && rows.equals(columns);
}

/** Whether two matrices can be multiplied, a vector being a column. */
function chains(left: Shape | undefined, right: Shape | undefined): boolean {
  const columns = left?.[1];
  const rows = right?.[0];
  return rows !== undefined && (columns ? columns.equals(rows) : rows.isOne);
}

/** Vectors that multiply the rows or the columns of a matrix. */
function* margins(shape: Shape, { names }: Surroundings): Generator<Piece> {
  if (shape.length !== 2 || shape.some((size) => size.isOne)) return;
  for (const [name, own] of names) {
    if (own.length !== 1 || own[0]!.isOne) continue;
    for (const [axis, syntax] of [named(name), transposed(named(name))].entries()) {
      if (suits(own, [shape[axis]!])) yield { syntax, name: printSyntax(syntax) };
    }
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
  { sizes, constants, ideal }: Pick<Surroundings, "sizes" | "constants" | "ideal">,
): Generator<Variant> {
  // what multiplies a factor multiplies the product, and is tried there
  if (parent && isLinear) return;
  const cost = parent ? 1.6 : 1.1;
  const text = printSyntax(node);
  const given = (value: number, name: number | string): readonly Fault[] =>
    isFactor
      ? factorFaults({ value, name, cost: 0, isStep: false }, ideal)
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
  // a number of the model that is no usual one is left out of the whole
  for (const { syntax, name } of parent ? [] : constants) {
    const number = constantValue(syntax);
    const over = replace(binary("/", node, syntax));
    yield { syntax: over, faults: given(2, number ?? name), cost: cost + 0.1 };
    const times = replace(binary("*", syntax, node));
    yield {
      syntax: times,
      faults: given(0.5, number ? 1 / number : `1/${name}`),
      cost: cost + 0.1,
    };
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
