/** Entries of quantities → indices into flat arrays. */
import type { Index } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";

/** Where a quantity's entries stand: rows first, from an offset in an array with a name. */
export interface Location {
  readonly array: string;
  readonly offset: number;
}

/** A whole-number combination of variables: the loop variables by name, with their factors. */
export interface Address {
  readonly constant: number;
  readonly factors: ReadonlyMap<string, number>;
  /** How far apart the addresses of neighbours are that are computed together; 0 where they are one. */
  readonly step: number;
}

/** What a letter stands for in code: a variable and a distance from it, or a number alone. */
export interface Place {
  readonly variable: string | undefined;
  readonly shift: number;
  /** Of how many neighbours, from there on, one code computes the values. */
  readonly count: number;
}

/** The values of the letters in scope, by key. */
export type Places = ReadonlyMap<string, Place>;

export function indexAddress(index: Index, places: Places, sizes: SizeValues): Address {
  return combine([{ index, stride: 1 }], 0, places, sizes);
}

/** The row-major position of an entry. */
export function entryAddress(
  { shape }: Quantity,
  indices: readonly Index[],
  offset: number,
  places: Places,
  sizes: SizeValues,
): Address {
  let stride = 1;
  const axes: { index: Index; stride: number }[] = [];
  for (let axis = indices.length - 1; axis >= 0; axis--) {
    axes.unshift({ index: indices[axis]!, stride });
    stride *= shape[axis]!.evaluate(sizes);
  }
  return combine(axes, offset, places, sizes);
}

function combine(
  axes: readonly { readonly index: Index; readonly stride: number }[],
  offset: number,
  places: Places,
  sizes: SizeValues,
): Address {
  let constant = offset;
  let step = 0;
  const factors = new Map<string, number>();
  for (const { index, stride } of axes) {
    constant += index.offset.evaluate(sizes) * stride;
    for (const { letter, coefficient } of index.terms) {
      const factor = coefficient.evaluate(sizes) * stride;
      const { variable, shift, count } = places.get(letter.key)!;
      constant += shift * factor;
      if (count > 1) step += factor;
      if (variable !== undefined) factors.set(variable, (factors.get(variable) ?? 0) + factor);
    }
  }
  return { constant, factors, step };
}

/** The constant stands last, so that neighbours share the rest. */
export function addressText({ constant, factors }: Omit<Address, "step">): string {
  const terms = [...factors].map(([name, factor]) => (factor === 1 ? name : `${name} * ${factor}`));
  if (constant !== 0 || terms.length === 0) terms.push(`${constant}`);
  return terms.join(" + ");
}
