/**
 * Sums and products of many parts. Added one after the other, n terms make n sums of up to n terms;
 * a chain collects them, and makes one node when its value is asked for.
 */
import { type Clause, fullClause } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Shape } from "../expression/size.js";
import type { Elaboration } from "./elaboration.js";
import type { Tensor } from "./tensor.js";

type ChainKind = "sum" | "product";

class Chain implements Tensor {
  private made: readonly Clause[] | undefined;

  constructor(
    private readonly graph: Graph,
    readonly kind: ChainKind,
    readonly shape: Shape,
    /** May hold more parts than are this chain's: those of longer chains that began with it. */
    private readonly parts: Expression[],
    private readonly length = parts.length,
  ) {}

  get clauses(): readonly Clause[] {
    return (this.made ??= [fullClause(this.shape, this.build())]);
  }

  private build(): Expression {
    const parts = this.parts.slice(0, this.length);
    return this.kind === "sum" ? this.graph.add(...parts) : this.graph.multiply(...parts);
  }

  extended(shape: Shape, part: Expression): Chain {
    const parts = this.parts.length === this.length ? this.parts : this.parts.slice(0, this.length);
    parts.push(part);
    return new Chain(this.graph, this.kind, shape, parts);
  }
}

/** The sum or product of a value, which may be such a chain itself, and one more part. */
export function chain(
  context: Elaboration,
  kind: ChainKind,
  shape: Shape,
  left: Tensor,
  right: Expression,
): Tensor {
  if (left instanceof Chain && left.kind === kind) return left.extended(shape, right);
  return new Chain(context.graph, kind, shape, [context.body(left), right]);
}
