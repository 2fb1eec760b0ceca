/** The points at which equations are checked, with the numbers of everything that they may name. */
import type { Fraction } from "fraction.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint } from "../language/point.js";
import { InputError } from "../language/source.js";
import { exactArithmetic } from "../numeric/arithmetic.js";
import { type Known, known, knownArithmetic } from "../numeric/known.js";
import { randomEntries, type RandomPointOptions } from "../numeric/random.js";
import { type Rounded, roundingArithmetic } from "../numeric/rounding.js";
import { SizesSoFar } from "../numeric/sizes-so-far.js";
import { type Judgement, Oracle } from "./oracle.js";
import { type StandIn, standIn } from "./stand-in.js";
import { type ModelValues, type Valuation, valuation } from "./valuation.js";

/** The numbers that equations are checked with, at one point. */
export interface Environment {
  /** What messages call the point. */
  readonly name: string;
  /** Draws the entries that are compared where there are too many. */
  readonly seed: number;
  /** Whether it is the user's point. */
  readonly isGiven: boolean;
  readonly sizes: SizeValues;
  /** The backprop's numbers, the engine's where it has none. */
  readonly rounded: Valuation<Rounded>;
  /** The same in fractions, where the model is rational and the point the first. */
  readonly exact: Valuation<Fraction> | undefined;
  readonly unjudged: Judgement["unjudged"];
}

/** The user's point: also with the engine's numbers, which are printed, exact where that is known. */
export interface GivenEnvironment extends Environment {
  readonly printed: Valuation<Known>;
}

/** Random points at which every equation is checked. */
const POINTS = 3;
/** So many points are tried for each of them until the backprop has finite numbers. */
const ATTEMPTS = 4;

type Sizes = Readonly<Record<string, number>>;

/** The points of one model, drawn once. */
export class ModelPoints {
  private readonly oracle: Oracle;
  private readonly drawn = new Map<string, readonly Environment[]>();

  constructor(private readonly model: Model) {
    this.oracle = new Oracle(model);
  }

  /** @param sizes of the names that are fixed; others differ from point to point, as far as the model lets them */
  random(seed: number, sizes: Sizes = {}): readonly Environment[] {
    const key = JSON.stringify([seed, sizes]);
    let points = this.drawn.get(key);
    if (!points) {
      const before = new SizesSoFar(this.model);
      points = Array.from({ length: POINTS }, (_, position) => {
        const point = this.judged(
          seed + position,
          { sizes, earlier: before.earlier },
          position === 0,
        );
        before.add(point);
        return point;
      });
      this.drawn.set(key, points);
    }
    return points;
  }

  /** The engine's own numbers, which are printed. */
  engine(point: CheckedPoint): ModelValues {
    return this.oracle.compiled(point);
  }

  /** The engine's numbers with the fractions that they are known to be, as they are shown: what is rounding alone is 0. */
  known(point: CheckedPoint, engine: ModelValues): ModelValues<Known> {
    return withFractions(engine, this.oracle.known(point), this.oracle.isRounding(point));
  }

  /** @param shown the engine's numbers with what is known of them */
  given(point: CheckedPoint, engine: ModelValues, shown: ModelValues<Known>): GivenEnvironment {
    const { numbers, unjudged } = this.oracle.judge(point, engine);
    return {
      sizes: point.sizes,
      printed: valuation(shown, knownArithmetic),
      name: "the given point",
      seed: 0,
      isGiven: true,
      rounded: valuation(numbers, roundingArithmetic),
      exact: undefined,
      unjudged,
    };
  }

  private judged(
    first: number,
    options: Pick<RandomPointOptions, "sizes" | "earlier">,
    isExact: boolean,
  ): Environment {
    let seed = first;
    const drawn = (): CheckedPoint => randomEntries(this.model, { ...options, seed });
    let point = drawn();
    let judgement = this.oracle.judge(point);
    for (let attempt = 1; attempt < ATTEMPTS && !isJudged(judgement); attempt++) {
      seed += POINTS;
      point = drawn();
      judgement = this.oracle.judge(point);
    }
    const exact = isExact ? this.oracle.exact(point) : undefined;
    return {
      name: `the random point of seed ${seed}`,
      seed,
      isGiven: false,
      sizes: point.sizes,
      rounded: valuation(judgement.numbers, roundingArithmetic),
      exact: exact && valuation(exact, exactArithmetic),
      unjudged: judgement.unjudged,
    };
  }
}

/** The engine's numbers, with the fractions that they are known to be. */
function withFractions(
  engine: ModelValues,
  exact: ModelValues<Known>,
  isRounding: ReturnType<Oracle["isRounding"]>,
): ModelValues<Known> {
  const joined = (kind: "values" | "adjoints"): ReadonlyMap<Quantity, readonly Known[]> =>
    new Map(
      [...engine[kind]].map(([quantity, list]) => {
        const fractions = exact[kind].get(quantity);
        const entries = Array.from(list, (value, k) => {
          const fraction = fractions?.[k]!.fraction;
          const isNothing = !fraction && value !== 0 && isRounding(kind, quantity, k);
          return known(isNothing ? 0 : value, fraction);
        });
        return [quantity, entries];
      }),
    );
  return { sizes: engine.sizes, values: joined("values"), adjoints: joined("adjoints") };
}

function isJudged({ unjudged }: Judgement): boolean {
  return unjudged.values.size + unjudged.adjoints.size === 0;
}

/** The points of the general model that stands in for one with wide layers. */
export class StandInPoints {
  private readonly points: ModelPoints;
  private readonly drawn = new Map<string, readonly Environment[] | undefined>();
  private readonly quantities: ReadonlyMap<string, Quantity>;
  /** The numbers that stand for wide sizes. */
  readonly widths: StandIn["widths"];

  private constructor(private readonly standIn: StandIn) {
    const { general, widths } = standIn;
    this.widths = widths;
    this.points = new ModelPoints(general);
    const { inputs, targets, params, definitions } = general;
    const all = [...inputs, ...targets, ...params, ...definitions.map(({ quantity }) => quantity)];
    this.quantities = new Map(all.map((quantity) => [quantity.name, quantity]));
  }

  /** Undefined where nothing stands in for a model. */
  static of(model: Model): StandInPoints | undefined {
    const found = standIn(model);
    return found && new StandInPoints(found);
  }

  /** Undefined where the model needs sizes that are too large to be drawn. */
  random(seed: number, sizes?: Sizes): readonly Environment[] | undefined {
    const key = JSON.stringify([seed, sizes]);
    if (!this.drawn.has(key)) this.drawn.set(key, this.draw(seed, sizes));
    return this.drawn.get(key);
  }

  private draw(seed: number, sizes?: Sizes): readonly Environment[] | undefined {
    try {
      return this.points.random(seed, sizes).map((at) => this.translated(at));
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }

  /** A point of the general model with the quantities of the model itself. */
  private translated(at: Environment): Environment {
    const sizes = this.standIn.sizesAt(at.sizes);
    const inGeneral = (one: Quantity): Quantity => {
      const found = this.quantities.get(one.name);
      return found?.role === one.role ? found : one;
    };
    const renamed = <Value>({ arithmetic, entries }: Valuation<Value>): Valuation<Value> => ({
      sizes,
      arithmetic,
      entries: {
        get: (one) =>
          entries.get(
            one.role === "adjoint" && one.of ? { ...one, of: inGeneral(one.of) } : inGeneral(one),
          ),
      },
    });
    return { ...at, sizes, rounded: renamed(at.rounded), exact: at.exact && renamed(at.exact) };
  }
}
