/** Mistakes in how a statement is put together: signs, transposes, products, brackets. */
import { binary, call, minus, numeral, transposed } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import type { BinarySyntax, Syntax } from "../../../language/syntax.js";
import type { Fault } from "../../explanations/hypothesis.js";
import {
  atParts,
  atSpots,
  isAdditive,
  isProduct,
  type Spot,
  type Variant,
  type VariantKind,
} from "./variant.js";

export const STRUCTURE_VARIANTS: readonly VariantKind[] = [
  atSpots(1, signs),
  atParts(1.1, transposes),
  atSpots(1.2, products),
  atSpots(1.15, lateProducts),
  atSpots(1.15, brackets),
  atSpots(1.4, quotientsAndPowers),
  atSpots(1.3, shares),
];

/** A sign, and where it is, if it is not that of the whole. */
function wrongSign(where = ""): Fault {
  return { cause: "sign", say: (claim) => `${claim} has a wrong sign${where}` };
}

/** A part, or a term of it, with the other sign. */
export function* signs({ node, parent, isFactor, replace }: Spot): Generator<Variant> {
  // what it multiplies tells which of several -t is meant
  const shown = node.kind === "unary" && isProduct(parent) ? parent : node;
  const faults = [wrongSign(isFactor ? "" : ` in ${printSyntax(shown)}`)];
  const before = (term: Syntax): readonly Fault[] => [wrongSign(` before ${printSyntax(term)}`)];
  if (isAdditive(node)) {
    const { operator, left, right } = node;
    if (operator === "-") {
      yield { syntax: replace(binary("-", right, left)), faults, cost: 1 };
    }
    const other = operator === "-" ? "+" : "-";
    yield { syntax: replace(binary(other, left, right)), faults: before(right), cost: 1.1 };
    const negated = left.kind === "unary" && left.operator === "-" ? left.operand : minus(left);
    // of a sum both terms change their signs
    const isReversed = operator === "-" || (left.kind === "unary" && left.operator === "-");
    const cost = isReversed ? 1.02 : 1.15;
    yield { syntax: replace(binary(other, negated, right)), faults, cost };
    const first = left.kind === "unary" ? left.operand : left;
    yield { syntax: replace(binary(operator, negated, right)), faults: before(first), cost: 1.2 };
  }
  if (node.kind === "unary" && node.operator === "-") {
    yield { syntax: replace(node.operand), faults, cost: 1 };
  } else if (!parent) {
    yield { syntax: replace(minus(node)), faults, cost: 1.05 };
  }
}

function turned(what: string): Fault {
  return { cause: "transposed", say: (claim) => `${claim}: ${what}` };
}

function* transposes({ node, parent, replace }: Spot): Generator<Variant> {
  if (node.kind === "number") return;
  const isOperand = parent?.kind === "binary" || parent?.kind === "call";
  if (parent && !isOperand && node.kind !== "unary") return;
  const text = printSyntax(node);
  const isTurned = node.kind === "unary" && node.operator === "'";
  if (parent?.kind === "unary" && parent.operator === "'") return;
  const what = isTurned
    ? `${printSyntax(node.operand)} is transposed where it must not be`
    : `${text} must be transposed`;
  const isMatrixProduct = node.kind === "binary" && node.operator === "*";
  const syntax = isMatrixProduct
    ? binary("*", transposed(node.right), transposed(node.left))
    : transposed(node);
  const cost = parent?.kind === "call" ? 1.4 : parent ? 1.1 : 1.15;
  yield { syntax: replace(syntax), faults: [turned(what)], cost };
}

function* products({ node, replace }: Spot): Generator<Variant> {
  if (!isProduct(node)) return;
  const { left, right, operator } = node;
  const [l, r] = [printSyntax(left), printSyntax(right)];
  const pairs = (a: Syntax, b: Syntax): readonly (readonly [Syntax, Syntax])[] => [
    [a, b],
    [transposed(a), b],
    [a, transposed(b)],
    [transposed(a), transposed(b)],
  ];
  const matrixProducts = [
    ...pairs(left, right).slice(operator === "*" ? 3 : 0),
    ...pairs(right, left),
  ];
  const isElementwise = operator === ".*";
  for (const [k, [a, b]] of matrixProducts.entries()) {
    const fault: Fault = isElementwise
      ? { cause: "shape", say: (claim) => `${claim}: ${l} .* ${r} must be a matrix product` }
      : turned(`${l} * ${r} needs its factors transposed or in the other order`);
    yield {
      syntax: replace(binary("*", a, b)),
      faults: [fault],
      cost: 1.2 + 0.02 * k + (isElementwise ? 0.2 : 0),
    };
  }
  if (isElementwise) return;
  for (const [k, [a, b]] of [...pairs(left, right).slice(0, 3)].entries()) {
    const say = (claim: string): string => `${claim}: ${l} * ${r} must be elementwise, .*`;
    yield {
      syntax: replace(binary(".*", a, b)),
      faults: [{ cause: "shape", say }],
      cost: 1.4 + 0.02 * k,
    };
  }
}

/** `A * b .* c` for `A * (b .* c)`: what stands first goes with the next factor only. */
function* lateProducts({ node, parent, replace }: Spot): Generator<Variant> {
  const isRest = parent?.kind === "binary" && parent.operator === ".*" && parent.left === node;
  const [first, ...factors] = isRest ? [] : alongProduct(node);
  if (first?.kind !== "binary" || first.operator !== "*" || factors.length === 0) return;
  const inner = factors.reduce((product, one) => binary(".*", product, one), first.right);
  const say = (claim: string): string =>
    `${claim}: brackets are missing around ${printSyntax(inner)}`;
  yield {
    syntax: replace(binary("*", first.left, inner)),
    faults: [{ cause: "shape", say }],
    cost: 1.15,
  };
}

/** What stands between the `.*` of a product, from the left. */
function alongProduct(node: Syntax): Syntax[] {
  const isElementwise = node.kind === "binary" && node.operator === ".*";
  return isElementwise ? [...alongProduct(node.left), node.right] : [node];
}

/** `p / q + r` for `p / (q + r)`, alone or behind other terms, and `(a + b)^2` for `a + b^2`. */
/** (A * b)^2 for A^2 * b or A * b^2. */
function* powersOfFactors(
  power: BinarySyntax,
  product: BinarySyntax,
  replace: Spot["replace"],
): Generator<Variant> {
  for (const side of ["left", "right"] as const) {
    const raised = { ...power, left: product[side] };
    const say = (claim: string): string =>
      `${claim}: ${printSyntax(power)} takes the power of too much, only of ${printSyntax(product[side])}`;
    yield {
      syntax: replace({ ...product, [side]: raised }),
      faults: [{ cause: "wrong-function", say }],
      cost: 1.4,
    };
  }
}

function* quotientsAndPowers({ node, replace }: Spot): Generator<Variant> {
  if (isAdditive(node)) {
    const { operator, left, right } = node;
    const before = isAdditive(left) ? left : undefined;
    const quotient = before ? before.right : left;
    if (isQuotient(quotient)) {
      const under = binary(operator, quotient.right, right);
      const whole = { ...quotient, right: under };
      const say = (claim: string): string =>
        `${claim}: brackets are missing around what is divided by, ${printSyntax(under)}`;
      yield {
        syntax: replace(before ? { ...before, right: whole } : whole),
        faults: [{ cause: "wrong-function", say }],
        cost: 1.4,
      };
    }
  }
  if (isPower(node) && node.left.kind === "binary" && node.left.operator === "*") {
    yield* powersOfFactors(node, node.left, replace);
  }
  if (isPower(node) && isAdditive(node.left)) {
    const { left: sum } = node;
    const power = { ...node, left: sum.right };
    const say = (claim: string): string =>
      `${claim}: ${printSyntax(node)} takes the power of too much, only of ${printSyntax(sum.right)}`;
    yield {
      syntax: replace({ ...sum, right: power }),
      faults: [{ cause: "wrong-function", say }],
      cost: 1.5,
    };
  }
}

function isQuotient(node: Syntax): node is BinarySyntax {
  return node.kind === "binary" && (node.operator === "/" || node.operator === "./");
}

function isPower(node: Syntax): node is BinarySyntax {
  return node.kind === "binary" && (node.operator === ".^" || node.operator === "^");
}

/** `a - b .* c` for `(a - b) .* c`, and `a .* b - c` for `a .* (b - c)`. */
function* brackets({ node, replace }: Spot): Generator<Variant> {
  const unmultiplied = (factor: Syntax, term: Syntax): Fault => {
    const [f, t] = [printSyntax(factor), printSyntax(term)];
    return {
      cause: "missing-factor",
      details: () => ({ factor: f }),
      say: (claim) => `${claim}: brackets are missing, so that ${t} is not multiplied by ${f}`,
    };
  };
  if (isAdditive(node)) {
    const { operator, left, right } = node;
    if (isProduct(right)) {
      const sum = binary(operator, left, right.left);
      yield {
        syntax: replace(binary(right.operator, sum, right.right)),
        faults: [unmultiplied(right.right, left)],
        cost: 1.15,
      };
    }
    if (isProduct(left)) {
      const sum = binary(operator, left.right, right);
      yield {
        syntax: replace(binary(left.operator, left.left, sum)),
        faults: [unmultiplied(left.left, right)],
        cost: 1.15,
      };
    }
    if (isPower(right)) {
      const sum = binary(operator, left, right.left);
      const say = (claim: string): string =>
        `${claim}: brackets are missing around ${printSyntax(sum)}`;
      yield {
        syntax: replace(binary(right.operator, sum, right.right)),
        faults: [{ cause: "wrong-function", say }],
        cost: 1.5,
      };
    }
  }
  yield* brackettedTooMuch(node, replace);
  if (isProduct(node) && isQuotient(node.left)) {
    const { left, operator, right } = node;
    const under = binary(operator, left.right, right);
    const factor = `${printSyntax(right)}^2`;
    const say = (claim: string): string =>
      `${claim}: brackets are missing around what is divided by, ${printSyntax(under)}`;
    yield {
      syntax: replace(binary(left.operator, left.left, under)),
      faults: [{ cause: "extra-factor", details: () => ({ factor }), say }],
      cost: 1.4,
    };
  }
}

/** Shares along the wrong axis: softmax(S, 1) for softmax(S, 2). */
function* shares({ node, replace }: Spot): Generator<Variant> {
  if (node.kind !== "call" || !ALONG_AXES.has(node.name)) return;
  const [inner, dim] = node.args;
  if (!inner || dim?.kind !== "number") return;
  const other = call(node.name, inner, numeral(dim.text === "1" ? 2 : 1));
  const [used, instead] = [node, other].map(printSyntax);
  const fault: Fault = {
    cause: "wrong-function",
    say: (claim) => `${claim}: ${used!} runs along the wrong axis, take ${instead!}`,
  };
  yield { syntax: replace(other), faults: [fault], cost: 1.3 };
}

const ALONG_AXES: ReadonlySet<string> = new Set([
  "softmax",
  "logsoftmax",
  "logsumexp",
  "max",
  "min",
]);

/** `2 * c * (a + b)` for `a + 2 * c * b`: what multiplies one term stands before both; a single factor is tried elsewhere. */
function* brackettedTooMuch(node: Syntax, replace: Spot["replace"]): Generator<Variant> {
  if (!isProduct(node) || !isAdditive(node.right) || !isProduct(node.left)) return;
  const { operator, left: factor, right: sum } = node;
  const times = (term: Syntax): Syntax => binary(operator, factor, term);
  const text = printSyntax(factor);
  for (const [alone, syntax] of [
    [sum.left, { ...sum, right: times(sum.right) }],
    [sum.right, { ...sum, left: times(sum.left) }],
  ] as const) {
    const fault: Fault = {
      cause: "extra-factor",
      details: () => ({ factor: text }),
      say: (claim) =>
        `${claim}: brackets take in too much, ${printSyntax(alone)} is not multiplied by ${text}`,
    };
    yield { syntax: replace(syntax), faults: [fault], cost: 1.4 };
  }
}
