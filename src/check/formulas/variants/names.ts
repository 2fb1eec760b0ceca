/** One name taken for another. */
import { binary, named, numeral, transposed } from "../../../language/compose.js";
import { printSyntax, unbracketed } from "../../../language/print.js";
import {
  type BinaryOperator,
  namesIn,
  parts,
  rewritten,
  type Syntax,
} from "../../../language/syntax.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { constantValue } from "./factors.js";
import {
  atSpots,
  factorsOf,
  isAdditive,
  isScalar,
  ofWhole,
  renamed,
  type Spot,
  spotsOf,
  type Step,
  suits,
  type Surroundings,
  type Variant,
  type VariantKind,
} from "./variant.js";

export const NAME_VARIANTS: readonly VariantKind[] = [
  atSpots(1.08, names),
  atSpots(1.6, applied),
  atSpots(1.3, updated),
  atSpots(1.35, unfinished),
  atSpots(1.5, spread),
  atSpots(1.6, repeated),
  { least: 1.42, make: everywhere },
  ofWhole(1.35, shifted),
  ofWhole(1.32, exchanged),
  ofWhole(1.32, complemented),
];

const ELEMENTWISE: ReadonlySet<BinaryOperator> = new Set([".*", "./", "+", "-"] as const);

/** A function of a quantity in place of another quantity: tanh(c) for o. */
function* applied(
  { node, replace }: Spot,
  { names: all, shapeOf }: Surroundings,
): Generator<Variant> {
  const [argument] = node.kind === "call" ? node.args : [];
  if (node.kind !== "call" || node.args.length !== 1 || argument?.kind !== "name") return;
  const shape = shapeOf(node);
  // sums have names of their own
  if (!suits(shape, all.get(argument.name))) return;
  for (const [instead, other] of all) {
    if (instead === argument.name || !suits(shape, other)) continue;
    const faults = [wrongName(printSyntax(node), instead)];
    yield { syntax: replace(named(instead)), faults, cost: 1.6 };
  }
}

function* names({ node, replace }: Spot, around: Surroundings): Generator<Variant> {
  if (node.kind !== "name") return;
  const { names: all, adjoints, masks, madeOf, stepBetween, usedBy, whole } = around;
  const used = node.name;
  for (const [instead, other] of all) {
    // where everything fits together, only what fits too can belong there
    if (instead === used || (whole && !suits(all.get(used), other))) continue;
    const isOfOtherKind = [adjoints, masks].some((kind) => kind.has(used) !== kind.has(instead));
    yield {
      syntax: replace(named(instead)),
      faults: [
        lostStep(used, instead, stepBetween(used, instead)) ??
          lostBeside(used, madeOf.get(instead)) ??
          wrongName(used, instead),
      ],
      cost: isOfOtherKind ? 1.9 : isScalar(other) && isMadeOf(used, instead, usedBy) ? 1.08 : 1.25,
    };
  }
}

/** Whether one of two quantities is made of the other alone: of numbers, alpha is rather taken for alpha / 2 than twice as much. */
function isMadeOf(one: string, other: string, usedBy: Surroundings["usedBy"]): boolean {
  const isOnly = (whole: string, part: string): boolean => {
    const used = usedBy.get(whole);
    return used?.size === 1 && used.has(part);
  };
  return isOnly(one, other) || isOnly(other, one);
}

/** A derivative handed on before a step: what is missing is the step. */
function lostStep(
  used: string,
  instead: string,
  step: (() => Step) | undefined,
): Fault | undefined {
  if (step === undefined) return undefined;
  return {
    cause: "missing-factor",
    details: () => ({ factor: step().factor, used, instead }),
    say: (claim) =>
      `${claim} uses ${used} where ${instead} belongs: the factor ${step().said} is left out`,
  };
}

/** A factor of a product that the model has no name for: r for r .* h lacks h. */
function lostBeside(used: string, product: Syntax | undefined): Fault | undefined {
  const factors = product ? factorsOf(product).map(printSyntax) : [];
  const at = factors.indexOf(used);
  if (at < 0 || factors.length < 2) return undefined;
  const factor = factors.toSpliced(at, 1).join(" .* ");
  return {
    cause: "missing-factor",
    details: () => ({ factor }),
    say: (claim) => `${claim} lacks the factor ${factor} beside ${used}`,
  };
}

/** W − rate·dW for W: the weights of the next step. */
function* updated({ node, replace }: Spot, { adjoints }: Surroundings): Generator<Variant> {
  if (node.kind !== "binary" || node.operator !== "-" || node.left.kind !== "name") return;
  const { left } = node;
  // derivatives are not updated
  if (adjoints.has(left.name)) return;
  const isOwn = (one: string): boolean => adjoints.has(one) && one.endsWith(left.name);
  if (![...namesIn(node.right)].some(isOwn)) return;
  const used = printSyntax(node);
  const fault: Fault = {
    cause: "wrong-variable",
    details: () => ({ used, instead: left.name }),
    say: (claim) =>
      `${claim} uses ${left.name} after its update, ${used}: use the ${left.name} of the forward pass`,
  };
  yield { syntax: replace(left), faults: [fault], cost: 1.3 };
}

/** A part of what defines a quantity in place of the quantity: the deviation r − m for what it is scaled to. */
function* unfinished(
  { node, replace }: Spot,
  { names: all, usedBy, shapeOf }: Surroundings,
): Generator<Variant> {
  if (node.kind !== "binary" || (node.operator !== "+" && node.operator !== "-")) return;
  const parts = [...namesIn(node)];
  for (const [instead, used] of usedBy) {
    if (!all.has(instead) || !parts.every((name) => used.has(name))) continue;
    if (!suits(shapeOf(node), all.get(instead))) continue;
    const fault = wrongName(printSyntax(node), instead);
    yield { syntax: replace(named(instead)), faults: [fault], cost: 1.35 };
  }
}

/**
 * A vector that is used in each row or column where a matrix belongs: the scale γ for what it scales; or where a
 * vector along the other axis does: the weights of the classes for those of the samples.
 */
function* spread(
  { node, parent, replace }: Spot,
  { names: all, shapeOf }: Surroundings,
): Generator<Variant> {
  const isRow = node.kind === "unary" && node.operator === "'" && node.operand.kind === "name";
  const isName = node.kind === "name" || isRow;
  if (!isName || parent?.kind !== "binary" || !ELEMENTWISE.has(parent.operator)) return;
  const [own, whole] = [node, parent].map(shapeOf);
  if (!own || own.length === 0 || !whole || suits(own, whole)) return;
  const across = whole.length === 2 ? [whole[isRow ? 0 : 1]!] : undefined;
  for (const [instead, other] of all) {
    const isAcross = across !== undefined && other.length === 1 && suits(across, other);
    if (!isAcross && !suits(whole, other)) continue;
    const syntax = isAcross && !isRow ? transposed(named(instead)) : named(instead);
    const faults = [wrongName(printSyntax(node), printSyntax(syntax))];
    yield { syntax: replace(syntax), faults, cost: 1.5 };
  }
}

/** A number that is used for every entry where each has its own, or the other way about: what fits as well there. */
function* repeated(
  { node, parent, replace }: Spot,
  { names: all, shapeOf, whole }: Surroundings,
): Generator<Variant> {
  if (node.kind !== "name" || !whole) return;
  const used = node.name;
  const own = all.get(used);
  // a number as a term is added to every entry
  const wanted = shapeOf(isAdditive(parent) ? parent : replace(node));
  if (!own || !wanted) return;
  for (const [instead, other] of all) {
    if (isScalar(own) === isScalar(other)) continue;
    const syntax = replace(named(instead));
    if (!suits(shapeOf(syntax), wanted)) continue;
    yield { syntax, faults: [wrongName(used, instead)], cost: 1.6 };
  }
}

function wrongName(...names: readonly [used: string, instead: string]): Fault {
  // parts of the model's statements are called what they are, in brackets
  const [used, instead] = names.map(unbracketed) as [string, string];
  return {
    cause: "wrong-variable",
    details: () => ({ used, instead }),
    say: (claim) => `${claim} uses ${used} where ${instead} belongs`,
  };
}

/** A name that is taken for another wherever it stands, in the whole or in one part: a slope, a mask. */
function* everywhere(
  spots: readonly Spot[],
  { names: all, derivatives }: Surroundings,
): Generator<Variant> {
  const slopes = new Set(derivatives.map(({ at }) => at));
  const counted = new Map<string, number>();
  for (const { node, parent, isBeginning, replace } of spots) {
    if (node.kind === "name" || isBeginning) continue;
    for (const [used, count] of occurrencesIn(node)) {
      // a part within that holds as many is the same variant again
      if (count < 2 || !all.has(used)) continue;
      if (parent && counted.get(used) === count) continue;
      counted.set(used, count);
      for (const [instead, other] of all) {
        if (instead === used) continue;
        // a slope may be taken of the inputs, X*w of which is less: sigmoid'(X) for sigmoid'(X * w)
        const isAlike = suits(all.get(used), other);
        if (!isAlike && !(slopes.has(instead) && isInFunctions(node, used))) continue;
        const syntax = replace(renamed(node, used, instead));
        const fault = isAlike ? wrongName(used, instead) : wrongOperand(used, instead);
        yield { syntax, faults: [fault], cost: 1.42 };
      }
    }
  }
}

function wrongOperand(used: string, instead: string): Fault {
  return {
    cause: "wrong-variable",
    details: () => ({ used, instead }),
    say: (claim) => `${claim} takes a function of ${used} where ${instead} belongs`,
  };
}

/** Whether a name stands in functions only. */
function isInFunctions(node: Syntax, name: string): boolean {
  const isWithin = (part: Syntax): boolean => {
    if (part.kind === "name") return part.name !== name;
    return (part.kind === "call" && part.name !== "sum") || parts(part).every(isWithin);
  };
  return isWithin(node);
}

/** Two names that stand in each other's places. */
function* exchanged(root: Syntax, { names: all }: Surroundings): Generator<Variant> {
  const own = [...namesIn(root)].filter((name) => all.has(name));
  for (const [k, one] of own.entries()) {
    for (const other of own.slice(k + 1)) {
      if (!suits(all.get(one), all.get(other))) continue;
      const instead = new Map([[one, other]]).set(other, one);
      const syntax = rewritten(root, (node) => {
        const name = node.kind === "name" ? instead.get(node.name) : undefined;
        return name === undefined ? undefined : named(name);
      });
      const fault: Fault = {
        cause: "wrong-variable",
        details: () => ({ used: `${one}, ${other}`, instead: `${other}, ${one}` }),
        say: (claim) => `${claim} has ${one} and ${other} changed over`,
      };
      yield { syntax, faults: [fault], cost: 1.32 };
    }
  }
}

/** A share and the rest, u and 1 − u, that stand in each other's places: the two sides of a quantile, a gate. */
function* complemented(root: Syntax, { names: all }: Surroundings): Generator<Variant> {
  const rests = spotsOf(root).flatMap(({ node }) => restOf(node) ?? []);
  for (const share of new Set(rests)) {
    // one alone is another mistake
    const count = occurrencesIn(root).get(share)!;
    if (!all.has(share) || count === rests.filter((one) => one === share).length) continue;
    const syntax = rewritten(root, (node) => {
      if (restOf(node) === share) return named(share);
      if (node.kind !== "name" || node.name !== share) return undefined;
      return binary("-", numeral(1), node);
    });
    const rest = `1 - ${share}`;
    const fault: Fault = {
      cause: "wrong-variable",
      details: () => ({ used: `${share}, ${rest}`, instead: `${rest}, ${share}` }),
      say: (claim) => `${claim} has ${share} and ${rest} changed over`,
    };
    yield { syntax, faults: [fault], cost: 1.32 };
  }
}

/** The name u of 1 − u. */
function restOf(node: Syntax): string | undefined {
  if (node.kind !== "binary" || node.operator !== "-") return undefined;
  return constantValue(node.left) === 1 && node.right.kind === "name" ? node.right.name : undefined;
}

/** The steps of a loop, each taken for the one after it or before it: h1, h2, h3 for h0, h1, h2. */
function* shifted(root: Syntax, { names: all }: Surroundings): Generator<Variant> {
  const steps = new Map<string, Set<number>>();
  for (const name of namesIn(root)) {
    const [, stem, number] = /^(.*\D)(\d+)$/.exec(name) ?? [];
    if (stem === undefined || !all.has(name)) continue;
    steps.set(stem, (steps.get(stem) ?? new Set()).add(Number(number)));
  }
  for (const [stem, own] of steps) {
    if (own.size < 2) continue;
    for (const by of [-1, 1]) {
      const used = [...own].sort((a, b) => by * (b - a));
      const instead = used.map((number) => `${stem}${number + by}`);
      const isThere = used.every((number, k) =>
        suits(all.get(`${stem}${number}`), all.get(instead[k]!)),
      );
      if (!isThere) continue;
      // the outermost first, so that none is renamed twice
      const syntax = used.reduce(
        (one, number, k) => renamed(one, `${stem}${number}`, instead[k]!),
        root,
      );
      const names = [used.map((number) => `${stem}${number}`), instead] as const;
      const [wrong, right] = names.map((list) => list.toSorted().join(", "));
      const fault: Fault = {
        cause: "wrong-variable",
        details: () => ({ used: wrong!, instead: right! }),
        say: (claim) => `${claim} uses ${wrong!} where ${right!} belong, at every step`,
      };
      yield { syntax, faults: [fault], cost: 1.35 };
    }
  }
}

function occurrencesIn(part: Syntax): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { node } of spotsOf(part)) {
    if (node.kind === "name") counts.set(node.name, (counts.get(node.name) ?? 0) + 1);
  }
  return counts;
}
