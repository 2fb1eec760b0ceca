/** The functions of the model language that are not rows of the table of operations. */
import { tensor } from "../tensor.js";
import type { LanguageFunction } from "./function.js";
import { linearAlgebra } from "./linear.js";
import { reductions } from "./reductions.js";

const elementwise: readonly LanguageFunction[] = [
  {
    name: "square",
    parameters: ["x"],
    required: 1,
    build: ({ context, args: [x] }) =>
      tensor(x!.value.shape, context.graph.integerPower(context.body(x!.value), 2)),
  },
];

export const functions: ReadonlyMap<string, LanguageFunction> = new Map(
  [...elementwise, ...reductions, ...linearAlgebra].map((row) => [row.name, row]),
);
