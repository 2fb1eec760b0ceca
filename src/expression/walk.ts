/** Walks over expression graphs: iterative, each shared node once. */
import type { Expression, ReferenceNode } from "./expression.js";

/** Every node that can be reached from the roots, operands before what uses them. */
export function postorder<Node>(
  roots: readonly Node[],
  children: (node: Node) => readonly Node[],
): Node[] {
  const order: Node[] = [];
  const entered = new Set<Node>();
  // the roots wait below everything, for no node
  let top: Waiting<Node> = { node: undefined, pending: roots, next: 0 };
  const below: Waiting<Node>[] = [];
  for (;;) {
    if (top.next < top.pending.length) {
      const node = top.pending[top.next++]!;
      if (entered.has(node)) continue;
      entered.add(node);
      const pending = children(node);
      if (pending.length === 0) {
        // most nodes are leaves, which wait for nothing
        order.push(node);
        continue;
      }
      below.push(top);
      top = { node, pending, next: 0 };
      continue;
    }
    const next = below.pop();
    if (!next) return order;
    order.push(top.node!);
    top = next;
  }
}

/** A node that comes after what it is made of. */
interface Waiting<Node> {
  readonly node: Node | undefined;
  readonly pending: readonly Node[];
  next: number;
}

/** All references that occur in some expressions, each once. */
export function references(roots: readonly Expression[]): ReferenceNode[] {
  const found: ReferenceNode[] = [];
  for (const node of postorder(roots, operandsOf)) if (node.kind === "reference") found.push(node);
  return found;
}

function operandsOf({ children }: Expression): readonly Expression[] {
  return children;
}

/** How many symbols an expression has when it is written out as a tree; counted without a tree. */
export function writtenLength(root: Expression): number {
  const lengths = new Map<Expression, number>();
  const stack = [root];
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    const pending = node.children.filter((child) => !lengths.has(child));
    if (pending.length > 0) {
      stack.push(...pending);
      continue;
    }
    stack.pop();
    const inner = node.children.reduce((total, child) => total + lengths.get(child)!, 1);
    lengths.set(node, Math.min(inner, 1e9));
  }
  return lengths.get(root)!;
}
