/** One parameter used where others belong, wherever the forward pass has these: the bias of another gate. */
import type { Quantity } from "../../expression/quantity.js";
import { sameShape } from "../../expression/size.js";
import { references } from "../../expression/walk.js";
import type { Backward } from "../pass/backward.js";
import { combined } from "../pass/changes.js";
import { kindOfEdge } from "../pass/kinds.js";
import { forwardFault } from "./forward-fault.js";
import type { Mutant } from "./mutant.js";

/** More parameters that are used alike are not taken for each other in pairs. */
const MOST_ALIKE = 6;

/** A single parameter in a single definition is told elsewhere. */
export function* renamedParameters(backward: Backward): Generator<Mutant> {
  for (const alike of alikes(backward)) {
    for (const used of alike) {
      const others = alike.filter((one) => one !== used);
      const pairs =
        alike.length <= MOST_ALIKE
          ? others.flatMap((one, k) => others.slice(k + 1).map((other) => [one, other]))
          : [];
      const singles = others.filter((one) => definitionsWith(backward, [one]).length > 1);
      yield* usedFor(
        backward,
        used,
        singles.map((one) => [one]),
        2.25,
      );
      yield* usedFor(backward, used, pairs, 2.3);
    }
  }
}

/** Parameters of one shape that are used in the same way. */
function alikes(backward: Backward): Quantity[][] {
  const groups = new Map<string, Quantity[]>();
  for (const parameter of backward.model.params) {
    const kinds = new Set(
      backward
        .into(parameter)
        .map((edge) => kindOfEdge(edge, backward.withNames(edge.clause.body))),
    );
    const key = `${parameter.shape.map((size) => size.toString()).join()} ${[...kinds].sort().join()}`;
    const known = groups.get(key);
    if (known) known.push(parameter);
    else groups.set(key, [parameter]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

function definitionsWith({ definitions }: Backward, parameters: readonly Quantity[]) {
  return definitions.filter(({ clauses }) =>
    references(clauses.map(({ body }) => body)).some(({ quantity }) =>
      parameters.includes(quantity),
    ),
  );
}

function* usedFor(
  backward: Backward,
  used: Quantity,
  all: readonly (readonly Quantity[])[],
  cost: number,
): Generator<Mutant> {
  const { graph } = backward;
  for (const belonging of all) {
    const definitions = definitionsWith(backward, belonging);
    const [first] = definitions;
    if (!first || belonging.some(({ shape }) => !sameShape(shape, used.shape))) continue;
    const others = definitions.map(({ quantity, clauses }) => ({
      quantity,
      clauses: clauses.map((clause) => ({
        ...clause,
        body: graph.transform(clause.body, (node) =>
          node.kind === "reference" && belonging.includes(node.quantity)
            ? graph.reference(used, node.indices)
            : undefined,
        ),
      })),
    }));
    const instead = belonging.map(({ name }) => name).join(", ");
    const fault = forwardFault(
      first.quantity,
      "wrong-variable",
      { used: used.name, instead },
      `${used.name} in place of ${instead}, and so is all that uses ${belonging.length > 1 ? "them" : "it"}`,
    );
    yield { fault, cost, change: () => combined(others.map((one) => backward.redefinition(one))) };
    yield {
      fault,
      cost: cost + 0.1,
      change: () => ({
        ...combined(definitions.map((one) => backward.asWritten(one))),
        redefined: others,
      }),
    };
  }
}
