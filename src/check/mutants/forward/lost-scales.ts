/** Scales inside functions, lost throughout a statement: softmax(z) for softmax(z / T). */
import type { Definition } from "../../../expression/definition.js";
import type { Expression, ProductNode } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { postorder } from "../../../expression/walk.js";
import { modelText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import { kindOf } from "../../pass/kinds.js";
import type { Kind } from "../family.js";
import type { Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import { inPasses } from "./in-passes.js";

/** Where a scale stands once, it is a factor like others, which `FORWARD_MUTANTS` leave out. */
export const LOST_SCALES: Kind<Definition> = {
  least: 2.15,
  make: ({ backward }, definition) => lostScales(backward, definition),
};

function* lostScales(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph } = backward;
  const bodies = definition.clauses.map(({ body }) => body);
  const all = postorder(bodies, (one: Expression) => one.children);
  const inside = postorder(all.filter(isNonlinear), (one: Expression) => one.children);
  const products = productsIn(graph, inside);
  const seen = new Set<Expression>();
  for (const scale of new Set(products.flatMap((node) => scalesOf(graph, node)))) {
    const scaled = new Set(products.filter((node) => scalesOf(graph, node).includes(scale)));
    const throughout = rewritten(graph, definition, (node) =>
      isNonlinear(node) ? without(graph, node, scale) : undefined,
    );
    // of what is scaled in several places, as z of a log-softmax, one part only
    const kinds = new Set([...scaled].map((node) => kindWithout(graph, node, scale)));
    const ofOne = [...kinds].map((kind) => {
      const isMeant = (node: ProductNode): boolean => kindWithout(graph, node, scale) === kind;
      const count = productsIn(graph, all).filter(
        (node) => scalesOf(graph, node).includes(scale) && isMeant(node),
      ).length;
      return {
        other: rewritten(graph, definition, (node) => without(graph, node, scale, isMeant)),
        first: [...scaled].find(isMeant)!,
        count,
      };
    });
    const [first] = scaled;
    for (const lost of [{ other: throughout, first: first!, count: scaled.size }, ...ofOne]) {
      const [body] = lost.other.clauses.map((clause) => clause.body);
      if (lost.count < 2 || seen.has(body!)) continue;
      seen.add(body!);
      yield* inPasses(backward, definition, lost.other, {
        cause: "missing-factor",
        tell: () => {
          const [whole, rest] = [lost.first, graph.divide(lost.first, scale)].map(modelText);
          return { factor: modelText(scale), what: `${rest!} in place of ${whole!}` };
        },
        cost: 2.15,
      });
    }
  }
}

/** What has a scale, whichever entries of it: equal for z[i] / T and z[k] / T. */
function kindWithout(graph: Graph, node: ProductNode, scale: Expression): string {
  const [, rest] = graph.splitCoefficient(graph.divide(node, scale));
  return kindOf(rest, undefined, ({ quantity }) => quantity.name);
}

function isNonlinear(node: Expression): boolean {
  return node.kind === "apply" || (node.kind === "reduce" && node.reduction === "logsumexp");
}

/** Different products, and terms of sums with numbers before them. */
function productsIn(graph: Graph, nodes: readonly Expression[]): ProductNode[] {
  return [...new Set(nodes.flatMap((node) => productsOf(graph, node)))];
}

function productsOf(graph: Graph, node: Expression): ProductNode[] {
  const terms =
    node.kind === "sum"
      ? node.terms.map(({ coefficient, term }) => graph.scale(coefficient, term))
      : [node];
  return terms.filter((one) => one.kind === "product");
}

/** Its number, and its factors that are the same for all entries. */
function scalesOf(graph: Graph, { coefficient, factors }: ProductNode): Expression[] {
  const number = coefficient.abs();
  return [
    ...(number.equals(1) ? [] : [graph.number(number)]),
    ...factors
      .filter(({ base }) => base.kind === "reference" && base.free.length === 0)
      .map(({ base, exponent }) => graph.integerPower(base, exponent)),
  ];
}

/** An expression in which no product has the scale, of those that are meant. */
function without(
  graph: Graph,
  root: Expression,
  scale: Expression,
  isMeant: (node: ProductNode) => boolean = () => true,
): Expression {
  const rest = (node: Expression): Expression =>
    node.kind === "product" && scalesOf(graph, node).includes(scale) && isMeant(node)
      ? graph.divide(node, scale)
      : node;
  const replace = (node: Expression): Expression | undefined => {
    if (node.kind === "product" && rest(node) !== node) return rest(node);
    if (node.kind !== "sum") return undefined;
    const terms = node.terms.map(({ coefficient, term }) => {
      const part = graph.scale(coefficient, term);
      const left = rest(part);
      return left === part ? graph.scale(coefficient, graph.transform(term, replace)) : left;
    });
    return graph.add(graph.number(node.constant), ...terms);
  };
  return graph.transform(root, replace);
}
