/** Walks over expression graphs: iterative, each shared node once. */
import type { Expression, ReferenceNode } from "./expression.js";

/** Every node that can be reached from the roots, operands before what uses them. */
export function postorder<Node>(
  roots: readonly Node[],
  children: (node: Node) => readonly Node[],
): Node[] {
  const order: Node[] = [];
  const entered = new Set<Node>();
  const stack: { readonly node: Node; readonly pending: readonly Node[]; next: number }[] = [];
  const enter = (node: Node): void => {
    entered.add(node);
    const pending = children(node);
    // most nodes are leaves, which wait for nothing
    if (pending.length === 0) order.push(node);
    else stack.push({ node, pending, next: 0 });
  };
  for (const root of roots) {
    if (entered.has(root)) continue;
    enter(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      if (top.next === top.pending.length) {
        stack.pop();
        order.push(top.node);
        continue;
      }
      const child = top.pending[top.next++]!;
      if (!entered.has(child)) enter(child);
    }
  }
  return order;
}

/** All references that occur in some expressions, each once. */
export function references(roots: readonly Expression[]): ReferenceNode[] {
  return postorder(roots, (node) => node.children).filter((node) => node.kind === "reference");
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
