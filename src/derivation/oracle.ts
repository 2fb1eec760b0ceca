/**
 * What the equations of a derivation are judged by: the values and derivatives of everything at one
 * point by the matrix backprop, which shares nothing with the calculus, with bounds of their
 * rounding errors, and in fractions where the model is rational.
 */
import type { Fraction } from "fraction.js";
import type { Everything } from "../backprop/backprop.js";
import { NotRationalError } from "../backprop/field.js";
import { backpropMagnitudes, backpropValues, exactBackpropValues } from "../backprop/model.js";
import { CONTENT, holds } from "../expression/contents.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import type { Model } from "../language/model.js";
import type { CheckedPoint } from "../language/point.js";
import { InputError } from "../language/source.js";
import {
  type Arithmetic,
  boundedExactArithmetic,
  ExactWorkError,
  IrrationalError,
} from "../numeric/arithmetic.js";
import { type Known, knownArithmetic } from "../numeric/known.js";
import { runProgram } from "../numeric/interpret.js";
import { type NumericProgram, numericProgram } from "../numeric/program.js";
import { type Rounded, roundingArithmetic, UNIT_ROUNDOFF } from "../numeric/rounding.js";
import { scatter } from "../numeric/scatter.js";
import { work } from "../numeric/work.js";
import { EngineValues } from "./engine.js";
import type { ModelValues } from "./valuation.js";

/** Everything at a point in doubles with bounds of their errors. */
export interface Judgement {
  readonly numbers: ModelValues<Rounded>;
  /**
   * Names of quantities whose values or derivatives are the engine's own numbers although the
   * backprop has some: those are not finite or not precise.
   */
  readonly unjudged: Readonly<Record<Kind, ReadonlySet<string>>>;
}

/** Operations (some 0.2 µs each) of a program whose rounding errors are bounded one by one. */
const MAX_BOUNDS_WORK = 3e5;
/** A function counts for so many of them. */
const COSTLY = 4;
/** Operations (some 2 µs each) and binary digits of a program that runs in fractions. */
const MAX_EXACT_WORK = { operations: 30_000, bits: 4096 };
/** The backprop has formulas of its own: they round as often, but not in the same places. */
const BACKPROP_SLACK = 64;
/** In models too large for bounds: the error of an entry, relative to the quantity's largest. */
const UNBOUNDED_ERROR = 2 ** -40;
/** What rounding leaves is less than this part of the terms that cancel. */
const ROUNDING = 1e-12;
/** What the backprop may be off at the user's point, relative to the quantity's largest entry. */
const PRECISE = 1e-9;

type Kind = "values" | "adjoints";
type Lists<Key, Entry> = Readonly<Record<Kind, ReadonlyMap<Key, readonly Entry[]>>>;

/** Of every number of the backprop: how far it may be off, and how large what it is added up from is. */
interface Measured {
  readonly errors: Lists<Quantity, number>;
  readonly magnitudes: Lists<Quantity, number>;
}

/** The judge of one model: its programs are made once. */
export class Oracle {
  private readonly program: NumericProgram;
  private readonly defined: readonly Quantity[];
  /** Whether no function of the model leaves the rational numbers wherever it is. */
  private readonly isRational: boolean;
  private engine: EngineValues | undefined;
  /** By what a function counts for, and the sizes, which most points have in common. */
  private readonly works = new Map<string, number>();
  /** What is shown at the user's point and what is checked there ask for the same. */
  private readonly bounds = new WeakMap<CheckedPoint, Lists<Quantity, Rounded>>();

  constructor(private readonly model: Model) {
    this.defined = model.definitions.map(({ quantity }) => quantity);
    const { inputs, targets, params } = model;
    const wanted = [...inputs, ...targets, ...params, ...this.defined];
    this.program = numericProgram(model, wanted, this.defined, { asWritten: true });
    const bodies = this.program.definitions.flatMap(({ clauses }) => clauses);
    this.isRational = !bodies.some(({ body }) => holds(body, CONTENT.irrational));
  }

  /** The engine's own numbers, by compiled code. */
  compiled(point: CheckedPoint): ModelValues {
    return (this.engine ??= new EngineValues(this.model)).at(point);
  }

  /**
   * Everything in doubles with bounds of their errors. The numbers are the backprop's, but for
   * quantities that it does not name or that overflow in it: these are the engine's.
   * @param given the engine's numbers, where it is the user's point: the backprop's must be precise
   * there, and stand beside those that are printed
   */
  judge(point: CheckedPoint, given?: ModelValues): Judgement {
    const independent = this.backprop(point, given !== undefined);
    const bounded = this.bounded(point);
    const engine = given ?? (bounded && finite(bounded)) ?? this.compiled(point);
    const measured = bounded && this.measured(point, engine, independent, bounded);
    const unjudged = { values: new Set<string>(), adjoints: new Set<string>() };
    const judged = (kind: Kind): Map<Quantity, Rounded[]> =>
      new Map(
        [...engine[kind]].map(([quantity, list]) => {
          const largest = list.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          const own = independent?.[kind].get(quantity.name);
          const error = measured?.errors[kind].get(quantity);
          const errorAt = (k: number): number => error?.[k] ?? UNBOUNDED_ERROR * largest;
          const isUsable =
            own?.length === list.length &&
            own.every((value, k) => {
              const isPrecise = !given || errorAt(k) <= PRECISE * largest;
              return Number.isFinite(value) && isPrecise;
            });
          if (!isUsable && (own || !independent)) unjudged[kind].add(quantity.name);
          const values = isUsable ? own : list;
          const isNothing = values.every((value, k) => Math.abs(value) <= errorAt(k));
          // what cancels altogether is judged by what cancels
          const scale = isNothing ? measured?.magnitudes[kind].get(quantity) : undefined;
          return [
            quantity,
            values.map((value, k) => {
              const magnitude = Math.max(Math.abs(value), scale?.[k] ?? 0);
              return { value, error: errorAt(k), magnitude };
            }),
          ];
        }),
      );
    const { sizes } = point;
    return {
      numbers: { sizes, values: judged("values"), adjoints: judged("adjoints") },
      unjudged,
    };
  }

  /**
   * Everything in fractions; the numbers of the point are the decimals that name them.
   * @returns undefined where the model leaves the rational numbers or is too much work
   */
  exact(point: CheckedPoint): ModelValues<Fraction> | undefined {
    if (!this.isRational || this.isLongInFractions(point)) return undefined;
    try {
      // the bounded run comes first: it stops where numbers get too long for the other one
      const own = this.run(point, boundedExactArithmetic(MAX_EXACT_WORK));
      const independent = exactBackpropValues(this.model, point);
      const judged = (kind: Kind): Map<Quantity, readonly Fraction[]> =>
        new Map(
          [...own[kind]].map(([one, list]) => [one, independent[kind].get(one.name) ?? list]),
        );
      return { sizes: point.sizes, values: judged("values"), adjoints: judged("adjoints") };
    } catch (error) {
      if (isBeyondFractions(error)) return undefined;
      throw error;
    }
  }

  /**
   * The fractions that are known of everything, for the numbers that are shown; of models that are
   * too large, those of the point alone.
   */
  known(point: CheckedPoint): ModelValues<Known> {
    if (!this.isLongInFractions(point))
      return { sizes: point.sizes, ...this.run(point, knownArithmetic) };
    const values = [...point.entries].map(
      ([quantity, list]) => [quantity, Array.from(list, knownArithmetic.double)] as const,
    );
    return { sizes: point.sizes, values: new Map(values), adjoints: new Map() };
  }

  /**
   * Whether nothing is known of a number of the engine's but that it is next to nothing beside what it was computed
   * from: what rounding leaves where terms cancel.
   */
  isRounding(point: CheckedPoint): (kind: Kind, quantity: Quantity, k: number) => boolean {
    const bounded = this.bounded(point);
    return (kind, quantity, k) => {
      const known = bounded?.[kind].get(quantity)?.[k];
      if (!known || (kind === "values" && point.entries.has(quantity))) return false;
      const { value, error, magnitude } = known;
      return (
        Number.isFinite(magnitude) && Math.abs(value) <= error && error <= ROUNDING * magnitude
      );
    };
  }

  /** At the user's point the backprop may refuse matrices that the engine does not form. */
  private backprop(point: CheckedPoint, isGiven: boolean): Everything<number> | undefined {
    try {
      return backpropValues(this.model, point);
    } catch (error) {
      if (isGiven && error instanceof InputError) return undefined;
      throw error;
    }
  }

  /** The engine's numbers with bounds of their errors; nothing for models that are too large. */
  private bounded(point: CheckedPoint): Lists<Quantity, Rounded> | undefined {
    if (this.work(point.sizes, COSTLY) > MAX_BOUNDS_WORK) return undefined;
    let found = this.bounds.get(point);
    if (!found) this.bounds.set(point, (found = this.run(point, roundingArithmetic)));
    return found;
  }

  /**
   * How far the backprop may be off, and how large what it adds up is. The statements may have been simplified before
   * their errors were bounded: where the backprop is further from the engine than that, it is asked again with
   * its inputs moved, and for the size of the terms that it adds up to a derivative, which may all be gone in the
   * statements.
   */
  private measured(
    point: CheckedPoint,
    engine: Lists<Quantity, number>,
    independent: Everything<number> | undefined,
    bounded: Lists<Quantity, Rounded>,
  ): Measured {
    const bounds = (kind: Kind): ReadonlyMap<Quantity, number[]> =>
      new Map(
        [...bounded[kind]].map(([quantity, list]) => [
          quantity,
          list.map(({ value, error }) =>
            point.entries.has(quantity) && kind === "values"
              ? 0
              : Number.isFinite(value) && !Number.isNaN(error)
                ? BACKPROP_SLACK * error
                : Infinity,
          ),
        ]),
      );
    const known = { values: bounds("values"), adjoints: bounds("adjoints") };
    const isFurther = (kind: Kind): boolean =>
      [...known[kind]].some(([quantity, list]) => {
        const own = independent?.[kind].get(quantity.name);
        const known = engine[kind].get(quantity)!;
        return own?.some((value, k) => Math.abs(value - known[k]!) > list[k]!);
      });
    const terms = isFurther("adjoints") ? backpropMagnitudes(this.model, point) : undefined;
    const moved = (kind: Kind): ReadonlyMap<Quantity, number[]> => {
      if (!isFurther(kind)) return known[kind];
      const seen = scatter(point, (near) => backpropValues(this.model, near)[kind]);
      return new Map(
        [...known[kind]].map(([quantity, list]) => {
          const own = seen.get(quantity.name);
          const sizes = kind === "adjoints" ? terms?.get(quantity.name) : undefined;
          const rounding = (k: number): number => UNIT_ROUNDOFF * (sizes?.[k] ?? 0);
          const more = (k: number): number => (own?.[k] ?? 0) + rounding(k);
          return [quantity, list.map((error, k) => error + BACKPROP_SLACK * more(k))];
        }),
      );
    };
    const magnitudes = (kind: Kind): ReadonlyMap<Quantity, number[]> =>
      new Map(
        [...bounded[kind]].map(([quantity, list]) => {
          const sizes = kind === "adjoints" ? terms?.get(quantity.name) : undefined;
          return [quantity, list.map(({ magnitude }, k) => Math.max(magnitude, sizes?.[k] ?? 0))];
        }),
      );
    return {
      errors: { values: moved("values"), adjoints: moved("adjoints") },
      magnitudes: { values: magnitudes("values"), adjoints: magnitudes("adjoints") },
    };
  }

  /** What is short where functions count for more is short, and mostly asked for already. */
  private isLongInFractions({ sizes }: CheckedPoint): boolean {
    const { operations } = MAX_EXACT_WORK;
    return this.work(sizes, COSTLY) > operations && this.work(sizes) > operations;
  }

  private work(sizes: SizeValues, costly = 1): number {
    const key = [costly, ...sizes].join(" ");
    let known = this.works.get(key);
    if (known === undefined) {
      this.works.set(key, (known = work(this.program.definitions, sizes, costly)));
    }
    return known;
  }

  /** Everything by the program of the statements as they are written. */
  private run<Value>(point: CheckedPoint, arithmetic: Arithmetic<Value>): Lists<Quantity, Value> {
    const all = runProgram(this.program, point, arithmetic);
    const given = [...point.entries.keys()];
    return {
      values: new Map([...given, ...this.defined].map((one) => [one, all.get(one)!])),
      adjoints: new Map([...this.program.adjoints].map(([of, one]) => [of, all.get(one)!])),
    };
  }
}

/** The values without their errors; undefined where one is not finite. */
function finite({
  values,
  adjoints,
}: Lists<Quantity, Rounded>): Lists<Quantity, number> | undefined {
  const plain = (lists: ReadonlyMap<Quantity, readonly Rounded[]>): Map<Quantity, number[]> =>
    new Map([...lists].map(([quantity, list]) => [quantity, list.map(({ value }) => value)]));
  const numbers = { values: plain(values), adjoints: plain(adjoints) };
  const all = [...numbers.values.values(), ...numbers.adjoints.values()];
  return all.every((list) => list.every(Number.isFinite)) ? numbers : undefined;
}

/** Whether a computation in fractions ended because it cannot be done in fractions. */
export function isBeyondFractions(error: unknown): boolean {
  return (
    error instanceof IrrationalError ||
    error instanceof NotRationalError ||
    error instanceof ExactWorkError
  );
}
