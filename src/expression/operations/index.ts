/** The table of operations: every exported row of the files beside this one. */
import * as comparisons from "./comparisons.js";
import type { Operation } from "./operation.js";
import * as piecewise from "./piecewise.js";
import * as powers from "./powers.js";
import * as smooth from "./smooth.js";

export const operations: ReadonlyMap<string, Operation> = new Map(
  [comparisons, piecewise, powers, smooth]
    .flatMap((rows) => Object.values<Operation>(rows))
    .map((row) => [row.name, row]),
);
