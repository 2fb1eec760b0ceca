/** All variants of a statement. */
import type { Syntax } from "../../../language/syntax.js";
import { CONTENT_VARIANTS } from "./content.js";
import { FACTOR_VARIANTS } from "./factors.js";
import { NAME_VARIANTS } from "./names.js";
import { STRUCTURE_VARIANTS } from "./structure.js";
import { spotsOf, type Surroundings, type Variant, type VariantKind } from "./variant.js";

/** Of the same cost in this order. */
const KINDS: readonly VariantKind[] = [
  ...STRUCTURE_VARIANTS,
  ...NAME_VARIANTS,
  ...FACTOR_VARIANTS,
  ...CONTENT_VARIANTS,
];

/** Statements that differ from one in a single mistake up to a cost, the least surprising ones first. */
export function variantsOf(expression: Syntax, around: Surroundings, atMost = Infinity): Variant[] {
  const spots = spotsOf(expression);
  return KINDS.filter(({ least }) => least <= atMost)
    .flatMap(({ make }) => [...make(spots, around)])
    .filter(({ cost }) => cost <= atMost)
    .sort((a, b) => a.cost - b.cost);
}
