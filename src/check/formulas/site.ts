/** Points at which formulas are evaluated, in numbers that know how far they can be trusted. */
import type { Quantity } from "../../expression/quantity.js";
import { entryCount, type SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../../language/point.js";
import { InputError, type Place } from "../../language/source.js";
import { interpret } from "../../numeric/interpret.js";
import { runProgram } from "../../numeric/interpret.js";
import { type NumericProgram, numericProgram } from "../../numeric/program.js";
import { work } from "../../numeric/work.js";
import { decimals, doubles, type Kind, Numbers, type Values } from "./agreement.js";
import type { Reading } from "./script.js";

/** A point with the values of everything that a formula may use there. */
export interface Site {
  readonly at: Point;
  readonly point: CheckedPoint;
  readonly sizes: SizeValues;
  /** What is computed with here, and how many digits are told of it. */
  readonly precision: Pick<Kind<unknown>, "isPrecise" | "digits" | "text">;
  /** The value of a quantity of the model, or of one that was put here. */
  valueOf(quantity: Quantity): Values;
  /** ∂loss/∂quantity, for every quantity of the model. */
  adjointOf(quantity: Quantity): Values;
  /** Gives a quantity of a formula its value. */
  put(quantity: Quantity, values: Values): void;
  /** @throws InputError where the sizes allow no value, or it would take too much work. */
  evaluate(reading: Reading): Values;
}

/** Operations in decimals that are affordable at one point. */
const MOST_DECIMAL_WORK = 4e4;
/** A transcendental function counts for so many multiplications of decimals. */
const COSTLY = 40;
/** Operations that are affordable at all; entries are kept, so that there is room for them too. */
const MOST_WORK = 3e7;

/** What a site computes before any formula: everything forward, and every adjoint. */
export function siteProgram(model: Model): NumericProgram {
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

/**
 * @param digits significant digits of every operation; without them, doubles
 * @throws InputError where the point does not fit, or the model has no finite derivative.
 */
export function siteAt(
  model: Model,
  program: NumericProgram,
  at: Point,
  digits: number | undefined,
): Site {
  const point = readPoint(model, at);
  return digits === undefined
    ? new PointSite(model, program, at, point, doubles)
    : new PointSite(model, program, at, point, decimals(digits));
}

class PointSite<Value> implements Site {
  readonly sizes: SizeValues;
  readonly precision: Site["precision"];
  private readonly entries: Map<Quantity, readonly Value[]>;

  constructor(
    private readonly model: Model,
    private readonly program: NumericProgram,
    readonly at: Point,
    readonly point: CheckedPoint,
    private readonly kind: Kind<Value>,
  ) {
    this.sizes = point.sizes;
    this.precision = kind;
    checkWork(program.definitions, this.sizes, model.loss.name);
    this.entries = runProgram(program, point, kind.arithmetic);
    for (const [quantity, adjoint] of program.adjoints) {
      if (this.entries.get(adjoint)!.every((one) => Number.isFinite(kind.number(one)))) continue;
      throw new InputError(
        `the derivative of ${model.loss.name} by ${quantity.name} is not finite at this point`,
        { hint: "some function has no derivative there; check at another point" },
      );
    }
  }

  valueOf(quantity: Quantity): Values {
    return new Numbers(this.kind, this.entries.get(quantity)!);
  }

  adjointOf(quantity: Quantity): Values {
    return this.valueOf(this.program.adjoints.get(quantity)!);
  }

  put(quantity: Quantity, values: Values): void {
    if (!(values instanceof Numbers)) throw new TypeError("values of another site");
    this.entries.set(quantity, (values as Numbers<Value>).entries);
  }

  evaluate({ quantity, definitions, plans, conditions, place: at }: Reading): Values {
    for (const { size, place, message } of conditions) {
      if (size.evaluate(this.sizes) >= 0) continue;
      const values = size.names.map((name) => `${name} = ${this.sizes.get(name)!}`).join(", ");
      throw new InputError(`${message}; here ${values}`, { place });
    }
    checkWork(definitions, this.sizes, quantity.name, at);
    const { arithmetic } = this.kind;
    const entries = interpret(definitions, this.sizes, this.entries, arithmetic, plans);
    return new Numbers(this.kind, entries.get(quantity)!);
  }
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
