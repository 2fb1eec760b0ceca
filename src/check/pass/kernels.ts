/** What nodes compute from the values of their operands, for all values of their letters at once. */
import type { Operation } from "../../expression/operations/operation.js";
import type { Reduction } from "../../expression/expression.js";
import type { Positions } from "./affine.js";

/** Values of an operand, which may stand in another array at each computation. */
export interface Operand {
  readonly current: Float64Array;
}

/** An operand, and the places of its values along the result. */
export interface Spread {
  readonly operand: Operand;
  readonly places: Positions;
}

export type Kernel = (result: Float64Array) => void;

/** Values along the result, as they are: copied at once where they stand there already. */
export function copy(result: Float64Array, values: Float64Array, places: Positions): void {
  const count = result.length;
  if (places) for (let k = 0; k < count; k++) result[k] = values[places[k]!]!;
  else if (values.length === count) result.set(values);
  else for (let k = 0; k < count; k++) result[k] = values[k]!;
}

/** constant + Σ coefficient·term */
export function sumKernel(
  constant: number,
  terms: readonly (Spread & { readonly coefficient: number })[],
): Kernel {
  const isBare = constant === 0 && terms[0]?.coefficient === 1;
  return (result) => {
    const count = result.length;
    if (isBare) copy(result, terms[0]!.operand.current, terms[0]!.places);
    else result.fill(constant);
    for (let at = Number(isBare); at < terms.length; at++) {
      const { operand, places, coefficient } = terms[at]!;
      const values = operand.current;
      if (places) for (let k = 0; k < count; k++) result[k]! += coefficient * values[places[k]!]!;
      else for (let k = 0; k < count; k++) result[k]! += coefficient * values[k]!;
    }
  };
}

/** coefficient·Π base^exponent */
export function productKernel(
  coefficient: number,
  factors: readonly (Spread & { readonly exponent: number })[],
): Kernel {
  const isBare = coefficient === 1 && factors[0]?.exponent === 1;
  return (result) => {
    const count = result.length;
    if (isBare) copy(result, factors[0]!.operand.current, factors[0]!.places);
    else result.fill(coefficient);
    for (let at = Number(isBare); at < factors.length; at++) {
      const { operand, places, exponent } = factors[at]!;
      const values = operand.current;
      if (exponent === 1) {
        if (places) for (let k = 0; k < count; k++) result[k]! *= values[places[k]!]!;
        else for (let k = 0; k < count; k++) result[k]! *= values[k]!;
      } else if (exponent > 0) {
        for (let k = 0; k < count; k++) result[k]! *= values[places ? places[k]! : k]! ** exponent;
      } else {
        for (let k = 0; k < count; k++) result[k]! /= values[places ? places[k]! : k]! ** -exponent;
      }
    }
  };
}

export function applyKernel({ value }: Operation, operands: readonly Spread[]): Kernel {
  const [first, second, ...others] = operands;
  if (first && !second) {
    const { operand, places } = first;
    return (result) => {
      const values = operand.current;
      for (let k = 0; k < result.length; k++) result[k] = value(values[places ? places[k]! : k]!);
    };
  }
  if (first && second && others.length === 0) {
    return (result) => {
      const [a, b] = [first.operand.current, second.operand.current];
      for (let k = 0; k < result.length; k++) {
        result[k] = value(
          a[first.places ? first.places[k]! : k]!,
          b[second.places ? second.places[k]! : k]!,
        );
      }
    };
  }
  return (result) => {
    for (let k = 0; k < result.length; k++) {
      const args = operands.map(({ operand, places }) => operand.current[places ? places[k]! : k]!);
      result[k] = value(...args);
    }
  };
}

/** @param over how many values are reduced to one; they stand side by side along `places` */
export function reduceKernel(
  reduction: Reduction,
  over: number,
  { operand, places }: Spread,
): Kernel {
  if (reduction === "sum") return totalKernel(over, { operand, places });
  const reduce = REDUCE[reduction];
  const side = new Float64Array(over);
  return (result) => {
    const values = operand.current;
    for (let k = 0; k < result.length; k++) {
      const start = k * over;
      for (let j = 0; j < over; j++) side[j] = values[places ? places[start + j]! : start + j]!;
      result[k] = reduce(side);
    }
  };
}

function totalKernel(over: number, { operand, places }: Spread): Kernel {
  return (result) => {
    const values = operand.current;
    const count = result.length;
    for (let k = 0, next = 0; k < count; k++) {
      const end = next + over;
      let total = 0;
      for (; next < end; next++) total += values[places ? places[next]! : next]!;
      result[k] = total;
    }
  };
}

const REDUCE: Readonly<Record<Exclude<Reduction, "sum">, (values: Float64Array) => number>> = {
  max: largest,
  min: (values) => {
    let least = Infinity;
    for (let j = 0; j < values.length; j++) least = Math.min(least, values[j]!);
    return least;
  },
  logsumexp: (values) => {
    const most = largest(values);
    let total = 0;
    for (let j = 0; j < values.length; j++) total += Math.exp(values[j]! - most);
    return most + Math.log(total);
  },
};

function largest(values: Float64Array): number {
  let most = -Infinity;
  for (let j = 0; j < values.length; j++) most = Math.max(most, values[j]!);
  return most;
}
