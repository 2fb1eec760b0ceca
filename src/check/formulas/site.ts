/** Points at which formulas are evaluated, in numbers that know how far they can be trusted. */
import type { Definition } from "../../expression/definition.js";
import { PerGraph } from "../../expression/per-graph.js";
import type { Quantity } from "../../expression/quantity.js";
import { entryCount, type SizeValues } from "../../expression/size.js";
import { references } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../../language/point.js";
import { InputError, type Place } from "../../language/source.js";
import type { Syntax } from "../../language/syntax.js";
import { interpret, runProgram } from "../../numeric/interpret.js";
import { type NumericProgram, numericProgram } from "../../numeric/program.js";
import { isAlive } from "../../numeric/saturation.js";
import { work } from "../../numeric/work.js";
import type { Bounded } from "../../numeric/scaled.js";
import type { Rounded } from "../../numeric/rounding.js";
import { decimals, doubles, type Kind, Numbers, type Values } from "./agreement.js";
import type { Reading } from "./script.js";

/** A point with the values of everything that a formula may use there. */
export interface Site {
  readonly at: Point;
  readonly point: CheckedPoint;
  readonly sizes: SizeValues;
  /** What is computed with here, and how many digits are told of it. */
  readonly precision: Pick<Kind<unknown>, "isPrecise" | "digits" | "text">;
  /** Whether no function is so flat here that nothing is seen of its derivative. */
  readonly isAlive: boolean;
  /** The value of a quantity of the model, or of one that was put here. */
  valueOf(quantity: Quantity): Values;
  /** ∂loss/∂quantity, for every quantity of the model. */
  adjointOf(quantity: Quantity): Values;
  /** Gives a quantity of a formula its value. */
  put(quantity: Quantity, values: Values): void;
  /** @throws InputError where the sizes allow no value, or it would take too much work. */
  evaluate(reading: Reading): Values;
  /** The same of a statement, which has one value in all readings in which what it uses has the same values. */
  evaluateStatement(statement: Syntax, reading: Reading, uses: readonly Quantity[]): Values;
}

/** Operations in decimals that are affordable at one point. */
const MOST_DECIMAL_WORK = 4e4;
/** A transcendental function counts for so many multiplications of decimals. */
const COSTLY = 40;
/** Operations that are affordable at all; entries are kept, so that there is room for them too. */
const MOST_WORK = 3e7;

const programs = new PerGraph(() => new Map<Model, NumericProgram>());

/** What a site computes before any formula: everything forward, and every adjoint. Made once for a model. */
export function siteProgram(model: Model): NumericProgram {
  const known = programs.of(model.graph);
  let program = known.get(model);
  if (!program) known.set(model, (program = makeSiteProgram(model)));
  return program;
}

function makeSiteProgram(model: Model): NumericProgram {
  const end = model.definitions.findIndex(({ quantity }) => quantity === model.loss) + 1;
  const defined = model.definitions.map(({ quantity }) => quantity);
  const given = [...model.params, ...model.inputs, ...model.targets];
  const before = defined.slice(0, end);
  const beyond = defined.slice(end);
  return numericProgram(model, [...before, ...beyond, ...given], defined);
}

/** Whether everything at a point can be computed with many digits. */
export function isAffordable(program: NumericProgram, { sizes }: CheckedPoint): boolean {
  return work(program.definitions, sizes, COSTLY) <= MOST_DECIMAL_WORK;
}

/** A model's points, each computed once in doubles and once in decimals. */
export class SiteMaker {
  private readonly program: NumericProgram;
  private readonly inDoubles = new Map<Point, PointSite<Rounded>>();
  private readonly inDecimals = new Map<Point, PointSite<Bounded>>();
  private readonly others = new Map<Model, SiteMaker>();

  /**
   * @param digits significant digits of every operation in decimals; without them, doubles everywhere
   * @param like knows the same points for a model that has most of its quantities by the same names
   */
  constructor(
    private readonly model: Model,
    private readonly digits: number | undefined,
    private readonly like?: SiteMaker,
  ) {
    this.program = siteProgram(model);
  }

  /**
   * In decimals where these are affordable.
   * @throws InputError where the point does not fit, or the model has no finite derivative.
   */
  precise(at: Point): Site {
    const { digits } = this;
    if (digits === undefined || !this.isAffordable(at)) return this.quick(at);
    let site = this.inDecimals.get(at);
    if (!site) {
      const like = this.like?.inDecimals.get(at);
      this.inDecimals.set(at, (site = this.make(at, like?.kind ?? decimals(digits), like)));
    }
    return site;
  }

  /** In doubles. */
  quick(at: Point): Site {
    let site = this.inDoubles.get(at);
    if (!site)
      this.inDoubles.set(at, (site = this.make(at, doubles, this.like?.inDoubles.get(at))));
    return site;
  }

  isAffordable(at: Point): boolean {
    return isAffordable(this.program, readPoint(this.model, at));
  }

  /** The same points for another model. */
  for(model: Model): SiteMaker {
    let other = this.others.get(model);
    if (!other) this.others.set(model, (other = new SiteMaker(model, this.digits, this)));
    return other;
  }

  private make<Value>(at: Point, kind: Kind<Value>, like?: PointSite<Value>): PointSite<Value> {
    const point = readPoint(this.model, at);
    return new PointSite(this.model, this.program, at, point, kind, like);
  }
}

/**
 * A point in doubles.
 * @throws InputError where the point does not fit, or the model has no finite derivative.
 */
export function siteAt(model: Model, program: NumericProgram, at: Point): Site {
  return new PointSite(model, program, at, readPoint(model, at), doubles);
}

/** The value that a statement has where what it uses has certain values. */
interface Kept<Value> {
  readonly of: readonly (Numbers<Value> | undefined)[];
  readonly value: Numbers<Value>;
}

class PointSite<Value> implements Site {
  readonly sizes: SizeValues;
  readonly precision: Site["precision"];
  private alive: boolean | undefined;
  private readonly values: Map<Quantity, Numbers<Value>>;
  /** Of statements, in all models that have this point. */
  private readonly kept: Map<Syntax, Kept<Value>[]>;

  constructor(
    private readonly model: Model,
    private readonly program: NumericProgram,
    readonly at: Point,
    readonly point: CheckedPoint,
    readonly kind: Kind<Value>,
    like?: PointSite<Value>,
  ) {
    this.sizes = point.sizes;
    this.precision = kind;
    this.kept = like?.kept ?? new Map<Syntax, Kept<Value>[]>();
    checkWork(program.definitions, this.sizes, model.loss.name);
    this.values = like ? this.beside(like) : this.computed();
    for (const [quantity, adjoint] of program.adjoints) {
      const known = this.values.get(adjoint);
      if (!known || known.numbers.every(Number.isFinite)) continue;
      throw new InputError(
        `the derivative of ${model.loss.name} by ${quantity.name} is not finite at this point`,
        { hint: "some function has no derivative there; check at another point" },
      );
    }
  }

  get isAlive(): boolean {
    return (this.alive ??= isAlive(this.model, this.point));
  }

  private computed(): Map<Quantity, Numbers<Value>> {
    const { kind, program, point } = this;
    const all = runProgram(program, point, kind.arithmetic);
    return new Map([...all].map(([quantity, entries]) => [quantity, new Numbers(kind, entries)]));
  }

  /** What another model has by the same names, and what only this one has computed from it. */
  private beside(like: PointSite<Value>): Map<Quantity, Numbers<Value>> {
    const { kind, program, model } = this;
    const values = new Map<Quantity, Numbers<Value>>();
    const take = (own: Quantity | undefined, other: Quantity | undefined): void => {
      const known = other && like.values.get(other);
      if (own && known) values.set(own, known);
    };
    const own = [...model.scope.values()].flatMap(({ quantity }) => quantity ?? []);
    for (const quantity of own) {
      const twin = like.model.scope.get(quantity.name)?.quantity;
      if (!twin) continue;
      take(quantity, twin);
      take(program.adjoints.get(quantity), like.program.adjoints.get(twin));
    }
    const wanted = own
      .flatMap((quantity) => [quantity, program.adjoints.get(quantity) ?? []])
      .flat();
    const given = { get: (quantity: Quantity) => values.get(quantity)?.entries };
    const open = leadingTo(wanted, program.definitions, (quantity) => values.has(quantity));
    const made = interpret(open, this.sizes, given, kind.arithmetic, program.plans);
    for (const [quantity, entries] of made) values.set(quantity, new Numbers(kind, entries));
    return values;
  }

  valueOf(quantity: Quantity): Values {
    return this.values.get(quantity)!;
  }

  adjointOf(quantity: Quantity): Values {
    return this.valueOf(this.program.adjoints.get(quantity)!);
  }

  put(quantity: Quantity, values: Values): void {
    if (!(values instanceof Numbers)) throw new TypeError("values of another site");
    this.values.set(quantity, values as Numbers<Value>);
  }

  evaluate(reading: Reading): Values {
    this.checkConditions(reading);
    return this.computedOf(reading);
  }

  evaluateStatement(statement: Syntax, reading: Reading, uses: readonly Quantity[]): Values {
    this.checkConditions(reading);
    const of = uses.map((quantity) => this.values.get(quantity));
    const kept = this.kept.get(statement) ?? [];
    const known = kept.find((one) => one.of.every((values, k) => values === of[k]));
    if (known) return known.value;
    const value = this.computedOf(reading);
    this.kept.set(statement, [...kept, { of, value }]);
    return value;
  }

  private checkConditions({ conditions }: Reading): void {
    for (const { size, place, message } of conditions) {
      if (size.evaluate(this.sizes) >= 0) continue;
      const values = size.names.map((name) => `${name} = ${this.sizes.get(name)!}`).join(", ");
      throw new InputError(`${message}; here ${values}`, { place });
    }
  }

  private computedOf({ quantity, definitions, plans, place }: Reading): Numbers<Value> {
    checkWork(definitions, this.sizes, quantity.name, place);
    const { kind, sizes, values } = this;
    const given = { get: (one: Quantity) => values.get(one)?.entries };
    const made = interpret(definitions, sizes, given, kind.arithmetic, plans);
    return new Numbers(kind, made.get(quantity)!);
  }
}

/** Of some definitions those that lead to certain quantities from what is known. */
function leadingTo(
  wanted: readonly Quantity[],
  definitions: readonly Definition[],
  isKnown: (quantity: Quantity) => boolean,
): readonly Definition[] {
  const needed = new Set(wanted);
  const leading = definitions.toReversed().filter(({ quantity, clauses }) => {
    if (!needed.has(quantity) || isKnown(quantity)) return false;
    for (const reference of references(clauses.map(({ body }) => body)))
      needed.add(reference.quantity);
    return true;
  });
  return leading.toReversed();
}

/** @throws InputError for what would take minutes or more memory than there is. */
function checkWork(
  definitions: Reading["definitions"],
  sizes: SizeValues,
  name: string,
  place?: Place,
): void {
  const entries = definitions.reduce(
    (total, { quantity }) => total + entryCount(quantity.shape).evaluate(sizes),
    0,
  );
  if (work(definitions, sizes) + entries <= MOST_WORK) return;
  throw new InputError(`${name} is too much work to be checked as a formula`, {
    place,
    hint: "check its numbers at a point, with --values",
  });
}
