/** Matrix expressions in LaTeX, as people write them; one source for KaTeX and amsmath. */
import type { Fraction } from "fraction.js";
import type { Origins } from "../../derivation/step.js";
import { atLeast, Binding, bracketed, type Latex } from "../../expression/operations/operation.js";
import {
  type ApplyNode,
  type HadamardNode,
  isScalar,
  type MatrixExpression,
  type ScaleNode,
  type SumNode,
} from "../../forms/matrix/expression.js";
import { sizeLatex } from "./leaves.js";
import { type FactorPrinter, scaleLatex, withFront } from "./matrix-fractions.js";
import type { Leaf } from "./matrix-leaves.js";
import {
  ELEMENTWISE,
  arranged,
  areCases,
  factorsInOrder,
  hasProduct,
  openParts,
  termsInOrder,
  underShape,
} from "./matrix-parts.js";
import {
  commutationLatex,
  normLatex,
  onesLatex,
  reductionName,
  selectedRows,
  softmaxName,
  symbolParts,
  takesScripts,
  TRANSPOSED,
  transposed,
  vecLatex,
} from "./matrix-symbol.js";
import { besideSign, betweenOperands } from "../notation/names.js";
import { joined } from "../../language/symbol.js";
import type { Notation } from "../notation/notation.js";
import type { Order } from "../notation/order.js";
import { power } from "../notation/power.js";
import { type Summand, signed } from "../notation/summands.js";

export interface MatrixPrintOptions {
  /** The shape under every factor. */
  readonly shapes?: boolean;
  /** Writes leaves as arrays. */
  readonly leaf?: Leaf | undefined;
  /** What the terms of the sums that it was made of were in the lines before. */
  readonly origins?: Origins | undefined;
}

/** A function with its argument, which takes a superscript: σ(z)ᵀ. */
const FUNCTION = /^\\[A-Za-z]+(\{[a-z]+\})?(_\{\\mathrm\{[a-z]+\}\})?\\left\(/;

/** What a power stands on without brackets where it is one sign. */
const BASES: ReadonlySet<MatrixExpression["kind"]> = new Set(["constant", "norm", "size"]);

export class MatrixPrinter {
  constructor(
    private readonly notation: Notation,
    private readonly order: Order,
  ) {}

  /** @returns LaTeX without line breaks. */
  print(matrix: MatrixExpression, options: MatrixPrintOptions = {}): string {
    const printing = new Printing(this.notation, this.order, options, openParts(matrix));
    return signed(printing.summands(matrix));
  }
}

class Printing {
  constructor(
    private readonly notation: Notation,
    private readonly order: Order,
    private readonly options: MatrixPrintOptions,
    /** What is combined entry by entry, with a shape for each of its parts. */
    private readonly open: ReadonlySet<MatrixExpression> = new Set(),
  ) {}

  /** Recursive: conversions bound the depth of what they make. */
  latex(node: MatrixExpression): Latex {
    const leaf = this.options.leaf?.(node, false);
    if (leaf) return leaf;
    if (this.options.shapes !== true || isScalar(node)) return this.bare(node);
    return this.isOpen(node) ? this.bare(node) : this.underShape(node);
  }

  /**
   * Whether factors inside have shapes of their own. What is combined entry by entry has one shape:
   * among the factors of a product of matrices it is one of them.
   */
  private isOpen(node: MatrixExpression): boolean {
    return hasProduct(node) || this.open.has(node);
  }

  summands(node: MatrixExpression): Summand[] {
    const leaf = this.options.leaf?.(node, true);
    if (leaf) return [{ sign: "+", tex: leaf.tex }];
    if (this.options.shapes === true && !this.isOpen(node)) {
      return new Printing(this.notation, this.order, this.inside).summands(node);
    }
    if (node.kind === "sum") return this.terms(node);
    const isNegative = node.kind === "scale" && node.coefficient.s < 0n;
    const shown = isNegative ? this.scale(node, node.coefficient.abs()) : this.bare(node);
    return [{ sign: isNegative ? "-" : "+", tex: shown.tex }];
  }

  /** Inside brackets and functions no shapes are written. */
  private get inside(): MatrixPrintOptions {
    return { ...this.options, shapes: false };
  }

  private underShape(node: MatrixExpression): Latex {
    const shown = new Printing(this.notation, this.order, this.inside).latex(node);
    const tex = atLeast(shown, Binding.prefix);
    return { tex: underShape(this.notation, tex, node), binding: Binding.atom };
  }

  private bare(node: MatrixExpression): Latex {
    const shown = this.unmarked(node);
    return { tex: this.notation.mark(shown.tex, node), binding: shown.binding };
  }

  private unmarked(node: MatrixExpression): Latex {
    switch (node.kind) {
      case "quantity":
      case "slice":
      case "unit":
      case "identity":
      case "selection":
        return { tex: joined(symbolParts(this.notation, node)!), binding: Binding.atom };
      case "number":
        return this.order.numerals.latex(node.value);
      case "size":
        return sizeLatex(this.notation, node.size);
      case "constant":
        return { tex: this.notation.signs.constants[node.name], binding: Binding.atom };
      case "ones":
        return onesLatex(node);
      case "zeros":
        return { tex: "0", binding: Binding.atom };
      case "sum":
        return this.sum(node);
      case "scale": {
        const shown = this.scale(node, node.coefficient.abs());
        return node.coefficient.s < 0n ? { tex: `-${shown.tex}`, binding: Binding.sum } : shown;
      }
      case "product":
        return { tex: this.factors(node.factors, ""), binding: Binding.product };
      case "kronecker":
        return { tex: this.factors(node.factors, "\\otimes"), binding: Binding.product };
      case "hadamard":
        return isScalar(node) ? this.scalarPower(node) : this.hadamard(node);
      case "apply":
        return this.apply(node);
      case "transpose": {
        const rows =
          node.of.kind === "selection" ? selectedRows(this.notation, node.of) : undefined;
        return rows ?? { tex: this.transpose(node.of), binding: Binding.power };
      }
      case "diag":
        return this.diag(node.of);
      case "diagonal":
        return this.named("\\operatorname{diag}", node.of);
      case "trace": {
        // a product's factors have their shapes there too
        const of = hasProduct(node.of) ? this.latex(node.of) : this.inner(node.of);
        return { tex: `\\operatorname{tr}${bracketed(of)}`, binding: Binding.atom };
      }
      case "norm":
        return normLatex(node, this.inner(node.of));
      case "vec":
        return this.named(vecLatex(node.order), node.of);
      case "commutation":
        return commutationLatex(this.notation, node);
      case "reduction":
        return this.named(reductionName(node), node.of);
      case "softmax":
        return this.named(softmaxName(node), node.of);
    }
  }

  private inner(node: MatrixExpression): Latex {
    return new Printing(this.notation, this.order, this.inside).latex(node);
  }

  private named(name: string, of: MatrixExpression): Latex {
    return { tex: `${name}${bracketed(this.inner(of))}`, binding: Binding.atom };
  }

  /** W^{(2)\top}: never a script on a script. */
  private transpose(of: MatrixExpression): string {
    const leaf = this.options.leaf?.(of, false);
    if (leaf) return `${atLeast(leaf, Binding.atom)}^{${TRANSPOSED}}`;
    const parts = symbolParts(this.notation, of);
    if (parts) {
      if (takesScripts(parts.base)) return transposed(parts);
      return `\\left(${joined(parts)}\\right)^{${TRANSPOSED}}`;
    }
    const shown = hasProduct(of) ? this.latex(of) : this.inner(of);
    const isFunction = shown.binding === Binding.atom && FUNCTION.test(shown.tex);
    return `${isFunction ? shown.tex : bracketed(shown)}^{${TRANSPOSED}}`;
  }

  // ————— sums and products —————

  private terms(node: SumNode): Summand[] {
    const order = this.order.ofSum(node);
    const placed = termsInOrder(node, order, this.options.origins);
    const { terms: sorted } = placed;
    // the numbers of the cases of one comparison are of one kind
    const beside = areCases(node) ? sorted.map(({ coefficient }) => coefficient) : [];
    const summands = sorted.map(({ coefficient, term, unit }) => {
      const sign = coefficient.s < 0n ? ("-" as const) : ("+" as const);
      const magnitude = coefficient.abs();
      const isNumber = term.kind === "ones" || term.kind === "number";
      const tex = isNumber
        ? // numbers are added to every entry: 1 − a
          this.order.numerals.latex(magnitude).tex
        : term.kind === "scale"
          ? this.scale(term, magnitude).tex
          : this.withFront(this.order.numerals.front(magnitude, beside), [term]);
      const isConstant = isNumber || term.kind === "identity";
      return { sign, tex, isConstant, ...(unit === undefined ? {} : { unit }) };
    });
    return [...arranged(node, placed, summands, order)];
  }

  private sum(node: SumNode): Latex {
    return { tex: signed(this.terms(node)), binding: Binding.sum };
  }

  private scale(node: ScaleNode, magnitude: Fraction): Latex {
    return scaleLatex(this.parts, node, magnitude);
  }

  private withFront(front: string, factors: readonly MatrixExpression[]): string {
    return withFront(this.parts, front, factors);
  }

  private get parts(): FactorPrinter {
    return {
      order: this.order,
      latex: (node) => this.latex(node),
      product: (factors) => this.factors(factors, ""),
      reciprocal: (node, front) => this.hadamard(node, front).tex,
    };
  }

  private factors(factors: readonly MatrixExpression[], sign: "" | "\\otimes"): string {
    const texts = factors.map((factor, position) => {
      const shown = this.latex(factor);
      const isLast = position === factors.length - 1;
      const isOpen = shown.binding === Binding.prefix && !isLast;
      if (isOpen) return bracketed(shown);
      // a matrix of ones is a product 11ᵀ itself
      if (factor.kind === "ones" && sign === "") return shown.tex;
      const isFirstSize = position === 0 && factor.kind === "size";
      return atLeast(shown, isFirstSize ? Binding.product : Binding.prefix);
    });
    return texts.reduce(
      (text, next) =>
        `${text}${sign === "" ? besideSign(text, next) : betweenOperands(text, sign)}${next}`,
    );
  }

  /**
   * a ⊙ b, a^{⊙2}, (a ⊙ b) ⊘ c.
   * @param front what stands before the sign of division where nothing else does
   */
  private hadamard({ factors }: HadamardNode, front = "1"): Latex {
    const sorted = factorsInOrder(factors, ({ base }) => base, this.order);
    const part = (isDivisor: boolean): string[] =>
      sorted
        .filter(({ exponent }) => exponent < 0 === isDivisor)
        .map(({ base, exponent }) => this.power(base, Math.abs(exponent)));
    const [above, below] = [part(false), part(true)];
    const several = (texts: readonly string[]): string =>
      texts.length > 1 ? `\\left(${times(texts)}\\right)` : texts[0]!;
    if (below.length === 0) {
      const isPower = above.length === 1;
      return { tex: times(above), binding: isPower ? Binding.power : Binding.product };
    }
    const over = above.length === 0 ? front : several(above);
    return { tex: `${over} \\oslash ${several(below)}`, binding: Binding.product };
  }

  private power(base: MatrixExpression, exponent: number): string {
    if (exponent === 1) return atLeast(this.latex(base), Binding.prefix);
    if (this.options.shapes === true && !this.isOpen(base)) {
      const tex = new Printing(this.notation, this.order, this.inside).power(base, exponent);
      return underShape(this.notation, tex, base);
    }
    return `${this.powerBase(base)}^{\\odot ${exponent}}`;
  }

  private scalarPower({ factors: [only] }: HadamardNode): Latex {
    const { base, exponent } = only!;
    const shown = this.latex(base);
    if (shown.tex.startsWith("\\sqrt")) {
      return { tex: power(shown, exponent), binding: Binding.power };
    }
    return { tex: `${this.powerBase(base)}^{${exponent}}`, binding: Binding.power };
  }

  /** What a power stands on: in brackets unless it is a symbol without a superscript. */
  private powerBase(base: MatrixExpression): string {
    const leaf = this.options.leaf?.(base, false);
    if (leaf) return atLeast(leaf, Binding.atom);
    const parts = symbolParts(this.notation, base);
    if (parts && parts.sup === undefined && takesScripts(parts.base)) return joined(parts);
    const shown = this.latex(base);
    const isAtom = BASES.has(base.kind) || FUNCTION.test(shown.tex);
    return shown.binding === Binding.atom && isAtom ? shown.tex : bracketed(shown);
  }

  private diag(of: MatrixExpression): Latex {
    const isInverse =
      of.kind === "hadamard" && of.factors.length === 1 && of.factors[0]!.exponent === -1;
    if (!isInverse) return this.named("\\operatorname{diag}", of);
    const { tex } = this.named("\\operatorname{diag}", of.factors[0]!.base);
    return { tex: `${tex}^{-1}`, binding: Binding.power };
  }

  private apply({ operation, args, ...node }: ApplyNode): Latex {
    const shown = args.map((arg) => this.inner(arg));
    const isElementwise = !node.rows.isOne || !node.columns.isOne;
    const written = isElementwise ? ELEMENTWISE.get(operation) : undefined;
    return (written ?? this.notation.signs.latex(operation))(...shown);
  }
}

/** a ⊙ b ⊙ c */
function times(factors: readonly string[]): string {
  return factors.reduce((text, next) => `${text}${betweenOperands(text, "\\odot")}${next}`);
}
