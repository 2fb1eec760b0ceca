/**
 * Definitions lowered for evaluation: every reduction that does not run over all entries of its
 * statement gets a statement of its own, so that nothing is computed twice, and logsumexp becomes
 * a shift by the maximum and a sum of exponentials that cannot overflow.
 */
import { axisLetter, type Clause, type Definition, fullClause } from "../expression/definition.js";
import type { Expression, ReduceNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import { logarithm } from "../expression/operations/powers.js";
import { exponential } from "../expression/operations/smooth.js";
import type { Quantity } from "../expression/quantity.js";

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
    const letters = new Set(clause.letters.map(({ key }) => key));
    const lower = (node: Expression, nested: boolean): Expression =>
      this.graph.transform(node, (part) => {
        if (part.kind === "apply") {
          const isShared = part.operation.costly && part !== clause.body && part.free.length <= 2;
          return isShared ? this.name(part) : undefined;
        }
        if (part.kind !== "reduce") return undefined;
        if (part.reduction === "logsumexp") return this.logSumExp(part);
        const runsOverAll =
          part.free.length === letters.size && part.free.every(({ key }) => letters.has(key));
        if (nested || !runsOverAll) return this.name(part);
        return this.graph.reduce(part.reduction, part.letter, lower(part.body, true));
      });
    return { ...clause, body: lower(clause.body, false) };
  }

  /** m + log Σ e^(u − m) with m = max u. */
  private logSumExp({ letter, body }: ReduceNode): Expression {
    const { graph } = this;
    const shift = this.name(graph.reduce("max", letter, body), "shift");
    const scaled = graph.apply(exponential, graph.subtract(body, shift));
    const total = this.name(graph.sum(letter, scaled));
    return graph.add(shift, this.name(graph.apply(logarithm, total)));
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
