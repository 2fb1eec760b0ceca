/** All variants of a statement. */
import type { Syntax } from "../../../language/syntax.js";
import { contentVariants } from "./content.js";
import { factorVariants } from "./factors.js";
import { nameVariants } from "./names.js";
import { structureVariants } from "./structure.js";
import type { Surroundings, Variant } from "./variant.js";

/** Statements that differ from one in a single mistake, the least surprising ones first. */
export function variantsOf(expression: Syntax, around: Surroundings): Variant[] {
  const all = [
    ...structureVariants(expression),
    ...nameVariants(expression, around),
    ...factorVariants(expression, around),
    ...contentVariants(expression, around),
  ];
  return all.sort((a, b) => a.cost - b.cost);
}
