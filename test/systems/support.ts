import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type Model, parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";

export type Nested = number | readonly number[] | readonly (readonly number[])[];
export type Matrix = readonly (readonly number[])[];
export type Named = Readonly<Record<string, Nested>>;

/** A point with what an independent automatic differentiation found there, in float64. */
export interface System {
  readonly point: Point;
  readonly loss: number;
  readonly values: Named;
  readonly gradients: Named;
}

const read = (path: string): string =>
  readFileSync(new URL(`../../examples/${path}`, import.meta.url), "utf8");

export const textOf = (name: string): string => read(`${name}.model`);
export const modelOf = (name: string): Model => parseModel(textOf(name), { name: `${name}.model` });
export const pointOf = (name: string): Point => JSON.parse(read(`${name}.point.json`)) as Point;
export const systemOf = (name: string): System =>
  JSON.parse(read(`systems/${name}.json`)) as System;

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
