/** Constants that authors of formulas leave to later lines. */
import { Fraction } from "fraction.js";
import type { Expression } from "../../expression/expression.js";
import { squareRoot } from "../../expression/operations/smooth.js";
import { Size, type SizeValues } from "../../expression/size.js";
import { postorder } from "../../expression/walk.js";
import { sizeSyntax } from "../../forms/matrix/sizes.js";
import { binary, call, minus, named, numeral } from "../../language/compose.js";
import type { Model } from "../../language/model.js";
import { printSyntax } from "../../language/print.js";
import type { Syntax } from "../../language/syntax.js";
import { modelText } from "../explanations/words.js";
import type { Constant } from "./agreement.js";

/** How many times the derivative a statement holds. */
export interface Late {
  /** `m`, `2·m`, `m/2`, `sqrt(d)`. */
  readonly text: string;
  readonly syntax: Syntax;
  readonly at: (sizes: SizeValues) => Constant;
  /** The same without its sign, where it is negative. */
  readonly unsigned?: Late;
}

/** The same of a rational constant. */
interface Rational extends Late {
  readonly valueAt: (sizes: SizeValues) => Fraction;
}

/** Sizes, twice and half of them, 2 and ½, and roots that the model takes of sizes and numbers. */
export function usualConstants(model: Model): Late[] {
  const { sizes, inputs, targets, definitions } = model;
  const quantities = [...inputs, ...targets, ...definitions.map(({ quantity }) => quantity)];
  const lengths = quantities.flatMap(({ shape }) =>
    shape.flatMap(({ constant }) => constant ?? []),
  );
  const bySize = [
    ...sizes.map((name) =>
      rational(name, named(name), (values) => new Fraction(values.get(name)!)),
    ),
    ...[...new Set(lengths)].filter((length) => length > 1).map(number),
  ];
  const all = [number(1), ...bySize];
  return [...bySize, ...all.flatMap((late) => [twice(late), half(late)]), ...roots(model)];
}

/** The same and their reciprocals, with either sign, and -1. */
export function multiplesOf(model: Model, usual: readonly Late[]): readonly Late[] {
  const sizes = model.sizes.map((name) =>
    rational(`1/${name}`, binary("/", numeral(1), named(name)), (values) =>
      new Fraction(1).div(values.get(name)!),
    ),
  );
  const positive = [...usual, ...sizes];
  return [...positive, MINUS, ...positive.map(negative)];
}

/** A number that is left to other statements. */
export function rationalConstant(value: Fraction): Late {
  const [over, under] = [numeral(Number(value.n)), numeral(Number(value.d))];
  const syntax = value.d === 1n ? over : binary("/", over, under);
  const positive = rational(value.abs().toFraction(), syntax, () => value.abs());
  return value.s < 0n ? negative(positive) : positive;
}

export function negative(positive: Late): Late {
  const { text, syntax, at } = positive;
  return {
    text: `-${text}`,
    syntax: minus(syntax),
    unsigned: positive,
    at: (sizes) => {
      const { value, isRoot } = at(sizes);
      return { value: value.neg(), isRoot };
    },
  };
}

/** An expression times a constant, which is not written where the expression is divided by it. */
export function timesConstant({ syntax }: Pick<Late, "syntax">, expression: Syntax): Syntax {
  if (expression.kind === "unary" && expression.operator === "-") {
    return minus(timesConstant({ syntax }, expression.operand));
  }
  const isDivided =
    expression.kind === "binary" &&
    (expression.operator === "/" || expression.operator === "./") &&
    printSyntax(expression.right) === printSyntax(syntax);
  return isDivided ? expression.left : binary("*", syntax, expression);
}

/** A sign alone. */
export const MINUS: Late = negative(number(1));

/** A constant without its sign; none where only a sign was there. */
export function withoutSign(late: Late | undefined): Late | undefined {
  if (!late?.unsigned) return late;
  return late.unsigned.text === "1" ? undefined : late.unsigned;
}

/** `N·∂L/∂z`, `-∂L/∂z`. */
export function timesText(late: Late | undefined, derivative: string): string {
  if (!late) return derivative;
  return multipleText(late.text === "-1" ? "-" : `${late.text}·`, derivative);
}

/** `2·N·∂L/∂z` for -2 times -N·∂L/∂z. */
export function multipleText(...factors: readonly [multiple: string, text: string]): string {
  const isNegative = factors.filter((one) => one.startsWith("-")).length === 1;
  return (isNegative ? "-" : "") + factors.map((one) => one.replace(/^-/, "")).join("");
}

function rational(text: string, syntax: Syntax, valueAt: Rational["valueAt"]): Rational {
  return { text, syntax, valueAt, at: (sizes) => ({ value: valueAt(sizes), isRoot: false }) };
}

function number(value: number): Rational {
  return rational(`${value}`, numeral(value), () => new Fraction(value));
}

function twice({ text, syntax, valueAt }: Rational): Rational {
  const isUnit = text === "1";
  return rational(
    isUnit ? "2" : `2·${text}`,
    isUnit ? numeral(2) : binary("*", numeral(2), syntax),
    (sizes) => valueAt(sizes).mul(2),
  );
}

function half({ text, syntax, valueAt }: Rational): Rational {
  return rational(text === "1" ? "½" : `${text}/2`, binary("/", syntax, numeral(2)), (sizes) =>
    valueAt(sizes).div(2),
  );
}

/** √d of the scores of an attention. */
function roots({ definitions }: Model): Late[] {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  const found = new Map<Expression, Late>();
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    if (node.kind !== "apply" || node.operation !== squareRoot) continue;
    const size = sizeOf(node.children[0]!);
    if (!size) continue;
    found.set(node, {
      text: modelText(node),
      syntax: call("sqrt", sizeSyntax(size)),
      at: (sizes) => ({ value: new Fraction(size.evaluate(sizes)), isRoot: true }),
    });
  }
  return [...found.values()];
}

/** What is a size, or a whole number, which may be one. */
function sizeOf(node: Expression): Size | undefined {
  if (node.kind === "size") return node.size;
  const isWhole = node.kind === "number" && node.value.d === 1n && node.value.s > 0n;
  return isWhole ? Size.of(Number(node.value.n)) : undefined;
}
