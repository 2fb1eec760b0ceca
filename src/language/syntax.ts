/** The syntax tree of the model language: what is left of mathjs's nodes after the whitelist. */
import { postorder } from "../expression/walk.js";
import type { Place, Source } from "./source.js";

export const BINARY_OPERATORS = [
  "+",
  "-",
  "*",
  "/",
  "^",
  ".*",
  "./",
  ".^",
  "<",
  "<=",
  ">",
  ">=",
  "==",
  "!=",
] as const;
export type BinaryOperator = (typeof BINARY_OPERATORS)[number];
export type UnaryOperator = "-" | "+" | "'";

interface SyntaxBase {
  /** Where the node's own sign, name or bracket stands. */
  readonly place: Place;
}

/** A decimal number, as it was written. */
export interface NumberSyntax extends SyntaxBase {
  readonly kind: "number";
  readonly text: string;
}

/** The trailing LaTeX symbol of a declaration; allowed nowhere else. */
export interface StringSyntax extends SyntaxBase {
  readonly kind: "string";
  readonly text: string;
}

export interface NameSyntax extends SyntaxBase {
  readonly kind: "name";
  readonly name: string;
}

export interface UnarySyntax extends SyntaxBase {
  readonly kind: "unary";
  readonly operator: UnaryOperator;
  readonly operand: Syntax;
}

export interface BinarySyntax extends SyntaxBase {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Syntax;
  readonly right: Syntax;
}

export interface CallSyntax extends SyntaxBase {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Syntax[];
  /** Arguments written `name = value`, in the order written; always after the positional ones. */
  readonly named: readonly {
    readonly name: string;
    readonly value: Syntax;
    readonly place: Place;
  }[];
}

/** One position of an index: a number from 1, or a range with both ends included. */
export type Position =
  | { readonly kind: "at"; readonly index: Syntax }
  | {
      readonly kind: "range";
      readonly start: Syntax;
      readonly end: Syntax;
      readonly step: Syntax | undefined;
    };

/** `A[2, :]`. In positions the name `end` means the last entry of the axis. */
export interface IndexSyntax extends SyntaxBase {
  readonly kind: "index";
  readonly object: Syntax;
  readonly positions: readonly Position[];
}

/** `[1, 2; 3, 4]`, or `[1, 2, 3]`, which is a vector (`isVector`) with one entry a row. */
export interface MatrixSyntax extends SyntaxBase {
  readonly kind: "matrix";
  readonly rows: readonly (readonly Syntax[])[];
  readonly isVector: boolean;
}

export type Syntax =
  | NumberSyntax
  | StringSyntax
  | NameSyntax
  | UnarySyntax
  | BinarySyntax
  | CallSyntax
  | IndexSyntax
  | MatrixSyntax;

export interface Statement {
  readonly name: string;
  readonly place: Place;
  readonly expression: Syntax;
  /** The statement as it was written, without its comment. */
  readonly text: string;
}

export interface Program {
  readonly source: Source;
  readonly statements: readonly Statement[];
}

/** The direct parts of a node, in the order in which they are written. */
export function parts(node: Syntax): readonly Syntax[] {
  switch (node.kind) {
    case "number":
    case "string":
    case "name":
      return [];
    case "unary":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    case "call":
      return [...node.args, ...node.named.map(({ value }) => value)];
    case "index":
      return [
        node.object,
        ...node.positions.flatMap((position) =>
          position.kind === "at"
            ? [position.index]
            : [position.start, ...(position.step ? [position.step] : []), position.end],
        ),
      ];
    case "matrix":
      return node.rows.flat();
  }
}

/** The names that an expression uses. */
export function namesIn(expression: Syntax): Set<string> {
  const names = new Set<string>();
  for (const node of postorder<Syntax>([expression], parts)) {
    if (node.kind === "name") names.add(node.name);
  }
  return names;
}

/** An expression with other ones in place of the outermost of its parts for which there is one. */
export function rewritten(root: Syntax, instead: (node: Syntax) => Syntax | undefined): Syntax {
  return instead(root) ?? withParts(root, (part) => rewritten(part, instead));
}

function withParts(node: Syntax, other: (part: Syntax) => Syntax): Syntax {
  switch (node.kind) {
    case "number":
    case "string":
    case "name":
      return node;
    case "unary":
      return { ...node, operand: other(node.operand) };
    case "binary":
      return { ...node, left: other(node.left), right: other(node.right) };
    case "call": {
      const named = node.named.map((one) => ({ ...one, value: other(one.value) }));
      return { ...node, args: node.args.map(other), named };
    }
    case "index":
      return {
        ...node,
        object: other(node.object),
        positions: node.positions.map((position) =>
          position.kind === "at"
            ? { ...position, index: other(position.index) }
            : {
                ...position,
                start: other(position.start),
                end: other(position.end),
                step: position.step && other(position.step),
              },
        ),
      };
    case "matrix":
      return { ...node, rows: node.rows.map((row) => row.map(other)) };
  }
}
