/** What computes the sides of equations, in any arithmetic. */
import type { Piece } from "../calculus/cases.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { withoutSlopes } from "../expression/operations/slope.js";
import { evaluateMatrix } from "../forms/matrix/evaluate.js";
import type { MatrixExpression } from "../forms/matrix/expression.js";
import type { Side } from "./step.js";
import { Computation, type DerivedEntries, type Valuation, valuesOf } from "./valuation.js";

/** Values of a claim's letters, where not all of them are checked. */
export type Chosen = readonly (readonly number[])[] | undefined;
export type SideEvaluator = <Value>(at: Valuation<Value>, chosen: Chosen) => readonly Value[];

export interface SideOptions {
  /** Replaces symbols by what they stand for. */
  readonly inlined?: (expression: Expression) => Expression;
  /** Entries of quantities that no point holds, such as Jacobians. */
  readonly derived?: DerivedEntries | undefined;
}

export class Sides {
  private readonly inlined: (expression: Expression) => Expression;
  private readonly derived: DerivedEntries;
  private readonly computation: Computation;
  /** By expression and letters: left sides come back where lines go on. */
  private readonly scalars = new Map<string, SideEvaluator>();

  constructor(
    private readonly graph: Graph,
    { inlined, derived }: SideOptions,
  ) {
    this.inlined = inlined ?? ((expression) => expression);
    this.derived = derived ?? (() => undefined);
    this.computation = new Computation(graph);
  }

  /** What computes a side: at all values of the letters, or at chosen ones. */
  evaluator(side: Side, letters: readonly Letter[]): SideEvaluator {
    switch (side.kind) {
      case "value":
        return ({ arithmetic }) => [arithmetic.double(side.value.value)];
      case "array":
        return ({ arithmetic }) => side.entries.map(({ value }) => arithmetic.double(value));
      case "matrix":
        return this.matrixEvaluator(side.matrix);
      case "entry":
        return chosenOf(this.matrixEvaluator(side.matrix), letters);
      case "entries": {
        const each = side.entries.map((one) => this.inlined(one));
        return (at) => each.map((one) => this.computation.values(at, one, [])[0]!);
      }
      case "cases":
        return this.scalarEvaluator(piecewise(this.graph, side.pieces), letters);
      case "scalar":
      case "numbers":
        return this.scalarEvaluator(side.expression, letters);
    }
  }

  private matrixEvaluator(matrix: MatrixExpression): SideEvaluator {
    return (at) =>
      evaluateMatrix(matrix, {
        ...at,
        lookup: (one) => at.entries.get(one) ?? this.derived(one, at)!,
      });
  }

  /** What is computed is made when it is asked for: equations that were checked before need none. */
  private scalarEvaluator(symbolic: Expression, letters: readonly Letter[]): SideEvaluator {
    const key = [symbolic.id, ...letters.map((one) => one.key)].join(" ");
    let evaluator = this.scalars.get(key);
    if (!evaluator) this.scalars.set(key, (evaluator = this.madeWhenAsked(symbolic, letters)));
    return evaluator;
  }

  private madeWhenAsked(symbolic: Expression, letters: readonly Letter[]): SideEvaluator {
    const { graph, computation } = this;
    let written: Expression | undefined;
    const expression = (): Expression => (written ??= withoutSlopes(graph, this.inlined(symbolic)));
    const read = wholeQuantity(symbolic, letters);
    return (at, chosen) => {
      const entries = read && !chosen ? at.entries.get(read) : undefined;
      if (entries) return entries;
      return chosen
        ? chosen.map((values) => {
            const pinned = new Map(letters.map((one, i) => [one.key, Index.number(values[i]!)]));
            return valuesOf(graph, at, graph.substitute(expression(), pinned))[0]!;
          })
        : computation.values(at, expression(), letters);
    };
  }
}

/** The quantity that a side stands for as it is, every entry in its place. */
function wholeQuantity(side: Expression, letters: readonly Letter[]): Quantity | undefined {
  if (side.kind !== "reference" || side.indices.length !== letters.length) return undefined;
  const isWhole = side.indices.every(({ plain }, axis) => {
    const own = letters[axis]!;
    return plain?.key === own.key && own.size.equals(side.quantity.shape[axis]!);
  });
  return isWhole ? side.quantity : undefined;
}

/** The chosen ones of all entries, which stand in the order of the letters. */
function chosenOf(whole: SideEvaluator, letters: readonly Letter[]): SideEvaluator {
  return (at, chosen) => {
    const entries = whole(at, undefined);
    if (!chosen) return entries;
    const lengths = letters.map(({ size }) => size.evaluate(at.sizes));
    return chosen.map((values) => {
      const place = values.reduce((total, value, axis) => total * lengths[axis]! + value, 0);
      return entries[place]!;
    });
  };
}

/** A case distinction as one expression: Σ condition · expression. */
function piecewise(graph: Graph, pieces: readonly Piece[]): Expression {
  return graph.add(
    ...pieces.map(({ condition, expression }) => graph.multiply(condition, expression)),
  );
}
