/** Parts of expressions that are alike whatever their indices are: w[j]·d[j] and w[1]·d[1]. */
import type { Expression } from "../../expression/expression.js";
import { postorder } from "../../expression/walk.js";

export class Sameness {
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<Expression, number>();

  /** Equal for products of the same factors, whatever number stands in front, and for other nodes that are alike. */
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
