import { expect } from "vitest";
import type { Nested } from "../support/systems.js";

export type Matrix = readonly (readonly number[])[];

export function flat(value: unknown): number[] {
  return Array.isArray(value) ? (value as unknown[]).flatMap(flat) : [Number(value)];
}

/** Every entry, to a tolerance relative to the largest one. */
export function expectClose(
  actual: unknown,
  expected: unknown,
  tolerance: number,
  label: string,
): void {
  const [left, right] = [flat(actual), flat(expected)];
  expect(left.length, label).toBe(right.length);
  const scale = Math.max(...right.map(Math.abs));
  for (const [k, value] of right.entries()) {
    expect(Math.abs(left[k]! - value), `${label}, entry ${k}`).toBeLessThanOrEqual(
      tolerance * scale,
    );
  }
}

export const columnsOf = (matrix: Matrix): number[][] =>
  matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));

/** u vᵀ. */
export const outer = (u: readonly number[], v: readonly number[]): number[][] =>
  u.map((a) => v.map((b) => a * b));

export const times = (matrix: Matrix, v: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, entry, k) => sum + entry * v[k]!, 0));

export const scaled = (factor: number, value: Nested): Nested =>
  typeof value === "number"
    ? factor * value
    : ((value as readonly Nested[]).map((one) => scaled(factor, one)) as Nested);
