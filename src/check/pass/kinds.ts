/** What expressions are, whatever quantities they are made of: places where people do the same. */
import type { Expression, ReferenceNode } from "../../expression/expression.js";
import type { Index } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { postorder } from "../../expression/walk.js";
import type { Edge } from "./backward.js";

/** What is said of a use of a quantity. */
type KindOfUse = (node: ReferenceNode) => string;

/**
 * Equal for expressions that differ only in which quantities they name, at which fixed positions, and
 * in the lengths of axes: (1 − h2²)·dh2 and (1 − h3²)·dh3.
 * @param marks parts with kinds of their own, such as the node that a derivative is of
 * @param use what is said of quantities and their entries; by default what they are for, and how many axes they have
 */
export function kindOf(
  root: Expression,
  marks?: ReadonlyMap<Expression, string>,
  use: KindOfUse = kindOfUse,
): string {
  const kinds = new Map<Expression, string>();
  const inside = (node: Expression): readonly Expression[] =>
    marks?.has(node) ? [] : node.children;
  for (const node of postorder([root], inside)) {
    kinds.set(node, marks?.get(node) ?? write(node, (child) => kinds.get(child)!, use));
  }
  return kinds.get(root)!;
}

function write(node: Expression, of: (child: Expression) => string, use: KindOfUse): string {
  switch (node.kind) {
    case "number":
      return node.value.toFraction();
    case "size":
      return "size";
    case "constant":
      return node.name;
    case "reference":
      return use(node);
    case "delta":
      return "delta";
    case "sum": {
      const terms = node.terms.map(({ coefficient, term }) => coefficient.toFraction() + of(term));
      return `(${[node.constant.toFraction(), ...terms.sort()].join("+")})`;
    }
    case "product": {
      const factors = node.factors.map(({ base, exponent }) => `${of(base)}^${exponent}`);
      return `(${[node.coefficient.toFraction(), ...factors.sort()].join("*")})`;
    }
    case "apply":
      return `${node.operation.name}(${node.children.map(of).join()})`;
    case "reduce":
      return `${node.reduction}(${of(node.body)})`;
  }
}

function kindOfUse({ quantity, indices }: ReferenceNode): string {
  return `${roleOf(quantity)}[${indices.map(indexKind).join()}]`;
}

function roleOf({ role, of, shape }: Quantity): string {
  const axes = shape.filter((size) => !size.isOne).length;
  return `${of ? `d${of.role}` : role}${axes}`;
}

function indexKind({ plain, letters }: Index): string {
  if (plain) return ":";
  return letters.length === 0 ? "." : "affine";
}

/** The same for contributions of a backward pass. */
export function kindOfEdge({ from, to, clause }: Edge, body = clause.body): string {
  return `${roleOf(from)}>${roleOf(to)}[${clause.indices.map(indexKind).join()}]${kindOf(body)}`;
}

/** A name without its number: h of h3, the same quantity of another step or layer. */
export function stemOf({ name }: Quantity): string {
  return name.replace(/_?\d+$/, "");
}
