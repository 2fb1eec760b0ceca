/** Slips in a matrix product of a line: its weight left out, a factor on its other side. */
import type { Expression, ProductNode, ReferenceNode } from "../../../expression/expression.js";
import { Index } from "../../../expression/indices.js";
import { has } from "../../../expression/predicates.js";
import { postorder } from "../../../expression/walk.js";
import { modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { once } from "../../once.js";
import type { Kind } from "../family.js";
import { factorsIn, summedLetters } from "./line-sums.js";
import { lineText } from "./line-text.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

const UNWEIGHTED = 2.2;
const ASIDE = 2.25;

/** h for h·U where the model has no name for the product; (r .* h)'·d for h'·(d .* r). */
export const PRODUCT_SLIPS: Kind<Edge> = {
  least: UNWEIGHTED,
  make: ({ backward }, edge) => productSlips(backward, edge),
};

function* productSlips(backward: Backward, edge: Edge): Generator<Mutant> {
  const body = backward.withNames(edge.clause.body);
  for (const node of postorder([body], (one: Expression) => one.children)) {
    if (node.kind !== "reduce" || node.reduction !== "sum" || node.body.kind !== "product")
      continue;
    if (node !== body) yield* unweighted(backward, edge, body, node);
  }
  yield* unweightedWayBack(backward, edge, body);
  yield* aside(backward, edge, body);
}

/** The same on the way back to a part without a name: d for U'·d, where d is put together in the line. */
function* unweightedWayBack(backward: Backward, edge: Edge, body: Expression): Generator<Mutant> {
  const { graph } = backward;
  if (body.kind !== "product") return;
  const kept = edge.clause.indices.flatMap(({ plain }) => plain ?? []);
  const weights = factorsOf(body).filter(({ quantity }) => quantity.role === "parameter");
  for (const summed of summedLetters(edge)) {
    const [weight, ...more] = weights.filter((one) => has(one, summed));
    const own = kept.filter((one) => weight && has(weight, one));
    const [along] = own;
    if (!weight || !along || more.length + own.length > 1 || !along.size.equals(summed.size)) {
      continue;
    }
    const rest = graph.divide(body, weight);
    // what is the derivative itself but for the weight is a step left out
    if (factorsIn(graph, rest).length < 2) continue;
    const moved = graph.substitute(rest, new Map([[summed.key, Index.of(along)]]));
    const letters = edge.clause.letters.filter((one) => one !== summed);
    const slip = once(() => instead(edge, moved, { letters }));
    yield {
      fault: faultAt(edge.to, "missing-factor", () => {
        const [used, right] = [...slip().added, edge].map((one) => lineText(backward, one));
        const factor = `${weight.quantity.name}'`;
        return {
          factor,
          what: `computed with ${used!} where ${right!} belongs: the factor ${factor} is left out; multiply by it`,
        };
      }),
      cost: UNWEIGHTED,
      change: slip,
    };
  }
}

/** A quantity for its product with a weight that keeps its shape. */
function* unweighted(
  backward: Backward,
  edge: Edge,
  body: Expression,
  node: Extract<Expression, { kind: "reduce" }>,
): Generator<Mutant> {
  const { graph } = backward;
  const { letter } = node;
  const factors = factorsOf(node.body);
  const [weight, ...others] = factors.filter(({ quantity }) => quantity.role === "parameter");
  const [value, ...more] = factors.filter((one) => one !== weight);
  if (!weight || !value || others.length + more.length > 0) return;
  if (value.quantity.of || node.body.kind !== "product" || node.body.factors.length > 2) return;
  const axis = value.indices.findIndex(({ plain }) => plain === letter);
  const [kept, ...further] = weight.free.filter((one) => one !== letter);
  if (axis < 0 || !kept || further.length > 0 || !kept.size.equals(letter.size)) return;
  const result = graph.reference(value.quantity, value.indices.with(axis, Index.of(kept)));
  yield {
    fault: faultAt(edge.to, "missing-factor", () => {
      const [used, right] = [result, node].map((one) => modelText(one));
      const factor = weight.quantity.name;
      return {
        factor,
        what: `computed with ${used!} where ${right!} belongs: the factor ${factor} is left out; multiply by it`,
      };
    }),
    cost: UNWEIGHTED,
    change: () =>
      instead(
        edge,
        graph.transform(body, (one) => (one === node ? result : undefined)),
      ),
  };
}

/** A factor that stands along one axis of a weight's derivative, and belongs to the other. */
function* aside(backward: Backward, edge: Edge, body: Expression): Generator<Mutant> {
  const { graph } = backward;
  const { clause, to } = edge;
  const axes = clause.indices.flatMap(({ plain }) => plain ?? []);
  const [first, second, ...others] = axes;
  if (!first || !second || others.length > 0 || !first.size.equals(second.size)) return;
  const inner = body.kind === "reduce" ? body.body : body;
  for (const reference of factorsOf(inner)) {
    if (reference.quantity.role !== "definition") continue;
    const along = axes.filter((one) => reference.free.includes(one));
    if (along.length !== 1) continue;
    const other = along[0] === first ? second : first;
    const axis = reference.indices.findIndex(({ plain }) => plain === along[0]);
    if (axis < 0) continue;
    const moved = graph.reference(
      reference.quantity,
      reference.indices.with(axis, Index.of(other)),
    );
    const slip = once(() =>
      instead(
        edge,
        graph.transform(body, (one) => (one === reference ? moved : undefined)),
      ),
    );
    yield {
      fault: faultAt(to, "wrong-variable", () => {
        const [used, right] = [...slip().added, edge].map((one) => lineText(backward, one));
        const { name } = reference.quantity;
        return {
          used: used!,
          instead: right!,
          what: `computed with ${used!} where ${right!} belongs: ${name} stands on the other side of the product`,
        };
      }),
      cost: ASIDE,
      change: slip,
    };
  }
}

/** The quantities that are factors of a product, each once. */
function factorsOf(node: Expression): ReferenceNode[] {
  const factors: ProductNode["factors"] =
    node.kind === "product" ? node.factors : [{ base: node, exponent: 1 }];
  return factors.flatMap(({ base, exponent }) =>
    base.kind === "reference" && exponent === 1 ? [base] : [],
  );
}
