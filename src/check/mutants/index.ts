/** All mistakes that are tried, of one derivation. */
import { fullAxes } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import { operations } from "../../expression/operations/index.js";
import type { Operation } from "../../expression/operations/operation.js";
import { isOne, isZero } from "../../expression/predicates.js";
import type { Quantity } from "../../expression/quantity.js";
import { sameShape, type SizeValues } from "../../expression/size.js";
import { postorder } from "../../expression/walk.js";
import type { Backward, Edge } from "../pass/backward.js";
import { once } from "../once.js";
import { appliedFunctions } from "./applied.js";
import { averagedQuantities } from "./averages.js";
import { assignedDerivatives } from "./assigned.js";
import { axisMutants } from "./axes.js";
import { clippedAdjoints, clippedFactors, LEAST_CLIPPED } from "./clips.js";
import { complementMutants } from "./complements.js";
import { compositions } from "./compositions.js";
import { constantStatistics, unitAdjoint } from "./constants.js";
import { chosenTerms } from "./chosen.js";
import { drawnOnce } from "./draws.js";
import { singleEntries } from "./entries.js";
import { type ExtraFactor, extraFactors, slopesLeftOut, stepsLeftOut } from "./extra.js";
import { factored } from "./factored.js";
import { modelText } from "../explanations/words.js";
import { forwardMutants, LEAST_FORWARD } from "./forward.js";
import { unsignedMargin } from "./labels.js";
import { lossMutants } from "./losses.js";
import { forgottenMasks, unmaskedFactors } from "./masks.js";
import type { Mutant, Probe } from "./mutant.js";
import { nestedSlips } from "./nested.js";
import { partMutants, partProbes } from "./parts.js";
import { borrowedPenalties, countedPenalties } from "./penalties.js";
import { labelsForOutputs, mistakenReadings } from "./readings.js";
import { reductionMutants } from "./reductions.js";
import { repeatedDerivatives, repeatedInLines } from "./repeated.js";
import { ruleMutants } from "./rules.js";
import { scalarFactors } from "./scalars.js";
import { sharedFactors } from "./shared.js";
import { sharedMaxima } from "./shares.js";
import { sliceMutants } from "./slices.js";
import { earlyJoins, skippedSteps } from "./skips.js";
import { sparedMutants } from "./spared.js";
import { stoppedParts, stoppedQuantity } from "./stops.js";
import { strideMutants } from "./strides.js";
import { diagonals, sumMutants } from "./sums.js";
import { truncatedPaths } from "./truncated.js";
import { updatedWeights } from "./updates.js";
import { lineMutants } from "./variables.js";

export type { Mutant, Probe } from "./mutant.js";

/** What the rare mistakes cost at least. */
const LEAST_RARE = 2.05;

/**
 * @param relevant whether something that is claimed depends on a quantity's derivative
 * @param atKink whether the derivative of some operation is a convention
 * @param most families of which all are more surprising are left out; so are, unless it is Infinity,
 * slips that are made at several places
 */
export function* mutants(
  backward: Backward,
  sizes: SizeValues,
  relevant: (quantity: Quantity) => boolean,
  atKink = false,
  most = Infinity,
): Generator<Mutant> {
  const others = backward.order.filter(({ role }) => role !== "auxiliary");
  const derivatives: Mutant[] = [];
  for (const definition of backward.definitions) {
    if (!relevant(definition.quantity)) continue;
    derivatives.push(...ruleMutants(backward, definition, others, atKink));
    yield* forgottenMasks(backward, definition);
    yield* sharedMaxima(backward, definition);
    yield* stoppedParts(backward, definition);
  }
  yield* derivatives;
  if (most >= LEAST_FORWARD) {
    for (const definition of backward.definitions) {
      yield* forwardMutants(backward, definition);
      yield* mistakenReadings(backward, definition);
      yield* labelsForOutputs(backward, definition);
      yield* chosenTerms(backward, definition);
    }
  }
  const lines = new Map(
    relevantEdges(backward, relevant).map((edge) => [
      edge,
      [...lineSlips(backward, edge, others, sizes)],
    ]),
  );
  for (const slips of lines.values()) yield* slips;
  if (most === Infinity) {
    yield* repeatedDerivatives(backward, derivatives);
    yield* repeatedInLines(backward, lines);
  }
  yield* truncatedPaths(backward);
  yield* assignedDerivatives(backward);
  for (const quantity of backward.order) {
    if (!relevant(quantity) || quantity === backward.model.loss) continue;
    yield* stepsLeftOut(backward, quantity);
    yield* slopesLeftOut(backward, quantity);
    yield* skippedSteps(backward, quantity);
    yield* stoppedQuantity(backward, quantity);
    yield* borrowedPenalties(backward, quantity);
    yield* extraFactors(backward, quantity, factorsFor(backward, quantity, others, most));
    if (quantity.role === "definition") {
      yield unitAdjoint(backward, quantity);
      if (most >= LEAST_CLIPPED) yield* clippedAdjoints(backward, quantity);
      // another loss is taken by the output, or by what the output is a function of
      const next = backward.into(quantity).map(({ from }) => from);
      const outputs = [...new Set([quantity, ...next])].filter(
        ({ role, shape }) => role === "definition" && sameShape(shape, quantity.shape),
      );
      yield* lossMutants(backward, quantity, outputs);
      yield* unsignedMargin(backward, quantity);
    }
  }
  yield* constantStatistics(backward, sizes);
  if (most >= LEAST_RARE) yield* rareMutants(backward, sizes, relevant);
}

/** Mistakes in one line of the backward pass. */
function* lineSlips(
  backward: Backward,
  edge: Edge,
  others: readonly Quantity[],
  sizes: SizeValues,
): Generator<Mutant> {
  for (const mutant of [
    ...partMutants(backward, edge),
    ...sumMutants(backward, edge, sizes),
    ...axisMutants(backward, edge, sizes),
    ...sliceMutants(backward, edge, sizes),
    ...composedMutants(backward, edge, sizes),
    ...lineMutants(backward, edge, others, sizes),
    ...nestedSlips(backward, edge),
    ...unmaskedFactors(backward, edge),
    ...complementMutants(backward, edge),
    ...reductionMutants(backward, edge),
  ]) {
    yield { ...mutant, change: once(mutant.change) };
  }
}

/** Mistakes in a line, or in what joins it, that are made now and then. */
function* rareMutants(
  backward: Backward,
  sizes: SizeValues,
  relevant: (quantity: Quantity) => boolean,
): Generator<Mutant> {
  for (const edge of relevantEdges(backward, relevant)) {
    yield* appliedFunctions(backward, edge);
    yield* drawnOnce(backward, edge, backward.withNames(edge.clause.body));
    yield* singleEntries(backward, edge);
    yield* averagedQuantities(backward, edge);
    yield* clippedFactors(backward, edge);
    yield* sharedFactors(backward, edge);
    yield* sparedMutants(backward, edge, sizes);
  }
  yield* scalarFactors(backward);
  for (const quantity of backward.order) {
    if (!relevant(quantity) || quantity === backward.model.loss) continue;
    yield* earlyJoins(backward, quantity);
    yield* strideMutants(backward, quantity, sizes);
  }
}

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

/** Mistakes in a line that takes two steps at once. */
function* composedMutants(backward: Backward, out: Edge, sizes: SizeValues): Generator<Mutant> {
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

function relevantEdges(backward: Backward, relevant: (quantity: Quantity) => boolean): Edge[] {
  return backward.edges.filter(({ to }) => relevant(to));
}

/** What a factor costs that is no derivative of a function. */
const OTHER_FACTOR = 2.3;

/** What somebody may have multiplied a derivative with: an activation's derivative, a quantity. */
function factorsFor(
  backward: Backward,
  at: Quantity,
  others: readonly Quantity[],
  most: number,
): ExtraFactor[] {
  const { graph } = backward;
  const found: ExtraFactor[] = [];
  const used = usedOperations(backward);
  const entry = (quantity: Quantity): Expression =>
    graph.reference(quantity, fullAxes(quantity.shape).indices);
  for (const quantity of others) {
    if (!sameShape(quantity.shape, at.shape)) continue;
    const x = entry(quantity);
    if (most >= OTHER_FACTOR) {
      found.push({ body: x, name: quantity.name, cost: OTHER_FACTOR });
      found.push({
        body: graph.integerPower(x, -1),
        name: `1 ./ ${quantity.name}`,
        cost: quantity === at ? OTHER_FACTOR : 2.6,
        divisor: quantity,
      });
    }
    if (quantity.role !== "definition") continue;
    for (const [operation, isStrange] of used) {
      const cost = (quantity === at ? 1.8 : 2.1) + (isStrange ? 0.4 : 0);
      if (cost > most) continue;
      const y = graph.apply(operation, x);
      const derivative = operation.derivative(graph, [x], y)[0]!;
      if (isZero(derivative) || isOne(derivative)) continue;
      found.push({ body: derivative, name: `${operation.name}'(${quantity.name})`, cost });
      const ofOutput = operation.derivative(graph, [x], x)[0]!;
      if (ofOutput !== derivative) {
        found.push({ body: ofOutput, name: modelText(ofOutput), cost: cost + 0.1 });
      }
    }
  }
  return found;
}

const ACTIVATIONS = [...operations.values()].filter(({ isActivation }) => isActivation);

/** Functions of one operand: those of the model, and the usual activations that are not in it. */
function usedOperations({ definitions }: Backward): Map<Operation, boolean> {
  const strange = ACTIVATIONS.filter(({ operands }) => operands.length === 1);
  const used = new Map(strange.map((operation) => [operation, true]));
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    if (node.kind === "apply" && node.children.length === 1) used.set(node.operation, false);
  }
  return used;
}
