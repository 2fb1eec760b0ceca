/** What the derivations of one model share: points with all values, routes, the graph of entries. */
import type { Quantity } from "../expression/quantity.js";
import { entryCount, type SizeValues } from "../expression/size.js";
import type { Fraction } from "fraction.js";
import { PathGraph } from "../forms/paths.js";
import type { Route } from "../forms/route.js";
import { Routes } from "../forms/routes.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../language/point.js";
import { type Arithmetic, doubleArithmetic, exactArithmetic } from "../numeric/arithmetic.js";
import { assemble, type Machine } from "../numeric/machine.js";
import { type NumericProgram, numericProgram } from "../numeric/program.js";
import { DEFAULT_SEED, randomPoint } from "../numeric/random.js";
import { type Rounded, roundingArithmetic } from "../numeric/rounding.js";
import { type ModelValues, Oracle } from "./oracle.js";
import type { Valuation } from "./valuation.js";

/** The values of everything that an equation may name, at one point: the engine's numbers. */
export interface Environment extends Valuation<number> {
  /** What messages call the point. */
  readonly name: string;
  /** Whether it is the user's point. */
  readonly isGiven: boolean;
  /** The backprop's numbers: equations are checked with these. */
  readonly rounded: Valuation<Rounded>;
  /** The same in fractions, where the model is rational and the point the first. */
  readonly exact: Valuation<Fraction> | undefined;
}

/** Random points at which every step is checked. */
const POINTS = 3;

export class Workbench {
  private readonly routes: Routes;
  private readonly known = new Map<boolean, DrawnPoint[]>();
  private readonly judgedPoints = new Map<readonly DrawnPoint[], readonly JudgedPoint[]>();
  private oracle: Oracle | undefined;
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
  ) {
    this.routes = new Routes(model);
  }

  /** The values at all points, with the names that a route gives to adjoints. */
  environments(isWrittenOut: boolean, route?: Route): Environment[] {
    const named = <Value>(
      { sizes, values, adjoints }: ModelValues<Value>,
      arithmetic: Arithmetic<Value>,
    ): Valuation<Value> => {
      const entries = new Map(values);
      for (const { of, quantity } of route?.adjoints ?? []) {
        entries.set(quantity, adjoints.get(of)!);
      }
      return { sizes, arithmetic, entries };
    };
    return this.judged(isWrittenOut).map(({ name, isGiven, engine, rounded, exact }) => ({
      ...named(engine, doubleArithmetic),
      name,
      isGiven,
      rounded: named(rounded, roundingArithmetic),
      exact: exact && named(exact, exactArithmetic),
    }));
  }

  route(wrt: Quantity): Route {
    return this.routes.route(wrt);
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
   * Random points, and the user's as the last one: the engine's numbers.
   * @param isWrittenOut whether all of them have the same sizes; otherwise named sizes differ from
   * point to point
   * @throws InputError when the user's point does not fit the model.
   */
  points(isWrittenOut: boolean): readonly ModelValues[] {
    return this.drawn(isWrittenOut).map(({ engine }) => engine);
  }

  private drawn(isWrittenOut: boolean): readonly DrawnPoint[] {
    const { model, seed, at } = this;
    const key = isWrittenOut && model.sizes.length > 0;
    let points = this.known.get(key);
    if (!points) {
      const given = at === undefined ? undefined : readPoint(model, at);
      const first = given ?? readPoint(model, randomPoint(model, { seed }));
      const sizes = key ? Object.fromEntries(first.sizes) : undefined;
      points = Array.from({ length: POINTS }, (_, index) => {
        const point = readPoint(model, randomPoint(model, { seed: seed + index, sizes }));
        const name = `the random point of seed ${seed + index}`;
        return { name, isGiven: false, point, engine: this.values.at(point) };
      });
      if (given) {
        const engine = this.values.at(given);
        points.push({ name: "the given point", isGiven: true, point: given, engine });
      }
      this.known.set(key, points);
    }
    return points;
  }

  /** What equations are checked with at these points. */
  judged(isWrittenOut: boolean): readonly JudgedPoint[] {
    const points = this.drawn(isWrittenOut);
    let judged = this.judgedPoints.get(points);
    if (!judged) {
      const oracle = (this.oracle ??= new Oracle(this.model));
      judged = points.map((one, position) => ({
        ...one,
        rounded: oracle.rounded(one.point, one.engine, one.isGiven),
        exact: position === 0 ? oracle.exact(one.point) : undefined,
      }));
      this.judgedPoints.set(points, judged);
    }
    return judged;
  }
}

export interface DrawnPoint {
  readonly name: string;
  readonly isGiven: boolean;
  readonly point: CheckedPoint;
  readonly engine: ModelValues;
}

export interface JudgedPoint extends DrawnPoint {
  readonly rounded: ModelValues<Rounded>;
  readonly exact: ModelValues<Fraction> | undefined;
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
