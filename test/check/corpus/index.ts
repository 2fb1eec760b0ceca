import { batchSystems } from "./batches.js";
import type { System } from "./case.js";
import { deepSystems } from "./deep.js";
import { lossSystems } from "./losses.js";
import { vectorSystems } from "./vectors.js";

export type { Case, System } from "./case.js";

/** Twelve models, each with its right gradients and with wrong ones, coded by hand. */
export const systems: readonly System[] = [
  ...vectorSystems,
  ...deepSystems,
  ...batchSystems,
  ...lossSystems,
];
