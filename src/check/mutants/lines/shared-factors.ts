/** A factor that belongs to one term of a derivative, multiplied onto another one as well. */
import { fullAxes } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Index } from "../../../expression/indices.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** Derivatives are followed back over so many lines, to the factors that they consist of. */
const MOST_LINES = 3;

/** err·(x + λ·w) for err·x + λ·w. */
export const SHARED_FACTORS: Kind<Edge> = {
  least: 2.05,
  make: ({ backward }, edge) => sharedFactors(backward, edge),
};

function* sharedFactors(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { to, clause } = edge;
  const others = backward.into(to).filter((one) => one !== edge);
  const own = new Set(factorsOf(backward, clause.body, MOST_LINES));
  const seen = new Set<Expression>();
  for (const other of others) {
    const renaming = ontoAxes(other, edge);
    if (!renaming) continue;
    for (const factor of factorsOf(backward, other.clause.body, MOST_LINES)) {
      const here = graph.substitute(factor, renaming);
      const kept = new Set(clause.indices.flatMap(({ plain }) => plain?.key ?? []));
      if (own.has(here) || seen.has(here) || !here.free.every(({ key }) => kept.has(key))) continue;
      seen.add(here);
      yield {
        fault: faultAt(to, "extra-factor", () => {
          const [text, term] = [modelText(here), modelText(backward.withNames(clause.body))];
          return {
            factor: text,
            term,
            what: `computed with the factor ${text} of another term before ${term}, too: it does not belong to that term`,
          };
        }),
        cost: 2.05,
        change: () => instead(edge, graph.multiply(clause.body, here)),
      };
    }
  }
}

/** The letters of one contribution's axes, as the other has them. */
function ontoAxes(one: Edge, other: Edge): Map<string, Index> | undefined {
  const { indices } = fullAxes(one.to.shape);
  const renaming = new Map<string, Index>();
  for (const axis of indices.keys()) {
    const [from, to] = [one, other].map(({ clause }) => clause.indices[axis]!);
    if (from!.plain) renaming.set(from!.plain.key, to!);
  }
  return renaming;
}

/** Factors of a body, and of the derivatives among them. */
function factorsOf(backward: Backward, body: Expression, lines: number): Expression[] {
  const factors = body.kind === "product" ? body.factors : [{ base: body, exponent: 1 }];
  return factors.flatMap(({ base, exponent }): Expression[] => {
    if (references([base]).length === 0) return [];
    const own = backward.withNames(backward.graph.integerPower(base, exponent));
    if (base.kind !== "reference" || !base.quantity.of || lines === 0) return [own];
    const line = backward.lastLine(base.quantity.of, base.indices);
    return line ? [own, ...factorsOf(backward, line, lines - 1)] : [own];
  });
}
