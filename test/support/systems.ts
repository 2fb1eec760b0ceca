/** The networks of the five write-ups: models, points, and numbers found independently. */
import { readFileSync } from "node:fs";
import { type Model, parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";

export type Nested = number | readonly number[] | readonly (readonly number[])[];
export type Named = Readonly<Record<string, Nested>>;

/** A point with what an independent automatic differentiation found there, in float64. */
export interface System {
  readonly point: Named;
  readonly loss: number;
  readonly values: Named;
  readonly gradients: Named;
}

export const SYSTEMS = [
  "relu-3-4-2",
  "sigmoid-2-3-2",
  "sigmoid-2-3-2-as-run",
  "batch-3-4-4-2",
  "row-4-3",
  "row-4-5-3",
  "logistic-2-5-1",
];

const read = (path: string): string =>
  readFileSync(new URL(`../../examples/${path}`, import.meta.url), "utf8");

export const textOf = (name: string): string => read(`${name}.model`);
export const modelOf = (name: string): Model => parseModel(textOf(name), { name: `${name}.model` });
export const pointOf = (name: string): Point => JSON.parse(read(`${name}.point.json`)) as Point;
export const systemOf = (name: string): System =>
  JSON.parse(read(`systems/${name}.json`)) as System;
