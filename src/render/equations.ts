/** Steps as LaTeX equations: sides, ranges of indices, long sums broken at their operators. */
import type { PointNumbers } from "../derivation/numbers.js";
import type { Leaves, Piece, Side, Step } from "../derivation/step.js";
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import { isScalar } from "../forms/matrix/expression.js";
import { ExpressionPrinter, type Summand } from "./expression.js";
import { MatrixPrinter } from "./matrix.js";
import { underShape } from "./matrix-parts.js";
import { arrayLatex, entryLeaf, type Leaf, numberLeaf, rowsOf } from "./matrix-leaves.js";
import type { LetterNames, Notation } from "./notation.js";
import { NumberPrinter, numberLatex } from "./numbers.js";
import { type Order, WritingOrder } from "./order.js";

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
  private readonly order: WritingOrder;

  /** @param numbers of the point, where there is one */
  constructor(
    model: Model,
    readonly notation: Notation,
    private readonly numbers?: PointNumbers,
  ) {
    this.order = new WritingOrder(model);
  }

  equation(step: Step, options: EquationOptions = {}): Equation {
    const { left, right, letters, relation = "equation" } = step;
    const names = this.notation.letters();
    for (const letter of letters) names.of(letter);
    const range = letters.map((letter) => this.notation.range(letter, names)).join(",\\; ");
    const printer = new SidePrinter(
      this.notation,
      this.order.of(definedBy(left)),
      this.numbers,
      options,
    );
    const { lines, isRounded } = printer.side(right, names);
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
    return this.plain(side, this.notation.letters());
  }

  private left(side: Side, names: LetterNames, { shapes = false }: EquationOptions): string {
    const tex = this.plain(side, names);
    if (!shapes || side.kind !== "matrix" || isScalar(side.matrix)) return tex;
    return underShape(this.notation, tex, side.matrix);
  }

  private plain(side: Side, names: LetterNames): string {
    const printer = new SidePrinter(this.notation, this.order.of(undefined), this.numbers, {});
    return printer.side(side, names).lines.join(" ");
  }
}

/** The sides of one equation, whose terms and factors have one order. */
class SidePrinter {
  private readonly expressions: ExpressionPrinter;

  constructor(
    private readonly notation: Notation,
    private readonly order: Order,
    private readonly numbers: PointNumbers | undefined,
    private readonly options: EquationOptions,
  ) {
    this.expressions = new ExpressionPrinter(notation, order);
  }

  side(side: Side, names: LetterNames): Printed {
    switch (side.kind) {
      case "scalar": {
        const { isUnnamed = false } = side;
        const printer = isUnnamed
          ? new ExpressionPrinter(this.notation, this.order, { isUnnamed })
          : this.expressions;
        return exact(broken(printer.summands(side.expression, names)));
      }
      case "matrix":
        return this.matrix(side);
      case "entries": {
        const entries = side.entries.map((one) => this.expressions.print(one, names));
        return exact([arrayLatex(rowsOf(entries, side.rows, side.columns))]);
      }
      case "cases":
        return exact([this.cases(side.pieces, names)]);
      case "numbers": {
        const printer = new NumberPrinter(this.notation, this.order, this.numbers!);
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

  private matrix({ matrix, leaves = "symbols" }: Side & { kind: "matrix" }): Printed {
    let isRounded = false;
    const leaf: Readonly<Record<Leaves, () => Leaf | undefined>> = {
      symbols: () => undefined,
      entries: () => entryLeaf(this.notation),
      numbers: () => numberLeaf(this.numbers!, () => (isRounded = true)),
    };
    const shown = new MatrixPrinter(this.notation, this.order).summands(matrix, {
      shapes: leaves === "symbols" && this.options.shapes === true,
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

/** The quantity whose definition goes on in a line that begins with this side. */
function definedBy(side: Side): Quantity | undefined {
  if (side.kind === "scalar" && side.expression.kind === "reference")
    return side.expression.quantity;
  if (side.kind === "matrix" && side.matrix.kind === "quantity") return side.matrix.quantity;
  return undefined;
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
