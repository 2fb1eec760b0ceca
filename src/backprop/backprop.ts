import { InputError } from "../language/source.js";
import type { Program } from "../language/syntax.js";
import { evaluate } from "./evaluate.js";
import { entryOf, type Matrix, rowsOf } from "./matrices.js";
import { declarationOf, type NestedNumbers, type Point, readPoint } from "./point.js";
import { describe, hasOneEntry } from "./shape.js";
import { type Rank, Tape, type Value } from "./tape.js";

/** Numbers at a point: the loss, every definition, and ∂loss/∂p for every parameter p. */
export interface MatrixBackprop {
  readonly loss: number;
  readonly values: Record<string, NestedNumbers>;
  readonly gradients: Record<string, NestedNumbers>;
  /**
   * ∂loss/∂v of every quantity v of the model, inputs included; only where it is asked for. What is
   * constant for the tape, such as a comparison, has none.
   */
  readonly adjoints?: Record<string, NestedNumbers>;
}

/**
 * Reverse-mode differentiation by matrix operations.
 * @param options `adjoints`: also the derivative by every other quantity
 * @throws InputError for what the language does not have, shapes that disagree, and wrong points.
 */
export function matrixBackprop(
  program: Program,
  lossName: string,
  point: Point,
  { adjoints = false } = {},
): MatrixBackprop {
  const { data, sizes } = readPoint(program, point);
  const names = new Set(program.statements.map(({ name }) => name));
  const tape = new Tape();
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
      const { matrix, rank } = data.get(name)!;
      const isParameter = declaration.kind === "param";
      const isLeaf = isParameter || adjoints;
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
  const gradientOf = tape.gradients(loss, adjoints ? [...quantities.values()] : []);
  const record = (of: readonly string[], value: (quantity: Value) => Matrix) =>
    Object.fromEntries(
      of.map((name) => {
        const quantity = quantities.get(name)!;
        return [name, nested(value(quantity), quantity.rank)];
      }),
    );
  const taped = [...quantities].flatMap(([name, { slot }]) => (slot === undefined ? [] : [name]));
  return {
    loss: entryOf(loss.matrix),
    values: record(definitions, ({ matrix }) => matrix),
    gradients: record(parameters, gradientOf),
    ...(adjoints ? { adjoints: record(taped, gradientOf) } : {}),
  };
}

function nested(a: Matrix, rank: Rank): NestedNumbers {
  const rows = rowsOf(a);
  if (rank === 2) return rows.map((row) => [...row]);
  return rank === 1 ? rows.map(([entry]) => entry!) : entryOf(a);
}
