/** Index expressions in LaTeX, as a person writes them; one source for KaTeX and amsmath. */
import type { Fraction } from "fraction.js";
import type { Origins } from "../../derivation/step.js";
import type {
  Expression,
  ProductNode,
  ReduceNode,
  ReferenceNode,
  SumNode,
} from "../../expression/expression.js";
import type { Index } from "../../expression/indices.js";
import { atLeast, Binding, type Latex } from "../../expression/operations/operation.js";
import { exponential } from "../../expression/operations/smooth.js";
import type { Quantity } from "../../expression/quantity.js";
import { isUnit, magnitude, ONE } from "../../expression/rational.js";
import type { Size } from "../../expression/size.js";
import { deltaLatex, derivativeLatex, isReduction, sizeLatex } from "./leaves.js";
import { exponentialSumLatex, normalisedLatex } from "./exponentials.js";
import { complementLatex } from "./complement.js";
import { aroundLine } from "./line.js";
import type { LetterNames } from "../notation/letters.js";
import { besideSign } from "../notation/names.js";
import type { Notation } from "../notation/notation.js";
import type { Order } from "../notation/order.js";
import { keepsMinus } from "../notation/places.js";
import { power } from "../notation/power.js";
import { type Summand, signed, type UnitSummand, withConstants } from "../notation/summands.js";
import {
  areCases,
  comparePlaces,
  type Factor,
  factorsInOrder,
  isHyperparameter,
  termsInOrder,
  withoutRoot,
} from "./terms.js";

interface Term extends UnitSummand {
  /** How it is written where it stands first, if that differs. */
  readonly first?: string | undefined;
}

/** What factors are written with; their order is that of the line where it is left out. */
interface FactorLine {
  readonly names: LetterNames;
  readonly order?: Order;
}

export interface PrintOptions {
  /** Whether adjoints are written ∂L/∂z even where they have a name of their own. */
  readonly isUnnamed?: boolean | undefined;
  /** What the terms of sums were in the lines before. */
  readonly origins?: Origins | undefined;
}

export class ExpressionPrinter {
  constructor(
    readonly notation: Notation,
    readonly order: Order,
    private readonly options: PrintOptions = {},
  ) {}

  print(node: Expression, names: LetterNames): string {
    return this.latex(node, names).tex;
  }

  /**
   * The top-level summands of an expression.
   * @param isFirst whether nothing is added before it
   */
  summands(node: Expression, names: LetterNames, isFirst = true): Summand[] {
    if (node.kind !== "sum") {
      const { sign, shown } = this.split(node, names.term());
      return [{ sign, tex: shown.tex }];
    }
    const complement = complementLatex(this, node, names);
    if (complement) return [complement];
    const order = this.order.at(node);
    const { terms: ordered, beforeNumber } = termsInOrder(node, order, this.options.origins);
    // the numbers of the cases of one comparison are of one kind
    const beside = areCases(node) ? ordered.map(({ coefficient }) => coefficient) : [];
    const namesOf = ordered.map(() => names.term());
    const groups = ordered.map(({ coefficient, term, ...place }, position): readonly Term[] => {
      const size = magnitude(coefficient);
      const within = namesOf[position]!;
      // what is added as it is needs no brackets: y₁ − t₁ + y₂ − t₂
      if (term.kind === "sum" && isUnit(coefficient)) {
        const unit = -1 - position;
        return this.summands(term, within, false).map((one) => ({ ...one, unit }));
      }
      const own = { ...place, sign: coefficient.s < 0n ? "-" : "+" } as const;
      if (!isUnit(size)) return [{ ...own, tex: this.scaled(size, term, within, beside) }];
      const shown = this.latex(term, within);
      return [{ ...own, tex: atLeast(shown, Binding.product), first: firstLatex(term, shown) }];
    });
    const terms = groups.flat();
    names.spend(namesOf);
    const { constant } = node;
    const constants: Term[] =
      constant.n === 0n
        ? []
        : [
            {
              sign: constant.s < 0n ? "-" : "+",
              tex: this.order.numerals.latex(magnitude(constant)).tex,
            },
          ];
    const isOfExponentials = node.terms.every(
      ({ term }) => term.kind === "apply" && term.operation === exponential,
    );
    const isKept =
      areCases(node) ||
      (keepsMinus(ordered, (a, b) => comparePlaces(a, b, order)) &&
        order.mayBeginWithMinus(ordered.map(({ lines }) => lines.at(-1)!)));
    const options = { isFirst: isOfExponentials, keepsMinus: isKept };
    const sorted =
      beforeNumber === undefined
        ? withConstants(terms, constants, options)
        : terms.toSpliced(groups.slice(0, beforeNumber).flat().length, 0, ...constants);
    return sorted.map(({ sign, tex, first }, position) => ({
      sign,
      tex: isFirst && position === 0 && sign === "+" ? (first ?? tex) : tex,
    }));
  }

  /** What is no sum, with its sign in front. */
  private split(
    node: Expression,
    names: LetterNames,
  ): { readonly sign: Summand["sign"]; readonly shown: Latex } {
    const negative = node.kind === "product" && node.coefficient.s < 0n;
    const shown = negative ? this.product(node, names, true) : this.latex(node, names);
    return { sign: negative ? "-" : "+", shown };
  }

  latex(node: Expression, names: LetterNames): Latex {
    const shown = this.bare(node, names);
    return { tex: this.notation.mark(shown.tex, node), binding: shown.binding };
  }

  private bare(node: Expression, names: LetterNames): Latex {
    switch (node.kind) {
      case "number":
        return this.order.numerals.latex(node.value);
      case "size":
        return this.size(node.size);
      case "constant":
        return { tex: this.notation.signs.constants[node.name], binding: Binding.atom };
      case "reference":
        return this.reference(node, names);
      case "delta":
        return deltaLatex(this.notation, node, names);
      case "sum":
        return this.sum(node, names);
      case "product":
        return this.product(node, names, false);
      case "apply": {
        const fraction =
          node.operation === exponential && normalisedLatex(this, node.children[0]!, names);
        if (fraction) return fraction;
        const written = this.notation.signs.latex(node.operation);
        return written(...node.children.map((child) => this.latex(child, names.argument())));
      }
      case "reduce":
        return this.reduction(node, names);
    }
  }

  /** A comparison as a condition, without the brackets of its value: z > 0. */
  condition(node: Expression, names: LetterNames): string {
    const relation = node.kind === "apply" ? node.operation.relation : undefined;
    if (relation === undefined) return this.print(node, names);
    return node.children.map((child) => this.print(child, names.argument())).join(` ${relation} `);
  }

  protected size(size: Size): Latex {
    return sizeLatex(this.notation, size);
  }

  /** An entry, ∂L/∂entry or δ, or ∂entry/∂entry. */
  protected reference({ quantity, indices }: ReferenceNode, names: LetterNames): Latex {
    const { numerator, of } = quantity;
    if (!numerator || !of) {
      return { tex: this.entry(quantity, indices, names), binding: Binding.atom };
    }
    if (quantity.role === "adjoint" && this.options.isUnnamed !== true) {
      const script = indices.map((index) => this.notation.index(index, names));
      const tex = this.notation.adjointEntry(of, script);
      if (tex !== undefined) return { tex, binding: Binding.atom };
    }
    const split = quantity.role === "partial" ? numerator.shape.length : 0;
    const above = this.entry(numerator, indices.slice(0, split), names);
    const below = this.entry(of, indices.slice(split), names);
    const isDirect = quantity.role === "partial" && quantity.isDirect === true;
    return { tex: derivativeLatex(above, below, isDirect), binding: Binding.atom };
  }

  entry(quantity: Quantity, indices: readonly Index[], names: LetterNames): string {
    // a vector or matrix of one entry that is printed whole, such as a loss of one entry
    if (indices.length < quantity.shape.length) return this.notation.symbol(quantity);
    return this.notation.entry(
      quantity,
      indices.map((index) => this.notation.index(index, names)),
    );
  }

  private sum(node: SumNode, names: LetterNames): Latex {
    const summands = this.summands(node, names);
    const [only] = summands;
    if (summands.length === 1) return { tex: only!.tex, binding: Binding.product };
    return { tex: signed(summands), binding: Binding.sum };
  }

  /** A number and a term: of a product they are one fraction, 2/N and not 2·1/N. */
  private scaled(
    size: Fraction,
    term: Expression,
    names: LetterNames,
    beside: readonly Fraction[],
  ): string {
    if (term.kind === "product") {
      const { tex } = this.product({ ...term, coefficient: size }, names, true);
      return this.notation.mark(tex, term);
    }
    const shown = atLeast(this.latex(term, names), Binding.product);
    const number = this.order.numerals.latex(size, beside).tex;
    return `${number}${this.between(number, shown)}${shown}`;
  }

  /** Coefficient, then the factors from the loss backwards, sums over indices last. */
  product(node: ProductNode, names: LetterNames, unsigned: boolean): Latex {
    const order = this.order.at(node);
    const isNegative = node.coefficient.s < 0n && !unsigned;
    const tex = this.quotient(magnitude(node.coefficient), node.factors, { names, order });
    return {
      tex: isNegative ? `-${tex}` : tex,
      binding: isNegative ? Binding.sum : Binding.product,
    };
  }

  /** A number and factors, with a line where some of them are divided by. */
  quotient(number: Fraction, factors: readonly Factor[], line: FactorLine): string {
    const { order = this.order } = line;
    const over = factors.filter(({ exponent }) => exponent > 0);
    const under = factors.flatMap(({ base, exponent }) =>
      exponent < 0 ? [{ base, exponent: -exponent }] : [],
    );
    const isPlain = number.d === 1n || !over.some(({ base }) => isHyperparameter(base, order));
    return under.length === 0 && isPlain
      ? this.beside(this.order.numerals.front(number), over, line)
      : this.fraction(number, over, under, line);
  }

  private fraction(
    number: Fraction,
    over: readonly Factor[],
    under: readonly Factor[],
    line: FactorLine,
  ): string {
    const { notation, order } = this;
    const around = aroundLine(notation, over, under, line.order ?? order);
    const { before, above, behind, isNumberInFront = false } = around;
    const parts = order.numerals.overLine(isNumberInFront ? ONE : number);
    const front = isNumberInFront ? order.numerals.front(number) : "";
    const part = (own: string, factors: readonly Factor[]): string =>
      this.beside(own, factors, line, own === "");
    const [top, bottom] = [part(parts.over, above), part(parts.under, under)];
    const fraction = bottom === "" ? top : `\\frac{${top || "1"}}{${bottom}}`;
    return [front, this.factors(before, line), fraction, this.factors(behind, line)]
      .filter((text) => text !== "")
      .reduce((text, next) => `${text}${this.between(text, next)}${next}`);
  }

  private beside(
    front: string,
    factors: readonly Factor[],
    line: FactorLine,
    isFenced = false,
  ): string {
    const text = this.factors(factors, line, isFenced);
    return [front, text].filter((part) => part !== "").join(this.between(front, text));
  }

  /** What stands between two factors: a dot where a number follows. */
  between(left: string, right: string): string {
    return besideSign(left, right);
  }

  /** @param isFenced whether a single factor stands between bars or braces and needs no brackets */
  protected factors(
    factors: readonly Factor[],
    { names, order = this.order }: FactorLine,
    isFenced = false,
  ): string {
    return this.inSequence(factorsInOrder(factors, order).map(withoutRoot), names, isFenced);
  }

  /** Factors one after the other as they are given. */
  inSequence(sequence: readonly Factor[], names: LetterNames, isFenced = false): string {
    const last = sequence.filter(({ base, exponent }) => base.kind === "reduce" && exponent === 1);
    let text = "";
    for (const [position, { base, exponent }] of sequence.entries()) {
      const shown = this.latex(base, names);
      const isLast = position === sequence.length - 1;
      let piece: string;
      if (exponent !== 1) piece = power(shown, exponent);
      else if (isLast && last.length === 1 && isReduction(base, shown)) piece = shown.tex;
      else if (sequence.length === 1)
        piece = isFenced ? shown.tex : atLeast(shown, Binding.product);
      else if (base.kind === "size" || isFraction(base)) piece = atLeast(shown, Binding.product);
      else piece = shown.binding > Binding.product ? shown.tex : atLeast(shown, Binding.power);
      if (shown.binding === Binding.prefix && !isLast) piece = `\\left(${shown.tex}\\right)`;
      text = text === "" ? piece : `${text}${this.between(text, piece)}${piece}`;
    }
    return text;
  }

  protected reduction(node: ReduceNode, names: LetterNames): Latex {
    if (node.reduction === "logsumexp") {
      return { tex: `\\ln ${exponentialSumLatex(this, node, names)}`, binding: Binding.prefix };
    }
    const inner = names.inside(node.letter);
    const sign = { sum: "\\sum", max: "\\max", min: "\\min" }[node.reduction];
    const body = this.latex(node.body, inner);
    const shown = node.body.kind === "reduce" ? body.tex : atLeast(body, Binding.product);
    return { tex: `${this.bounds(sign, node, inner)} ${shown}`, binding: Binding.product };
  }

  bounds(sign: string, { letter }: ReduceNode, names: LetterNames): string {
    if (sign === "\\sum") return `${sign}${this.notation.sumRange(letter, names)}`;
    const name = names.of(letter);
    return `${sign}_{${this.notation.indexBase} \\le ${name} \\le ${this.notation.last(letter.size)}}`;
  }
}

/** A number that stands first in a sum needs no brackets: -3 + 2. */
function firstLatex(term: Expression, shown: Latex): string | undefined {
  return term.kind === "reference" && shown.binding === Binding.sum ? shown.tex : undefined;
}

/** Whether a factor is a quotient that no sum over an index stands behind. */
function isFraction(base: Expression): boolean {
  return base.kind === "product" && base.factors.every((one) => one.base.kind !== "reduce");
}
