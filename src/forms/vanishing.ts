/**
 * Sums that are 0 whatever the numbers are: differences from a mean add up to 0. They stand in the
 * derivatives of everything that is normalised, such as ∂v/∂m = −(2/n) Σ_k (r[k] − m).
 */
import { type Definition, fullBody } from "../expression/definition.js";
import type { Expression, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Letter } from "../expression/indices.js";
import { has, isZero } from "../expression/predicates.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import { distinct, said, type Sentence } from "../language/sentence.js";
import { atIndices } from "./route.js";

/** So many definitions one after the other are looked through: n = c/s, c = r − m, m = S/5. */
const DEPTH = 3;

type Term = SumNode["terms"][number];

/** An expression without what is 0. */
export interface Shortened {
  readonly expression: Expression;
  /** Why that is 0. */
  readonly reasons: readonly Sentence[];
}

export class VanishingSums {
  private readonly bodies = new Map<Quantity, Expression>();
  /** Why sums, and products with them, are 0; undefined for those that are not. */
  private readonly known = new Map<Expression, Sentence | undefined>();

  constructor(
    private readonly graph: Graph,
    definitions: readonly Definition[],
  ) {
    for (const { quantity, clauses } of definitions) {
      const body = fullBody(quantity.shape, clauses);
      if (body) this.bodies.set(quantity, body);
    }
  }

  /** Leaves out sums of differences from a mean, also where they are terms of longer sums. */
  apply(root: Expression): Shortened {
    const { graph } = this;
    const reasons: Sentence[] = [];
    const isLeftOut = (part: Expression): boolean => {
      const reason = this.reasonFor(part);
      if (reason !== undefined) reasons.push(reason);
      return reason !== undefined;
    };
    const visit = (part: Expression): Expression =>
      graph.transform(part, (node) => {
        if (node.kind !== "reduce" || node.reduction !== "sum") return undefined;
        if (isLeftOut(node)) return graph.zero;
        const { letter, body } = node;
        if (body.kind !== "sum") return undefined;
        const kept = body.terms.filter(({ term }) => !isLeftOut(graph.sum(letter, term)));
        if (kept.length === body.terms.length) return undefined;
        const rest = kept.map(({ coefficient, term }) => graph.scale(coefficient, term));
        return visit(graph.sum(letter, graph.add(graph.number(body.constant), ...rest)));
      });
    const expression = visit(root);
    return { expression, reasons: distinct(reasons) };
  }

  private reasonFor(part: Expression): Sentence | undefined {
    if (!this.known.has(part)) this.known.set(part, this.reasonOf(part, DEPTH));
    return this.known.get(part);
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
    const total = (parts: readonly Expression[]): Expression =>
      graph.add(
        ...parts.flatMap((one) => summandsOf(graph, one)).map((one) => graph.sum(letter, one)),
      );
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
        const mean = constant.equals(0) ? meanOf(letter, moving, still) : undefined;
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

  /** An expression with the definitions of the quantities in it. */
  private lookedUp(expression: Expression): Expression {
    const { graph } = this;
    return graph.transform(expression, (node) => {
      if (node.kind !== "reference") return undefined;
      const body = this.bodies.get(node.quantity);
      return body && atIndices(graph, node.quantity, body, node.indices);
    });
  }
}

/** The terms of a sum, also of one with a number in front, and its constant; else the expression. */
function summandsOf(graph: Graph, expression: Expression): Expression[] {
  const [factor, sum] = graph.splitCoefficient(expression);
  if (sum.kind !== "sum") return [expression];
  const terms = sum.terms.map((one) => graph.scale(one.coefficient.mul(factor), one.term));
  return [...terms, graph.number(sum.constant.mul(factor))];
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
