/** Mistakes in what a statement is made of: factors, terms, functions, numbers. */
import { binary, call, named, numeral } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import type { BinarySyntax, Syntax } from "../../../language/syntax.js";
import { type Fault, factorFaults } from "../../hypothesis.js";
import {
  type Piece,
  type Spot,
  spotsOf,
  type Surroundings,
  suits,
  times,
  type Variant,
} from "./variant.js";

export function* contentVariants(root: Syntax, around: Surroundings): Generator<Variant> {
  for (const spot of spotsOf(root)) {
    yield* dropped(spot);
    yield* multiplied(spot, around);
    yield* replaced(spot, around);
    yield* functions(spot, around);
    yield* numbers(spot, around);
  }
  yield* terms(root, around);
}

// ————— factors —————

/** The number that an expression of numbers alone is. */
function constantValue(node: Syntax): number | undefined {
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
      return number === 1 ? [] : [{ cause: "constant-factor", factor: number, say }];
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
      factor: name,
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
      if (faults.length > 0) yield { syntax: replace(kept), faults, cost: 1.4 };
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
          factor: `1/${text}^2`,
          say: (claim) => `${claim} divides by ${text} where it must multiply`,
        },
      ],
      cost: 1.7,
    };
  } else if (operator === ".^" || operator === "^") {
    const text = printSyntax(left);
    yield {
      syntax: replace(left),
      faults: [
        {
          cause: "extra-factor",
          factor: text,
          say: (claim) => `${claim} takes a power of ${text} that does not belong there`,
        },
      ],
      cost: 1.5,
    };
  } else if (operator === "+" || operator === "-") {
    for (const [kept, gone] of [
      [left, right],
      [right, left],
    ] as const) {
      const term = printSyntax(gone);
      yield {
        syntax: replace(kept),
        faults: [
          {
            cause: "extra-term",
            term,
            say: (claim) => `${claim} has the term ${term}, which does not belong there`,
          },
        ],
        cost: 1.45,
      };
    }
  }
}

function missingFactor({ name }: Piece): Fault {
  return {
    cause: "missing-factor",
    factor: name,
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

function* multiplied(spot: Spot, around: Surroundings): Generator<Variant> {
  if (!mayLackFactor(spot)) return;
  const { node, parent, replace } = spot;
  const within = parent ? 0.05 : 0;
  yield* scaled(spot, around);
  const shape = around.shapeOf(node);
  if (!shape) return;
  const fits = ({ syntax }: Piece): boolean => suits(shape, around.shapeOf(syntax));
  for (const piece of around.derivatives.filter(fits)) {
    const syntax = replace(times(node, piece.syntax));
    yield { syntax, faults: [missingFactor(piece)], cost: 1.2 + within };
  }
  for (const piece of around.parts.filter(fits)) {
    const syntax = replace(binary(".*", node, piece.syntax));
    yield { syntax, faults: [missingFactor(piece)], cost: 1.35 + within };
  }
  for (const [name, other] of around.names) {
    if (!suits(shape, other)) continue;
    const syntax = named(name);
    const cost = 1.7 + within;
    const product = replace(binary(".*", node, syntax));
    yield { syntax: product, faults: [missingFactor({ syntax, name })], cost };
    const inverse: Piece = { syntax, name: `1/${name}` };
    const quotient = replace(binary("./", node, syntax));
    yield { syntax: quotient, faults: [missingFactor(inverse)], cost: cost + 0.1 };
  }
}

/** Numbers that people forget or write twice. */
const NUMBERS = [2, 3, 4] as const;

function* scaled(
  { node, parent, isFactor, replace }: Spot,
  { sizes }: Surroundings,
): Generator<Variant> {
  // a factor of a factor is a factor of the whole, and tried there
  if (parent && isFactor) return;
  const cost = parent ? 1.6 : 1.1;
  const text = printSyntax(node);
  const given = (value: number, name: number | string): readonly Fault[] =>
    isFactor
      ? factorFaults({ value, name, cost: 0, isStep: false })
      : [
          {
            cause: "constant-factor",
            factor: name,
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

// ————— functions —————

function* replaced({ node, replace }: Spot, around: Surroundings): Generator<Variant> {
  const isLeaf = node.kind === "name" || node.kind === "number";
  const shape = around.shapeOf(node);
  for (const { syntax, name } of around.derivatives) {
    if (around.whole && !suits(shape, around.shapeOf(syntax))) continue;
    const text = printSyntax(node);
    const right = printSyntax(syntax);
    if (text === right) continue;
    yield {
      syntax: replace(syntax),
      faults: [
        {
          cause: "wrong-function",
          say: (claim) => `${claim} has ${text} where ${name} belongs, ${right}`,
        },
      ],
      cost: isLeaf ? 1.8 : 1.5,
    };
  }
}

const FLIPPED: ReadonlyMap<string, BinarySyntax["operator"]> = new Map([
  [">", "<"],
  ["<", ">"],
  [">=", "<="],
  ["<=", ">="],
]);

function* functions({ node, replace }: Spot, around: Surroundings): Generator<Variant> {
  if (node.kind === "binary") {
    const flipped = FLIPPED.get(node.operator);
    if (!flipped) return;
    const text = printSyntax(node);
    yield {
      syntax: replace({ ...node, operator: flipped }),
      faults: [
        { cause: "wrong-function", say: (claim) => `${claim}: ${text} is the wrong way round` },
      ],
      cost: 1.4,
    };
    return;
  }
  if (node.kind !== "call") return;
  const [argument] = node.args;
  if (!argument) return;
  const inner = unclipped(node);
  if (inner !== node) {
    yield {
      syntax: replace(inner),
      faults: [
        { cause: "clipped", say: (claim) => `${claim} is clipped: check what stands before that` },
      ],
      cost: 1.2,
    };
  }
  if (!around.functions.includes(node.name)) return;
  for (const other of around.functions) {
    if (other === node.name) continue;
    yield {
      syntax: replace(call(other, argument)),
      faults: [
        {
          cause: "wrong-function",
          say: (claim) => `${claim} has ${node.name} where ${other} belongs`,
        },
      ],
      cost: 1.5,
    };
  }
  const text = printSyntax(node);
  yield {
    syntax: replace(argument),
    faults: [
      {
        cause: "wrong-variable",
        used: text,
        instead: printSyntax(argument),
        say: (claim) => `${claim} has ${text} where ${printSyntax(argument)} belongs`,
      },
    ],
    cost: 1.5,
  };
}

/** Without bounds around it. */
function unclipped(node: Syntax): Syntax {
  const isBound = node.kind === "call" && /^(maximum|minimum)$/.test(node.name);
  if (!isBound || node.args.length !== 2) return node;
  const inner = node.args.find((one) => constantValue(one) === undefined);
  return inner ? unclipped(inner) : node;
}

// ————— numbers and terms —————

function* numbers({ node, replace }: Spot, { sizes }: Surroundings): Generator<Variant> {
  const value = constantValue(node);
  if (value === undefined || value === 0) return;
  for (const size of sizes) {
    const say = (claim: string): string => `${claim} has the number ${value} where ${size} belongs`;
    const faults: Fault[] = [{ cause: "constant-factor", factor: `${size}/${value}`, say }];
    yield { syntax: replace(named(size)), faults, cost: 1.5 };
  }
  for (const instead of [1, 2, 3, 1 / 2]) {
    if (instead === value) continue;
    const syntax = instead === 1 / 2 ? binary("/", numeral(1), numeral(2)) : numeral(instead);
    const text = printSyntax(node);
    yield {
      syntax: replace(syntax),
      faults: [
        {
          cause: "constant-factor",
          factor: value / instead,
          say: (claim) => `${claim} has the number ${text} where ${printSyntax(syntax)} belongs`,
        },
      ],
      cost: 1.65,
    };
  }
}

function* terms(root: Syntax, { terms: right }: Surroundings): Generator<Variant> {
  if (right.length < 2) return;
  for (const { syntax, name } of right) {
    const faults: Fault[] = [
      { cause: "missing-term", term: name, say: (claim) => `${claim} lacks the term ${name}` },
    ];
    const isNegative = syntax.kind === "unary" && syntax.operator === "-";
    const whole = isNegative ? binary("-", root, syntax.operand) : binary("+", root, syntax);
    yield { syntax: whole, faults, cost: 1.3 };
  }
}
