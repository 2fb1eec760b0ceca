/** Evaluates both sides of every step at several points; a step that fails stops the derivation. */
import type { Definition } from "../expression/definition.js";
import type { Expression, ReferenceNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { SizeValues } from "../expression/size.js";
import { evaluateMatrix } from "../forms/matrix/evaluate.js";
import { boundedExactArithmetic } from "../numeric/arithmetic.js";
import { random } from "../numeric/prng.js";
import { type Rounded, roundingArithmetic, within } from "../numeric/rounding.js";
import { entryAt } from "../numeric/watch.js";
import { compareExact, compareRounded, type Difference } from "./compare.js";
import { isBeyondFractions } from "./oracle.js";
import { slope } from "./slopes.js";
import { entryPlace, leftName, sideShape } from "./place.js";
import type { Claim, Piece, Side, Step } from "./step.js";
import { type DerivedEntries, prepared, type Valuation } from "./valuation.js";
import type { Environment } from "./workbench.js";

/** A printed equation that does not hold: an error of the engine, never of the model. */
export class DerivationError extends Error {
  override readonly name: string = "DerivationError";

  constructor({ rule }: Claim, what: string) {
    super(`a step of the derivation does not hold: ${rule}: ${what}`);
  }
}

/** Of equations with more entries than this, some are drawn and checked. */
const MOST_ENTRIES = 400;
const DRAWN_ENTRIES = 12;
/** Entries at which a local derivative is compared with the slope of its definition. */
const DRAWN_SLOPES = 4;
/** What the doubles of a local derivative may differ from its slope in decimals, of itself. */
const SLOPE_ERROR = 1e-10;
/** Operations and binary digits of one side in fractions; what takes more is checked in doubles. */
const MAX_EXACT_WORK = { operations: 20_000, bits: 4096 };

/** Values of a claim's letters, where not all of them are checked. */
type Chosen = readonly (readonly number[])[] | undefined;
type SideEvaluator = <Value>(at: Valuation<Value>, chosen: Chosen) => readonly Value[];

export class Checker {
  /**
   * @param environments where the sides are evaluated; the last is the user's point, if there is one
   * @param inlined replaces symbols by what they stand for
   * @param derived entries of quantities that the environments do not hold, such as Jacobians
   * @param definitions whose local derivatives are compared with differences
   */
  constructor(
    private readonly graph: Graph,
    private readonly environments: readonly Environment[],
    private readonly inlined: (expression: Expression) => Expression = (expression) => expression,
    private readonly derived: DerivedEntries = () => undefined,
    private readonly definitions: readonly Definition[] = [],
  ) {}

  /** The environment of the user's point, or of the last random one. */
  get last(): Environment {
    return this.environments.at(-1)!;
  }

  /**
   * Evaluates both sides everywhere, in doubles with bounds of their rounding errors, and exactly
   * where the model is rational and the sides are short enough. Left out are the user's point where
   * a side overflows that the definitions, as they are written, do not carry, and points at which
   * rounding blurs a side.
   * @returns undefined where no point is left, which can be for numbers at the user's point only
   * @throws DerivationError when the sides differ, or when rounding blurs them at all points.
   */
  check(claim: Claim): Step | undefined {
    requireSameShape(claim);
    const isRounded = claim.isRounded === true;
    const points = isRounded ? [this.last] : this.environments;
    const evaluators = [claim.left, claim.right].map((side) => this.evaluator(side, claim.letters));
    const errors = points.flatMap((at) => {
      const slopes = at.isGiven ? undefined : this.slopesAt(claim, evaluators[1]!, at);
      return slopes ?? this.errorAt(claim, evaluators, at) ?? [];
    });
    const exact = points.some((at) => !isRounded && this.isEqualAt(claim, evaluators, at));
    if (errors.length === 0) {
      if (isRounded) return undefined;
      throw new DerivationError(claim, `${leftName(claim)}: rounding blurs both sides everywhere`);
    }
    const check = { points: errors.length, maxError: Math.max(...errors) };
    return { ...claim, check: exact ? { ...check, exact } : check };
  }

  /** The relative difference of the sides at a point; undefined where it is left out. */
  private errorAt(
    claim: Claim,
    evaluators: readonly SideEvaluator[],
    at: Environment,
  ): number | undefined {
    const chosen = sample(claim.letters, at.sizes);
    const [left, right] = [claim.left, claim.right].map((side, which) =>
      evaluators[which]!(showsNumbers(side) ? printed(at) : at.rounded, chosen),
    );
    requireSameLength(claim, left!, right!, at);
    if (at.isGiven && ![...left!, ...right!].every(({ value }) => Number.isFinite(value))) {
      return undefined;
    }
    const { maxError, difference, isBlurred } = compareRounded(left!, right!);
    if (difference) throw differing(claim, at, chosen, difference);
    return isBlurred ? undefined : maxError;
  }

  /**
   * The relative difference of a local derivative and the slope of its definition, at some entries:
   * its symbol stands for the very expression on the other side, which could not differ.
   * @returns undefined for what is no local derivative
   */
  private slopesAt(claim: Claim, right: SideEvaluator, at: Environment): number | undefined {
    const { left, letters } = claim;
    if (left.kind !== "scalar" || left.expression.kind !== "reference") return undefined;
    const { numerator, of, role } = left.expression.quantity;
    const definition = this.definitions.find(({ quantity }) => quantity === numerator);
    if (role !== "partial" || !definition || !of) return undefined;
    const chosen = draw(letters, at.sizes, DRAWN_SLOPES);
    const slopes = chosen.map((values) => {
      const pinned = new Map(letters.map((one, i) => [one.key, Index.number(values[i]!)]));
      const entry = this.graph.substitute(left.expression, pinned) as ReferenceNode;
      const places = entry.indices.map(({ offset }) => offset.evaluate(at.sizes));
      const split = definition.quantity.shape.length;
      const [row, column] = [places.slice(0, split), places.slice(split)];
      return slope(this.graph, definition, of, { row, column }, at.rounded);
    });
    if (!slopes.every((one) => one !== undefined && Number.isFinite(one))) return undefined;
    const known = slopes.map((one) => within(one!, SLOPE_ERROR * Math.abs(one!)));
    const { maxError, difference } = compareRounded(known, right(at.rounded, chosen));
    if (difference) throw differing(claim, at, chosen, difference);
    return maxError;
  }

  /**
   * Whether both sides were evaluated in fractions.
   * @throws DerivationError when they are not equal.
   */
  private isEqualAt(claim: Claim, evaluators: readonly SideEvaluator[], at: Environment): boolean {
    if (!at.exact) return false;
    const chosen = sample(claim.letters, at.sizes);
    try {
      const [left, right] = evaluators.map((evaluate) =>
        evaluate({ ...at.exact!, arithmetic: boundedExactArithmetic(MAX_EXACT_WORK) }, chosen),
      );
      const difference = compareExact(left!, right!);
      if (difference) throw differing(claim, at, chosen, difference);
      return true;
    } catch (error) {
      if (isBeyondFractions(error)) return false;
      throw error;
    }
  }

  /** What computes a side: at all values of the letters, or at chosen ones. */
  private evaluator(side: Side, letters: readonly Letter[]): SideEvaluator {
    switch (side.kind) {
      case "value":
        return ({ arithmetic }) => [arithmetic.double(side.value)];
      case "array":
        return ({ arithmetic }) => side.entries.map(arithmetic.double);
      case "matrix":
        return (at) =>
          evaluateMatrix(side.matrix, {
            ...at,
            lookup: (one) => at.entries.get(one) ?? this.derived(one, at)!,
          });
      case "entries": {
        const each = side.entries.map((one) => prepared(this.graph, this.inlined(one), []));
        return (at) => each.map((one) => one(at)[0]!);
      }
      case "cases":
        return this.scalarEvaluator(this.inlined(piecewise(this.graph, side.pieces)), letters);
      case "scalar":
      case "numbers":
        return this.scalarEvaluator(this.inlined(side.expression), letters);
    }
  }

  private scalarEvaluator(expression: Expression, letters: readonly Letter[]): SideEvaluator {
    const { graph } = this;
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

/** Whether a side shows the numbers of the point in place of its quantities. */
function showsNumbers(side: Side): boolean {
  return side.kind === "numbers" || (side.kind === "matrix" && side.leaves === "numbers");
}

/** The numbers that are printed, with the bounds of the errors of those that they are checked by. */
function printed({ sizes, entries, rounded }: Environment): Valuation<Rounded> {
  const bounded = [...entries].map(([quantity, list]) => {
    const known = rounded.entries.get(quantity)!;
    return [quantity, list.map((value, k) => within(value, known[k]!.error))] as const;
  });
  return { sizes, arithmetic: roundingArithmetic, entries: new Map(bounded) };
}

function differing(
  claim: Claim,
  at: Environment,
  chosen: Chosen,
  { position, left, right }: Difference,
): DerivationError {
  const lengths = claim.letters.map(({ size }) => size.evaluate(at.sizes));
  const values = chosen?.[position] ?? entryAt(lengths, position).map((index) => index - 1);
  const where = entryPlace(claim, at.sizes, values, position);
  return new DerivationError(
    claim,
    `at ${at.name} the left side of ${where} is ${left}, the right side ${right}`,
  );
}

/** @throws DerivationError for a column that is printed equal to a row. */
function requireSameShape(claim: Claim): void {
  const { left, right } = claim;
  if (left.kind !== "matrix" || right.kind !== "matrix") return;
  const [a, b] = [left.matrix, right.matrix];
  if (a.rows.equals(b.rows) && a.columns.equals(b.columns)) return;
  throw unlikeShapes(claim);
}

function unlikeShapes(claim: Claim): DerivationError {
  const shapes = [claim.left, claim.right].map((side) => sideShape(side) ?? "a number");
  return new DerivationError(claim, `${leftName(claim)}: the sides are ${shapes.join(" and ")}`);
}

/** @throws DerivationError for numbers of another shape than what they are the value of. */
function requireSameLength(
  claim: Claim,
  a: readonly unknown[],
  b: readonly unknown[],
  { sizes }: Environment,
): void {
  const { left, right } = claim;
  const isLaid =
    left.kind !== "matrix" ||
    (right.kind !== "array" && right.kind !== "entries") ||
    (left.matrix.rows.evaluate(sizes) === right.rows &&
      left.matrix.columns.evaluate(sizes) === right.columns);
  if (a.length !== b.length || !isLaid) throw unlikeShapes(claim);
}

/** Letter values to check where there are too many to check them all. */
function sample(letters: readonly Letter[], sizes: SizeValues): Chosen {
  const lengths = letters.map(({ size }) => size.evaluate(sizes));
  const total = lengths.reduce((product, length) => product * length, 1);
  return total <= MOST_ENTRIES ? undefined : draw(letters, sizes, DRAWN_ENTRIES);
}

/** Some values of letters, the same at every run. */
function draw(
  letters: readonly Letter[],
  sizes: SizeValues,
  count: number,
): readonly (readonly number[])[] {
  const lengths = letters.map(({ size }) => size.evaluate(sizes));
  const generator = random(lengths.reduce((product, length) => product * length, 1));
  return Array.from({ length: letters.length === 0 ? 1 : count }, () =>
    lengths.map((length) => generator.below(length)),
  );
}
