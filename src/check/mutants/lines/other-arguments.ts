/** A function of the same quantity that is computed elsewhere in the model: exp(V / 2) for exp(V). */
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import { postorder, references } from "../../../expression/walk.js";
import { modelText } from "../../explanations/words.js";
import type { Backward, Edge } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

const COST = 2.2;

export const OTHER_ARGUMENTS: Kind<Edge> = {
  least: COST,
  make: ({ backward }, edge) => otherArguments(backward, edge),
};

function* otherArguments(backward: Backward, edge: Edge): Generator<Mutant> {
  const { graph } = backward;
  const body = backward.withNames(edge.clause.body);
  const models = backward.definitions.flatMap(({ clauses }) => clauses.map((one) => one.body));
  const everywhere = applied(models);
  for (const node of applied([body])) {
    const own = node.children[0]!;
    const [read] = references([own]);
    const results = new Set<Expression>();
    for (const { operation, children } of everywhere) {
      if (operation !== node.operation) continue;
      const [argument] = children;
      const [other] = references([argument!]);
      if (other!.quantity !== read!.quantity) continue;
      const moved = graph.transform(argument!, (one) => (one === other ? read : undefined));
      if (moved !== own) results.add(graph.apply(operation, moved));
    }
    for (const result of results) {
      yield {
        fault: faultAt(edge.to, "wrong-variable", () => {
          const [used, right] = [result, node].map((one) => modelText(one));
          return {
            used: used!,
            instead: right!,
            what: `computed with ${used!} where ${right!} belongs: put ${right!} in its place`,
          };
        }),
        cost: COST,
        change: () =>
          instead(
            edge,
            graph.transform(body, (one) => (one === node ? result : undefined)),
          ),
      };
    }
  }
}

/** The functions of one operand that are taken of one quantity, entry by entry. */
function applied(bodies: readonly Expression[]): ApplyNode[] {
  return [...postorder(bodies, (one: Expression) => one.children)].filter(
    (node): node is ApplyNode => {
      if (node.kind !== "apply" || node.children.length !== 1) return false;
      const [read, ...others] = references(node.children);
      if (!read || others.length > 0 || read.quantity.of) return false;
      return node.free.every((letter) => read.free.includes(letter));
    },
  );
}
