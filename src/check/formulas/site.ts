/** Points at which formulas are evaluated, in numbers that know how far they can be trusted. */
import type { Quantity } from "../../expression/quantity.js";
import { entryCount, type SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../../language/point.js";
import { InputError, type Place } from "../../language/source.js";
import type { Arithmetic } from "../../numeric/arithmetic.js";
import { boundedArithmetic } from "../../numeric/bounded.js";
import { interpret } from "../../numeric/interpret.js";
import { runProgram } from "../../numeric/precise.js";
import { type NumericProgram, numericProgram } from "../../numeric/program.js";
import { type Rounded, roundingArithmetic } from "../../numeric/rounding.js";
import { work } from "../../numeric/work.js";
import type { Reading } from "./script.js";

/** How one value compares with another, entry by entry. */
export type Agreement = "agrees" | "differs" | "unknown";

/** Entries, rows first, with the bounds of their errors. */
export interface Values {
  readonly numbers: Float64Array;
  /** Against other values of equally many entries, at the given positions of these. */
  compare(other: Values, order?: (position: number) => number): Agreement;
}

/** A point with the values of everything that a formula may use there. */
export interface Site {
  readonly at: Point;
  readonly point: CheckedPoint;
  readonly sizes: SizeValues;
  /** The value of a quantity of the model, or of one that was put here. */
  valueOf(quantity: Quantity): Values;
  /** ∂loss/∂quantity, for every quantity of the model. */
  adjointOf(quantity: Quantity): Values;
  /** Gives a quantity of a formula its value. */
  put(quantity: Quantity, values: Values): void;
  /** @throws InputError where the sizes allow no value, or it would take too much work. */
  evaluate(reading: Reading): Values;
}

/** Significant digits that formulas are compared with. */
export const DIGITS = 40;
/** Operations in decimals that are affordable at one point. */
const MOST_DECIMAL_WORK = 4e4;
/** A transcendental function counts for so many multiplications of decimals. */
const COSTLY = 40;
/** Operations that are affordable at all; entries are kept, so that there is room for them too. */
const MOST_WORK = 3e7;
/** Bounds hold for one order of operations; the other side may have been computed in another. */
const TRUST = 4;

/** How an arithmetic's numbers are read and compared. */
interface Kind<Value> {
  readonly arithmetic: Arithmetic<Value>;
  readonly number: (value: Value) => number;
  /** Whether two numbers may be the same. */
  readonly agree: (a: Value, b: Value) => Agreement;
}

const doubles: Kind<Rounded> = {
  arithmetic: roundingArithmetic,
  number: ({ value }) => value,
  agree: (a, b) => {
    if (!Number.isFinite(a.value)) return "differs";
    const allowed = TRUST * (a.error + b.error);
    if (!Number.isFinite(allowed)) return "unknown";
    return Math.abs(a.value - b.value) <= allowed ? "agrees" : "differs";
  },
};

function decimals(
  digits: number,
): Kind<ReturnType<ReturnType<typeof boundedArithmetic>["double"]>> {
  return {
    arithmetic: boundedArithmetic(digits),
    number: ({ value }) => value.toNumber(),
    agree: (a, b) => {
      if (!a.value.isFinite()) return "differs";
      const allowed = a.error.plus(b.error).times(TRUST);
      if (!allowed.isFinite()) return "unknown";
      return a.value.minus(b.value).abs().lte(allowed) ? "agrees" : "differs";
    },
  };
}

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
 * @param precise computes with many digits; else in doubles
 * @throws InputError where the point does not fit, or the model has no finite derivative.
 */
export function siteAt(
  model: Model,
  program: NumericProgram,
  at: Point,
  { precise }: { readonly precise: boolean },
): Site {
  const point = readPoint(model, at);
  return precise
    ? new PointSite(model, program, at, point, decimals(DIGITS))
    : new PointSite(model, program, at, point, doubles);
}

class PointSite<Value> implements Site {
  readonly sizes: SizeValues;
  private readonly entries: Map<Quantity, readonly Value[]>;

  constructor(
    private readonly model: Model,
    private readonly program: NumericProgram,
    readonly at: Point,
    readonly point: CheckedPoint,
    private readonly kind: Kind<Value>,
  ) {
    this.sizes = point.sizes;
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

  evaluate({ quantity, definitions, conditions, place: at }: Reading): Values {
    for (const { size, place, message } of conditions) {
      if (size.evaluate(this.sizes) >= 0) continue;
      const values = size.names.map((name) => `${name} = ${this.sizes.get(name)!}`).join(", ");
      throw new InputError(`${message}; here ${values}`, { place });
    }
    checkWork(definitions, this.sizes, quantity.name, at);
    const { arithmetic } = this.kind;
    const entries = interpret(definitions, this.sizes, this.entries, arithmetic);
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

class Numbers<Value> implements Values {
  private made: Float64Array | undefined;

  constructor(
    private readonly kind: Kind<Value>,
    readonly entries: readonly Value[],
  ) {}

  get numbers(): Float64Array {
    return (this.made ??= Float64Array.from(this.entries, this.kind.number));
  }

  compare(other: Values, order: (position: number) => number = (k) => k): Agreement {
    if (!(other instanceof Numbers)) throw new TypeError("values of another site");
    const { entries } = other as Numbers<Value>;
    if (entries.length !== this.entries.length) return "differs";
    let result: Agreement = "agrees";
    for (let k = 0; k < entries.length; k++) {
      const one = this.kind.agree(this.entries[order(k)]!, entries[k]!);
      if (one === "differs") return one;
      if (one === "unknown") result = one;
    }
    return result;
  }
}
