/** Evaluates both sides of every step at several points; a step that fails stops the derivation. */
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { shapeText, type SizeValues } from "../expression/size.js";
import { references } from "../expression/walk.js";
import { evaluateMatrix } from "../forms/matrix/evaluate.js";
import { type Arithmetic, doubleArithmetic, sizedArithmetic } from "../numeric/arithmetic.js";
import { interpret } from "../numeric/interpret.js";
import { random } from "../numeric/prng.js";
import { Lowering } from "../numeric/lower.js";
import type { Claim, Piece, Side, Step } from "./step.js";
import type { Environment } from "./workbench.js";

/** A printed equation that does not hold: an error of the engine, never of the model. */
export class DerivationError extends Error {
  override readonly name: string = "DerivationError";
}

/** Relative differences up to this are rounding: some 10⁶ times the unit roundoff of doubles. */
const TOLERANCE = 1e-9;
/** Of equations with more entries than this, some are drawn and checked. */
const MOST_ENTRIES = 400;
const DRAWN_ENTRIES = 12;

export class Checker {
  /**
   * @param environments where the sides are evaluated; the last is the user's point, if there is one
   * @param inlined replaces symbols by what they stand for
   * @param derived entries of quantities that the environments do not hold, such as Jacobians
   */
  constructor(
    private readonly graph: Graph,
    private readonly environments: readonly Environment[],
    private readonly inlined: (expression: Expression) => Expression = (expression) => expression,
    private readonly derived: (
      quantity: Quantity,
      at: Environment,
    ) => readonly number[] | undefined = () => undefined,
  ) {}

  /** The environment of the user's point, or of the last random one. */
  get last(): Environment {
    return this.environments.at(-1)!;
  }

  /**
   * Evaluates both sides everywhere. At the user's point a side may overflow that the definitions,
   * as they are written, do not carry: such a point is left out.
   * @returns undefined where no point is left, which can be for numbers at the user's point only
   * @throws DerivationError when the sides differ.
   */
  check(claim: Claim): Step | undefined {
    requireSameShape(claim);
    const points = claim.isRounded === true ? [this.last] : this.environments;
    const [left, right] = [claim.left, claim.right].map((side) =>
      this.evaluator(side, claim.letters),
    );
    const magnitude = this.magnitude(claim);
    const errors = points.flatMap((at) => {
      const chosen = sample(claim.letters, at.sizes);
      const error = difference(left!(at, chosen), right!(at, chosen), magnitude(at));
      return Number.isNaN(error) && at.isGiven ? [] : [error];
    });
    if (errors.length === 0) return undefined;
    const maxError = Math.max(...errors);
    if (!(maxError <= TOLERANCE)) {
      throw new DerivationError(
        `a step of the derivation does not hold (${claim.rule}: the sides differ by ${maxError})`,
      );
    }
    return { ...claim, check: { points: errors.length, maxError } };
  }

  /** The size of the numbers that a side is added up from: what cancels leaves their rounding. */
  private magnitude({ right, letters, entries }: Claim): (at: Environment) => number {
    const from =
      entries ?? (right.kind === "scalar" ? { expression: right.expression, letters } : undefined);
    if (!from) return () => 0;
    const evaluateSized = preparedIn(
      this.graph,
      this.inlined(from.expression),
      from.letters,
      sizedArithmetic,
    );
    return (at) =>
      sample(from.letters, at.sizes)
        ? 0
        : Math.max(0, ...evaluateSized(at).map((one) => one.magnitude));
  }

  /** What computes a side: at all values of the letters, or at chosen ones. */
  private evaluator(side: Side, letters: readonly Letter[]): Evaluator {
    if (side.kind === "value") return () => [side.value];
    if (side.kind === "array") return () => side.entries;
    if (side.kind === "matrix") {
      return (at) =>
        Array.from(
          evaluateMatrix(side.matrix, {
            sizes: at.sizes,
            lookup: (one) => at.entries.get(one) ?? this.derived(one, at)!,
          }),
        );
    }
    const { graph } = this;
    if (side.kind === "entries") {
      const each = side.entries.map((one) => prepared(graph, this.inlined(one), []));
      return (at) => each.map((one) => one(at)[0]!);
    }
    const expression = this.inlined(
      side.kind === "cases" ? piecewise(graph, side.pieces) : side.expression,
    );
    const whole = prepared(graph, expression, letters);
    return (at, chosen) =>
      chosen
        ? chosen.map((values) => {
            const pinned = new Map(letters.map((one, i) => [one.key, Index.number(values[i]!)]));
            return prepared(graph, graph.substitute(expression, pinned), [])(at)[0]!;
          })
        : whole(at);
  }
}

/** A case distinction as one expression: Σ condition · expression. */
function piecewise(graph: Graph, pieces: readonly Piece[]): Expression {
  return graph.add(
    ...pieces.map(({ condition, expression }) => graph.multiply(condition, expression)),
  );
}

/** @throws DerivationError for a column that is printed equal to a row. */
function requireSameShape({ rule, left, right }: Claim): void {
  if (left.kind !== "matrix" || right.kind !== "matrix") return;
  const [a, b] = [left.matrix, right.matrix];
  if (a.rows.equals(b.rows) && a.columns.equals(b.columns)) return;
  const shapes = [a, b].map(({ rows, columns }) => shapeText([rows, columns]));
  throw new DerivationError(
    `a step of the derivation does not hold (${rule}: the sides are ${shapes.join(" and ")})`,
  );
}

type Evaluator = (
  at: Environment,
  chosen: readonly (readonly number[])[] | undefined,
) => readonly number[];

/** What is added up to less than this part of its summands has lost too many digits to compare. */
const CANCELLED = 1e-5;

/**
 * The largest difference of two lists, relative to their largest entry, or to a part of the
 * magnitude of what they are added up from.
 */
function difference(a: readonly number[], b: readonly number[], magnitude: number): number {
  if (a.length !== b.length) return Infinity;
  let scale = CANCELLED * magnitude;
  let worst = 0;
  for (const [index, value] of a.entries()) {
    const gap = Math.abs(value - b[index]!);
    if (!Number.isFinite(gap)) return NaN;
    scale = Math.max(scale, Math.abs(value), Math.abs(b[index]!));
    worst = Math.max(worst, gap);
  }
  return worst === 0 ? 0 : worst / scale;
}

/** What computes an expression for all values of its letters, the first outermost. */
export function prepared(
  graph: Graph,
  expression: Expression,
  letters: readonly Letter[],
): (at: Environment) => readonly number[] {
  return preparedIn(graph, expression, letters, doubleArithmetic);
}

function preparedIn<Value>(
  graph: Graph,
  expression: Expression,
  letters: readonly Letter[],
  arithmetic: Arithmetic<Value>,
): (at: Environment) => readonly Value[] {
  const shape = letters.map(({ size }) => size);
  const quantity: Quantity = { name: "side", role: "auxiliary", shape };
  const clause = { letters, indices: letters.map((one) => Index.of(one)), body: expression };
  const lowering = new Lowering(graph);
  lowering.add({ quantity, clauses: [clause] });
  const used = references(
    lowering.definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body)),
  );
  const given = [...new Set(used.map((reference) => reference.quantity))];
  return ({ sizes, entries }) => {
    const values = new Map<Quantity, readonly Value[]>();
    for (const one of given) {
      const own = entries.get(one);
      if (own) values.set(one, own.map(arithmetic.double));
    }
    return interpret(lowering.definitions, sizes, values, arithmetic).get(quantity)!;
  };
}

/** Letter values to check where there are too many to check them all. */
function sample(letters: readonly Letter[], sizes: SizeValues): number[][] | undefined {
  const lengths = letters.map(({ size }) => size.evaluate(sizes));
  const total = lengths.reduce((product, length) => product * length, 1);
  if (total <= MOST_ENTRIES) return undefined;
  const generator = random(total);
  return Array.from({ length: DRAWN_ENTRIES }, () =>
    lengths.map((length) => generator.below(length)),
  );
}
