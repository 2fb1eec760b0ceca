/** Parts of expressions that are alike whatever their indices are: w[j]·d[j] and w[1]·d[1]. */
import type { Expression } from "./expression.js";
import { PerGraph } from "./per-graph.js";
import { postorder } from "./walk.js";

/** What is alike in a model. */
export const samenessIn = new PerGraph(() => new Sameness());

export class Sameness {
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<Expression, number>();

  /**
   * Equal for products of the same factors, whatever number stands in front, for a sum over an index and the same
   * written term by term, and for other nodes that are alike.
   */
  of(root: Expression): number {
    const before = this.known.get(root);
    if (before !== undefined) return before;
    for (const node of postorder([root], (one) => (this.known.has(one) ? [] : one.children))) {
      if (!this.known.has(node)) this.known.set(node, this.number(this.textOf(node)));
    }
    return this.known.get(root)!;
  }

  private number(text: string): number {
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    return number;
  }

  private textOf(node: Expression): string {
    const part = (one: Expression): number => this.known.get(one)!;
    switch (node.kind) {
      case "number":
        return `number ${node.value.toFraction()}`;
      case "size":
        return `size ${node.size.key}`;
      case "constant":
        return `constant ${node.name}`;
      case "reference":
        return `entry ${node.quantity.name}`;
      case "delta":
        return "delta";
      case "sum": {
        const terms = node.terms.map((one) => `${one.coefficient.toFraction()} ${part(one.term)}`);
        const [first] = terms;
        // what is written term by term
        if (node.constant.n === 0n && terms.every((one) => one === first))
          return `sum over ${part(node.terms[0]!.term)}`;
        return `sum ${node.constant.toFraction()} ${terms.sort().join(", ")}`;
      }
      case "product": {
        const factors = node.factors.map(({ base, exponent }) => `${part(base)}^${exponent}`);
        return `product ${factors.sort().join(", ")}`;
      }
      case "apply":
        return `${node.operation.name} ${node.children.map(part).join(", ")}`;
      case "reduce":
        return `${node.reduction} over ${part(node.body)}`;
    }
  }
}
