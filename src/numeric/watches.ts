/** What a model needs at a point, read off the rows of the table of operations, for every statement. */
import type { Definition } from "../expression/definition.js";
import type { Expression, ReduceNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder } from "../expression/walk.js";

/** A subject that is watched, and what is wanted of it. */
export interface Watch {
  /**
   * `positive`, `not negative`, `not zero`: conditions; `kink`: the subject is 0 at a kink; `tie`; `saturation`: the
   * operation has an asymptote where the subject is far from 0.
   */
  readonly kind: "positive" | "not negative" | "not zero" | "kink" | "tie" | "saturation";
  /** The name of the operation that asks for it. */
  readonly operation: string;
  readonly convention: string | undefined;
  /** The statement in which it stands. */
  readonly statement: Quantity;
  readonly subject: Expression;
  /** The free letters of the subject; the last `reduced` of them run over what is reduced. */
  readonly letters: readonly Letter[];
  readonly reduced: number;
}

type Found = Omit<Watch, "statement" | "letters" | "reduced">;
type Add = (watch: Found, own?: readonly Letter[]) => void;

/** Finds what is to be watched of one node. */
export type Finder = (graph: Graph, node: Expression, add: Add) => void;

/** All that is to be watched, each subject once for each operation. */
export function watches(
  graph: Graph,
  definitions: readonly Definition[],
  find: Finder = conditions,
): Watch[] {
  const found = new Map<string, Watch>();
  for (const { quantity, clauses } of definitions) {
    const add: Add = (watch, own = []) => {
      if (watch.subject.kind === "number" || watch.subject.kind === "constant") return;
      const outer = watch.subject.free.filter(({ key }) => !own.some((one) => one.key === key));
      const key = [watch.kind, watch.operation, watch.subject.id, own.length].join(" ");
      if (found.has(key)) return;
      const letters = [...outer, ...own];
      found.set(key, { ...watch, statement: quantity, letters, reduced: own.length });
    };
    for (const node of postorder(
      clauses.map(({ body }) => body),
      (one: Expression) => one.children,
    )) {
      find(graph, node, add);
    }
  }
  return [...found.values()];
}

const DIVISION = "/";

/** Where operations are defined, and where their kinks are. */
const conditions: Finder = (graph, node, add) => {
  if (node.kind === "apply") {
    const { name, domain, kinks, convention } = node.operation;
    const base = { operation: name, convention };
    for (const { subject, relation } of domain?.(graph, ...node.children) ?? []) {
      add({ ...base, kind: relation, subject });
    }
    for (const subject of kinks?.(graph, ...node.children) ?? []) {
      add({ ...base, kind: "kink", subject });
    }
  } else if (node.kind === "product") {
    for (const { base, exponent } of node.factors) {
      const wanted = { operation: DIVISION, convention: undefined, kind: "not zero" } as const;
      if (exponent < 0) add({ ...wanted, subject: base });
    }
  } else if (node.kind === "reduce" && (node.reduction === "max" || node.reduction === "min")) {
    const { entry, letters } = reduced(node);
    const subject = node.reduction === "max" ? entry : graph.negate(entry);
    const convention = `entries that tie for the ${node.reduction} share its derivative equally`;
    add({ kind: "tie", operation: node.reduction, convention, subject }, letters);
  }
};

/** What operations with asymptotes are applied to; of a sum of exponentials how far the largest is above the others. */
export const saturations: Finder = (graph, node, add) => {
  const base = { kind: "saturation", convention: undefined } as const;
  if (node.kind === "apply" && node.operation.saturates) {
    add({ ...base, operation: node.operation.name, subject: node.children[0]! });
  } else if (node.kind === "reduce" && node.reduction === "logsumexp") {
    const { entry, letters } = reduced(node);
    add({ ...base, operation: node.reduction, subject: entry }, letters);
  }
};

/** What is reduced in one way along one axis or several. */
function reduced(node: ReduceNode): { readonly entry: Expression; readonly letters: Letter[] } {
  const letters = [node.letter];
  let entry = node.body;
  while (entry.kind === "reduce" && entry.reduction === node.reduction) {
    letters.push(entry.letter);
    entry = entry.body;
  }
  return { entry, letters };
}
