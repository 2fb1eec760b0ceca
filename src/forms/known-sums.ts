/**
 * Sums that are known whatever the numbers are. Differences from a mean add up to 0; they stand in the
 * derivatives of everything that is normalised, such as ∂v/∂m = −(2/n) Σ_k (r[k] − m). What is
 * divided by its sum adds up to 1, as the entries of a softmax do. A sum that a definition is has that
 * name: Σ_k p[k] ln p[k] is −h with the entropy h.
 */
import type { NamedFactors } from "../calculus/named-factors.js";
import { CONTENT, holds } from "../expression/contents.js";
import { type Definition, fullBody } from "../expression/definition.js";
import type { Expression, ReduceNode, ReferenceNode, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Letter } from "../expression/indices.js";
import { exponential } from "../expression/operations/smooth.js";
import { has, isZero } from "../expression/predicates.js";
import type { Quantity } from "../expression/quantity.js";
import { isNought, times } from "../expression/rational.js";
import { references } from "../expression/walk.js";
import { distinct, enumerated, formula, said, type Sentence } from "../language/sentence.js";
import { findSoftmax } from "./matrix/softmax.js";
import { atIndices } from "./route.js";

/** So many definitions one after the other are looked through: n = c/s, c = r − m, m = S/5. */
const DEPTH = 3;

type Term = SumNode["terms"][number];

/** An expression with what is known of its sums. */
export interface Shortened {
  readonly expression: Expression;
  /** Why it is known. */
  readonly reasons: readonly Sentence[];
}

/** What a sum is, and why. */
interface KnownSum {
  readonly value: Expression;
  readonly reason: Sentence;
}

export class KnownSums {
  private readonly bodies = new Map<Quantity, Expression>();
  /** What sums, and products with them, are; undefined for those of which nothing is known. */
  private readonly known = new Map<Expression, KnownSum | undefined>();

  /** @param names of sums that definitions are */
  constructor(
    private readonly graph: Graph,
    definitions: readonly Definition[],
    private readonly names: NamedFactors,
  ) {
    for (const { quantity, clauses } of definitions) {
      const body = fullBody(quantity.shape, clauses);
      if (body) this.bodies.set(quantity, body);
    }
  }

  /** Puts in what sums are, also where they are terms of longer sums. */
  apply(root: Expression): Shortened {
    const { graph } = this;
    const reasons: Sentence[] = [];
    const valueOf = (part: Expression): Expression | undefined => {
      const found = this.find(part);
      if (found) reasons.push(found.reason);
      return found?.value;
    };
    const put = (node: Expression): Expression | undefined => {
      if (node.kind !== "reduce" || node.reduction !== "sum") return undefined;
      const value = valueOf(node);
      if (value) return value;
      const parts = partsUnder(graph, node);
      const values = parts.map((one) => valueOf(graph.sum(node.letter, one)));
      if (values.every((one) => one === undefined)) return undefined;
      const kept = parts.filter((_, place) => values[place] === undefined);
      const rest = graph.sum(node.letter, graph.add(...kept));
      return graph.add(visit(rest), ...values.flatMap((one) => one ?? []));
    };
    const visit = (part: Expression): Expression => graph.transform(part, put, CONTENT.reduce);
    const expression = visit(root);
    return { expression, reasons: distinct(reasons) };
  }

  private find(part: Expression): KnownSum | undefined {
    if (!this.known.has(part)) this.known.set(part, this.findFirst(part));
    return this.known.get(part);
  }

  private findFirst(part: Expression): KnownSum | undefined {
    const why = this.reasonOf(part, DEPTH);
    if (why) return { value: this.graph.zero, reason: why };
    return this.asNumber(part) ?? this.asName(part);
  }

  /** Σ_k p[k] where it is a number by the definition of p, also among factors. */
  private asNumber(part: Expression): KnownSum | undefined {
    if (part.kind === "product") {
      for (const { base, exponent } of part.factors) {
        const found = exponent === 1 ? this.asNumber(base) : undefined;
        if (!found) continue;
        const rest = this.graph.divide(part, base);
        return { ...found, value: this.graph.multiply(rest, found.value) };
      }
      return undefined;
    }
    if (part.kind !== "reduce" || part.reduction !== "sum") return undefined;
    if (this.softmaxSum(part)) {
      return { value: this.graph.one, reason: said`The entries of a softmax add up to 1.` };
    }
    const { letter, body } = part;
    if (body.kind === "reduce" && body.reduction === "sum") {
      // the order of sums does not matter: the outer one may be known for each place of the inner one
      const inner = this.find(this.graph.sum(letter, body.body));
      return inner && { ...inner, value: this.graph.sum(body.letter, inner.value) };
    }
    const [used, ...others] = references([body]);
    if (used && others.length > 0) return this.normalised(part);
    if (!used || body.kind === "sum") return undefined;
    const value = this.total(letter, [this.lookedUp(body)]);
    if (value.kind !== "number") return undefined;
    const number = value.value.valueOf();
    return { value, reason: said`${whatAddsUp(letter, body, used)} ${formula(number)}.` };
  }

  /** Σ over a letter of what is added, term by term, where softmaxes add up to 1. */
  private total(letter: Letter, parts: readonly Expression[]): Expression {
    const { graph } = this;
    const sums = parts
      .flatMap((one) => summandsOf(graph, one))
      .map((one) => graph.transform(graph.sum(letter, one), (node) => this.softmaxSum(node)));
    return graph.add(...sums);
  }

  /** Σ_k e^(z[k] − ln Σ_j e^z[j]) is 1. */
  private softmaxSum(node: Expression): Expression | undefined {
    if (node.kind !== "reduce" || node.reduction !== "sum") return undefined;
    const { letter, body } = node;
    if (body.kind !== "apply" || body.operation !== exponential) return undefined;
    const along = findSoftmax(this.graph, body.children[0]!)?.along;
    return along?.key === letter.key ? this.graph.one : undefined;
  }

  /** Σ_k e^(z[k] − l) is 1 by the definition of l, the logarithm of Σ_k e^z[k]. */
  private normalised({ letter, body }: ReduceNode): KnownSum | undefined {
    if (body.kind !== "apply" || body.operation !== exponential) return undefined;
    const still = references([body]).filter((one) => !has(one, letter));
    const value = this.total(letter, [this.lookedUp(body, still)]);
    if (value.kind !== "number") return undefined;
    const quantities = [...new Set(still.map(({ quantity }) => quantity))];
    const definition = said`With the definition of ${enumerated(quantities)}`;
    return {
      value,
      reason: said`${definition} these exponentials add up to ${formula(value.value.valueOf())}.`,
    };
  }

  /** A term of a sum whose own sum is a definition, with a number in front. */
  private asName(part: Expression): KnownSum | undefined {
    const value = this.names.apply(part);
    const used = value ? references([value]) : [];
    const [first] = used.filter(({ quantity }) => this.bodies.has(quantity));
    const isSummed = value && holds(value, CONTENT.reduce);
    if (!value || !first || isSummed) return undefined;
    return {
      value,
      reason: said`The sum in the definition of ${first.quantity} is written with its name.`,
    };
  }

  /** Why a sum over one index, or a product with one, is 0. */
  private reasonOf(part: Expression, depth: number): Sentence | undefined {
    if (part.kind === "product") {
      const reasons = part.factors.map(({ base, exponent }) =>
        exponent > 0 && base.kind === "reduce" ? this.reasonOf(base, depth) : undefined,
      );
      return reasons.find((reason) => reason !== undefined);
    }
    if (part.kind !== "reduce" || part.reduction !== "sum") return undefined;
    const { letter, body } = part;
    if (body.kind === "sum") return this.reasonOfDifferences(letter, body);
    if (body.kind !== "reference" || depth === 0) return undefined;
    const whole = this.lookedUp(body);
    return whole === body ? undefined : this.reasonOf(this.graph.sum(letter, whole), depth - 1);
  }

  /** Why Σ_k (r[k] − m) is 0: with the definition of m, n·m is Σ_k r[k]. */
  private reasonOfDifferences(letter: Letter, { constant, terms }: SumNode): Sentence | undefined {
    const { graph } = this;
    const total = (parts: readonly Expression[]): Expression => this.total(letter, parts);
    const scaled = ({ coefficient, term }: Term): Expression => graph.scale(coefficient, term);
    const moving = terms.filter(({ term }) => has(term, letter));
    const still = terms.filter(({ term }) => !has(term, letter));
    const running = [...moving.map(scaled), graph.number(constant)];
    let fixed = still.map(scaled);
    if (isZero(total([...running, ...fixed]))) return sentence(said`Differences from their mean`);
    for (let depth = 0; depth < DEPTH; depth++) {
      const before = fixed;
      fixed = fixed.map((one) => this.lookedUp(one));
      if (fixed.every((one, position) => one === before[position])) return undefined;
      if (isZero(total([...running, ...fixed]))) {
        const mean = isNought(constant) ? meanOf(letter, moving, still) : undefined;
        if (mean) return sentence(said`Differences from the mean ${mean}`);
        const parts = references(still.map(({ term }) => term));
        const [first, ...others] = [...new Set(parts.map(({ quantity }) => quantity))].filter(
          (one) => this.bodies.has(one),
        );
        const definitions = others.reduce(
          (all, one) => said`${all} and of ${one}`,
          said`${first!}`,
        );
        return sentence(said`With the definition of ${definitions} these differences`);
      }
    }
    return undefined;
  }

  /** An expression with the definitions of the quantities in it, of all or of some. */
  private lookedUp(expression: Expression, some?: readonly Expression[]): Expression {
    const { graph } = this;
    return graph.transform(expression, (node) => {
      if (node.kind !== "reference" || some?.includes(node) === false) return undefined;
      const body = this.bodies.get(node.quantity);
      return body && atIndices(graph, node.quantity, body, node.indices);
    });
  }
}

/** What a sum over an index adds, term by term; of a product of a sum and other factors multiplied out. */
function partsUnder(graph: Graph, { body }: ReduceNode): readonly Expression[] {
  if (body.kind === "sum") return summandsOf(graph, body);
  if (body.kind !== "product") return [];
  const [sum, ...others] = body.factors.filter(({ base }) => base.kind === "sum");
  if (sum?.exponent !== 1 || others.length > 0) return [];
  const rest = graph.divide(body, sum.base);
  return summandsOf(graph, sum.base).map((one) => graph.multiply(rest, one));
}

/** The terms of a sum, also of one with a number in front, and its constant; else the expression. */
function summandsOf(graph: Graph, expression: Expression): Expression[] {
  const [factor, sum] = graph.splitCoefficient(expression);
  if (sum.kind !== "sum") return [expression];
  const terms = sum.terms.map((one) => graph.scale(times(one.coefficient, factor), one.term));
  return [...terms, graph.number(times(sum.constant, factor))];
}

/** Whose sum over a letter is known: the entries along an axis of a quantity where these are what is added. */
function whatAddsUp(letter: Letter, body: Expression, used: ReferenceNode): Sentence {
  const { quantity, indices } = used;
  const isExponential = body.kind === "apply" && body.operation === exponential;
  const added = isExponential ? body.children[0] : body;
  const running = indices.filter((index) => index.letters.some(({ key }) => key === letter.key));
  const [own] = running;
  const axis = indices.indexOf(own!);
  const isWholeAxis = own?.plain?.key === letter.key && letter.size.equals(quantity.shape[axis]!);
  if (added !== used || running.length > 1 || !isWholeAxis)
    return said`By the definition of ${quantity} one sum is`;
  const isLine = quantity.shape.filter(({ isOne }) => !isOne).length > 1;
  const line = axis === 0 ? "column" : "row";
  if (isExponential) {
    const entries = isLine ? said`each ${line} of ${quantity}` : said`${quantity}`;
    return said`The exponentials of the entries of ${entries} add up to`;
  }
  return isLine
    ? said`Each ${line} of ${quantity} adds up to`
    : said`The entries of ${quantity} add up to`;
}

/**
 * m where differences that add up to 0 are written r − m, or c·r − c·m with a number c: their sum
 * alone also is 0 where m is no mean, as in 5·r − S with the sum S of five numbers.
 */
function meanOf(
  letter: Letter,
  moving: readonly Term[],
  still: readonly Term[],
): Quantity | undefined {
  const [mean, ...others] = still;
  if (mean?.term.kind !== "reference" || others.length > 0) return undefined;
  const isPlain = ({ coefficient, term }: Term): boolean =>
    coefficient.abs().equals(mean.coefficient.abs()) &&
    !(term.kind === "product" && term.factors.some(({ base }) => !has(base, letter)));
  return moving.every(isPlain) ? mean.term.quantity : undefined;
}

function sentence(differences: Sentence): Sentence {
  return said`${differences} add up to 0: their sum is left out.`;
}
