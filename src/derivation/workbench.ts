/** What the derivations of one model share: points with all values, routes, the graph of entries. */
import { PerGraph } from "../expression/per-graph.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import { MatrixNames } from "../forms/matrix/names.js";
import { PathGraph } from "../forms/paths.js";
import type { Route } from "../forms/route.js";
import { Routes } from "../forms/routes.js";
import { type Model, requireModel } from "../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../language/point.js";
import type { Known } from "../numeric/known.js";
import { DEFAULT_SEED } from "../numeric/random.js";
import { randomSizes } from "../numeric/random-sizes.js";
import type { Sites } from "./checker.js";
import { type GivenEnvironment, ModelPoints, StandInPoints } from "./points.js";
import type { StepCheck } from "./step.js";
import type { ModelValues } from "./valuation.js";

/** What depends on the model alone: a later derivation finds it again. */
class Shared {
  readonly routes: Routes;
  readonly points: ModelPoints;
  private readonly checks = new Map<string, Map<string, StepCheck>>();
  private readonly graphs = new Map<string, PathGraph>();
  private names: MatrixNames | undefined;
  private narrow: { readonly points: StandInPoints | undefined } | undefined;

  constructor(private readonly model: Model) {
    this.routes = new Routes(model);
    this.points = new ModelPoints(model);
  }

  get matrixNames(): MatrixNames {
    return (this.names ??= new MatrixNames(this.model));
  }

  get standIn(): StandInPoints | undefined {
    return (this.narrow ??= { points: StandInPoints.of(this.model) }).points;
  }

  paths(sizes: SizeValues): PathGraph {
    return known(this.graphs, keyOf(sizes), () => new PathGraph(this.model, sizes));
  }

  /** What was found at random points before, by the equation. */
  checked(seed: number, sizes: SizeValues): Map<string, StepCheck> {
    return known(this.checks, `${seed} ${keyOf(sizes)}`, () => new Map<string, StepCheck>());
  }
}

function known<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function keyOf(sizes: SizeValues): string {
  return [...sizes].flat().join(" ");
}

const shared = new PerGraph(() => new Map<Model, Shared>());

export class Workbench {
  private readonly shared: Shared;
  private readonly point: CheckedPoint | undefined;
  private values: ModelValues | undefined;
  private shownValues: ModelValues<Known> | undefined;
  private environment: GivenEnvironment | undefined;
  private drawn: SizeValues | undefined;

  /**
   * @param at a point of the user's: steps are checked there too, and numbers are put in
   * @param seed draws the other points
   * @throws InputError when the user's point does not fit the model.
   */
  constructor(
    readonly model: Model,
    readonly at: Point | undefined,
    private readonly seed: number = DEFAULT_SEED,
  ) {
    requireModel(model);
    const models = shared.of(model.graph);
    let found = models.get(model);
    if (!found) models.set(model, (found = new Shared(model)));
    this.shared = found;
    this.point = at === undefined ? undefined : readPoint(model, at);
  }

  /** The values of everything at the user's point. */
  get given(): GivenEnvironment | undefined {
    const { point, pointValues, knownValues } = this;
    if (!point || !pointValues || !knownValues) return undefined;
    return (this.environment ??= this.shared.points.given(point, pointValues, knownValues));
  }

  /** The engine's numbers at the user's point. */
  get pointValues(): ModelValues | undefined {
    return this.point && (this.values ??= this.shared.points.engine(this.point));
  }

  /** The same with the fractions that they are known to be: the numbers that are shown. */
  get knownValues(): ModelValues<Known> | undefined {
    const { point, pointValues } = this;
    if (!point || !pointValues) return undefined;
    return (this.shownValues ??= this.shared.points.known(point, pointValues));
  }

  /** The values at another point of the user's. */
  givenAt(at: Point): GivenEnvironment {
    const point = readPoint(this.model, at);
    const { points } = this.shared;
    const engine = points.engine(point);
    return points.given(point, engine, points.known(point, engine));
  }

  /**
   * Where equations are checked.
   * @param isWrittenOut whether named sizes are the same at all points; otherwise they differ from
   * point to point
   */
  sites(isWrittenOut: boolean): Sites {
    const { seed, shared } = this;
    const sizes = isWrittenOut ? this.sizes : new Map<string, number>();
    const own = () => shared.points.random(seed, Object.fromEntries(sizes));
    const { standIn } = shared;
    const narrow = standIn?.random(seed, Object.fromEntries(sizes));
    return {
      random: narrow ?? own(),
      standIn: narrow && standIn && { own, widths: standIn.widths },
      given: this.given,
      checked: shared.checked(seed, sizes),
    };
  }

  route(wrt: Quantity): Route {
    return this.shared.routes.route(wrt);
  }

  /** Names for parts of matrix expressions. */
  get matrixNames(): MatrixNames {
    return this.shared.matrixNames;
  }

  /** The graph of entries, at the sizes of the points of written-out forms. */
  get paths(): PathGraph {
    return this.shared.paths(this.sizes);
  }

  /** The named sizes of the user's point, or of the first random one. */
  get sizes(): SizeValues {
    return this.point?.sizes ?? (this.drawn ??= randomSizes(this.model, this.seed));
  }
}
