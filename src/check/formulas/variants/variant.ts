/** Variants: a statement as it would stand without one mistake. */
import {
  type BinaryOperator,
  type BinarySyntax,
  rewritten,
  type Syntax,
} from "../../../language/syntax.js";
import type { Shape } from "../../../expression/size.js";
import { binary, named, transposed } from "../../../language/compose.js";
import type { Fault } from "../../explanations/hypothesis.js";
import type { KnownParts } from "../script.js";

export interface Variant {
  readonly syntax: Syntax;
  /** Where only one term of a sum is another. */
  readonly share?: Share | undefined;
  /** What was wrong, if this is right: one fault, or two that are always made together. */
  readonly faults: readonly Fault[];
  /** How surprising the mistake is; a wrong sign has 1. */
  readonly cost: number;
}

/** A term of a statement that is a sum, counted from 0, as it stands in a variant. */
export interface Share {
  readonly term: number;
  readonly syntax: Syntax;
}

/** Mistakes of one kind, at all spots of a statement, or of one of its terms. */
export interface VariantKind {
  /** No mistake of this kind costs less. */
  readonly least: number;
  readonly make: (spots: readonly Spot[], around: Surroundings) => Iterable<Variant>;
}

/** A kind of mistake that is made at one spot. */
export function atSpots(
  least: number,
  make: (spot: Spot, around: Surroundings) => Iterable<Variant>,
): VariantKind {
  return {
    least,
    *make(spots, around) {
      for (const spot of spots) yield* make(spot, around);
    },
  };
}

/** A kind that is made of whole parts: the first terms of a long sum are none. */
export function atParts(
  least: number,
  make: (spot: Spot, around: Surroundings) => Iterable<Variant>,
): VariantKind {
  return atSpots(least, function* (spot, around) {
    if (!spot.isBeginning) yield* make(spot, around);
  });
}

/** Mistakes that concern the whole statement. */
export function ofWhole(
  least: number,
  make: (whole: Syntax, around: Surroundings) => Iterable<Variant>,
): VariantKind {
  return {
    least,
    *make([first], around) {
      if (first && !first.parent) yield* make(first.node, around);
    },
  };
}

/** A part of a statement, and the statement with something else in its place. */
export interface Spot {
  readonly node: Syntax;
  /** The node that it is an operand of. */
  readonly parent: Syntax | undefined;
  /** Whether a number that multiplies it multiplies its parent, and whether it multiplies the whole. */
  readonly isLinear: boolean;
  readonly isFactor: boolean;
  /** What multiplies it from outside: in p * (q + r), p does so to q and to r. */
  readonly outer: readonly Syntax[];
  /** Whether it is the first terms of a sum of many. */
  readonly isBeginning: boolean;
  readonly replace: (replacement: Syntax) => Syntax;
}

/** Something that may be written into a statement, and what it is called in sentences. */
export interface Piece {
  readonly syntax: Syntax;
  readonly name: string;
}

/** A sum, and what is left of it without one of its terms. */
export interface Sum {
  readonly whole: Syntax;
  readonly left: string;
  readonly term: string;
}

/** The derivative of one of the model's functions, and where it is taken: sigmoid'(z1) at z1. */
export interface LocalDerivative extends Piece {
  readonly at: string;
}

/** A local derivative: `sigmoid'(z)`, or `da/dz`, which sentences write with ∂. */
export interface Step {
  readonly factor: string;
  readonly said: string;
}

/** What may be written where a statement stands. */
export interface Surroundings {
  /** Names of quantities and of earlier statements, with their shapes. */
  readonly names: ReadonlyMap<string, Shape>;
  /** For each quantity that the model defines, the names that its statement uses. */
  readonly usedBy: ReadonlyMap<string, ReadonlySet<string>>;
  /** Values of parts where the statement stands: its variants share most of them. */
  readonly knownParts: KnownParts;
  /** The shape of a part; undefined where its own parts do not fit together. */
  readonly shapeOf: (part: Syntax) => Shape | undefined;
  /** Whether the statement's parts fit together, and it fits what is wanted. */
  readonly whole: boolean;
  /** Names that hold derivatives of the loss. */
  readonly adjoints: ReadonlySet<string>;
  /** The local derivative that makes one name's derivative another's: tanh'(z) for da and dz. */
  readonly stepBetween: (from: string, to: string) => (() => Step) | undefined;
  /** Names that hold 0 or 1. */
  readonly masks: ReadonlySet<string>;
  /** Local derivatives of the model's functions, and their factors. */
  readonly derivatives: readonly LocalDerivative[];
  readonly parts: readonly Piece[];
  readonly sizes: readonly string[];
  /** Numbers at which pieces of the model's functions may begin. */
  readonly bounds: readonly number[];
  /** Elementwise functions of the model and the usual ones. */
  readonly functions: readonly string[];
  /** Earlier statements that claim nothing. */
  readonly helpers: ReadonlySet<string>;
  /** Names that the right formula divides by, and those of statements that claim nothing; undefined where it is not known. */
  readonly divisors: ReadonlySet<string> | undefined;
  /** What the model's statements divide by, sizes and numbers aside. */
  readonly dividedBy: readonly Piece[];
  /** The terms of the right formula. */
  readonly terms: readonly Piece[];
  /** The sums of the model and of the right formula. */
  readonly sums: readonly Sum[];
  /** Numbers of the model that nobody multiplies by unless they are meant: sqrt(3), 0.8. */
  readonly constants: readonly Piece[];
  /** What the names of parts of the model's statements stand for. */
  readonly madeOf: ReadonlyMap<string, Syntax>;
  /** Names of derivatives that the right formula is computed from, where it needs no others. */
  readonly from: ReadonlySet<string>;
  /** What the statement ought to be, as sentences call it. */
  readonly ideal: string;
}

/** Every part of an expression that is a value of its own, the whole first. */
export function spotsOf(root: Syntax): Spot[] {
  return spotsIn(wholeOf(root));
}

/** A sum of more terms is long. */
const SHORT = 4;

/** A statement's sums, the whole first, and its terms: what is no sum is one term. */
export interface Terms {
  readonly sums: readonly Spot[];
  readonly terms: readonly Spot[];
}

export function termsOf(root: Syntax): Terms {
  const sums: Spot[] = [];
  const terms: Spot[] = [];
  const visit = (spot: Spot): void => {
    if (!isAdditive(spot.node)) {
      terms.push(spot);
      return;
    }
    sums.push(spot);
    directIn(spot).forEach(visit);
  };
  visit(wholeOf(root));
  if (terms.length <= SHORT) return { sums, terms };
  const isBeginning = ({ node, parent }: Spot): boolean =>
    isAdditive(parent) && parent.left === node;
  return { sums: sums.map((one) => ({ ...one, isBeginning: isBeginning(one) })), terms };
}

function wholeOf(root: Syntax): Spot {
  return {
    node: root,
    parent: undefined,
    isLinear: true,
    isFactor: true,
    outer: [],
    isBeginning: false,
    replace: (replacement) => replacement,
  };
}

/** A spot and all within it. */
export function spotsIn(start: Spot): Spot[] {
  const spots: Spot[] = [];
  const visit = (spot: Spot): void => {
    spots.push(spot);
    directIn(spot).forEach(visit);
  };
  visit(start);
  return spots;
}

/** The parts of a part. */
function directIn(spot: Spot): Spot[] {
  const { node, isFactor, outer, replace } = spot;
  const parent = node;
  const isBeginning = false;
  const linear = (isLinear: boolean): Pick<Spot, "isLinear" | "isFactor"> => ({
    isLinear,
    isFactor: isFactor && isLinear,
  });
  switch (node.kind) {
    case "unary":
      return [
        {
          ...linear(true),
          node: node.operand,
          parent,
          outer,
          isBeginning,
          replace: (operand) =>
            replace(node.operator === "'" ? transposed(operand) : { ...node, operand }),
        },
      ];
    case "binary":
      return (["left", "right"] as const).map((side) => ({
        node: node[side],
        parent,
        ...linear(isScaled(node.operator, side)),
        outer: outside(node, side, outer),
        isBeginning,
        replace: (one) => replace({ ...node, [side]: one }),
      }));
    case "call":
      return node.args.map((argument, k) => ({
        node: argument,
        parent,
        ...linear(k === 0 && LINEAR.has(node.name)),
        outer: [],
        isBeginning,
        replace: (one) => replace({ ...node, args: node.args.with(k, one) }),
      }));
    case "index":
      return [
        {
          ...linear(true),
          node: node.object,
          parent,
          outer: [],
          isBeginning,
          replace: (object) => replace({ ...node, object }),
        },
      ];
    case "matrix":
      return node.rows.flatMap((row, i) =>
        row.map((entry, j) => ({
          ...linear(false),
          node: entry,
          parent,
          outer: [],
          isBeginning,
          replace: (one) => replace({ ...node, rows: node.rows.with(i, row.with(j, one)) }),
        })),
      );
    case "number":
    case "string":
    case "name":
      return [];
  }
}

function outside(
  node: BinarySyntax,
  side: "left" | "right",
  outer: readonly Syntax[],
): readonly Syntax[] {
  const { operator, left, right } = node;
  if (isProduct(node)) return [...outer, ...factorsOf(side === "left" ? right : left)];
  if (isAdditive(node)) return outer;
  return side === "left" && (operator === "/" || operator === "./") ? outer : [];
}

/** The factors of a product; what is no product is its own factor. */
export function factorsOf(node: Syntax): Syntax[] {
  return isProduct(node) ? [...factorsOf(node.left), ...factorsOf(node.right)] : [node];
}

export function isProduct(node: Syntax | undefined): node is BinarySyntax {
  return node?.kind === "binary" && (node.operator === "*" || node.operator === ".*");
}

export function isAdditive(node: Syntax | undefined): node is BinarySyntax {
  return node?.kind === "binary" && (node.operator === "+" || node.operator === "-");
}

/** Functions that keep a factor of their operand. */
export const LINEAR: ReadonlySet<string> = new Set(["sum", "mean", "diag", "transpose", "trace"]);

function isScaled(operator: BinaryOperator, side: "left" | "right"): boolean {
  if (operator === "*" || operator === ".*") return true;
  return side === "left" && (operator === "/" || operator === "./");
}

/** A factor behind a part, its own factors one by one; numbers need no sign for entries. */
export function times(node: Syntax, factor: Syntax, shape?: Shape): Syntax {
  const operator = shape && isScalar(shape) ? "*" : ".*";
  if (factor.kind === "binary" && factor.operator === ".*") {
    return binary(operator, times(node, factor.left, shape), factor.right);
  }
  return binary(operator, node, factor);
}

export function isScalar(shape: Shape): boolean {
  return shape.every((size) => size.isOne);
}

/** Whether something may stand beside a part, or in its place, as far as shapes are known. */
export function suits(shape: Shape | undefined, other: Shape | undefined): boolean {
  if (!shape || !other) return shape === other;
  const [own, wanted] = [shape, other].map((one) => one.filter((size) => !size.isOne));
  if (wanted!.length === 0 || own!.length === 0) return wanted!.length === own!.length;
  return own!.length === wanted!.length && own!.every((size, axis) => size.equals(wanted![axis]!));
}

/** An expression with another name wherever one stands. */
export function renamed(root: Syntax, used: string, instead: string): Syntax {
  return rewritten(root, (node) =>
    node.kind === "name" && node.name === used ? named(instead) : undefined,
  );
}
