/** Index expressions in LaTeX, as a person writes them; one source for KaTeX and amsmath. */
import type { Fraction } from "fraction.js";
import type { Expression, ProductNode, ReduceNode, ReferenceNode, SumNode } from "../expression/expression.js"; // prettier-ignore
import type { Index } from "../expression/indices.js";
import { atLeast, Binding, type Latex } from "../expression/operations/operation.js";
import { exponential } from "../expression/operations/smooth.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import type { LetterNames, Notation } from "./notation.js";

/**
 * Where quantities stand in the flow from inputs to loss: factors of products are written from the
 * loss backwards, as in the chain rule.
 */
export type Stages = ReadonlyMap<Quantity, number>;

/** A summand with its sign, so that long sums can be broken at operators. */
export interface Summand {
  readonly sign: "+" | "-";
  readonly tex: string;
}

export class ExpressionPrinter {
  /** @param options whether adjoints are written ∂L/∂z even where they have a name of their own */
  constructor(
    readonly notation: Notation,
    private readonly stages: Stages,
    private readonly options: { readonly isUnnamed?: boolean } = {},
  ) {}

  print(node: Expression, names: LetterNames): string {
    return this.latex(node, names).tex;
  }

  /** The top-level summands of an expression. */
  summands(node: Expression, names: LetterNames): Summand[] {
    if (node.kind !== "sum") {
      const negative = node.kind === "product" && node.coefficient.s < 0n;
      const shown = negative ? this.product(node, names, true) : this.latex(node, names);
      return [{ sign: negative ? "-" : "+", tex: shown.tex }];
    }
    const terms = node.terms.map(({ coefficient, term }): Summand => {
      const magnitude = coefficient.abs();
      const shown = magnitude.equals(1)
        ? atLeast(this.latex(term, names), Binding.product)
        : this.scaled(magnitude, term, names);
      return { sign: coefficient.s < 0n ? "-" : "+", tex: shown };
    });
    if (node.constant.n !== 0n) {
      const constant: Summand = {
        sign: node.constant.s < 0n ? "-" : "+",
        tex: fractionLatex(node.constant.abs()).tex,
      };
      // 1 − a, but a + 1
      if (constant.sign === "+" && terms.every(({ sign }) => sign === "-")) terms.unshift(constant);
      else terms.push(constant);
    }
    return [...terms].sort((a, b) => Number(a.sign === "-") - Number(b.sign === "-"));
  }

  latex(node: Expression, names: LetterNames): Latex {
    const shown = this.bare(node, names);
    return { tex: this.notation.mark(shown.tex, node), binding: shown.binding };
  }

  private bare(node: Expression, names: LetterNames): Latex {
    switch (node.kind) {
      case "number":
        return fractionLatex(node.value);
      case "size": {
        const tex = this.notation.size(node.size);
        const single = node.size.soleName === undefined ? Binding.product : Binding.atom;
        return { tex, binding: node.size.terms.length > 1 ? Binding.sum : single };
      }
      case "constant":
        return { tex: node.name === "pi" ? "\\pi" : "e", binding: Binding.atom };
      case "reference":
        return this.reference(node, names);
      case "delta": {
        const indices = node.indices.map((index) => this.notation.index(index, names));
        const separator = indices.every((text) => text.length === 1) ? "" : ",";
        return { tex: `\\delta_{${indices.join(separator)}}`, binding: Binding.atom };
      }
      case "sum":
        return this.sum(node, names);
      case "product":
        return this.product(node, names, false);
      case "apply": {
        const fraction =
          node.operation === exponential && this.normalised(node.children[0]!, names);
        if (fraction) return fraction;
        return node.operation.latex(...node.children.map((child) => this.latex(child, names)));
      }
      case "reduce":
        return this.reduction(node, names);
    }
  }

  /** A comparison as a condition, without the brackets of its value: z > 0. */
  condition(node: Expression, names: LetterNames): string {
    const relation = node.kind === "apply" ? node.operation.relation : undefined;
    if (relation === undefined) return this.print(node, names);
    return node.children.map((child) => this.print(child, names)).join(` ${relation} `);
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
    const tex = this.summands(node, names)
      .map(({ sign, tex: term }, position) =>
        position === 0 ? (sign === "-" ? `-${term}` : term) : ` ${sign} ${term}`,
      )
      .join("");
    return { tex, binding: Binding.sum };
  }

  /** A number and a term: of a product they are one fraction, 2/N and not 2·1/N. */
  private scaled(magnitude: Fraction, term: Expression, names: LetterNames): string {
    if (term.kind === "product") {
      const { tex } = this.product({ ...term, coefficient: magnitude }, names, true);
      return this.notation.mark(tex, term);
    }
    const shown = atLeast(this.latex(term, names), Binding.product);
    const number = fractionLatex(magnitude).tex;
    return /^[\d\\]/.test(shown) && /^\d/.test(shown)
      ? `${number} \\cdot ${shown}`
      : `${number} ${shown}`;
  }

  /** Coefficient, then the factors from the loss backwards, sums over indices last. */
  private product(node: ProductNode, names: LetterNames, unsigned: boolean): Latex {
    const isNegative = node.coefficient.s < 0n && !unsigned;
    const over: { base: Expression; exponent: number }[] = [];
    const under: { base: Expression; exponent: number }[] = [];
    for (const factor of node.factors) (factor.exponent > 0 ? over : under).push(factor);
    const magnitude = node.coefficient.abs();
    const above = this.factors(over, names);
    const below = this.factors(
      under.map(({ base, exponent }) => ({ base, exponent: -exponent })),
      names,
      magnitude.d === 1n,
    );
    let tex: string;
    if (below === "") {
      const number = magnitude.equals(1) ? "" : fractionLatex(magnitude).tex;
      tex = [number, above].filter((part) => part !== "").join(needsDot(number, above));
    } else {
      // a sum over an index stays beside the fraction: 1/N Σ, not Σ/N
      const isLong = over.some(({ base }) => base.kind === "reduce" || base.kind === "sum");
      const number = magnitude.n === 1n ? "" : `${magnitude.n}`;
      const divisor = magnitude.d === 1n ? "" : `${magnitude.d}`;
      const denominator = [divisor, below]
        .filter((part) => part !== "")
        .join(needsDot(divisor, below));
      const front = isLong
        ? number
        : [number, above].filter((part) => part !== "").join(needsDot(number, above));
      const fraction = `\\frac{${front === "" ? "1" : front}}{${denominator}}`;
      tex = isLong ? `${fraction} ${above}` : fraction;
    }
    return {
      tex: isNegative ? `-${tex}` : tex,
      binding: isNegative ? Binding.sum : Binding.product,
    };
  }

  /** @param isFenced whether a single factor stands between bars or braces and needs no brackets */
  private factors(factors: ProductNode["factors"], names: LetterNames, isFenced = false): string {
    const last = factors.filter(({ base, exponent }) => base.kind === "reduce" && exponent === 1);
    const sorted = [...factors].sort((a, b) => this.before(a.base, b.base));
    const alone = factors.length === 1;
    let text = "";
    for (const { base, exponent } of sorted) {
      const shown = this.latex(base, names);
      const isLast = base === sorted.at(-1)!.base;
      let piece: string;
      if (exponent !== 1) piece = power(shown, exponent);
      else if (base.kind === "reduce" && isLast && last.length === 1) piece = shown.tex;
      else if (alone) piece = isFenced ? shown.tex : atLeast(shown, Binding.product);
      else piece = shown.binding > Binding.product ? shown.tex : atLeast(shown, Binding.power);
      if (shown.binding === Binding.prefix && !isLast) piece = `\\left(${shown.tex}\\right)`;
      text = text === "" ? piece : `${text}${needsDot(text, piece)}${piece}`;
    }
    return text;
  }

  /**
   * Sizes, constants and given scalars first, then from the loss backwards, matrices before
   * vectors, sums last.
   */
  private before(a: Expression, b: Expression): number {
    const rank = (node: Expression): number =>
      node.kind === "reduce" ? 1 : isGivenScalar(node) ? -1 : 0;
    return rank(a) - rank(b) || this.stage(b) - this.stage(a) || axes(b) - axes(a) || a.id - b.id;
  }

  private stage(node: Expression): number {
    const used = references([node]).map(({ quantity }) => this.stageOf(quantity));
    return used.length === 0 ? Infinity : Math.max(...used);
  }

  /** A derivative stands just before what it differentiates. */
  private stageOf(quantity: Quantity): number {
    const { numerator } = quantity;
    return numerator ? (this.stages.get(numerator) ?? 0) + 0.5 : (this.stages.get(quantity) ?? 0);
  }

  /** e^(u − logsumexp v) is e^u / Σ e^v. */
  private normalised(argument: Expression, names: LetterNames): Latex | undefined {
    if (argument.kind !== "sum") return undefined;
    const total = argument.terms.find(
      ({ term, coefficient }) =>
        term.kind === "reduce" && term.reduction === "logsumexp" && coefficient.equals(-1),
    );
    if (total?.term.kind !== "reduce") return undefined;
    const rest: SumNode = { ...argument, terms: argument.terms.filter((term) => term !== total) };
    const above =
      rest.terms.length === 1 && rest.constant.n === 0n ? this.summands(rest, names) : undefined;
    const exponent = above
      ? `${above[0]!.sign === "-" ? "-" : ""}${above[0]!.tex}`
      : this.sum(rest, names).tex;
    const below = this.exponentialSum(total.term, names);
    return { tex: `\\frac{e^{${exponent}}}{${below}}`, binding: Binding.product };
  }

  private exponentialSum(node: ReduceNode, names: LetterNames): string {
    const inner = names.inside(node.letter);
    const body =
      node.body.kind === "reduce" && node.body.reduction === "logsumexp"
        ? this.exponentialSum(node.body, inner)
        : `e^{${this.print(node.body, inner)}}`;
    return `${this.bounds("\\sum", node, inner)} ${body}`;
  }

  private reduction(node: ReduceNode, names: LetterNames): Latex {
    if (node.reduction === "logsumexp") {
      return { tex: `\\ln ${this.exponentialSum(node, names)}`, binding: Binding.prefix };
    }
    const inner = names.inside(node.letter);
    const sign = { sum: "\\sum", max: "\\max", min: "\\min" }[node.reduction];
    const body = this.latex(node.body, inner);
    const shown = node.body.kind === "reduce" ? body.tex : atLeast(body, Binding.product);
    return { tex: `${this.bounds(sign, node, inner)} ${shown}`, binding: Binding.product };
  }

  private bounds(sign: string, { letter }: ReduceNode, names: LetterNames): string {
    if (sign === "\\sum") return `${sign}${this.notation.sumRange(letter, names)}`;
    const name = names.of(letter);
    return `${sign}_{${this.notation.indexBase} \\le ${name} \\le ${this.notation.last(letter.size)}}`;
  }
}

/** ∂a/∂b; ∂⁺a/∂b for the direct derivative, where a depends on b in other ways too. */
export function derivativeLatex(above: string, below: string, isDirect = false): string {
  return `\\frac{\\partial${isDirect ? "^{+}" : ""} ${above}}{\\partial ${below}}`;
}

/** Exact numbers: whole, as a decimal where it is short, else as a fraction. */
export function fractionLatex(value: Fraction): Latex {
  const sign = value.s < 0n ? "-" : "";
  const magnitude = value.abs();
  const binding = sign === "" ? Binding.atom : Binding.sum;
  if (magnitude.d === 1n) return { tex: `${sign}${magnitude.n}`, binding };
  const isDecimal = /^2*5*$/.test(primes(magnitude.d)) && magnitude.d > 10n;
  if (isDecimal && magnitude.d <= 10n ** 15n) {
    const text = decimalText(magnitude);
    if (text.length <= 12) return { tex: `${sign}${text}`, binding };
  }
  const tex = `${sign}\\frac{${magnitude.n}}{${magnitude.d}}`;
  return { tex, binding: sign === "" ? Binding.product : Binding.sum };
}

/** The 2s and 5s of a number, written out; "x" where it has other prime factors. */
function primes(value: bigint): string {
  let text = "";
  let rest = value;
  for (const prime of [2n, 5n]) {
    while (rest % prime === 0n) {
      text += prime.toString();
      rest /= prime;
    }
  }
  return rest === 1n ? text : "x";
}

/** A terminating decimal, digit by digit. */
function decimalText(value: Fraction): string {
  let text = `${value.n / value.d}.`;
  for (let rest = value.n % value.d; rest !== 0n; rest %= value.d) {
    rest *= 10n;
    text += (rest / value.d).toString();
  }
  return text;
}

/** A whole power; of a root it is a power of what is under it: v^{3/2}. */
function power(shown: Latex, exponent: number): string {
  const root = /^\\sqrt\{(.*)\}$/su.exec(shown.tex)?.[1];
  if (root === undefined || !isBalanced(root)) return `${powerBase(shown)}^{${exponent}}`;
  const under = /^(?:\\?[A-Za-z]+|\d+)$/.test(root) ? `{${root}}` : `\\left(${root}\\right)`;
  return exponent % 2 === 0
    ? exponent === 2
      ? `\\left(${root}\\right)`
      : `${under}^{${exponent / 2}}`
    : `${under}^{${exponent}/2}`;
}

/** Whether no brace is closed before it is opened: the text stands in one pair of braces. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if (sign === "{") depth++;
    if (sign === "}" && --depth < 0) return false;
  }
  return depth === 0;
}

/** What a power stands on: a fraction or a function in brackets. */
function powerBase(shown: Latex): string {
  const isCompound = shown.binding < Binding.atom || /^\\frac|\\right\)$/.test(shown.tex);
  return isCompound ? `\\left(${shown.tex}\\right)` : `{${shown.tex}}`;
}

/** Between two factors: a dot where a number follows. */
function needsDot(left: string, right: string): string {
  return left !== "" && /^\d/.test(right) ? " \\cdot " : " ";
}

/** A hyperparameter such as λ. */
function isGivenScalar(node: Expression): boolean {
  return (
    node.kind === "reference" && node.quantity.role === "input" && node.quantity.shape.length === 0
  );
}

function axes(node: Expression): number {
  return node.kind === "reference" ? node.quantity.shape.length : 0;
}
