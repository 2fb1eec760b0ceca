/** Steps as LaTeX equations: sides, ranges of indices, long sums broken at their operators. */
import type { Expression, ReferenceNode } from "../expression/expression.js";
import type { Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import type { Side, Step } from "../derivation/step.js";
import { ExpressionPrinter, type Stages, type Summand } from "./expression.js";
import { MatrixPrinter } from "./matrix.js";
import type { LetterNames, Notation } from "./notation.js";
import { NumberPrinter, numberLatex } from "./numbers.js";

export interface Equation {
  readonly left: string;
  /** `=`, or `\approx` where a number was rounded. */
  readonly relation: string;
  /** One line, or several where a long sum is broken. */
  readonly right: readonly string[];
  /** `i = 1, …, 3`, where the sides have free indices. */
  readonly range: string;
}

/** Lines longer than this, as typeset, are broken. */
const LONGEST_LINE = 90;

export class EquationPrinter {
  private readonly expressions: ExpressionPrinter;
  private readonly matrices: MatrixPrinter;
  private readonly stages: Stages;

  constructor(
    model: Model,
    readonly notation: Notation,
    /** The value of an expression at the point, where there is one. */
    private readonly valueOf: (expression: Expression) => number | undefined,
  ) {
    this.stages = stagesOf(model);
    this.expressions = new ExpressionPrinter(notation, this.stages);
    this.matrices = new MatrixPrinter(notation);
  }

  equation({ left, right, letters }: Step): Equation {
    const names = this.notation.letters();
    for (const letter of letters) names.of(letter);
    const range = letters.map((letter) => this.range(letter, names)).join(",\\; ");
    const { lines, isRounded } = this.side(right, names);
    return {
      left: this.side(left, names).lines.join(" "),
      relation: isRounded ? "\\approx" : "=",
      right: lines,
      range,
    };
  }

  /** An expression without free letters, or with names for them. */
  expression(side: Side): string {
    return this.side(side, this.notation.letters()).lines.join(" ");
  }

  private side(side: Side, names: LetterNames): { lines: readonly string[]; isRounded: boolean } {
    switch (side.kind) {
      case "scalar":
        return {
          lines: broken(this.expressions.summands(side.expression, names)),
          isRounded: false,
        };
      case "matrix":
        return { lines: broken(this.matrices.summands(side.matrix)), isRounded: false };
      case "numbers": {
        const value = (node: ReferenceNode): number => this.valueOf(node)!;
        const printer = new NumberPrinter(this.notation, this.stages, value);
        const lines = broken(printer.summands(side.expression, names));
        return { lines, isRounded: printer.isRounded };
      }
      case "array": {
        const shown = side.entries.map(numberLatex);
        const rows = Array.from({ length: side.rows }, (_, row) =>
          shown
            .slice(row * side.columns, (row + 1) * side.columns)
            .map(({ tex }) => tex)
            .join(" & "),
        );
        const isRounded = shown.some((one) => one.isRounded);
        return { lines: [`\\begin{bmatrix} ${rows.join(" \\\\ ")} \\end{bmatrix}`], isRounded };
      }
      case "value": {
        const { tex, isRounded } = numberLatex(side.value);
        return { lines: [tex], isRounded };
      }
    }
  }

  private range(letter: Letter, names: LetterNames): string {
    const name = names.of(letter);
    const first = this.notation.indexBase;
    const last = this.notation.last(letter.size);
    return letter.size.constant === 2
      ? `${name} = ${first}, ${last}`
      : `${name} = ${first}, \\dots, ${last}`;
  }
}

/** The order of factors: a quantity stands where it is defined, a given one where it is first used. */
function stagesOf(model: Model): Stages {
  const stages = new Map<Quantity, number>();
  for (const [position, { quantity, clauses }] of model.definitions.entries()) {
    stages.set(quantity, position + 1);
    for (const used of references(clauses.map(({ body }) => body))) {
      if (!stages.has(used.quantity)) stages.set(used.quantity, position + 0.75);
    }
  }
  return stages;
}

/** Summands as lines, broken before a sign where a line would be too long. */
function broken(summands: readonly Summand[]): string[] {
  const lines: string[] = [];
  let line = "";
  for (const [position, { sign, tex }] of summands.entries()) {
    const piece = position === 0 ? (sign === "-" ? `-${tex}` : tex) : ` ${sign} ${tex}`;
    if (line !== "" && typesetLength(line + piece) > LONGEST_LINE) {
      lines.push(line);
      line = piece.trimStart();
    } else {
      line += piece;
    }
  }
  return [...lines, line];
}

/** Roughly how many signs a piece of LaTeX shows. */
function typesetLength(tex: string): number {
  return tex
    .replace(/\\frac\{((?:[^{}]|\{[^{}]*\})*)\}\{(?:[^{}]|\{[^{}]*\})*\}/g, "$1")
    .replace(/\\(left|right|partial|quad|,|;)/g, "")
    .replace(/\\[A-Za-z]+/g, "x")
    .replace(/[{}^_\s]|\p{Co}/gu, "").length;
}

/** Equations aligned at their relations; a left side that repeats is left out. */
export function aligned(equations: readonly Equation[]): string {
  let before = "";
  const rows = equations.flatMap(({ left, relation, right, range }) => {
    const shown = left === before ? "" : left;
    before = left;
    const suffix = range === "" ? "" : ` \\qquad ${range}`;
    return right.map((line, position) => {
      const end = position === right.length - 1 ? suffix : "";
      const start = position === 0 ? `${shown} &${relation} ` : `&\\quad {}`;
      return `${start}${line}${end}`;
    });
  });
  return `\\begin{aligned}\n${rows.join(" \\\\\n")}\n\\end{aligned}`;
}
