/**
 * Slips in recursions over log-sums, such as the messages of a chain: a term of what is normalised forgotten, the
 * product of marginals for what is joint, the marginals of one step taken as if it were the last.
 */
import type { Expression } from "../../../expression/expression.js";
import { Index, letter } from "../../../expression/indices.js";
import { exponential } from "../../../expression/operations/smooth.js";
import { has } from "../../../expression/predicates.js";
import { references } from "../../../expression/walk.js";
import { modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { stemOf } from "../../pass/kinds.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import { factorsIn, summedLetters } from "./line-sums.js";
import { lineText } from "./line-text.js";

const LOST_TERM = 2.2;
const MARGINALS = 2.25;
const LAST_STEP = 2.3;

export const MESSAGE_SLIPS: Kind<Edge> = {
  least: LOST_TERM,
  make: ({ backward }, edge) => messageSlips(backward, edge),
};

function* messageSlips(backward: Backward, edge: Edge): Generator<Mutant> {
  yield* lostTerms(backward, edge);
  yield* productOfMarginals(backward, edge);
  yield* asIfLast(backward, edge);
}

/** A factor e^(u − logΣeᵘ) of a line: what is normalised, and the log of its sum. */
interface Share {
  readonly exponent: Expression;
  readonly total: Expression;
}

function shareIn(backward: Backward, { clause: { body } }: Edge): Share | undefined {
  for (const factor of factorsIn(backward.graph, body)) {
    if (factor.kind !== "apply" || factor.operation !== exponential) continue;
    const [exponent] = factor.children;
    const terms = exponent!.kind === "sum" ? exponent!.terms : [];
    const total = terms.find(
      ({ term, coefficient }) =>
        term.kind === "reduce" && term.reduction === "logsumexp" && coefficient.equals(-1),
    );
    if (total) return { exponent: exponent!, total: total.term };
  }
  return undefined;
}

/** e^(A + a − b) for e^(A + a + e − b), where b is logΣe^(A + a) + e. */
function* lostTerms(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { from, to, clause } = edge;
  const share = shareIn(backward, edge);
  const adjoint = references([clause.body]).find(({ quantity }) => quantity.of === from);
  const own = share && adjoint && backward.bodyAt(from, adjoint.indices);
  if (!own || own.kind !== "sum") return;
  const rest = graph.subtract(own, share.total);
  // the log of the sum is a term of what the line leads back from
  if (references([rest]).length === 0 || rest === own) return;
  const whole = graph.subtract(
    graph.add(share.exponent, share.total, rest),
    graph.reference(from, adjoint.indices),
  );
  const terms =
    rest.kind === "sum"
      ? rest.terms
      : [graph.splitCoefficient(rest)].map(([coefficient, term]) => ({ coefficient, term }));
  for (const { coefficient, term } of terms) {
    const lost = graph.scale(coefficient, term);
    yield {
      fault: faultAt(to, "missing-term", () => {
        const text = modelText(lost);
        const [used, right] = [graph.subtract(whole, lost), whole].map((exponent) =>
          modelText(graph.apply(exponential, exponent)),
        );
        return {
          term: text,
          what: `computed with ${used!} where ${right!} belongs: the term ${text} is left out`,
        };
      }),
      cost: LOST_TERM,
      change: () =>
        instead(edge, graph.multiply(clause.body, graph.apply(exponential, graph.negate(lost)))),
    };
  }
}

/** Σⱼ pᵢⱼ · Σᵢ pᵢⱼ for pᵢⱼ. */
function* productOfMarginals(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { body, indices } = edge.clause;
  const kept = indices.flatMap(({ plain }) => plain ?? []);
  const [row, column, ...more] = kept;
  if (!row || !column || more.length > 0 || summedLetters(edge).length > 0) return;
  if (!shareIn(backward, edge) || !has(body, row) || !has(body, column)) return;
  const summedOver = kept.map((one, k) => {
    const bound = letter(`marginal${k}`, one.size);
    return graph.sum(bound, graph.substitute(body, new Map([[one.key, Index.of(bound)]])));
  });
  yield {
    fault: faultAt(edge.to, "wrong-variable", () => {
      const text = lineText(backward, edge);
      const used = `sum(${text}, 2) .* sum(${text}, 1)`;
      return {
        used,
        instead: text,
        what: `computed with the product of the marginals, the sums along the rows and down the columns, where ${text} itself belongs: what is joint is no product of its sums`,
      };
    }),
    cost: MARGINALS,
    change: () => instead(edge, graph.multiply(...summedOver)),
  };
}

/** What comes into the last step's derivative, taken for that of an earlier step: softmax(a2) as of the last a. */
function* asIfLast(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { from, to, clause } = edge;
  const last = backward.order.find((one) => one.of === undefined && stemOf(one) === stemOf(from));
  const adjoint = references([clause.body]).find(({ quantity }) => quantity.of === from);
  if (!last || last === from || stemOf(to) === stemOf(from) || !adjoint) return;
  const [into, ...others] = backward.into(last);
  const earlier = computedAlike(backward, into, from);
  if (!into || others.length > 0 || !earlier) return;
  const renaming = new Map(
    into.clause.indices.flatMap(({ plain }, k) =>
      plain ? [[plain.key, adjoint.indices[k]!] as const] : [],
    ),
  );
  if (renaming.size < into.clause.letters.length) return;
  const taken = graph.substitute(earlier, renaming);
  yield {
    fault: faultAt(to, "wrong-variable", () => {
      const used = modelText(taken);
      return {
        used,
        instead: backward.adjointOf(from).name,
        what: `computed with ${used} where ${backward.adjointOf(from).name} belongs, as if ${from.name} were the last: what comes after it is left out`,
      };
    }),
    cost: LAST_STEP,
    change: () =>
      instead(
        edge,
        graph.transform(clause.body, (one) => (one === adjoint ? taken : undefined)),
      ),
  };
}

/** A line into the last step, of what it is computed from alone, for an earlier step. */
function computedAlike(
  { graph }: Backward,
  line: Edge | undefined,
  earlier: Edge["from"],
): Expression | undefined {
  if (!line) return undefined;
  const { body } = line.clause;
  const own = references([body]).filter(({ quantity }) => quantity.of === undefined);
  if (own.length === 0 || own.some(({ quantity }) => quantity !== line.to)) return undefined;
  const { shape } = line.to;
  const isAsLarge = earlier.shape.every((size, axis) => shape[axis]?.equals(size));
  if (!isAsLarge || earlier.shape.length !== shape.length) return undefined;
  return graph.transform(body, (one) =>
    one.kind === "reference" && one.quantity === line.to
      ? graph.reference(earlier, one.indices)
      : undefined,
  );
}
