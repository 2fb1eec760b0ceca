/** Products of several matrices in the cheapest order: A·B·C·x as A·(B·(C·x)). */
import { type FlatTerm, flatten } from "../calculus/term.js";
import type { Definition } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { letter } from "../expression/indices.js";
import { union } from "../expression/letters.js";
import type { SizeValues } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import { cheapestPieces, MOST_BITS, type Piece } from "./contraction-order.js";

/**
 * The same definitions, with every term of several factors and sums in the order that takes the
 * fewest operations at these sizes, each term for itself. What takes no fewer stays as it is written.
 */
export function contracted(
  graph: Graph,
  definitions: readonly Definition[],
  sizes: SizeValues,
): Definition[] {
  const contraction = new Contraction(graph, sizes);
  return definitions.map(({ quantity, clauses }) => ({
    quantity,
    clauses: clauses.map((clause) => ({ ...clause, body: contraction.apply(clause.body) })),
  }));
}

class Contraction {
  constructor(
    private readonly graph: Graph,
    private readonly sizes: SizeValues,
  ) {}

  apply(root: Expression): Expression {
    return this.graph.transform(root, (node) => this.cheaper(node));
  }

  /** A sum or product in a cheaper order; undefined where there is none. */
  private cheaper(node: Expression): Expression | undefined {
    if (!isTerm(node)) return undefined;
    const written = partsOf(node);
    if (written.filter(({ kind }) => kind === "reduce").length < 2) return undefined;
    let count = 0;
    const flat = flatten(this.graph, node, (size) => letter(`c${count++}`, size));
    const found = this.cheapest(flat);
    if (!found || this.cost(partsOf(found)) >= this.cost(written)) return undefined;
    // once more, for terms inside of factors
    return this.apply(found);
  }

  /** A term in its cheapest order; undefined where it is none to put in order, or too large. */
  private cheapest({ coefficient, factors, summed }: FlatTerm): Expression | undefined {
    const { graph } = this;
    // a delta selects entries; a division stays where it is written, since it keeps products small
    const isPlain = factors.every(
      ({ base, exponent }) => base.kind !== "delta" && (exponent > 0 || base.free.length === 0),
    );
    const letters = factors.map(({ base }) => base.free).reduce(union, []);
    if (!isPlain || Math.max(factors.length, letters.length) > MOST_BITS) return undefined;
    const bitsOf = (some: readonly { readonly key: string }[]): number =>
      letters.reduce(
        (bits, { key }, k) => (some.some((one) => one.key === key) ? bits | (1 << k) : bits),
        0,
      );
    const pieces = cheapestPieces({
      factors: factors.map(({ base }) => bitsOf(base.free)),
      summed: bitsOf(summed),
      lengths: letters.map(({ size }) => size.evaluate(this.sizes)),
    });
    const build = ({ closed, made }: Piece): Expression => {
      const product =
        typeof made === "number"
          ? graph.integerPower(factors[made]!.base, factors[made]!.exponent)
          : graph.multiply(...made.map(build));
      return graph.sumOver(
        letters.filter((_, k) => closed & (1 << k)),
        product,
      );
    };
    return pieces && graph.multiply(graph.number(coefficient), ...pieces.map(build));
  }

  /** Operations of a term, each of its sums computed once for all values of its free letters. */
  private cost(parts: readonly Expression[]): number {
    const runs = ({ free }: Expression): number =>
      free.reduce((product, { size }) => product * size.evaluate(this.sizes), 1);
    return parts.reduce((total, part) => {
      const operations = part.kind === "reduce" ? runs(part.body) : runs(part);
      return total + operations * Math.max(1, part.children.length - 1);
    }, 0);
  }
}

/** Whether a node is a sum over a letter or a product. */
function isTerm(node: Expression): boolean {
  return node.kind === "product" || (node.kind === "reduce" && node.reduction === "sum");
}

/** The products and sums that a term is nested of: what `flatten` dissolves. */
function partsOf(term: Expression): Expression[] {
  const inner = (node: Expression): readonly Expression[] => {
    if (node.kind !== "product") return isTerm(node) ? node.children : [];
    return node.factors.flatMap(({ base, exponent }) => (exponent === 1 ? [base] : []));
  };
  return postorder([term], inner).filter(isTerm);
}
