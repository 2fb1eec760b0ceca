/**
 * Named quantities instead of repeated expressions: where a sub-expression is the body of a
 * definition, at any indices, the definition's name takes its place: σ(z1[k]) becomes a1[k].
 */
import { axisLetter, type Definition, fullBody } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";

export class NamedBodies {
  private readonly quantities = new Map<Expression, Quantity>();

  constructor(private readonly graph: Graph) {}

  /** Makes a definition known. Bodies that are only a number or another name are not. */
  add({ quantity, clauses }: Definition): void {
    const body = fullBody(quantity.shape, clauses);
    if (!body || body.children.length === 0 || this.quantities.has(body)) return;
    if (body.free.length === quantity.shape.filter((size) => !size.isOne).length) {
      this.quantities.set(body, quantity);
    }
  }

  /** The expression with names for whatever has one, largest parts first. */
  apply(root: Expression): Expression {
    return this.graph.transform(root, (node) => this.nameOf(node));
  }

  private nameOf(node: Expression): Expression | undefined {
    if (node.children.length === 0) return undefined;
    for (const letters of orders(node.free)) {
      const renaming = new Map(
        letters.map((letter, axis) => [letter.key, Index.of(axisLetter(axis, letter.size))]),
      );
      const quantity = this.quantities.get(this.graph.substitute(node, renaming));
      const axes = quantity?.shape.filter((size) => !size.isOne);
      if (quantity && axes?.every((size, axis) => size.equals(letters[axis]!.size))) {
        let next = 0;
        const indices = quantity.shape.map((size) =>
          size.isOne ? Index.number(0) : Index.of(letters[next++]!),
        );
        return this.graph.reference(quantity, indices);
      }
    }
    return undefined;
  }
}

/** The orders in which letters may stand for axes; more than two letters only as they are. */
function orders(letters: readonly Letter[]): readonly (readonly Letter[])[] {
  return letters.length === 2 ? [letters, letters.toReversed()] : [letters];
}
