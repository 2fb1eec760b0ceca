/** All mistakes that are tried, of one derivation. */
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import { once } from "../once.js";
import type { Backward, Edge } from "../pass/backward.js";
import { type CodePlace, Loops } from "../pass/loops.js";
import { CONSTANT_STATISTICS } from "./adjoints/constants.js";
import { countedPenalties } from "./adjoints/penalties.js";
import type { Family, Kind, Workshop } from "./family.js";
import {
  AT_QUANTITIES,
  IN_DEFINITIONS,
  IN_FORWARD_PASS,
  IN_LINES,
  IN_PASSES,
  RARE_AT_QUANTITIES,
  RARE_IN_LINES,
  THROUGHOUT,
} from "./kinds.js";
import { partProbes } from "./lines/parts.js";
import { updatedWeights } from "./lines/updates.js";
import type { Mutant, Probe } from "./mutant.js";
import { LEAST_REPEATED, repeatedDerivatives, repeatedInLines } from "./passes/repeated.js";
import { SCALAR_FACTORS } from "./passes/scalars.js";
import { atEveryStep, atOneStep, placesInCode } from "./passes/unrolled.js";
import { repeatedMaxima } from "./rules/maxima.js";
import { RULE_MUTANTS } from "./rules/rules.js";

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
