/** Evaluates both sides of every step at several points; a step that fails stops the derivation. */
import type { Definition } from "../expression/definition.js";
import type { ReferenceNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { boundedExactArithmetic } from "../numeric/arithmetic.js";
import { type Rounded, roundingArithmetic, within } from "../numeric/rounding.js";
import { entryAt } from "../numeric/watch.js";
import { compareExact, compareRounded, type Difference } from "./compare.js";
import {
  equationKey,
  mostEntries,
  sampleNotes,
  together,
  unjudgedNotes,
  withoutGiven,
} from "./findings.js";
import { isBeyondFractions } from "./oracle.js";
import { entryPlace, leftName, sideShape } from "./place.js";
import type { Environment, GivenEnvironment } from "./points.js";
import { draw, sample } from "./sampling.js";
import { type Chosen, type SideEvaluator, type SideOptions, Sides } from "./sides.js";
import { slope } from "./slopes.js";
import type { Claim, Side, Step, StepCheck } from "./step.js";
import type { Valuation } from "./valuation.js";

/** A printed equation that does not hold: an error of the engine, never of the model. */
export class DerivationError extends Error {
  override readonly name: string = "DerivationError";

  constructor({ rule }: Claim, what: string) {
    super(`a step of the derivation does not hold: ${rule}: ${what}`);
  }
}

/** Entries at which a local derivative is compared with the slope of its definition. */
const DRAWN_SLOPES = 4;
/** What the doubles of a local derivative may differ from its slope in decimals, of itself. */
const SLOPE_ERROR = 1e-10;
/** Matrices of more entries than this are not formed at the user's point: a batch's Jacobian by a wide layer. */
const MOST_ENTRIES = 2 ** 22;
/** Operations and binary digits of one side in fractions; what takes more is checked in doubles. */
const MAX_EXACT_WORK = { operations: 20_000, bits: 4096 };

/** Where equations are checked. */
export interface Sites {
  /** Random points. */
  readonly random: readonly Environment[];
  /** Present where layers are narrower at the random points than the model has them. */
  readonly standIn?:
    | {
        /** Random points at the model's own sizes. */
        readonly own: () => readonly Environment[];
        /** The names of the sizes that differ, with the numbers that the model has. */
        readonly widths: ReadonlyMap<string, number>;
      }
    | undefined;
  /** The user's point. */
  readonly given?: GivenEnvironment | undefined;
  /** Equations that were checked at the random points before, and what was found. */
  readonly checked?: Map<string, StepCheck>;
}

export interface CheckerOptions extends SideOptions {
  /** Whose local derivatives are compared with differences. */
  readonly definitions?: readonly Definition[];
}

/** Of the left and the right side. */
type Evaluators = readonly [SideEvaluator, SideEvaluator];

export class Checker {
  private readonly sides: Sides;
  private readonly definitions: ReadonlyMap<Quantity, Definition>;

  constructor(
    private readonly graph: Graph,
    private readonly sites: Sites,
    { definitions = [], ...options }: CheckerOptions = {},
  ) {
    this.sides = new Sides(graph, options);
    this.definitions = new Map(definitions.map((one) => [one.quantity, one]));
  }

  /**
   * Evaluates both sides everywhere, in doubles with bounds of their rounding errors, and exactly
   * where the model is rational and the sides are short enough. Left out are the user's point where
   * a matrix would be too large, or a side overflows that the definitions, as they are written, do
   * not carry, and points at which rounding blurs a side.
   * @returns undefined where no point is left, which can be for numbers at the user's point only
   * @throws DerivationError when the sides differ, or when rounding blurs them at all points.
   */
  check(claim: Claim): Step | undefined {
    requireSameShape(claim);
    requireBoundLetters(claim);
    const isAtPoint = claim.isAtPoint === true;
    const evaluators: Evaluators = [
      this.sides.evaluator(claim.left, claim.letters),
      this.sides.evaluator(claim.right, claim.letters),
    ];
    const { given } = this.sites;
    const isLarge = given !== undefined && mostEntries(claim, given.sizes) > MOST_ENTRIES;
    const found = [
      isAtPoint ? undefined : this.atRandom(claim, evaluators),
      given && !isLarge ? this.at(claim, evaluators, [given]) : undefined,
    ].filter((one) => one !== undefined);
    if (found.length === 0) {
      if (isAtPoint) return undefined;
      throw new DerivationError(claim, `${leftName(claim)}: rounding blurs both sides everywhere`);
    }
    const check = found.reduce(together);
    return { ...claim, check: isLarge ? withoutGiven(check) : check };
  }

  /** At the random points: once for every equation. */
  private atRandom(claim: Claim, evaluators: Evaluators): StepCheck | undefined {
    const key = this.sites.checked && equationKey(claim);
    const before = key === undefined ? undefined : this.sites.checked?.get(key);
    if (before) return before;
    const { random, standIn } = this.sites;
    const found = standIn
      ? (this.narrowed(claim, evaluators, standIn.widths) ??
        this.at(claim, evaluators, standIn.own()))
      : this.at(claim, evaluators, random);
    if (found && key !== undefined) this.sites.checked?.set(key, found);
    return found;
  }

  /**
   * At sizes that stand in for the model's. An equation that does not hold there may still hold at
   * the model's own sizes, which then decide: it may be about an entry far out, or hold a size as a
   * number.
   */
  private narrowed(
    claim: Claim,
    evaluators: Evaluators,
    widths: ReadonlyMap<string, number>,
  ): StepCheck | undefined {
    const { random } = this.sites;
    try {
      const found = this.at(claim, evaluators, random);
      if (!found) return undefined;
      const narrow = [...widths].map(([name, width]) => {
        return `${width} as ${random.map(({ sizes }) => sizes.get(name)!).join(", ")}`;
      });
      const note = `at narrower sizes: ${narrow.join("; ")}`;
      return { ...found, notes: [note, ...(found.notes ?? [])] };
    } catch (error) {
      if (error instanceof DerivationError || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** What is found at some points; undefined where rounding blurs the sides at all of them. */
  private at(
    claim: Claim,
    evaluators: Evaluators,
    points: readonly Environment[],
  ): StepCheck | undefined {
    const found = points.flatMap((at): StepCheck[] => {
      const slopes = at.isGiven ? undefined : this.slopesAt(claim, evaluators, at);
      const sampled = sample(claim.letters, at.sizes, at.seed);
      const maxError = slopes ?? this.errorAt(claim, evaluators, at, sampled?.entries);
      if (maxError === undefined) return [];
      const notes = [...sampleNotes(sampled), ...unjudgedNotes(claim, at)];
      return [{ points: 1, maxError, ...(notes.length > 0 ? { notes } : {}) }];
    });
    const isExact = points.some((at) => this.isEqualAt(claim, evaluators, at));
    if (found.length === 0) return undefined;
    const check = found.reduce(together);
    return isExact ? { ...check, exact: true } : check;
  }

  /** The relative difference of the sides at a point; undefined where it is left out. */
  private errorAt(
    claim: Claim,
    evaluators: Evaluators,
    at: Environment,
    chosen: Chosen,
  ): number | undefined {
    const [left, right] = [claim.left, claim.right].map((side, which) =>
      evaluators[which]!(this.numbersFor(side, at), chosen),
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
   * its symbol stands for the very expression on the other side, which could not differ. Where that
   * is shortened, it is so at the exact values, and the slope is taken at doubles: it may be as far
   * from the other side as rounding takes the whole expression.
   * @returns undefined for what is no local derivative
   */
  private slopesAt(claim: Claim, [whole, right]: Evaluators, at: Environment): number | undefined {
    const { left, letters } = claim;
    if (left.kind !== "scalar" || left.expression.kind !== "reference") return undefined;
    const { numerator, of, role } = left.expression.quantity;
    const definition = numerator && this.definitions.get(numerator);
    if (role !== "partial" || !definition || !of) return undefined;
    const chosen = draw(letters, at.sizes, DRAWN_SLOPES, at.seed);
    const slopes = chosen.map((values) => {
      const pinned = new Map(letters.map((one, i) => [one.key, Index.number(values[i]!)]));
      const entry = this.graph.substitute(left.expression, pinned) as ReferenceNode;
      const places = entry.indices.map(({ offset }) => offset.evaluate(at.sizes));
      const split = definition.quantity.shape.length;
      const [row, column] = [places.slice(0, split), places.slice(split)];
      return slope(this.graph, definition, of, { row, column }, at.rounded);
    });
    if (!slopes.every((one) => one !== undefined && Number.isFinite(one.value))) return undefined;
    const rounding = whole(at.rounded, chosen);
    const formula = right(at.rounded, chosen);
    const known = slopes.map((one, k) => {
      const { value, resolution, isAtKink } = one!;
      // what differences cannot tell from the formula's number, such as 0 from 10⁻¹²⁰, is that number
      const distance = Math.abs(value - formula[k]!.value);
      const isClose = distance <= SLOPE_ERROR * Math.abs(value);
      if (distance <= resolution || (!isClose && isAtKink())) return formula[k]!;
      const { error, magnitude } = rounding[k]!;
      return { value, error: Math.max(SLOPE_ERROR * Math.abs(value), error), magnitude };
    });
    const { maxError, difference } = compareRounded(known, formula);
    if (difference) throw differing(claim, at, chosen, difference);
    return maxError;
  }

  /**
   * Whether both sides were evaluated in fractions.
   * @throws DerivationError when they are not equal.
   */
  private isEqualAt(claim: Claim, evaluators: Evaluators, at: Environment): boolean {
    if (!at.exact || claim.isAtPoint === true) return false;
    const chosen = sample(claim.letters, at.sizes, at.seed)?.entries;
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

  /** The numbers that a side is computed with: those that are printed, where it shows them. */
  private numbersFor(side: Side, at: Environment): Valuation<Rounded> {
    const { given } = this.sites;
    return at === given && showsNumbers(side) ? printed(given) : at.rounded;
  }
}

/** Whether a side shows the numbers of the point in place of its quantities. */
function showsNumbers(side: Side): boolean {
  return side.kind === "numbers" || (side.kind === "matrix" && side.leaves === "numbers");
}

/** The numbers that are printed, with the bounds of the errors of those that they are checked by. */
function printed({ sizes, printed, rounded }: GivenEnvironment): Valuation<Rounded> {
  const get = (one: Quantity): readonly Rounded[] | undefined => {
    const known = rounded.entries.get(one);
    const shown = printed.entries.get(one);
    return known && shown?.map(({ value }, k) => within(value, known[k]!.error));
  };
  return { sizes, arithmetic: roundingArithmetic, entries: { get } };
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

/** @throws DerivationError for a letter that stands on a side and that the claim is not made for all of. */
function requireBoundLetters(claim: Claim): void {
  const known = new Set(claim.letters.map(({ key }) => key));
  for (const side of [claim.left, claim.right]) {
    const open = side.kind === "scalar" ? side.expression.free : [];
    const unbound = open.find(({ key }) => !known.has(key));
    if (unbound)
      throw new DerivationError(claim, `${leftName(claim)}: ${unbound.key} is bound nowhere`);
  }
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
