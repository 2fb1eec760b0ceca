/**
 * Definitions lowered for evaluation: every reduction that does not run over all entries of its
 * statement gets a statement of its own, so that nothing is computed twice, and logsumexp becomes
 * a shift by the maximum and a sum of exponentials that cannot overflow.
 */
import { axisLetter, type Clause, type Definition, fullClause } from "../expression/definition.js";
import { CONTENT, holds } from "../expression/contents.js";
import type { Expression, ProductNode, ReduceNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import { equal } from "../expression/operations/comparisons.js";
import { divisor, logBesideOnes, normOfSquares } from "../expression/operations/lowered.js";
import { absolute } from "../expression/operations/piecewise.js";
import { exponential } from "../expression/operations/smooth.js";
import type { Quantity } from "../expression/quantity.js";
import { ONE } from "../expression/rational.js";

function isSum(node: Expression): node is ReduceNode {
  return node.kind === "reduce" && node.reduction === "sum";
}

/** Kinds of factors that cost something by themselves, and have no statement of their own. */
const COMPUTED: ReadonlySet<Expression["kind"]> = new Set(["sum", "apply"]);

/** What is lowered, or may hold what is. */
const LOWERED = CONTENT.apply | CONTENT.product | CONTENT.reduce;

function others({ factors }: ProductNode, taken: ProductNode["factors"]): ProductNode["factors"] {
  return factors.filter((factor) => !taken.includes(factor));
}

export class Lowering {
  readonly definitions: Definition[] = [];
  /** The maxima that logsumexp is shifted by: they cancel, so they count as constant. */
  readonly shifts = new Set<Quantity>();
  private readonly known = new Map<string, Quantity>();

  constructor(private readonly graph: Graph) {}

  /** Appends a definition, after the statements that it needs. */
  add({ quantity, clauses }: Definition): void {
    const lowered = clauses.map((clause) => this.clause(clause));
    this.definitions.push({ quantity, clauses: lowered });
  }

  private clause(clause: Clause): Clause {
    if (!holds(clause.body, LOWERED)) return clause;
    const letters = new Set(clause.letters.map(({ key }) => key));
    const lower = (node: Expression, nested: boolean): Expression => {
      const put = (part: Expression): Expression | undefined => {
        if (part.kind === "apply") {
          const norm = part.operation === normOfSquares && this.norm(part.children[0]!);
          if (norm) return norm;
          const isShared = part.operation.costly && part !== clause.body && part.free.length <= 2;
          return isShared ? this.name(part) : undefined;
        }
        if (part.kind === "product") {
          const [shared, rest] = this.shareable(part);
          return shared && this.graph.multiply(this.name(shared), lower(rest, nested));
        }
        if (part.kind !== "reduce") return undefined;
        if (part.reduction === "logsumexp") return this.logSumExp(part);
        const runsOverAll =
          part.free.length === letters.size && part.free.every(({ key }) => letters.has(key));
        if (nested || !runsOverAll) return this.name(part);
        return this.graph.reduce(part.reduction, part.letter, lower(part.body, true));
      };
      return this.graph.transform(node, put, LOWERED);
    };
    return { ...clause, body: lower(clause.body, false) };
  }

  /**
   * Factors that depend on fewer letters than their product and are worth computing once:
   * a[i,n]·(1 − a[i,n])·da[i,n] of the summand that x[j,n] is the other factor of. What is left is
   * then a product of matrices.
   * @returns the product of these factors, and of the others
   */
  private shareable(product: ProductNode): [Expression | undefined, Expression] {
    const { graph } = this;
    if (product.free.length === 0) return [undefined, product];
    for (const { base } of product.factors) {
      const { free } = base;
      if (free.length === 0 || free.length === product.free.length || free.length > 2) continue;
      const isInside = (one: Expression): boolean =>
        one.free.every(({ key }) => free.some((letter) => letter.key === key));
      const inside = product.factors.filter((factor) => isInside(factor.base));
      const isWork = inside.length > 1 || COMPUTED.has(base.kind);
      if (!isWork || inside.some((factor) => factor.base.kind === "delta")) continue;
      const shared = graph.monomial(ONE, inside);
      return [shared, graph.monomial(product.coefficient, others(product, inside))];
    }
    return [undefined, product];
  }

  /**
   * m + log Σ e^(u − m) with m = max u. The largest terms are 1 and are counted, the others are added
   * up, so that a logarithm near 0 keeps its digits.
   */
  private logSumExp({ letter, body }: ReduceNode): Expression {
    const { graph } = this;
    const shift = this.name(graph.reduce("max", letter, body), "shift");
    const scaled = this.name(graph.apply(exponential, graph.subtract(body, shift)));
    const isLargest = graph.apply(equal, body, shift);
    const others = this.name(graph.sum(letter, graph.subtract(scaled, isLargest)));
    const ones = this.name(graph.sum(letter, isLargest));
    return graph.add(shift, this.name(graph.apply(logBesideOnes, others, ones)));
  }

  /** √Σ u² = m √Σ (u/m)² with m = max |u|, so that no square overflows; 1 takes the place of m = 0. */
  private norm(squares: Expression): Expression | undefined {
    const { graph } = this;
    const factors = squares.kind === "product" ? squares.factors : [{ base: squares, exponent: 1 }];
    const sum = factors.find(({ base, exponent }) => isSum(base) && exponent === 1)?.base;
    if (!sum || !isSum(sum)) return undefined;
    const { letter, body } = sum;
    const powers = body.kind === "product" ? body.factors : [];
    if (powers.length === 0 || powers.some(({ exponent }) => exponent % 2 !== 0)) return undefined;
    const root = graph.multiply(
      ...powers.map(({ base, exponent }) => graph.integerPower(base, exponent / 2)),
    );
    const largest = graph.reduce("max", letter, graph.apply(absolute, root));
    const scale = this.name(divisor(graph, largest), "shift");
    // under a name of its own: a product of powers would take the scale out of the sum again
    const scaled = this.name(graph.divide(root, scale));
    const total = this.name(graph.sum(letter, graph.integerPower(scaled, 2)));
    const front = graph.divide(squares, sum);
    return graph.multiply(
      scale,
      this.name(graph.apply(normOfSquares, graph.multiply(front, total))),
    );
  }

  /** A reference to a statement for this expression, over its free letters. */
  private name(node: Expression, purpose: "value" | "shift" = "value"): Expression {
    const { graph } = this;
    const letters: readonly Letter[] = node.free;
    const shape = letters.map(({ size }) => size);
    const axes = letters.map((letter, axis) => Index.of(axisLetter(axis, letter.size)));
    const renaming = new Map(letters.map((letter, axis) => [letter.key, axes[axis]!]));
    const body = graph.substitute(node, renaming);
    const key = [purpose, body.id, ...shape.map((size) => size.key)].join(" ");
    let quantity = this.known.get(key);
    if (!quantity) {
      const name = `${this.known.size + 1}`;
      quantity = { name, role: "auxiliary", shape };
      this.known.set(key, quantity);
      if (purpose === "shift") this.shifts.add(quantity);
      this.add({ quantity, clauses: [fullClause(shape, body)] });
    }
    return graph.reference(
      quantity,
      letters.map((letter) => Index.of(letter)),
    );
  }
}
