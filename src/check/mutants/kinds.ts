/** All kinds of mistakes, by the places where they are made; of the same cost in the order in which they are tried. */
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Backward, Edge } from "../pass/backward.js";
import { UNIT_ADJOINT } from "./adjoints/constants.js";
import { OTHER_FACTORS, OTHER_SLOPES, OWN_SLOPES, TERM_FACTORS } from "./adjoints/extra-factors.js";
import { FACTORS_LOST_ON_PATHS } from "./adjoints/factors-on-paths.js";
import { LIVE_PATHS } from "./adjoints/given-paths.js";
import { GIVEN_STATISTICS } from "./adjoints/given-statistics.js";
import { JOINED_BLOCKS } from "./adjoints/joined-blocks.js";
import { LOSS_MUTANTS } from "./adjoints/losses.js";
import { OTHER_PENALTIES } from "./adjoints/other-penalties.js";
import { OTHER_WEIGHTS } from "./adjoints/other-weights.js";
import { BORROWED_PENALTIES, PENALTY_VALUES } from "./adjoints/penalties.js";
import { PENALTIES_THROUGHOUT } from "./adjoints/penalty-factors.js";
import { SELECTED_ENTRIES } from "./adjoints/selected.js";
import { SHIFTED_STEPS } from "./adjoints/shifted-steps.js";
import { SIGN_BEHIND, WRONG_SIGN } from "./adjoints/signs.js";
import { EARLY_JOINS, SKIPPED_STEPS } from "./adjoints/skips.js";
import { STATISTIC_MUTANTS } from "./adjoints/statistics.js";
import { STRIDE_MUTANTS } from "./adjoints/strides.js";
import { SLOPES_LEFT_OUT, STEPS_LEFT_OUT } from "./adjoints/whole-steps.js";
import { SWAPPED_PARTS } from "./adjoints/swapped-parts.js";
import { TWO_TERMS_LEFT_OUT } from "./adjoints/two-terms.js";
import { VALUE_FOR_ADJOINT } from "./adjoints/values.js";
import { OVERWRITTEN_MAXIMA } from "./adjoints/pooled-windows.js";
import { FORGOTTEN_STEPS } from "./adjoints/window-steps.js";
import { OVERWRITTEN_WINDOWS } from "./adjoints/windows.js";
import type { Kind } from "./family.js";
import { OTHER_BRANCHES } from "./forward/branches.js";
import { CHOSEN_TERMS, UNCHOSEN } from "./forward/chosen.js";
import { OTHER_CONDITIONS } from "./forward/conditions.js";
import { DOUBLED_TERMS } from "./forward/doubled-terms.js";
import { OTHER_SIDES } from "./forward/factor-sides.js";
import { FORWARD_MUTANTS } from "./forward/forward.js";
import { UNSIGNED_MARGIN } from "./forward/labels.js";
import { OTHER_LENGTHS } from "./forward/lengths.js";
import { REORDERED_BLOCKS } from "./forward/reordered-blocks.js";
import { LOST_SCALES } from "./forward/lost-scales.js";
import { MISTAKEN_NORMS } from "./forward/norms.js";
import { LABELS_FOR_OUTPUTS, MISTAKEN_READINGS } from "./forward/readings.js";
import { SWAPPED_SHARES } from "./forward/shares.js";
import { OTHER_ACTIVATIONS, OTHER_PARAMETERS } from "./forward/throughout.js";
import { TURNED_KERNELS, TURNED_OPERANDS } from "./forward/turned.js";
import { APPLIED_FUNCTIONS } from "./lines/applied.js";
import { AVERAGED_QUANTITIES } from "./lines/averages.js";
import { AXIS_MUTANTS } from "./lines/axes.js";
import { CLAMPED_PREDICTIONS } from "./lines/clamped.js";
import { CLIPPED_ADJOINTS, CLIPPED_ERRORS, CLIPPED_FACTORS } from "./lines/clips.js";
import { COMPLEMENT_MUTANTS } from "./lines/complements.js";
import { COMPOSED_MUTANTS } from "./lines/composed.js";
import { DRAWN_ONCE } from "./lines/draws.js";
import { EARLY_SLOPES } from "./lines/early-slopes.js";
import { SINGLE_ENTRIES } from "./lines/entries.js";
import { FORGOTTEN_SQUARES } from "./lines/forgotten-squares.js";
import { GRADIENTS_FOR_WEIGHTS } from "./lines/gradients-for-weights.js";
import { FORGOTTEN_MASKS, UNMASKED_FACTORS } from "./lines/masks.js";
import { MISTAKEN_MEANS } from "./lines/means.js";
import { NESTED_SLIPS } from "./lines/nested.js";
import { MESSAGE_SLIPS } from "./lines/messages.js";
import { OFFSET_MUTANTS } from "./lines/offsets.js";
import { ONLY_PATHS } from "./lines/only-paths.js";
import { PART_MUTANTS } from "./lines/parts.js";
import { PATHS_TOO_MANY } from "./lines/paths-too-many.js";
import { REDUCTION_MUTANTS } from "./lines/reductions.js";
import { OTHER_ARGUMENTS } from "./lines/other-arguments.js";
import { PRODUCT_SLIPS } from "./lines/products.js";
import { ROOTS } from "./lines/roots.js";
import { SHARED_FACTORS } from "./lines/shared-factors.js";
import { SLICE_MUTANTS } from "./lines/slices.js";
import { SPARED_MUTANTS } from "./lines/spared.js";
import { SPELLED_OUT } from "./lines/spelled-out.js";
import { STRAND_MUTANTS } from "./lines/strands.js";
import { SUM_MUTANTS } from "./lines/sums.js";
import { TURNED_SHARES } from "./lines/turned-shares.js";
import { LINE_MUTANTS } from "./lines/variables.js";
import { WHOLES_FOR_TERMS } from "./lines/wholes-for-terms.js";
import { ASSIGNED_DERIVATIVES } from "./passes/assigned.js";
import { KEPT_STEPS } from "./passes/kept-steps.js";
import { OTHER_QUANTITIES } from "./passes/other-quantities.js";
import { MISTAKEN_TOTALS } from "./passes/totals.js";
import { TRUNCATED_PATHS } from "./passes/truncated.js";
import { INPUTS_FOR_OUTPUTS } from "./rules/inputs-for-outputs.js";
import { MISTAKEN_MAXIMA } from "./rules/maxima.js";
import { STOPPED_PARTS, STOPPED_QUANTITY } from "./rules/stops.js";
import { NUMERATORS_ALONE } from "./rules/numerators.js";
import { MISPLACED_KINKS } from "./rules/thresholds.js";

export const IN_DEFINITIONS: readonly Kind<Definition>[] = [
  FORGOTTEN_MASKS,
  MISTAKEN_MAXIMA,
  STOPPED_PARTS,
  INPUTS_FOR_OUTPUTS,
  MISPLACED_KINKS,
  NUMERATORS_ALONE,
];

export const IN_FORWARD_PASS: readonly Kind<Definition>[] = [
  FORWARD_MUTANTS,
  MISTAKEN_READINGS,
  LABELS_FOR_OUTPUTS,
  LOST_SCALES,
  CHOSEN_TERMS,
  OTHER_BRANCHES,
  OTHER_CONDITIONS,
  OTHER_SIDES,
  SWAPPED_SHARES,
  OTHER_LENGTHS,
  DOUBLED_TERMS,
  TURNED_KERNELS,
];

export const IN_LINES: readonly Kind<Edge>[] = [
  PART_MUTANTS,
  ONLY_PATHS,
  ...SUM_MUTANTS,
  AXIS_MUTANTS,
  SLICE_MUTANTS,
  ...COMPOSED_MUTANTS,
  ...LINE_MUTANTS,
  NESTED_SLIPS,
  UNMASKED_FACTORS,
  COMPLEMENT_MUTANTS,
  REDUCTION_MUTANTS,
  MESSAGE_SLIPS,
];

export const IN_PASSES: readonly Kind<Backward>[] = [
  PENALTIES_THROUGHOUT,
  TRUNCATED_PATHS,
  ASSIGNED_DERIVATIVES,
  KEPT_STEPS,
  MISTAKEN_TOTALS,
  MISTAKEN_NORMS,
];

export const AT_QUANTITIES: readonly Kind<Quantity>[] = [
  STEPS_LEFT_OUT,
  SLOPES_LEFT_OUT,
  SKIPPED_STEPS,
  STOPPED_QUANTITY,
  SELECTED_ENTRIES,
  BORROWED_PENALTIES,
  PENALTY_VALUES,
  OTHER_PENALTIES,
  OWN_SLOPES,
  OTHER_SLOPES,
  TERM_FACTORS,
  OTHER_FACTORS,
  ...ofDefined([
    WRONG_SIGN,
    SIGN_BEHIND,
    UNIT_ADJOINT,
    VALUE_FOR_ADJOINT,
    CLIPPED_ADJOINTS,
    LOSS_MUTANTS,
    UNSIGNED_MARGIN,
  ]),
];

/** Mistakes in a line, or in what joins it, that are made now and then. */
export const RARE_IN_LINES: readonly Kind<Edge>[] = [
  APPLIED_FUNCTIONS,
  DRAWN_ONCE,
  SINGLE_ENTRIES,
  AVERAGED_QUANTITIES,
  CLIPPED_FACTORS,
  CLIPPED_ERRORS,
  EARLY_SLOPES,
  FORGOTTEN_SQUARES,
  CLAMPED_PREDICTIONS,
  MISTAKEN_MEANS,
  OFFSET_MUTANTS,
  PATHS_TOO_MANY,
  ROOTS,
  SHARED_FACTORS,
  SPARED_MUTANTS,
  STRAND_MUTANTS,
  SPELLED_OUT,
  UNCHOSEN,
  TURNED_SHARES,
  GRADIENTS_FOR_WEIGHTS,
  WHOLES_FOR_TERMS,
  OTHER_ARGUMENTS,
  PRODUCT_SLIPS,
];

/** Mistakes that are made throughout a pass. */
export const THROUGHOUT: readonly Kind<Backward>[] = [
  OTHER_QUANTITIES,
  OTHER_ACTIVATIONS,
  OTHER_PARAMETERS,
];

export const RARE_AT_QUANTITIES: readonly Kind<Quantity>[] = [
  EARLY_JOINS,
  OTHER_WEIGHTS,
  TWO_TERMS_LEFT_OUT,
  FACTORS_LOST_ON_PATHS,
  STRIDE_MUTANTS,
  FORGOTTEN_STEPS,
  SWAPPED_PARTS,
  JOINED_BLOCKS,
  REORDERED_BLOCKS,
  STATISTIC_MUTANTS,
  SHIFTED_STEPS,
  TURNED_OPERANDS,
  LIVE_PATHS,
  GIVEN_STATISTICS,
  OVERWRITTEN_WINDOWS,
  OVERWRITTEN_MAXIMA,
];

/** Kinds that are made where a statement defines something. */
function ofDefined(kinds: readonly Kind<Quantity>[]): Kind<Quantity>[] {
  return kinds.map(({ least, make }) => ({
    least,
    make: (scene, at) => (at.role === "definition" ? make(scene, at) : []),
  }));
}
