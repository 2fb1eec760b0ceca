/** Steps as LaTeX equations: sides, ranges of indices, long sums broken at their operators. */
import type { PointNumbers } from "../derivation/numbers.js";
import type { Leaves, Piece, Side, Step } from "../derivation/step.js";
import type { ReferenceNode } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import { isScalar } from "../forms/matrix/expression.js";
import { ExpressionPrinter, type Stages, type Summand } from "./expression.js";
import { MatrixPrinter, underShape } from "./matrix.js";
import { arrayLatex, entryLeaf, type Leaf, numberLeaf, rowsOf } from "./matrix-leaves.js";
import type { LetterNames, Notation } from "./notation.js";
import { NumberPrinter, numberLatex } from "./numbers.js";

export interface Equation {
  readonly left: string;
  /** `=`, or `\\approx` where a number was rounded. */
  readonly relation: string;
  /** One line, or several where a long sum is broken. */
  readonly right: readonly string[];
  /** `i = 1, …, 3`, where the sides have free indices. */
  readonly range: string;
  /** Whether it goes on from the equation before, so that its left side is left out. */
  readonly continues: boolean;
}

/** What is written beside the bare equation. */
export interface EquationOptions {
  /** The shape under every factor of a matrix product. */
  readonly shapes?: boolean;
}

/** Lines longer than this, as typeset, are broken. */
const LONGEST_LINE = 90;

interface Printed {
  /** One line, or several where a long sum is broken. */
  readonly lines: readonly string[];
  readonly isRounded: boolean;
}

export class EquationPrinter {
  private readonly expressions: ExpressionPrinter;
  private readonly unnamed: ExpressionPrinter;
  private readonly matrices: MatrixPrinter;
  private readonly stages: Stages;

  /** @param numbers of the point, where there is one */
  constructor(
    model: Model,
    readonly notation: Notation,
    private readonly numbers?: PointNumbers,
  ) {
    this.stages = stagesOf(model);
    this.expressions = new ExpressionPrinter(notation, this.stages);
    this.unnamed = new ExpressionPrinter(notation, this.stages, { isUnnamed: true });
    this.matrices = new MatrixPrinter(notation);
  }

  equation(step: Step, options: EquationOptions = {}): Equation {
    const { left, right, letters, relation = "equation" } = step;
    const names = this.notation.letters();
    for (const letter of letters) names.of(letter);
    const range = letters.map((letter) => this.notation.range(letter, names)).join(",\\; ");
    const { lines, isRounded } = this.side(right, names, options);
    return {
      left: this.left(left, names, options),
      relation: relation === "assignment" ? "\\leftarrow" : isRounded ? "\\approx" : "=",
      right: lines,
      range,
      continues: step.continues ?? false,
    };
  }

  /** An expression without free letters, or with names for them. */
  expression(side: Side): string {
    return this.side(side, this.notation.letters()).lines.join(" ");
  }

  private left(side: Side, names: LetterNames, { shapes = false }: EquationOptions): string {
    const tex = this.side(side, names).lines.join(" ");
    if (!shapes || side.kind !== "matrix" || isScalar(side.matrix)) return tex;
    return underShape(this.notation, tex, side.matrix);
  }

  private side(side: Side, names: LetterNames, options: EquationOptions = {}): Printed {
    switch (side.kind) {
      case "scalar": {
        const printer = side.isUnnamed === true ? this.unnamed : this.expressions;
        return exact(broken(printer.summands(side.expression, names)));
      }
      case "matrix":
        return this.matrix(side, options);
      case "entries": {
        const entries = side.entries.map((one) => this.expressions.print(one, names));
        return exact([arrayLatex(rowsOf(entries, side.rows, side.columns))]);
      }
      case "cases":
        return exact([this.cases(side.pieces, names)]);
      case "numbers": {
        const value = (node: ReferenceNode): number => this.numbers!.scalar(node);
        const printer = new NumberPrinter(this.notation, this.stages, value);
        const lines = broken(printer.summands(side.expression, names));
        return { lines, isRounded: printer.isRounded };
      }
      case "array": {
        const shown = side.entries.map(numberLatex);
        const entries = shown.map(({ tex }) => tex);
        const lines = [arrayLatex(rowsOf(entries, side.rows, side.columns))];
        return { lines, isRounded: shown.some((one) => one.isRounded) };
      }
      case "value": {
        const { tex, isRounded } = numberLatex(side.value);
        return { lines: [tex], isRounded };
      }
    }
  }

  private matrix(
    { matrix, leaves = "symbols" }: Side & { kind: "matrix" },
    options: EquationOptions,
  ): Printed {
    let isRounded = false;
    const leaf: Readonly<Record<Leaves, () => Leaf | undefined>> = {
      symbols: () => undefined,
      entries: () => entryLeaf(this.notation),
      numbers: () => numberLeaf(this.numbers!, () => (isRounded = true)),
    };
    const shown = this.matrices.summands(matrix, {
      shapes: leaves === "symbols" && options.shapes === true,
      leaf: leaf[leaves](),
    });
    return { lines: broken(shown), isRounded };
  }

  private cases(pieces: readonly Piece[], names: LetterNames): string {
    const rows = pieces.map(({ expression, condition }) => {
      const value = this.expressions.print(expression, names);
      return `${value} & ${this.expressions.condition(condition, names)}`;
    });
    return `\\begin{cases} ${rows.join(" \\\\ ")} \\end{cases}`;
  }
}

function exact(lines: readonly string[]): Printed {
  return { lines, isRounded: false };
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
    .replace(/\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}/g, (_, rows: string) => widestRow(rows))
    .replace(/\\underbrace|_\{[^{}]*\\times[^{}]*\}/g, "")
    .replace(/\\frac\{((?:[^{}]|\{[^{}]*\})*)\}\{(?:[^{}]|\{[^{}]*\})*\}/g, "$1")
    .replace(/\\(left|right|partial|quad|,|;)/g, "")
    .replace(/\\[A-Za-z]+/g, "x")
    .replace(/[{}^_\s]|\p{Co}/gu, "").length;
}

function widestRow(rows: string): string {
  const all = rows.split("\\\\");
  return all.reduce((widest, row) => (row.length > widest.length ? row : widest), "");
}

/** Equations aligned at their relations; a left side that repeats is left out. */
export function aligned(equations: readonly Equation[]): string {
  let before = "";
  const rows = equations.flatMap(({ left, relation, right, range, continues }, place) => {
    // renderers mark things with private signs
    const plain = left.replace(/\p{Co}/gu, "");
    const shown = continues && plain === before ? "" : left;
    before = plain;
    const next = equations[place + 1];
    const isSaidLater = next?.continues === true && next.range === range;
    const suffix = range === "" || isSaidLater ? "" : ` \\qquad ${range}`;
    return right.map((line, position) => {
      const end = position === right.length - 1 ? suffix : "";
      const start = position === 0 ? `${shown} &${relation} ` : `&\\quad {}`;
      return `${start}${line}${end}`;
    });
  });
  return `\\begin{aligned}\n${rows.join(" \\\\\n")}\n\\end{aligned}`;
}
