/** Mistakes in what a statement is made of: functions, numbers, terms. */
import { binary, call, named, numeral } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import { type BinarySyntax, namesIn, type Syntax } from "../../../language/syntax.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { constantValue } from "./factors.js";
import {
  atParts,
  atSpots,
  factorsOf,
  isScalar,
  ofWhole,
  type LocalDerivative,
  renamed,
  type Spot,
  spotsOf,
  suits,
  type Surroundings,
  times,
  type Variant,
  type VariantKind,
} from "./variant.js";

export const CONTENT_VARIANTS: readonly VariantKind[] = [
  atParts(1.4, replaced),
  atSpots(1.15, functions),
  atSpots(1.5, unapplied),
  atSpots(1.5, numbers),
  ofWhole(1.3, terms),
  atSpots(1.15, divisors),
  atSpots(1.5, numerators),
];

// ————— functions —————

function* replaced({ node, replace }: Spot, around: Surroundings): Generator<Variant> {
  const isLeaf = node.kind === "name" || node.kind === "number";
  // what a helper holds instead is told by its numbers, where they tell it
  const isHelper = node.kind === "name" && around.helpers.has(node.name);
  const shape = around.shapeOf(node);
  const text = printSyntax(node);
  for (const slope of around.derivatives) {
    const { syntax, name } = slope;
    if (around.whole && !suits(shape, around.shapeOf(syntax))) continue;
    const right = printSyntax(syntax);
    if (text === right) continue;
    yield* ofIncoming(node, slope, replace, around);
    const lost = factorsBeside(node, syntax);
    const fault: Fault = lost
      ? {
          cause: "missing-factor",
          details: () => ({ factor: lost }),
          say: (claim) => `${claim} lacks the factor ${lost} beside ${text}: ${name} is ${right}`,
        }
      : {
          cause: "wrong-function",
          say: (claim) =>
            `${claim} has ${text} where ${name} belongs${name === right ? "" : `, ${right}`}`,
        };
    const cost = lost && !isLeaf ? 1.35 : isHelper ? 2 : isLeaf ? 1.8 : 1.5;
    yield { syntax: replace(syntax), faults: [fault], cost };
  }
}

/** What a product has beside one of its factors. */
function factorsBeside(factor: Syntax, product: Syntax): string | undefined {
  const own = printSyntax(factor);
  const factors = factorsOf(product).map(printSyntax);
  const at = factors.indexOf(own);
  return at < 0 || factors.length < 2 ? undefined : factors.toSpliced(at, 1).join(" .* ");
}

/**
 * The slope of the derivative that comes in, which is then no factor any more: d .* (1 - d) for
 * d .* a .* (1 - a), 1 - tanh(d).^2 for d .* (1 - tanh(z).^2).
 */
function* ofIncoming(
  node: Syntax,
  slope: LocalDerivative,
  replace: Spot["replace"],
  { adjoints }: Surroundings,
): Generator<Variant> {
  const names = namesIn(node);
  for (const used of names) {
    if (!adjoints.has(used)) continue;
    const written = [...namesIn(slope.syntax)].find(
      (name) => printSyntax(renamed(slope.syntax, name, used)) === printSyntax(node),
    );
    const isFunction = spotsOf(node).some((spot) => spot.node.kind === "call");
    const instead = written ?? (names.size === 1 && isFunction ? slope.at : undefined);
    if (instead === undefined) continue;
    const right = printSyntax(slope.syntax);
    const faults: readonly Fault[] = [
      {
        cause: "wrong-variable",
        details: () => ({ used, instead }),
        say: (claim) => `${claim} has ${used} where ${instead} belongs in the slope`,
      },
      {
        cause: "missing-factor",
        details: () => ({ factor: used }),
        say: (claim) =>
          `${claim} lacks ${used} as a factor of its own: multiply ${used} by ${right}`,
      },
    ];
    yield { syntax: replace(times(named(used), slope.syntax)), faults, cost: 1.4 };
  }
}

const FLIPPED: ReadonlyMap<string, BinarySyntax["operator"]> = new Map([
  [">", "<"],
  ["<", ">"],
  [">=", "<"],
  ["<=", ">"],
]);
const STRICT: ReadonlyMap<string, BinarySyntax["operator"]> = new Map([
  [">=", ">"],
  ["<=", "<"],
]);

/** c for tanh(c), where the model applies a function to c. */
function* unapplied({ node, replace }: Spot, around: Surroundings): Generator<Variant> {
  if (node.kind !== "name") return;
  const used = node.name;
  for (const { name, at } of around.derivatives) {
    const [operation] = name.split("'");
    if (at !== used || !around.functions.includes(operation!)) continue;
    const syntax = call(operation!, node);
    const instead = printSyntax(syntax);
    const fault: Fault = {
      cause: "wrong-variable",
      details: () => ({ used, instead }),
      say: (claim) => `${claim} has ${used} where ${instead} belongs`,
    };
    yield { syntax: replace(syntax), faults: [fault], cost: 1.5 };
  }
}

function* functions({ node, replace }: Spot, around: Surroundings): Generator<Variant> {
  if (node.kind === "binary") {
    const flipped = FLIPPED.get(node.operator);
    if (!flipped) return;
    const text = printSyntax(node);
    const wrong = (operator: BinarySyntax["operator"], what: string, cost: number): Variant => ({
      syntax: replace({ ...node, operator }),
      faults: [{ cause: "wrong-function", say: (claim) => `${claim}: ${text} ${what}` }],
      cost,
    });
    yield wrong(flipped, "is the wrong way round", 1.4);
    const strict = STRICT.get(node.operator);
    // of an output of relu, the mask would be 1 everywhere
    if (strict) yield wrong(strict, `holds for equal numbers too: write ${strict}`, 1.15);
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
        details: () => ({ used: text, instead: printSyntax(argument) }),
        say: (claim) => `${claim} has ${text} where ${printSyntax(argument)} belongs`,
      },
    ],
    cost: 1.45,
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

function* numbers({ node, parent, replace }: Spot, { sizes }: Surroundings): Generator<Variant> {
  const value = constantValue(node);
  // the number of an axis is none of these
  const isAxis = parent?.kind === "call" && parent.args[0] !== node;
  if (value === undefined || value === 0 || isAxis) return;
  for (const size of sizes) {
    const say = (claim: string): string => `${claim} has the number ${value} where ${size} belongs`;
    const faults: Fault[] = [
      { cause: "constant-factor", details: () => ({ factor: `${size}/${value}` }), say },
    ];
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
          details: () => ({ factor: value / instead }),
          say: (claim) => `${claim} has the number ${text} where ${printSyntax(syntax)} belongs`,
        },
      ],
      cost: 1.65,
    };
  }
}

/** N for sum(s): what the model divides by. */
function* divisors({ node, parent, replace }: Spot, around: Surroundings): Generator<Variant> {
  const isDivisor =
    parent?.kind === "binary" &&
    (parent.operator === "/" || parent.operator === "./") &&
    parent.right === node;
  const isSize = node.kind === "name" && around.sizes.includes(node.name);
  if (!isDivisor || !(isSize || node.kind === "number")) return;
  const used = printSyntax(node);
  const say = (claim: string, instead: string): string =>
    `${claim} divides by ${used} where ${instead} belongs`;
  const others = around.dividedBy.map(({ syntax, name: instead }): readonly [Syntax, Fault] => [
    syntax,
    {
      cause: "wrong-variable",
      details: () => ({ used, instead }),
      say: (claim) => say(claim, instead),
    },
  ]);
  const constants = around.constants.map(({ syntax, name }): readonly [Syntax, Fault] => [
    syntax,
    {
      cause: "constant-factor",
      details: () => ({ factor: `${name}/${used}` }),
      say: (claim) => say(claim, name),
    },
  ]);
  for (const [syntax, fault] of others) {
    yield { syntax: replace(syntax), faults: [fault], cost: 1.45 };
  }
  // the number that stands there is rather another one than undone
  for (const [syntax, fault] of constants) {
    yield { syntax: replace(syntax), faults: [fault], cost: 1.15 };
  }
}

/** What is divided, where 1 is: s / N for 1 / N; or the other way about, 1 ./ s for d ./ s. */
function* numerators({ node, parent, replace }: Spot, around: Surroundings): Generator<Variant> {
  const isDivided =
    parent?.kind === "binary" &&
    (parent.operator === "/" || parent.operator === "./") &&
    parent.left === node;
  if (!isDivided) return;
  if (node.kind === "number" && Number(node.text) === 1) {
    const shape = around.shapeOf(parent);
    // a number is a factor of the whole
    if (!shape || isScalar(shape)) return;
    for (const [factor, own] of around.names) {
      if (!suits(shape, own)) continue;
      const fault: Fault = {
        cause: "missing-factor",
        details: () => ({ factor }),
        say: (claim) => `${claim} has 1 where ${factor} belongs in ${printSyntax(parent)}`,
      };
      yield { syntax: replace(named(factor)), faults: [fault], cost: 1.5 };
    }
  }
  if (node.kind !== "name") return;
  const { name } = node;
  const fault: Fault = {
    cause: "extra-factor",
    details: () => ({ factor: name }),
    say: (claim) => `${claim} has ${name} where 1 belongs in ${printSyntax(parent)}`,
  };
  yield { syntax: replace(numeral(1)), faults: [fault], cost: 1.5 };
}

function* terms(root: Syntax, { terms: right }: Surroundings): Generator<Variant> {
  if (right.length < 2) return;
  for (const { syntax, name } of right) {
    const faults: Fault[] = [
      {
        cause: "missing-term",
        details: () => ({ term: name }),
        say: (claim) => `${claim} lacks the term ${name}`,
      },
    ];
    const isNegative = syntax.kind === "unary" && syntax.operator === "-";
    const added = isNegative ? binary("-", root, syntax.operand) : binary("+", root, syntax);
    yield { syntax: added, faults, cost: 1.3 };
  }
}
