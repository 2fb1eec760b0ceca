/** What the derivations of one model share: points with all values, routes, the graph of entries. */
import type { Quantity } from "../expression/quantity.js";
import { entryCount, type SizeValues } from "../expression/size.js";
import { backpropAdjoints } from "../backprop/model.js";
import { PathGraph } from "../forms/paths.js";
import { Route } from "../forms/route.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, type NestedNumbers, type Point, readPoint } from "../language/point.js";
import { assemble, type Machine } from "../numeric/compile.js";
import { type NumericProgram, numericProgram } from "../numeric/program.js";
import { DEFAULT_SEED, randomPoint } from "../numeric/random.js";

/** The values of everything that an equation may name, at one point. */
export interface Environment {
  readonly sizes: SizeValues;
  /** Whether it is the user's point. */
  readonly isGiven: boolean;
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
  private computed: Values | undefined;

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
    const points = this.points(isWrittenOut);
    return points.map(({ sizes, values, adjoints }, position) => {
      const entries = new Map(values);
      for (const { of, quantity } of route?.adjoints ?? [])
        entries.set(quantity, adjoints.get(of)!);
      const isGiven = this.at !== undefined && position === points.length - 1;
      return { sizes, isGiven, entries };
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

  private get values(): Values {
    return (this.computed ??= new Values(this.model));
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
        ...drawn.map((point) => withBackprop(model, point, this.values.at(point))),
        ...(given ? [this.values.at(given)] : []),
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

/**
 * Computes everything at one point after the other. Values and the gradient come from the program
 * that is stable for extreme arguments; the adjoints of definitions need one of their own, in which
 * these stay links of the chain.
 */
class Values {
  private readonly data: readonly Quantity[];
  private readonly defined: readonly Quantity[];
  private readonly gradient: Programmed;
  private readonly links: Programmed;

  constructor(model: Model) {
    this.data = [...model.inputs, ...model.targets];
    this.defined = model.definitions.map(({ quantity }) => quantity);
    this.gradient = new Programmed(model, [...this.data, ...model.params], this.defined);
    this.links = new Programmed(model, this.defined, []);
  }

  at(point: CheckedPoint): ModelValues {
    const stable = this.gradient.at(point);
    const { adjoints } = this.links.at(point);
    return { ...stable, adjoints: new Map([...adjoints, ...stable.adjoints]) };
  }
}

/** A program with its compiled code for each set of sizes. */
class Programmed {
  private readonly data: readonly Quantity[];
  private readonly program: NumericProgram;
  private readonly machines = new Map<string, Machine>();

  constructor(
    private readonly model: Model,
    private readonly wanted: readonly Quantity[],
    private readonly defined: readonly Quantity[],
  ) {
    this.data = [...model.inputs, ...model.targets];
    this.program = numericProgram(model, wanted, defined);
  }

  at({ sizes, entries }: CheckedPoint): ModelValues {
    const { params: parameters } = this.model;
    const { run, arrays, locate } = this.machine(sizes);
    const count = ({ shape }: Quantity): number => entryCount(shape).evaluate(sizes);
    const theta = new Float64Array(parameters.reduce((n, one) => n + count(one), 0));
    for (const one of parameters) theta.set(entries.get(one)!, locate(one).offset);
    for (const one of this.data) arrays.get(locate(one).array)!.set(entries.get(one)!);
    const out = new Float64Array(theta.length);
    run(theta, out);
    const buffers = new Map([...arrays, ["theta", theta], ["out", out]]);
    const read = (quantity: Quantity): readonly number[] => {
      const { array, offset } = locate(quantity);
      return Array.from(buffers.get(array)!.subarray(offset, offset + count(quantity)));
    };
    const known = [...this.data, ...parameters, ...this.defined];
    return {
      sizes,
      values: new Map(known.map((one) => [one, read(one)])),
      adjoints: new Map(this.wanted.map((one) => [one, read(this.program.adjoints.get(one)!)])),
    };
  }

  private machine(sizes: SizeValues): Machine {
    const key = [...sizes].flat().join(" ");
    let machine = this.machines.get(key);
    if (!machine) {
      machine = assemble(this.program, this.model.params, this.data, sizes);
      this.machines.set(key, machine);
    }
    return machine;
  }
}
