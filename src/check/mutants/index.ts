/** All mistakes that are tried, of one derivation. */
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Backward, Edge } from "../pass/backward.js";
import { type CodePlace, Loops } from "../pass/loops.js";
import { once } from "../once.js";
import { APPLIED_FUNCTIONS } from "./applied.js";
import { AVERAGED_QUANTITIES } from "./averages.js";
import { OTHER_BRANCHES } from "./branches.js";
import { ASSIGNED_DERIVATIVES } from "./assigned.js";
import { AXIS_MUTANTS, axisMutants } from "./axes.js";
import { CLAMPED_PREDICTIONS } from "./clamped.js";
import { CLIPPED_ADJOINTS, CLIPPED_FACTORS } from "./clips.js";
import { COMPLEMENT_MUTANTS } from "./complements.js";
import { compositions } from "./compositions.js";
import { CONSTANT_STATISTICS, UNIT_ADJOINT } from "./constants.js";
import { CHOSEN_TERMS, UNCHOSEN } from "./chosen.js";
import { DOUBLED_TERMS } from "./doubled-terms.js";
import { DRAWN_ONCE, drawnOnce } from "./draws.js";
import { SINGLE_ENTRIES } from "./entries.js";
import { SLOPES_LEFT_OUT, STEPS_LEFT_OUT } from "./whole-steps.js";
import { otherFactors, otherSlopes, ownSlopes } from "./extra-factors.js";
import { factored } from "./factored.js";
import type { Family, Kind, Scene, Workshop } from "./family.js";
import { FORWARD_MUTANTS } from "./forward.js";
import { UNSIGNED_MARGIN } from "./labels.js";
import { KEPT_STEPS } from "./kept-steps.js";
import { LIVE_PATHS } from "./given-paths.js";
import { GIVEN_STATISTICS } from "./given-statistics.js";
import { LOSS_MUTANTS } from "./losses.js";
import { FORGOTTEN_MASKS, UNMASKED_FACTORS } from "./masks.js";
import type { Mutant, Probe } from "./mutant.js";
import { NESTED_SLIPS } from "./nested.js";
import { MISTAKEN_NORMS } from "./norms.js";
import { PART_MUTANTS, partProbes } from "./parts.js";
import { FACTORS_LOST_ON_PATHS } from "./factors-on-paths.js";
import { BORROWED_PENALTIES, countedPenalties, PENALTY_VALUES } from "./penalties.js";
import { INPUTS_FOR_OUTPUTS } from "./inputs-for-outputs.js";
import { OFFSET_MUTANTS } from "./offsets.js";
import { OTHER_PENALTIES } from "./other-penalties.js";
import { LABELS_FOR_OUTPUTS, MISTAKEN_READINGS } from "./readings.js";
import { REDUCTION_MUTANTS } from "./reductions.js";
import { LEAST_REPEATED, repeatedDerivatives, repeatedInLines } from "./repeated.js";
import { RULE_MUTANTS } from "./rules.js";
import { SCALAR_FACTORS } from "./scalars.js";
import { SHARED_FACTORS } from "./shared-factors.js";
import { MISTAKEN_MAXIMA, repeatedMaxima } from "./maxima.js";
import { OTHER_SIDES } from "./factor-sides.js";
import { SLICE_MUTANTS } from "./slices.js";
import { EARLY_JOINS, SKIPPED_STEPS } from "./skips.js";
import { SPARED_MUTANTS } from "./spared.js";
import { STRAND_MUTANTS } from "./strands.js";
import { STATISTIC_MUTANTS } from "./statistics.js";
import { SHIFTED_STEPS } from "./shifted-steps.js";
import { STOPPED_PARTS, STOPPED_QUANTITY } from "./stops.js";
import { STRIDE_MUTANTS } from "./strides.js";
import { diagonals, SUM_MUTANTS } from "./sums.js";
import { OTHER_ACTIVATIONS, OTHER_PARAMETERS } from "./throughout.js";
import { TRUNCATED_PATHS } from "./truncated.js";
import { TURNED_KERNELS, TURNED_OPERANDS } from "./turned.js";
import { atEveryStep, atOneStep, placesInCode } from "./unrolled.js";
import { updatedWeights } from "./updates.js";
import { OVERWRITTEN_WINDOWS } from "./windows.js";
import { LINE_MUTANTS } from "./variables.js";

export type { Mutant, Probe } from "./mutant.js";

/**
 * The families of mistakes, in the order in which those that cost the same are tried.
 * @param relevant whether something that is claimed depends on a quantity's derivative
 */
export function families(
  workshop: Workshop,
  relevant: (quantity: Quantity) => boolean,
): readonly Family[] {
  const { backward } = workshop.scene;
  const { definitions, model } = backward;
  const edges = relevantEdges(backward, relevant);
  const derived = definitions.filter(({ quantity }) => relevant(quantity));
  const quantities = backward.order.filter((one) => relevant(one) && one !== model.loss);
  const loops = Loops.of(backward);
  const at = <Place>(
    places: readonly Place[],
    kinds: readonly Kind<Place>[],
    inCode?: (place: Place) => CodePlace | undefined,
  ): Family[] => {
    const code = inCode ? placesInCode(places, inCode) : [];
    const inLoops = new Set(code.flat().map(({ place }) => place));
    return [
      ...code.flatMap((steps) =>
        kinds.map((kind) => {
          const own = steps.map(({ place, step }) => ({
            place: workshop.family(kind, place),
            step,
          }));
          return atEveryStep(loops, kind.least, own);
        }),
      ),
      ...places.flatMap((place) =>
        kinds.map((kind) => {
          const family = workshop.family(kind, place);
          return inLoops.has(place) ? atOneStep(family) : family;
        }),
      ),
    ];
  };
  const atQuantity = (quantity: Quantity): CodePlace | undefined => loops.placeOfQuantity(quantity);
  const atDefinition = ({ quantity }: Definition): CodePlace | undefined => atQuantity(quantity);
  const atEdge = (edge: Edge): CodePlace | undefined => loops.placeOfEdge(edge);
  const rules = at(derived, [RULE_MUTANTS]);
  const slips = once(() => edges.map((edge) => [edge, mutantsOf(at([edge], IN_LINES))] as const));
  return [
    ...at(derived, IN_DEFINITIONS, atDefinition),
    ...at(derived, [RULE_MUTANTS], atDefinition),
    ...at(definitions, IN_FORWARD_PASS, atDefinition),
    ...at(edges, IN_LINES, atEdge),
    repeated(() => repeatedDerivatives(backward, mutantsOf(rules))),
    repeated(() => repeatedMaxima(backward, derived)),
    repeated(() => repeatedInLines(backward, new Map(slips()))),
    ...at([backward], IN_PASSES),
    ...at(quantities, AT_QUANTITIES, atQuantity),
    ...at([backward], [CONSTANT_STATISTICS]),
    ...at(edges, RARE_IN_LINES, atEdge),
    ...at([backward], [SCALAR_FACTORS, ...THROUGHOUT]),
    ...at(quantities, RARE_AT_QUANTITIES, atQuantity),
  ];
}

function repeated(mutants: () => Iterable<Mutant>): Family {
  return { least: LEAST_REPEATED, mutants: once(() => [...mutants()]), isRepeated: true };
}

function mutantsOf(families: readonly Family[]): Mutant[] {
  return families.flatMap(({ mutants }) => mutants());
}

// ————— kinds of mistakes, by the places where they are made —————

const IN_DEFINITIONS: readonly Kind<Definition>[] = [
  FORGOTTEN_MASKS,
  MISTAKEN_MAXIMA,
  STOPPED_PARTS,
  INPUTS_FOR_OUTPUTS,
];

const IN_FORWARD_PASS: readonly Kind<Definition>[] = [
  FORWARD_MUTANTS,
  MISTAKEN_READINGS,
  LABELS_FOR_OUTPUTS,
  CHOSEN_TERMS,
  OTHER_BRANCHES,
  OTHER_SIDES,
  DOUBLED_TERMS,
  TURNED_KERNELS,
];

const IN_LINES: readonly Kind<Edge>[] = [
  PART_MUTANTS,
  SUM_MUTANTS,
  AXIS_MUTANTS,
  SLICE_MUTANTS,
  { least: 1.8, make: composedMutants },
  LINE_MUTANTS,
  NESTED_SLIPS,
  UNMASKED_FACTORS,
  COMPLEMENT_MUTANTS,
  REDUCTION_MUTANTS,
];

const IN_PASSES: readonly Kind<Backward>[] = [
  TRUNCATED_PATHS,
  ASSIGNED_DERIVATIVES,
  KEPT_STEPS,
  MISTAKEN_NORMS,
];

const AT_QUANTITIES: readonly Kind<Quantity>[] = [
  STEPS_LEFT_OUT,
  SLOPES_LEFT_OUT,
  SKIPPED_STEPS,
  STOPPED_QUANTITY,
  BORROWED_PENALTIES,
  PENALTY_VALUES,
  OTHER_PENALTIES,
  ownSlopes,
  otherSlopes,
  otherFactors,
  ...ofDefined([UNIT_ADJOINT, CLIPPED_ADJOINTS, LOSS_MUTANTS, UNSIGNED_MARGIN]),
];

/** Mistakes in a line, or in what joins it, that are made now and then. */
const RARE_IN_LINES: readonly Kind<Edge>[] = [
  APPLIED_FUNCTIONS,
  DRAWN_ONCE,
  SINGLE_ENTRIES,
  AVERAGED_QUANTITIES,
  CLIPPED_FACTORS,
  CLAMPED_PREDICTIONS,
  OFFSET_MUTANTS,
  SHARED_FACTORS,
  SPARED_MUTANTS,
  STRAND_MUTANTS,
  UNCHOSEN,
];

/** Mistakes that are made throughout a pass. */
const THROUGHOUT: readonly Kind<Backward>[] = [OTHER_ACTIVATIONS, OTHER_PARAMETERS];

const RARE_AT_QUANTITIES: readonly Kind<Quantity>[] = [
  EARLY_JOINS,
  FACTORS_LOST_ON_PATHS,
  STRIDE_MUTANTS,
  STATISTIC_MUTANTS,
  SHIFTED_STEPS,
  TURNED_OPERANDS,
  LIVE_PATHS,
  GIVEN_STATISTICS,
  OVERWRITTEN_WINDOWS,
];

/** Kinds that are made where a statement defines something. */
function ofDefined(kinds: readonly Kind<Quantity>[]): Kind<Quantity>[] {
  return kinds.map(({ least, make }) => ({
    least,
    make: (scene, at) => (at.role === "definition" ? make(scene, at) : []),
  }));
}

/** Mistakes in a line that takes two steps at once. */
function* composedMutants({ backward, sizes }: Scene, out: Edge): Generator<Mutant> {
  for (const { edge, inPass } of compositions(backward, out)) {
    const body = backward.withNames(edge.clause.body);
    for (const mutant of [
      ...factored(backward, edge, body),
      ...axisMutants(backward, edge, sizes),
      ...diagonals(backward, edge, sizes),
      ...drawnOnce(backward, edge, body),
    ]) {
      yield { ...mutant, cost: mutant.cost + 0.2, change: () => inPass(mutant.change()) };
    }
  }
}

// ————— mistakes with a number in them —————

export function* probes(
  backward: Backward,
  relevant: (quantity: Quantity) => boolean,
): Generator<Probe> {
  for (const edge of relevantEdges(backward, relevant)) {
    yield* partProbes(backward, edge);
    yield* updatedWeights(backward, edge);
    yield* countedPenalties(backward, edge);
  }
}

function relevantEdges(backward: Backward, relevant: (quantity: Quantity) => boolean): Edge[] {
  return backward.edges.filter(({ to }) => relevant(to));
}
