/** All mistakes that are tried, of one derivation. */
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import { once } from "../once.js";
import type { Backward, Edge } from "../pass/backward.js";
import { writtenOut } from "../pass/known-functions.js";
import { type CodePlace, Loops } from "../pass/loops.js";
import { CONSTANT_STATISTICS } from "./adjoints/constants.js";
import { countedPenalties } from "./adjoints/penalties.js";
import { penaltyProbes } from "./adjoints/penalty-factors.js";
import { wholeProbes } from "./adjoints/whole-factors.js";
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
import { changedAlike, type Spot, spotsOf } from "./passes/unrolled.js";
import { repeatedMaxima } from "./rules/maxima.js";
import { RULE_MUTANTS, WRITTEN_OUT } from "./rules/rules.js";

export type { Mutant, Probe } from "./mutant.js";

/**
 * The families of mistakes, in the order in which those that cost the same are tried.
 * @param relevant whether something that is claimed depends on a quantity's derivative
 * @param most kinds of which no mistake costs so little are left out
 */
export function families(
  workshop: Workshop,
  relevant: (quantity: Quantity) => boolean,
  most = Infinity,
): readonly Family[] {
  const { backward } = workshop.scene;
  const { definitions, model } = backward;
  const edges = relevantEdges(backward, relevant);
  const derived = definitions.filter(({ quantity }) => relevant(quantity));
  const quantities = backward.order.filter((one) => relevant(one) && one !== model.loss);
  const loops = Loops.of(backward);
  const upTo = <Place>(kinds: readonly Kind<Place>[]): readonly Kind<Place>[] =>
    kinds.filter(({ least }) => least <= most);
  const atQuantity = (quantity: Quantity): CodePlace | undefined => loops.placeOfQuantity(quantity);
  const inStatements = (
    at: readonly Definition[],
    kinds: readonly Kind<Definition>[],
  ): Spot<Definition>[] =>
    spotsOf(workshop, at, upTo(kinds), ({ quantity }) => atQuantity(quantity));
  const inLines = (kinds: readonly Kind<Edge>[]): Spot<Edge>[] =>
    spotsOf(
      workshop,
      edges,
      upTo(kinds),
      (edge) => loops.placeOfEdge(edge),
      changedAlike(backward),
    );
  const atQuantities = (kinds: readonly Kind<Quantity>[]): Spot<Quantity>[] =>
    spotsOf(workshop, quantities, upTo(kinds), atQuantity);
  const inPass = (kinds: readonly Kind<Backward>[]): Family[] =>
    upTo(kinds).map((kind) => workshop.family(kind, backward));
  const rules = inStatements(derived, RULE_MUTANTS);
  const spelled = writtenOut(model).filter(({ quantity }) => relevant(quantity));
  const lines = inLines(IN_LINES);
  return [
    ...familiesOf(inStatements(derived, IN_DEFINITIONS)),
    ...familiesOf(rules),
    ...familiesOf(inStatements(spelled, WRITTEN_OUT)),
    ...familiesOf(inStatements(definitions, IN_FORWARD_PASS)),
    ...familiesOf(lines),
    repeated(() => repeatedDerivatives(backward, rules)),
    repeated(() => repeatedMaxima(backward, derived)),
    repeated(() => repeatedInLines(backward, lines)),
    ...inPass(IN_PASSES),
    ...familiesOf(atQuantities(AT_QUANTITIES)),
    ...inPass([CONSTANT_STATISTICS]),
    ...familiesOf(inLines(RARE_IN_LINES)),
    ...inPass([SCALAR_FACTORS, ...THROUGHOUT]),
    ...familiesOf(atQuantities(RARE_AT_QUANTITIES)),
  ];
}

/** Of the same cost, what is made at every step goes before what is made at one. */
function familiesOf<Place>(spots: readonly Spot<Place>[]): Family[] {
  return [
    ...spots.flatMap(({ families }) => families),
    ...spots.flatMap(({ atOneStep }) => atOneStep),
  ];
}

function repeated(mutants: () => Iterable<Mutant>): Family {
  return { least: LEAST_REPEATED, mutants: once(() => [...mutants()]), isRepeated: true };
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

/** Mistakes of the same kind, none of which is one of two: what has two terms has a factor in one of them rather. */
export function* factorProbes(
  backward: Backward,
  relevant: (quantity: Quantity) => boolean,
): Generator<Probe> {
  for (const { quantity } of backward.definitions) {
    if (relevant(quantity)) yield* wholeProbes(backward, quantity);
  }
  yield* penaltyProbes(backward);
}

function relevantEdges(backward: Backward, relevant: (quantity: Quantity) => boolean): Edge[] {
  return backward.edges.filter(({ to }) => relevant(to));
}
