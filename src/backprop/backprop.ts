import { InputError } from "../language/source.js";
import type { Program } from "../language/syntax.js";
import { doubles } from "./doubles.js";
import { evaluate } from "./evaluate.js";
import type { Field, Scalar } from "./field.js";
import { type Matrix, entryOf } from "./matrices.js";
import { declarationOf, type NestedNumbers, type Point, readPoint } from "./point.js";
import { describe, hasOneEntry } from "./shape.js";
import { Tape, type Value } from "./tape.js";

/** Numbers at a point: the loss, every definition, and ∂loss/∂p for every parameter p. */
export interface MatrixBackprop {
  readonly loss: number;
  readonly values: Record<string, NestedNumbers>;
  readonly gradients: Record<string, NestedNumbers>;
}

/**
 * Reverse-mode differentiation by matrix operations, in double precision.
 * @throws InputError for what the language does not have, shapes that disagree, and wrong points.
 */
export function matrixBackprop(program: Program, lossName: string, point: Point): MatrixBackprop {
  const { quantities, loss, parameters, definitions, gradientOf } = run(program, lossName, point, {
    field: doubles,
    isEverythingLeaf: false,
  });
  const gradients = gradientOf();
  const record = (of: readonly string[], value: (quantity: Value) => Matrix) =>
    Object.fromEntries(
      of.map((name) => {
        const quantity = quantities.get(name)!;
        return [name, nested(value(quantity), quantity)];
      }),
    );
  return {
    loss: Number(entryOf(loss.matrix)),
    values: record(definitions, ({ matrix }) => matrix),
    gradients: record(parameters, gradients),
  };
}

/** Value and derivative of every quantity that a program names, entries rows first. */
export interface Everything<Entry> {
  readonly values: ReadonlyMap<string, readonly Entry[]>;
  /** ∂loss/∂v; what is constant for the tape, such as a comparison, has none. */
  readonly adjoints: ReadonlyMap<string, readonly Entry[]>;
}

/**
 * All values and all derivatives of the loss, inputs and definitions included.
 * @param read takes a scalar of the field for what it is
 * @throws as `matrixBackprop`; NotRationalError where a program leaves the field.
 */
export function everything<Entry>(
  program: Program,
  lossName: string,
  point: Point,
  field: Field,
  read: (scalar: Scalar) => Entry,
): Everything<Entry> {
  const { quantities, gradientOf } = run(program, lossName, point, {
    field,
    isEverythingLeaf: true,
  });
  const gradient = gradientOf();
  const flat = (matrix: Matrix): readonly Entry[] => matrix.flat().map(read);
  const taped = [...quantities].filter(([, { slot }]) => slot !== undefined);
  return {
    values: new Map([...quantities].map(([name, { matrix }]) => [name, flat(matrix)])),
    adjoints: new Map(taped.map(([name, value]) => [name, flat(gradient(value))])),
  };
}

/** How large what is added up to the derivative by every quantity is, entries rows first. */
export function magnitudes(
  program: Program,
  lossName: string,
  point: Point,
): ReadonlyMap<string, readonly number[]> {
  const { quantities, magnitudeOf } = run(program, lossName, point, {
    field: doubles,
    isEverythingLeaf: true,
  });
  const magnitude = magnitudeOf();
  return new Map(
    [...quantities].map(([name, value]) => [name, magnitude(value).flat().map(Number)]),
  );
}

interface Run {
  readonly quantities: ReadonlyMap<string, Value>;
  readonly loss: Value;
  readonly parameters: readonly string[];
  readonly definitions: readonly string[];
  readonly gradientOf: () => (value: Value) => Matrix;
  readonly magnitudeOf: () => (value: Value) => Matrix;
}

/** @param options `isEverythingLeaf`: also the derivative by every quantity that is no parameter */
function run(
  program: Program,
  lossName: string,
  point: Point,
  { field, isEverythingLeaf }: { readonly field: Field; readonly isEverythingLeaf: boolean },
): Run {
  const { data, sizes } = readPoint(program, point);
  const names = new Set(program.statements.map(({ name }) => name));
  const tape = new Tape(field);
  const quantities = new Map<string, Value>();
  const known = new Map<string, number>();
  const parameters: string[] = [];
  const definitions: string[] = [];
  for (const statement of program.statements) {
    const { name, place } = statement;
    if (quantities.has(name) || known.has(name)) {
      throw new InputError(`${name} is given twice`, { place });
    }
    const declaration = declarationOf(statement);
    if (declaration?.kind === "size") {
      known.set(name, sizes.get(name)!);
    } else if (declaration) {
      const { matrix: given, rank } = data.get(name)!;
      const matrix = field.lift(given);
      const isParameter = declaration.kind === "param";
      const isLeaf = isParameter || isEverythingLeaf;
      quantities.set(name, isLeaf ? tape.leaf(matrix, rank) : tape.constant(matrix, rank));
      if (isParameter) parameters.push(name);
    } else {
      const scope = { tape, quantities, sizes: known, names };
      quantities.set(name, evaluate(statement.expression, scope));
      definitions.push(name);
    }
  }
  const loss = quantities.get(lossName);
  if (!loss) throw new InputError(`the model has no ${lossName} to be the loss`);
  if (!hasOneEntry(loss)) {
    const place = program.statements.find(({ name }) => name === lossName)?.place;
    throw new InputError(`the loss ${lossName} must be a scalar, not ${describe(loss)}`, { place });
  }
  const kept = isEverythingLeaf ? [...quantities.values()] : [];
  return {
    quantities,
    loss,
    parameters,
    definitions,
    gradientOf: () => tape.gradients(loss, kept),
    magnitudeOf: () => tape.magnitudes(loss, kept),
  };
}

function nested(a: Matrix, { rank }: Value): NestedNumbers {
  const rows = a.map((row) => row.map(Number));
  if (rank === 2) return rows;
  const entries = rows.map(([entry]) => entry!);
  return rank === 1 ? entries : entries[0]!;
}
