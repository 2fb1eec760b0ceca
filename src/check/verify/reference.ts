/** The reference for `verify`: many digits, and what rounding can do to doubles at the same point. */
import type { Decimal } from "decimal.js";
import type { Quantity } from "../../expression/quantity.js";
import { entryCount } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import type { CheckedPoint } from "../../language/point.js";
import { runProgram } from "../../numeric/interpret.js";
import { runToDigits } from "../../numeric/precise.js";
import { random, sample } from "../../numeric/prng.js";
import { type NumericProgram, numericProgram } from "../../numeric/program.js";
import { type Rounded, roundingArithmetic } from "../../numeric/rounding.js";
import { restrict, work } from "../../numeric/work.js";

/** What is known of one parameter's gradient; all lists are along `positions`. */
export interface ParameterReference {
  /** Row-major positions of the entries that were computed. */
  readonly positions: readonly number[];
  /** With many digits; undefined where that was too much work. */
  readonly precise: readonly Decimal[] | undefined;
  /** Bounds of the rounding errors of what is compiled; undefined where they are too much work. */
  readonly bounds: readonly number[] | undefined;
  /** The same for the statements as they are written, which the matrix backprop follows. */
  readonly writtenBounds: readonly number[] | undefined;
}

export interface Reference {
  readonly loss: {
    readonly precise: Decimal | undefined;
    readonly bound: number | undefined;
    readonly writtenBound: number | undefined;
  };
  readonly parameters: ReadonlyMap<Quantity, ParameterReference>;
  readonly isBounded: boolean;
}

/** Operations in decimals (about 1 µs each), and in doubles with bounds, that are affordable. */
const MAX_DECIMAL_WORK = 2e6;
const MAX_BOUNDS_WORK = 5e6;
/** A transcendental function counts for so many multiplications of decimals. */
const COSTLY = 80;
/** Entries of each parameter that are computed where all would be too much work. */
const SAMPLE = 48;

type Positions = ReadonlyMap<Quantity, readonly number[]>;

/**
 * @param digits significant digits of the reference
 * @param seed chooses the entries where there are too many
 */
export function reference(
  model: Model,
  point: CheckedPoint,
  digits: number,
  seed: number,
): Reference {
  const { params: parameters } = model;
  const { sizes } = point;
  const generator = random(seed);
  const choose = (most: number): Positions =>
    new Map(
      parameters.map((one) => {
        const total = entryCount(one.shape).evaluate(sizes);
        return [one, sample(generator, total, most)];
      }),
    );
  const isAffordable = ({ definitions }: NumericProgram): boolean =>
    work(definitions, sizes, COSTLY) * (digits / 50) ** 1.5 <= MAX_DECIMAL_WORK;

  let positions = choose(Infinity);
  let program = numericProgram(model, parameters);
  if (!isAffordable(program)) {
    positions = choose(SAMPLE);
    program = cut(model, program, positions, point);
  }
  const written = cut(
    model,
    numericProgram(model, parameters, [], { asWritten: true }),
    positions,
    point,
  );
  const precise = isAffordable(program)
    ? read(program, positions, runToDigits(program, point, shownIn(program), digits))
    : undefined;
  const compiledBounds = bounds(program, positions, point);
  const writtenBounds = bounds(written, positions, point);
  return {
    loss: {
      precise: precise?.loss,
      bound: compiledBounds?.loss,
      writtenBound: writtenBounds?.loss,
    },
    parameters: new Map(
      [...positions].map(([one, list]) => [
        one,
        {
          positions: list,
          precise: precise?.gradients.get(one),
          bounds: compiledBounds?.gradients.get(one),
          writtenBounds: writtenBounds?.gradients.get(one),
        },
      ]),
    ),
    isBounded: compiledBounds !== undefined && writtenBounds !== undefined,
  };
}

/** The program with the gradients' entries at some positions only. */
function cut(
  { graph }: Model,
  program: NumericProgram,
  positions: Positions,
  { sizes }: CheckedPoint,
): NumericProgram {
  const kept = new Map(
    [...positions].map(([parameter, list]) => [program.adjoints.get(parameter)!, list]),
  );
  return { ...program, definitions: restrict(graph, program.definitions, kept, sizes) };
}

function shownIn({ loss, adjoints }: NumericProgram): readonly Quantity[] {
  return [loss, ...adjoints.values()];
}

interface Numbers<Value> {
  readonly loss: Value;
  readonly gradients: ReadonlyMap<Quantity, readonly Value[]>;
}

function read<Value>(
  program: NumericProgram,
  positions: Positions,
  entries: ReadonlyMap<Quantity, readonly Value[]>,
): Numbers<Value> {
  const gradients = new Map(
    [...positions].map(([parameter, list]) => {
      const all = entries.get(program.adjoints.get(parameter)!)!;
      return [parameter, list.map((position) => all[position]!)];
    }),
  );
  return { loss: entries.get(program.loss)![0]!, gradients };
}

/** Bounds are infinite where the computation overflows; undefined where they are too much work. */
function bounds(
  program: NumericProgram,
  positions: Positions,
  point: CheckedPoint,
): Numbers<number> | undefined {
  if (work(program.definitions, point.sizes, 4) > MAX_BOUNDS_WORK) return undefined;
  const { loss, gradients } = read(
    program,
    positions,
    runProgram(program, point, roundingArithmetic),
  );
  return {
    loss: bound(loss),
    gradients: new Map([...gradients].map(([one, list]) => [one, list.map(bound)])),
  };
}

function bound({ value, error }: Rounded): number {
  return Number.isFinite(value) && !Number.isNaN(error) ? error : Infinity;
}
