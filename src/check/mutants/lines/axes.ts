/** Sums of the backward pass along another axis than the right one, or along one axis more. */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index, letter, type Letter } from "../../../expression/indices.js";
import { exponential } from "../../../expression/operations/smooth.js";
import { has } from "../../../expression/predicates.js";
import type { SizeValues } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { factorsIn, summedLetters } from "./line-sums.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** What is summed, with the factors that the sum may be taken out of. */
interface Summed {
  readonly over: Letter;
  readonly inside: Expression;
  readonly outside: Expression;
  readonly kept: readonly Letter[];
}

export const AXIS_MUTANTS: Kind<Edge> = {
  least: 1.95,
  make: ({ backward, sizes }, edge) => axisMutants(backward, edge, sizes),
};

export function* axisMutants(backward: Backward, edge: Edge, sizes: SizeValues): Generator<Mutant> {
  const body = backward.withNames(edge.clause.body);
  const { graph } = backward;
  const whole = factorsIn(graph, body);
  const single = whole.flatMap((factor) => exponentials(graph, factor));
  const factorings = [whole, ...(single.length > whole.length ? [single] : [])];
  for (const sum of factorings.flatMap((factors) => sumsOf(graph, edge, body, factors))) {
    for (const along of sum.kept) {
      if (!has(sum.inside, along)) continue;
      yield* wrongAxis(backward, edge, sum, along, sizes);
      yield* bothAxes(backward, edge, sum, along);
    }
  }
}

/** eᵃ and eᵇ for eᵃ⁺ᵇ: of a log-sum's shares some factors stand outside of the sum that they are added up in. */
function exponentials(graph: Graph, factor: Expression): Expression[] {
  const [exponent] = factor.children;
  if (factor.kind !== "apply" || factor.operation !== exponential) return [factor];
  if (exponent!.kind !== "sum") return [factor];
  return [
    ...exponent!.terms.map(({ coefficient, term }) => graph.scale(coefficient, term)),
    ...(exponent!.constant.equals(0) ? [] : [graph.number(exponent!.constant)]),
  ].map((term) => graph.apply(exponential, term));
}

/**
 * @param body of the edge, with names: what is told in them reads as people write it
 * @param factors of the body
 */
function sumsOf(
  graph: Graph,
  edge: Edge,
  body: Expression,
  factors: readonly Expression[],
): Summed[] {
  const kept = edge.clause.indices.flatMap(({ plain }) => plain ?? []);
  const coefficient = graph.number(body.kind === "product" ? body.coefficient : 1);
  return summedLetters(edge).map((over) => ({
    over,
    inside: graph.multiply(...factors.filter((factor) => has(factor, over))),
    outside: graph.multiply(coefficient, ...factors.filter((factor) => !has(factor, over))),
    kept,
  }));
}

function* wrongAxis(
  { graph }: Backward,
  edge: Edge,
  { over, inside, outside, kept }: Summed,
  along: Letter,
  sizes: SizeValues,
): Generator<Mutant> {
  const isAlike = (one: Letter): boolean => one.size.evaluate(sizes) === over.size.evaluate(sizes);
  const fresh = letter("along", along.size);
  const letters = [...edge.clause.letters.filter(({ key }) => key !== over.key), fresh];
  const count = graph.divide(graph.size(over.size), graph.size(along.size));
  const isMean = count !== graph.one && isScaled(outside);
  // what the sum runs over must stay an axis of the result
  for (const stays of kept.filter((one) => isAlike(one) && (one === along || !has(inside, one)))) {
    const turned = graph.substitute(
      inside,
      new Map([
        [along.key, Index.of(fresh)],
        [over.key, Index.of(stays)],
      ]),
    );
    for (const scale of isMean ? [graph.one, count] : [graph.one]) {
      const reduction = scale === graph.one ? "sum" : "mean";
      yield {
        fault: faultAt(edge.to, "over-summed", () => ({
          term: modelText(inside),
          what: wrongAxisText(reduction, inside, over, along),
        })),
        cost: 1.95,
        change: () => instead(edge, graph.multiply(turned, outside, scale), { letters }),
      };
    }
  }
}

/** What the axes of a matrix run along, and how one is summed along them. */
const ALONG = ["down each column", "along each row"] as const;

/** `computed with sum(P .* dP, 1) where sum(P .* dP, 2) belongs: sum along each row`. */
function wrongAxisText(
  reduction: "sum" | "mean",
  inside: Expression,
  over: Letter,
  along: Letter,
): string {
  const text = modelText(inside);
  const [right, wrong] = [axisOf(inside, over), axisOf(inside, along)];
  if (right !== undefined && wrong !== undefined && right !== wrong) {
    const [used, belongs] = [wrong, right].map((axis) => `${reduction}(${text}, ${axis + 1})`);
    return `computed with ${used!} where ${belongs!} belongs: ${reduction === "sum" ? "sum" : "take the mean"} ${ALONG[right]}, not ${ALONG[wrong]}`;
  }
  const [one, other] = [over, along].map(({ size }) => size.toString());
  const which = one === other ? "" : `: sum over ${one!}, not over ${other!}`;
  return `computed with ${text} summed along the wrong axis${which}`;
}

/** The axis along which a letter runs in all matrices of an expression; undefined where they disagree. */
function axisOf(node: Expression, letter: Letter): 0 | 1 | undefined {
  const axes = references([node]).flatMap(({ indices }) => {
    const axis = indices.findIndex(({ plain }) => plain?.key === letter.key);
    return indices.length === 2 && axis >= 0 ? [axis] : [];
  });
  const [axis] = axes;
  if (axes.some((one) => one !== axis)) return undefined;
  return axis === 0 || axis === 1 ? axis : undefined;
}

/** Whether numbers or sizes stand before a sum, such as the count of a mean. */
function isScaled(outside: Expression): boolean {
  if (outside.kind === "number") return !outside.value.abs().equals(1);
  if (outside.kind === "size") return true;
  if (outside.kind !== "product") return false;
  return (
    !outside.coefficient.abs().equals(1) || outside.factors.some(({ base }) => base.kind === "size")
  );
}

function* bothAxes(
  { graph }: Backward,
  edge: Edge,
  { inside, outside, over }: Summed,
  along: Letter,
): Generator<Mutant> {
  const fresh = letter("along", along.size);
  const spread = graph.substitute(inside, new Map([[along.key, Index.of(fresh)]]));
  const letters = [...edge.clause.letters, fresh];
  if (!has(outside, along)) return;
  yield {
    fault: faultAt(edge.to, "over-summed", () => {
      const axis = axisOf(inside, over);
      const where =
        axis === undefined ? `over an axis of length ${over.size.toString()}` : ALONG[axis];
      return {
        term: modelText(inside),
        what: `computed with ${modelText(inside)} summed over everything: sum ${where} only`,
      };
    }),
    cost: 2,
    change: () => instead(edge, graph.multiply(spread, outside), { letters }),
  };
}
