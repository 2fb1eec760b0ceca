/** Where everything in a program stands: the names and lengths of arrays. */
import type { Quantity } from "../../expression/quantity.js";
import { entryCount, type SizeValues } from "../../expression/size.js";
import { InputError } from "../../language/source.js";
import type { NumericProgram } from "../program.js";
import type { Location } from "./address.js";

/** The two arrays that every call is given: all parameters, and all their adjoints. */
export const THETA = "theta";
export const OUT = "out";

/** More numbers than this are refused before anything is allocated. */
const MAX_NUMBERS = 2 ** 28;

/** Prefixes keep names apart from each other and from words of JavaScript. */
const PREFIXES: Readonly<Record<Quantity["role"], string>> = {
  input: "v",
  target: "v",
  parameter: "v",
  definition: "v",
  auxiliary: "u",
  adjoint: "a",
  partial: "p",
  jacobian: "j",
};

/** A name for a quantity in code. Parts of statements are called what they are: their signs are written as numbers. */
export function codeName({ role, name }: Quantity): string {
  const letters = name.replace(/[^\p{L}\p{N}_]/gu, (sign) => `$${sign.codePointAt(0)!}`);
  return `${PREFIXES[role]}_${letters}`;
}

export interface Layout {
  readonly locate: (quantity: Quantity) => Location;
  /** Lengths of the arrays that the code owns, by name: all but theta and out. */
  readonly arrays: ReadonlyMap<string, number>;
  /** The arrays of inputs and targets, in order. */
  readonly data: readonly string[];
  readonly parameterCount: number;
}

/**
 * Parameters stand in `theta` in order of declaration, rows first, their adjoints likewise in
 * `out`, everything else in arrays of its own.
 * @throws InputError when the arrays would not fit into memory.
 */
export function layOut(
  { definitions, adjoints }: NumericProgram,
  parameters: readonly Quantity[],
  data: readonly Quantity[],
  sizes: SizeValues,
): Layout {
  const count = (quantity: Quantity): number => entryCount(quantity.shape).evaluate(sizes);
  const own = definitions.map(({ quantity }) => quantity);
  const total = sum(own.map(count)) + 2 * sum([...parameters, ...data].map(count));
  if (!(total <= MAX_NUMBERS)) {
    throw new InputError(
      `the model needs ${total} numbers at these sizes; at most ${MAX_NUMBERS} fit`,
    );
  }
  const locations = new Map<Quantity, Location>();
  let offset = 0;
  for (const parameter of parameters) {
    locations.set(parameter, { array: THETA, offset });
    const adjoint = adjoints.get(parameter);
    if (adjoint) locations.set(adjoint, { array: OUT, offset });
    offset += count(parameter);
  }
  const arrays = new Map<string, number>();
  for (const quantity of [...data, ...own]) {
    if (locations.has(quantity)) continue;
    const array = codeName(quantity);
    locations.set(quantity, { array, offset: 0 });
    arrays.set(array, count(quantity));
  }
  return {
    locate: (quantity) => locations.get(quantity)!,
    arrays,
    data: data.map(codeName),
    parameterCount: offset,
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
