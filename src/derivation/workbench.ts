/** What the derivations of one model share: points with all values, routes, the graph of entries. */
import type { Quantity } from "../expression/quantity.js";
import { entryCount, type SizeValues } from "../expression/size.js";
import { backpropAdjoints } from "../backprop/model.js";
import { PathGraph } from "../forms/paths.js";
import { Route } from "../forms/route.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, type NestedNumbers, type Point, readPoint } from "../language/point.js";
import { assemble } from "../numeric/compile.js";
import { numericProgram } from "../numeric/program.js";
import { DEFAULT_SEED, randomPoint } from "../numeric/random.js";

/** The values of everything that an equation may name, at one point. */
export interface Environment {
  readonly sizes: SizeValues;
  readonly entries: ReadonlyMap<Quantity, readonly number[]>;
}

/** Values of all quantities of a model at one point, and of their adjoints by the quantity. */
export interface ModelValues {
  readonly sizes: SizeValues;
  readonly values: ReadonlyMap<Quantity, readonly number[]>;
  readonly adjoints: ReadonlyMap<Quantity, readonly number[]>;
}

/** Random points at which every step is checked. */
const POINTS = 3;

export class Workbench {
  private readonly routes = new Map<Quantity, Route>();
  private readonly known = new Map<boolean, readonly ModelValues[]>();
  private graph: PathGraph | undefined;

  /**
   * @param at a point of the user's: steps are checked there too, and numbers are put in
   * @param seed draws the other points
   */
  constructor(
    readonly model: Model,
    readonly at: Point | undefined,
    private readonly seed: number = DEFAULT_SEED,
  ) {}

  /** The values at all points, with the names that a route gives to adjoints. */
  environments(isWrittenOut: boolean, route?: Route): Environment[] {
    return this.points(isWrittenOut).map(({ sizes, values, adjoints }) => {
      const entries = new Map(values);
      for (const { of, quantity } of route?.adjoints ?? [])
        entries.set(quantity, adjoints.get(of)!);
      return { sizes, entries };
    });
  }

  route(wrt: Quantity): Route {
    let route = this.routes.get(wrt);
    if (!route) this.routes.set(wrt, (route = new Route(this.model, wrt)));
    return route;
  }

  /** The graph of entries, at the sizes of the points of written-out forms. */
  get paths(): PathGraph {
    return (this.graph ??= new PathGraph(this.model, this.sizes));
  }

  /** The sizes of the user's point, or of the first random one. */
  get sizes(): SizeValues {
    return this.points(true).at(-1)!.sizes;
  }

  /**
   * Random points, and the user's as the last one.
   * @param isWrittenOut whether all of them have the same sizes; otherwise named sizes differ from
   * point to point
   * @throws InputError when the user's point does not fit the model.
   */
  points(isWrittenOut: boolean): readonly ModelValues[] {
    const { model, seed, at } = this;
    const key = isWrittenOut && model.sizes.length > 0;
    let values = this.known.get(key);
    if (!values) {
      const given = at === undefined ? undefined : readPoint(model, at);
      const first = given ?? readPoint(model, randomPoint(model, { seed }));
      const sizes = key ? Object.fromEntries(first.sizes) : undefined;
      const drawn = Array.from({ length: POINTS }, (_, index) =>
        readPoint(model, randomPoint(model, { seed: seed + index, sizes })),
      );
      values = [
        ...drawn.map((point) => withBackprop(model, point, valuesAt(model, point))),
        ...(given ? [valuesAt(model, given)] : []),
      ];
      this.known.set(key, values);
    }
    return values;
  }
}

/**
 * The adjoints by the independent matrix implementation, wherever it names the quantity and its
 * numbers are finite: the left sides of all equations are then computed by other rules than the
 * right ones.
 */
function withBackprop(model: Model, point: CheckedPoint, values: ModelValues): ModelValues {
  const independent = backpropAdjoints(model, point);
  const adjoints = new Map(
    [...values.adjoints].map(([quantity, compiled]) => {
      const entries = flat(independent.get(quantity.name));
      const isUsable = entries.length === compiled.length && entries.every(Number.isFinite);
      return [quantity, isUsable ? entries : compiled];
    }),
  );
  return { ...values, adjoints };
}

function flat(nested: NestedNumbers | undefined): readonly number[] {
  if (nested === undefined) return [];
  if (typeof nested === "number") return [nested];
  return Array.from<number | ArrayLike<number>>(nested).flatMap((row) =>
    typeof row === "number" ? row : Array.from(row),
  );
}

/** Everything at one point, by the compiled program. */
function valuesAt(model: Model, { sizes, entries }: CheckedPoint): ModelValues {
  const data = [...model.inputs, ...model.targets];
  const defined = model.definitions.map(({ quantity }) => quantity);
  const wanted = [...data, ...model.parameters, ...defined];
  const program = numericProgram(model, wanted, defined);
  const { run, arrays, locate } = assemble(program, model.parameters, data, sizes);
  const count = ({ shape }: Quantity): number => entryCount(shape).evaluate(sizes);
  const theta = new Float64Array(model.parameters.reduce((n, one) => n + count(one), 0));
  for (const parameter of model.parameters) {
    theta.set(entries.get(parameter)!, locate(parameter).offset);
  }
  for (const quantity of data) arrays.get(locate(quantity).array)!.set(entries.get(quantity)!);
  const out = new Float64Array(theta.length);
  run(theta, out);
  const buffers = new Map([...arrays, ["theta", theta], ["out", out]]);
  const read = (quantity: Quantity): readonly number[] => {
    const { array, offset } = locate(quantity);
    return Array.from(buffers.get(array)!.subarray(offset, offset + count(quantity)));
  };
  return {
    sizes,
    values: new Map(wanted.map((quantity) => [quantity, read(quantity)])),
    adjoints: new Map(wanted.map((quantity) => [quantity, read(program.adjoints.get(quantity)!)])),
  };
}
