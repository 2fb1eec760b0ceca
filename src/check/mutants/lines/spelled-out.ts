/**
 * Lines as they are written by who has worked out by hand what comes in: (P - Y) .* c of a softmax and its
 * loss, where the backward pass has a step for each. A slip in such a line changes what comes in there alone.
 */
import type { Expression, ProductNode } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index, type Letter } from "../../../expression/indices.js";
import { has } from "../../../expression/predicates.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Kind } from "../family.js";
import { faultAt, type Mutant } from "../mutant.js";
import { compose } from "./compositions.js";
import { summedLetters } from "./line-sums.js";

/** So many steps are put into one another, and so many definitions. */
const MOST_STEPS = 4;
const MOST_DEFINITIONS = 3;

export const SPELLED_OUT: Kind<Edge> = {
  least: 2.3,
  make: ({ backward }, edge) => spelledOutSlips(backward, edge),
};

function* spelledOutSlips(backward: Backward, edge: Edge): Generator<Mutant> {
  const whole = upToLoss(backward, edge);
  if (!whole) return;
  yield* ownPlaces(backward, edge, whole);
  yield* termsLost(backward, edge, whole);
  yield* productsForSums(backward, edge, whole);
}

/** A contribution with all that comes in put in; undefined where that comes in several lines. */
function upToLoss(backward: Backward, edge: Edge): Edge | undefined {
  let line = edge;
  for (let steps = 0; line.from !== backward.model.loss; steps++) {
    const [into, ...others] = backward.into(line.from);
    const longer = into && others.length === 0 ? compose(backward, into, line) : undefined;
    if (!longer || steps === MOST_STEPS) return undefined;
    line = longer;
  }
  return { ...line, clause: { ...line.clause, body: backward.withNames(line.clause.body) } };
}

/** With the definitions of what it is computed from put in, one after the other. */
function withDefinitions(backward: Backward, body: Expression): Expression[] {
  const found: Expression[] = [];
  for (let last = body; found.length < MOST_DEFINITIONS;) {
    const next = backward.graph.transform(last, (node) =>
      node.kind === "reference" && node.quantity.role !== "adjoint"
        ? backward.bodyAt(node.quantity, node.indices)
        : undefined,
    );
    if (next === last) break;
    found.push((last = next));
  }
  return found;
}

/** The letters of the entry that run as far as one that is summed over. */
function alike({ clause: { indices } }: Edge, summed: Letter): Letter[] {
  return indices.flatMap(({ plain }) => plain ?? []).filter(({ size }) => size.equals(summed.size));
}

/** A factor of a sum taken at the entry's own place: (P - Y) .* c for P .* sum(Y .* c) - Y .* c. */
function* ownPlaces(backward: Backward, edge: Edge, line: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { body } = line.clause;
  if (body.kind !== "product") return;
  for (const summed of summedLetters(line)) {
    const along = body.factors.filter(({ base }) => has(base, summed));
    if (along.length < 2) continue;
    for (const own of alike(line, summed)) {
      for (const { base, exponent } of along) {
        const part = powerOf(graph, { base, exponent });
        const moved = graph.substitute(part, new Map([[summed.key, Index.of(own)]]));
        yield {
          fault: faultAt(edge.to, "wrong-variable", () => {
            const text = modelText(part);
            const over = modelText(graph.multiply(...along.map((one) => powerOf(graph, one))));
            return {
              used: `${text} at the entry's own place`,
              instead: `${text} in the sum of ${over}`,
              what: `computed with ${text} at the entry's own place where the sum of ${over} has it at each place: multiply by ${text} first, then add up`,
            };
          }),
          cost: 2.3,
          change: () => written(edge, line, graph.multiply(graph.divide(body, part), moved)),
        };
      }
    }
  }
}

/** One term of a quantity that is a sum lost where the line has it: P - (1 - eps) * Y for P - Q. */
function* termsLost(backward: Backward, edge: Edge, line: Edge): Generator<Mutant> {
  const { graph } = backward;
  const { body } = line.clause;
  for (const { base, exponent } of body.kind === "product" ? body.factors : []) {
    if (base.kind !== "reference" || exponent !== 1) continue;
    const sum = backward.bodyAt(base.quantity, base.indices);
    if (sum?.kind !== "sum") continue;
    const terms = sum.terms.map(({ coefficient, term }) => graph.scale(coefficient, term));
    if (!sum.constant.equals(0)) terms.push(graph.number(sum.constant));
    for (const term of terms) {
      const rest = graph.subtract(sum, term);
      yield {
        fault: faultAt(edge.to, "missing-term", () => {
          const text = modelText(backward.withNames(term));
          const { name } = base.quantity;
          return {
            term: text,
            what: `computed with ${modelText(rest)} where ${name} belongs: add its term ${text}`,
          };
        }),
        cost: 2.3,
        change: () => written(edge, line, graph.multiply(graph.divide(body, base), rest)),
      };
    }
  }
}

/** One product in place of a sum of products: U .* V, entry by entry, for U * V' in what comes in. */
function* productsForSums(backward: Backward, edge: Edge, line: Edge): Generator<Mutant> {
  const { graph } = backward;
  for (const body of withDefinitions(backward, line.clause.body)) {
    const sums = postorder([body], (one: Expression) => one.children);
    for (const node of sums) {
      if (node.kind !== "reduce" || node.reduction !== "sum" || node.body.kind !== "product")
        continue;
      for (const own of alike(line, node.letter)) {
        if (has(node, own)) continue;
        const product = graph.substitute(node.body, new Map([[node.letter.key, Index.of(own)]]));
        yield {
          fault: faultAt(edge.to, "not-summed", () => {
            const [used, right] = [modelText(product), modelText(backward.withNames(node))];
            return {
              used,
              instead: right,
              what: `computed with single products ${used} where their sum belongs, ${right}: add them up`,
            };
          }),
          cost: 2.4,
          change: () =>
            written(
              edge,
              line,
              graph.transform(body, (one) => (one === node ? product : undefined)),
            ),
        };
      }
    }
  }
}

/** A line in place of a step. */
function written(edge: Edge, { clause }: Edge, body: Expression): Change {
  const added = { ...edge, clause: { ...clause, body } };
  return { removed: new Set([edge]), added: [added] };
}

function powerOf(graph: Graph, { base, exponent }: ProductNode["factors"][number]): Expression {
  return graph.integerPower(base, exponent);
}
