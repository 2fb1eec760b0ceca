/** Variants: a statement as it would stand without one mistake. */
import type { BinaryOperator, Syntax } from "../../../language/syntax.js";
import type { Shape } from "../../../expression/size.js";
import { binary } from "../../../language/compose.js";
import type { Fault } from "../../hypothesis.js";

export interface Variant {
  readonly syntax: Syntax;
  /** What was wrong, if this is right: one fault, or two that are always made together. */
  readonly faults: readonly Fault[];
  /** How surprising the mistake is; a wrong sign has 1. */
  readonly cost: number;
}

/** A part of a statement, and the statement with something else in its place. */
export interface Spot {
  readonly node: Syntax;
  /** The node that it is an operand of. */
  readonly parent: Syntax | undefined;
  /** Whether a number that multiplies it multiplies the whole. */
  readonly isFactor: boolean;
  readonly replace: (replacement: Syntax) => Syntax;
}

/** Something that may be written into a statement, and what it is called in sentences. */
export interface Piece {
  readonly syntax: Syntax;
  readonly name: string;
}

/** What may be written where a statement stands. */
export interface Surroundings {
  /** Names of quantities and of earlier statements, with their shapes. */
  readonly names: ReadonlyMap<string, Shape>;
  /** The shape of a part; undefined where its own parts do not fit together. */
  readonly shapeOf: (part: Syntax) => Shape | undefined;
  /** Whether the statement's parts fit together. */
  readonly whole: boolean;
  /** Names that hold derivatives of the loss. */
  readonly adjoints: ReadonlySet<string>;
  /** Local derivatives of the model's functions, and their factors. */
  readonly derivatives: readonly Piece[];
  readonly parts: readonly Piece[];
  readonly sizes: readonly string[];
  /** Elementwise functions of the model and the usual ones. */
  readonly functions: readonly string[];
  /** The terms of the right formula. */
  readonly terms: readonly Piece[];
}

/** Every part of an expression that is a value of its own, the whole first. */
export function spotsOf(root: Syntax): Spot[] {
  const spots: Spot[] = [];
  const visit = (
    node: Syntax,
    parent: Syntax | undefined,
    isFactor: boolean,
    replace: (replacement: Syntax) => Syntax,
  ): void => {
    spots.push({ node, parent, isFactor, replace });
    switch (node.kind) {
      case "unary":
        visit(node.operand, node, isFactor, (operand) => replace({ ...node, operand }));
        return;
      case "binary":
        visit(node.left, node, isFactor && isScaled(node.operator, "left"), (left) =>
          replace({ ...node, left }),
        );
        visit(node.right, node, isFactor && isScaled(node.operator, "right"), (right) =>
          replace({ ...node, right }),
        );
        return;
      case "call":
        for (const [k, argument] of node.args.entries()) {
          const isLinear = k === 0 && LINEAR.has(node.name);
          visit(argument, node, isFactor && isLinear, (one) =>
            replace({ ...node, args: node.args.with(k, one) }),
          );
        }
        return;
      case "index":
        visit(node.object, node, isFactor, (object) => replace({ ...node, object }));
        return;
      default:
        return;
    }
  };
  visit(root, undefined, true, (replacement) => replacement);
  return spots;
}

const LINEAR: ReadonlySet<string> = new Set(["sum", "mean", "diag", "transpose", "trace"]);

function isScaled(operator: BinaryOperator, side: "left" | "right"): boolean {
  if (operator === "*" || operator === ".*") return true;
  return side === "left" && (operator === "/" || operator === "./");
}

/** A factor behind a part, its own factors one by one. */
export function times(node: Syntax, factor: Syntax): Syntax {
  if (factor.kind === "binary" && factor.operator === ".*") {
    return binary(".*", times(node, factor.left), factor.right);
  }
  return binary(".*", node, factor);
}

/** Whether something may stand beside a part, or in its place, as far as shapes are known. */
export function suits(shape: Shape | undefined, other: Shape | undefined): boolean {
  if (!shape || !other) return shape === other;
  const [own, wanted] = [shape, other].map((one) => one.filter((size) => !size.isOne));
  if (wanted!.length === 0 || own!.length === 0) return wanted!.length === own!.length;
  return own!.length === wanted!.length && own!.every((size, axis) => size.equals(wanted![axis]!));
}
