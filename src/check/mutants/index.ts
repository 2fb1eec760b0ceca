/** All mistakes that are tried, of one derivation. */
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import { sameShape } from "../../expression/size.js";
import type { Backward, Edge } from "../pass/backward.js";
import { type CodePlace, Loops } from "../pass/loops.js";
import { once } from "../once.js";
import { appliedFunctions } from "./applied.js";
import { averagedQuantities } from "./averages.js";
import { otherBranches } from "./branches.js";
import { assignedDerivatives } from "./assigned.js";
import { axisMutants } from "./axes.js";
import { clippedAdjoints, clippedFactors } from "./clips.js";
import { complementMutants } from "./complements.js";
import { compositions } from "./compositions.js";
import { constantStatistics, unitAdjoint } from "./constants.js";
import { chosenTerms, unchosen } from "./chosen.js";
import { doubledTerms } from "./doubled-terms.js";
import { drawnOnce } from "./draws.js";
import { singleEntries } from "./entries.js";
import { slopesLeftOut, stepsLeftOut } from "./whole-steps.js";
import { otherFactors, otherSlopes, ownSlopes } from "./extra-factors.js";
import { factored } from "./factored.js";
import type { Family, Kind, Scene, Workshop } from "./family.js";
import { forwardMutants } from "./forward.js";
import { unsignedMargin } from "./labels.js";
import { keptSteps } from "./kept-steps.js";
import { lossMutants } from "./losses.js";
import { forgottenMasks, unmaskedFactors } from "./masks.js";
import type { Mutant, Probe } from "./mutant.js";
import { nestedSlips } from "./nested.js";
import { mistakenNorms } from "./norms.js";
import { partMutants, partProbes } from "./parts.js";
import { factorsLostOnPaths } from "./factors-on-paths.js";
import { borrowedPenalties, countedPenalties, penaltyValues } from "./penalties.js";
import { labelsForOutputs, mistakenReadings } from "./readings.js";
import { reductionMutants } from "./reductions.js";
import { LEAST_REPEATED, repeatedDerivatives, repeatedInLines } from "./repeated.js";
import { ruleMutants } from "./rules.js";
import { scalarFactors } from "./scalars.js";
import { sharedFactors } from "./shared-factors.js";
import { mistakenMaxima, repeatedMaxima } from "./maxima.js";
import { otherSides } from "./factor-sides.js";
import { sliceMutants } from "./slices.js";
import { earlyJoins, skippedSteps } from "./skips.js";
import { sparedMutants } from "./spared.js";
import { statisticMutants } from "./statistics.js";
import { shiftedSteps } from "./shifted-steps.js";
import { stoppedParts, stoppedQuantity } from "./stops.js";
import { strideMutants } from "./strides.js";
import { diagonals, sumMutants } from "./sums.js";
import { LEAST_THROUGHOUT, otherActivations, otherParameters } from "./throughout.js";
import { truncatedPaths } from "./truncated.js";
import { atEveryStep, atOneStep, placesInCode } from "./unrolled.js";
import { updatedWeights } from "./updates.js";
import { overwrittenWindows } from "./windows.js";
import { lineMutants } from "./variables.js";

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
        kinds.flatMap((kind) => {
          const family = workshop.family(kind, place);
          return inLoops.has(place) ? atOneStep(family) : [family];
        }),
      ),
    ];
  };
  const atQuantity = (quantity: Quantity): CodePlace | undefined => loops.placeOfQuantity(quantity);
  const atDefinition = ({ quantity }: Definition): CodePlace | undefined => atQuantity(quantity);
  const atEdge = (edge: Edge): CodePlace | undefined => loops.placeOfEdge(edge);
  const rules = at(derived, [RULES]);
  const slips = once(() => edges.map((edge) => [edge, mutantsOf(at([edge], IN_LINES))] as const));
  return [
    ...at(derived, IN_DEFINITIONS, atDefinition),
    ...at(derived, [RULES], atDefinition),
    ...at(definitions, IN_FORWARD_PASS, atDefinition),
    ...at(edges, IN_LINES, atEdge),
    repeated(() => repeatedDerivatives(backward, mutantsOf(rules))),
    repeated(() => repeatedMaxima(backward, derived)),
    repeated(() => repeatedInLines(backward, new Map(slips()))),
    ...at([backward], IN_PASSES),
    ...at(quantities, AT_QUANTITIES, atQuantity),
    ...at([backward], [STATISTICS]),
    ...at(edges, RARE_IN_LINES, atEdge),
    ...at([backward], [SCALARS, ...THROUGHOUT]),
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

const RULES: Kind<Definition> = {
  least: 1.4,
  make: ({ backward, others, atKink }, one) => ruleMutants(backward, one, others, atKink),
};

const IN_DEFINITIONS: readonly Kind<Definition>[] = [
  { least: 1.6, make: ({ backward }, definition) => forgottenMasks(backward, definition) },
  { least: 1.6, make: ({ backward }, definition) => mistakenMaxima(backward, definition) },
  { least: 1.85, make: ({ backward }, definition) => stoppedParts(backward, definition) },
];

const IN_FORWARD_PASS: readonly Kind<Definition>[] = [
  { least: 2.1, make: ({ backward }, definition) => forwardMutants(backward, definition) },
  { least: 2.3, make: ({ backward }, definition) => mistakenReadings(backward, definition) },
  { least: 2.2, make: ({ backward }, definition) => labelsForOutputs(backward, definition) },
  { least: 2.3, make: ({ backward }, definition) => chosenTerms(backward, definition) },
  { least: 2.1, make: ({ backward }, definition) => otherBranches(backward, definition) },
  { least: 2.1, make: ({ backward }, definition) => otherSides(backward, definition) },
  { least: 2.25, make: ({ backward }, definition) => doubledTerms(backward, definition) },
];

const IN_LINES: readonly Kind<Edge>[] = [
  { least: 1.1, make: ({ backward }, edge) => partMutants(backward, edge) },
  { least: 1.6, make: ({ backward, sizes }, edge) => sumMutants(backward, edge, sizes) },
  { least: 1.95, make: ({ backward, sizes }, edge) => axisMutants(backward, edge, sizes) },
  { least: 1.7, make: ({ backward, sizes }, edge) => sliceMutants(backward, edge, sizes) },
  { least: 1.8, make: composedMutants },
  {
    least: 1.4,
    make: ({ backward, others, sizes }, edge) => lineMutants(backward, edge, others, sizes),
  },
  { least: 2.25, make: ({ backward }, edge) => nestedSlips(backward, edge) },
  { least: 1.9, make: ({ backward }, edge) => unmaskedFactors(backward, edge) },
  { least: 1.95, make: ({ backward }, edge) => complementMutants(backward, edge) },
  { least: 1.85, make: ({ backward }, edge) => reductionMutants(backward, edge) },
];

const IN_PASSES: readonly Kind<Backward>[] = [
  { least: 2, make: ({ backward }) => truncatedPaths(backward) },
  { least: 1.65, make: ({ backward }) => assignedDerivatives(backward) },
  { least: 1.7, make: ({ backward }) => keptSteps(backward) },
  { least: 2.25, make: ({ backward }) => mistakenNorms(backward) },
];

const AT_QUANTITIES: readonly Kind<Quantity>[] = [
  { least: 1.7, make: ({ backward }, quantity) => stepsLeftOut(backward, quantity) },
  { least: 1.8, make: ({ backward }, quantity) => slopesLeftOut(backward, quantity) },
  { least: 2.1, make: ({ backward }, quantity) => skippedSteps(backward, quantity) },
  { least: 1.85, make: ({ backward }, quantity) => stoppedQuantity(backward, quantity) },
  { least: 1.5, make: ({ backward }, quantity) => borrowedPenalties(backward, quantity) },
  { least: 2.1, make: ({ backward }, quantity) => penaltyValues(backward, quantity) },
  ownSlopes,
  otherSlopes,
  otherFactors,
  ...ofDefined([
    { least: 1.9, make: ({ backward }, quantity) => [unitAdjoint(backward, quantity)] },
    { least: 2.15, make: ({ backward }, quantity) => clippedAdjoints(backward, quantity) },
    { least: 1.9, make: ({ backward }, at) => lossMutants(backward, at, outputsAt(backward, at)) },
    { least: 2.2, make: ({ backward }, quantity) => unsignedMargin(backward, quantity) },
  ]),
];

const STATISTICS: Kind<Backward> = {
  least: 1.8,
  make: ({ backward, sizes }) => constantStatistics(backward, sizes),
};

/** Mistakes in a line, or in what joins it, that are made now and then. */
const RARE_IN_LINES: readonly Kind<Edge>[] = [
  { least: 2.05, make: ({ backward }, edge) => appliedFunctions(backward, edge) },
  {
    least: 2.05,
    make: ({ backward }, edge) => drawnOnce(backward, edge, backward.withNames(edge.clause.body)),
  },
  { least: 2.05, make: ({ backward }, edge) => singleEntries(backward, edge) },
  { least: 2.05, make: ({ backward }, edge) => averagedQuantities(backward, edge) },
  { least: 2.05, make: ({ backward }, edge) => clippedFactors(backward, edge) },
  { least: 2.05, make: ({ backward }, edge) => sharedFactors(backward, edge) },
  { least: 2.05, make: ({ backward, sizes }, edge) => sparedMutants(backward, edge, sizes) },
  { least: 2.1, make: ({ backward }, edge) => unchosen(backward, edge) },
];

/** Mistakes that are made throughout a pass. */
const THROUGHOUT: readonly Kind<Backward>[] = [
  { least: LEAST_THROUGHOUT, make: ({ backward }) => otherActivations(backward) },
  { least: LEAST_THROUGHOUT, make: ({ backward }) => otherParameters(backward) },
];

const SCALARS: Kind<Backward> = { least: 2.05, make: ({ backward }) => scalarFactors(backward) };

const RARE_AT_QUANTITIES: readonly Kind<Quantity>[] = [
  { least: 2.1, make: ({ backward }, quantity) => earlyJoins(backward, quantity) },
  { least: 2.3, make: ({ backward }, quantity) => factorsLostOnPaths(backward, quantity) },
  { least: 2.1, make: ({ backward, sizes }, at) => strideMutants(backward, at, sizes) },
  { least: 2.05, make: ({ backward, sizes }, at) => statisticMutants(backward, at, sizes) },
  { least: 2.05, make: ({ backward }, quantity) => shiftedSteps(backward, quantity) },
  { least: 1.9, make: ({ backward, sizes }, at) => overwrittenWindows(backward, at, sizes) },
];

/** Kinds that are made where a statement defines something. */
function ofDefined(kinds: readonly Kind<Quantity>[]): Kind<Quantity>[] {
  return kinds.map(({ least, make }) => ({
    least,
    make: (scene, at) => (at.role === "definition" ? make(scene, at) : []),
  }));
}

/** Another loss is taken by the output, or by what the output is a function of. */
function outputsAt(backward: Backward, at: Quantity): Quantity[] {
  const next = backward.into(at).map(({ from }) => from);
  return [...new Set([at, ...next])].filter(
    ({ role, shape }) => role === "definition" && sameShape(shape, at.shape),
  );
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
