/** Steps as LaTeX equations: sides and ranges of indices. */
import type { Piece } from "../../calculus/cases.js";
import type { PointNumbers } from "../../derivation/numbers.js";
import type { Claim, Leaves, Side, Step } from "../../derivation/step.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Expression } from "../../expression/expression.js";
import { Index, letter } from "../../expression/indices.js";
import { isScalar, type MatrixExpression, operands } from "../../forms/matrix/expression.js";
import { BETWEEN_RANGES, type Equation } from "./aligned.js";
import { ChainPrinter } from "./chain.js";
import { ExpressionPrinter } from "./expression.js";
import { MatrixPrinter } from "./matrix.js";
import { underShape } from "./matrix-parts.js";
import { listedSummands } from "./listed.js";
import {
  arrayLatex,
  entryLeaf,
  entryMarker,
  factorEntry,
  type Leaf,
  numberLeaf,
  rowsOf,
} from "./matrix-leaves.js";
import type { LetterNames } from "../notation/letters.js";
import { indexScript } from "../notation/names.js";
import type { Notation } from "../notation/notation.js";
import { NumberPrinter, numberLatex } from "./numbers.js";
import { type Order, WritingOrder } from "../notation/order.js";
import { alongProducts } from "../notation/product-order.js";
import { signed } from "../notation/summands.js";

/** What is written beside the bare equation. */
export interface EquationOptions {
  /** The shape under every factor of a matrix product. */
  readonly shapes?: boolean;
}

const EQUAL = "=";
const ABOUT = "\\approx";

interface Printed {
  readonly tex: string;
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

  /** Lines one after the other: what goes on from rounded numbers is about equal too. */
  equations(steps: readonly Step[], options: EquationOptions = {}): Equation[] {
    const lines: Equation[] = [];
    for (const step of steps) {
      const line = this.equation(step, options);
      const before = lines.at(-1);
      const goesOn = line.continues && before?.left === line.left;
      const isAbout = goesOn && before.relation === ABOUT && line.relation === EQUAL;
      lines.push(isAbout ? { ...line, relation: ABOUT } : line);
    }
    return lines;
  }

  equation(step: Claim, options: EquationOptions = {}): Equation {
    const { left, right, letters, relation = "equation" } = step;
    const names = this.notation.letters();
    for (const letter of letters) names.of(letter);
    const range = letters.map((letter) => this.notation.range(letter, names)).join(BETWEEN_RANGES);
    const printer = new SidePrinter(
      this.notation,
      this.order.of(definedBy(left)),
      this.numbers,
      options,
    );
    const { tex, isRounded } = printer.side(right, names, left);
    const moment = step.moment === undefined ? "" : `\\text{ ${step.moment}}`;
    return {
      left: `${this.left(left, names, options)}${moment}`,
      relation: relation === "assignment" ? "\\leftarrow" : isRounded ? ABOUT : EQUAL,
      right: tex,
      range,
      continues: step.continues ?? false,
      ...(step.row === undefined ? {} : { row: step.row }),
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
    return printer.side(side, names).tex;
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

  /** @param left what the numbers of a right side are the values of */
  side(side: Side, names: LetterNames, left?: Side): Printed {
    switch (side.kind) {
      case "scalar": {
        return exact(summed(this.printerOf(side), side, names));
      }
      case "matrix":
        return this.matrix(side);
      case "entry": {
        if (side.isSummed === true) return exact(this.summedEntry(side, names));
        const tex = new MatrixPrinter(this.notation, this.order).print(side.matrix);
        const script = indexScript(side.indices.map((one) => this.notation.index(one, names)));
        return exact(`\\left(${tex}\\right)_{${script}}`);
      }
      case "entries": {
        const { origins, of } = side;
        const order = of ? alongProducts(this.order, of) : this.order;
        const printer = new ExpressionPrinter(this.notation, order, { origins });
        const entries = side.entries.map((one) => printer.print(one, names));
        return exact(arrayLatex(rowsOf(entries, side.rows, side.columns)));
      }
      case "cases":
        return exact(this.cases(side.pieces, names));
      case "numbers": {
        const { origins } = side;
        const printer = new NumberPrinter(this.notation, this.order, this.numbers!, { origins });
        const tex = summed(printer, side, names);
        return { tex, isRounded: printer.isRounded };
      }
      case "array": {
        const shown = side.entries.map(numberLatex);
        const marked =
          left?.kind === "matrix" ? entryMarker(this.notation, left.matrix) : (tex: string) => tex;
        const rows = rowsOf(shown, side.rows, side.columns).map((row, i) =>
          row.map(({ tex }, j) => marked(tex, i, j)),
        );
        return { tex: arrayLatex(rows), isRounded: shown.some((one) => one.isRounded) };
      }
      case "value": {
        const { tex, isRounded } = numberLatex(side.value);
        const of = nodeOf(left);
        return { tex: of ? this.notation.mark(tex, of) : tex, isRounded };
      }
    }
  }

  private printerOf(side: Side & { kind: "scalar" }): ExpressionPrinter {
    const { isUnnamed, isChain, origins } = side;
    const { notation, order } = this;
    if (isChain === true) return new ChainPrinter(notation, order, { isUnnamed, origins });
    return isUnnamed === true || origins
      ? new ExpressionPrinter(notation, order, { isUnnamed, origins })
      : this.expressions;
  }

  /** Σ_j (Wᵀ)_{ij} δ_{jn}, the entry of a product of two quantities, which may be transposed. */
  private summedEntry({ matrix, indices }: Side & { kind: "entry" }, names: LetterNames): string {
    const [first, second] = operands(matrix);
    const inner = letter("inner", first!.columns);
    const within = names.inside(inner);
    const place = (index: Index | undefined): string =>
      this.notation.index(index ?? Index.number(0), within);
    // a vector has no index of a column
    const [row, column] = indices;
    const factors = [
      factorEntry(this.notation, first!, [place(row), place(Index.of(inner))]),
      factorEntry(this.notation, second!, [place(Index.of(inner)), place(column)]),
    ];
    return `\\sum${this.notation.sumRange(inner, within)} ${factors.join(" ")}`;
  }

  private matrix({ matrix, leaves = "symbols", origins }: Side & { kind: "matrix" }): Printed {
    let isRounded = false;
    const leaf: Readonly<Record<Leaves, () => Leaf | undefined>> = {
      symbols: () => undefined,
      entries: () => entryLeaf(this.notation),
      numbers: () => numberLeaf(this.notation, this.numbers!, () => (isRounded = true)),
    };
    const tex = new MatrixPrinter(this.notation, this.order).print(matrix, {
      shapes: leaves === "symbols" && this.options.shapes === true,
      leaf: leaf[leaves](),
      origins,
    });
    return { tex, isRounded };
  }

  private cases(pieces: readonly Piece[], names: LetterNames): string {
    const numbers = pieces.flatMap(({ expression: one }) => {
      return one.kind === "number" ? [one.value] : [];
    });
    const rows = pieces.map(({ expression, condition }) => {
      const value =
        expression.kind === "number"
          ? this.order.numerals.latex(expression.value, numbers).tex
          : this.expressions.print(expression, names);
      return `${value} & ${this.expressions.condition(condition, names)}`;
    });
    return `\\begin{cases} ${rows.join(" \\\\ ")} \\end{cases}`;
  }
}

/** An expression as a sum; one that lists its summands, with each of them. */
function summed(
  printer: ExpressionPrinter,
  { expression, terms }: Extract<Side, { kind: "scalar" | "numbers" }>,
  names: LetterNames,
): string {
  return signed(
    terms ? listedSummands(printer, terms, names) : printer.summands(expression, names),
  );
}

function exact(tex: string): Printed {
  return { tex, isRounded: false };
}

function nodeOf(side: Side | undefined): Expression | MatrixExpression | undefined {
  if (side?.kind === "scalar") return side.expression;
  return side?.kind === "matrix" ? side.matrix : undefined;
}

/** The quantity whose definition goes on in a line that begins with this side. */
function definedBy(side: Side): Quantity | undefined {
  if (side.kind === "scalar" && side.expression.kind === "reference")
    return side.expression.quantity;
  if (side.kind === "matrix" && side.matrix.kind === "quantity") return side.matrix.quantity;
  return undefined;
}
