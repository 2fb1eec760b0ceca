/** Sums of a line divided by the number of their terms, and means divided by one less. */
import { has } from "../../../expression/predicates.js";
import { Size } from "../../../expression/size.js";
import { modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { countsIn } from "../counts.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import { factorsIn, summedLetters } from "./line-sums.js";
import { lineText } from "./line-text.js";

const COST = 2;

export const MISTAKEN_MEANS: Kind<Edge> = {
  least: COST,
  make: ({ backward }, edge) => mistakenMeans(backward, edge),
};

function* mistakenMeans(backward: Backward, edge: Edge): Generator<Mutant> {
  yield* meansForSums(backward, edge);
  yield* correctedMeans(backward, edge);
}

/** Σ_k P[i,k]·dP[i,k] / n: a sum along an axis, as a softmax has it, and no product of matrices. */
function* meansForSums(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.withNames(edge.clause.body);
  for (const over of summedLetters(edge)) {
    const inside = factorsIn(graph, body).filter((factor) => has(factor, over));
    const axes = new Set(inside.map(({ free }) => free.map(({ key }) => key).join()));
    if (inside.length < 2 || axes.size > 1) continue;
    yield {
      fault: faultAt(edge.to, "constant-factor", () => {
        const name = over.size.toString();
        const sum = modelText(graph.multiply(...inside));
        return {
          factor: `1/${name}`,
          term: lineText(backward, edge),
          what: `computed with the mean of ${sum} where their sum belongs: multiply that term by ${name}`,
        };
      }),
      cost: COST,
      change: () => instead(edge, graph.divide(body, graph.size(over.size))),
    };
  }
}

/** 1/(n − 1) for 1/n: Bessel's correction of a variance that has none. */
function* correctedMeans(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { body } = edge.clause;
  for (const size of countsUnder(edge)) {
    const less = size.minus(Size.one);
    yield {
      fault: faultAt(edge.to, "constant-factor", () => {
        const name = size.toString();
        const term = lineText(backward, edge);
        return {
          factor: `${name}/(${name}-1)`,
          term,
          what: `computed with 1/(${name}-1) where 1/${name} belongs in the term ${term}`,
        };
      }),
      cost: COST,
      change: () => {
        const ratio = graph.divide(graph.size(size), graph.size(less));
        return instead(edge, graph.multiply(body, ratio));
      },
    };
  }
}

/** Lengths of axes that a line divides by. */
function countsUnder({ clause: { body, letters } }: Edge): Size[] {
  if (body.kind !== "product") return [];
  const named = body.factors.flatMap(({ base, exponent }) =>
    base.kind === "size" && exponent === -1 ? [base.size] : [],
  );
  const lengths = letters.map(({ size }) => size);
  return [...named, ...countsIn(body.coefficient.d, lengths)];
}
