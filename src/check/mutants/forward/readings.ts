/** A quantity read as another one than it is: a log-variance as a log-deviation, a variance as a deviation. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { logarithm } from "../../../expression/operations/powers.js";
import { exponential, squareRoot } from "../../../expression/operations/smooth.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { postorder, references } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { forwardFault } from "../forward-fault.js";
import { faultAt, type Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import type { Kind } from "../family.js";

interface Reading {
  readonly text: (name: string) => string;
  readonly of: (graph: Graph, x: Expression) => Expression;
}

/** What the one is of the other where a parametrisation is mistaken. */
const READINGS: readonly Reading[] = [
  { text: (name) => `2 * ${name}`, of: (graph, x) => graph.multiply(graph.number(2), x) },
  { text: (name) => `${name} / 2`, of: (graph, x) => graph.multiply(graph.number("1/2"), x) },
  { text: (name) => `${name}.^2`, of: (graph, x) => graph.integerPower(x, 2) },
  { text: (name) => `sqrt(${name})`, of: (graph, x) => graph.apply(squareRoot, x) },
  { text: (name) => `1 ./ ${name}`, of: (graph, x) => graph.integerPower(x, -1) },
  { text: (name) => `exp(${name})`, of: (graph, x) => graph.apply(exponential, x) },
  { text: (name) => `log(${name})`, of: (graph, x) => graph.apply(logarithm, x) },
];

/** One quantity read otherwise wherever the definition uses it, if some use is in a function. */
export const MISTAKEN_READINGS: Kind<Definition> = {
  least: 2.3,
  make: ({ backward }, definition) => mistakenReadings(backward, definition),
};

function* mistakenReadings(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph } = backward;
  for (const quantity of curved(definition)) {
    const { name } = quantity;
    for (const { text, of } of READINGS) {
      const used = text(name);
      const other = rewritten(graph, definition, (node) =>
        node.kind === "reference" && node.quantity === quantity ? of(graph, node) : undefined,
      );
      yield {
        fault: forwardFault(definition.quantity, "wrong-function", () => {
          const what = `${used} in place of ${name}, as if ${name} were another quantity than it is`;
          return { used, instead: name, what };
        }),
        cost: 2.3,
        change: () => backward.redefinition(other),
      };
    }
  }
}

/** The labels where the outputs belong in one definition, as in the differences of scores that are ranked. */
export const LABELS_FOR_OUTPUTS: Kind<Definition> = {
  least: 2.2,
  make: ({ backward }, definition) => labelsForOutputs(backward, definition),
};

function* labelsForOutputs(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph, model } = backward;
  const { clauses, quantity: at } = definition;
  const read = new Set(references(clauses.map(({ body }) => body)).map(({ quantity }) => quantity));
  for (const output of read) {
    if (output.role !== "definition") continue;
    for (const target of model.targets) {
      if (!sameShape(target.shape, output.shape)) continue;
      const other = rewritten(graph, definition, (node) =>
        node.kind === "reference" && node.quantity === output
          ? graph.reference(target, node.indices)
          : undefined,
      );
      yield {
        fault: faultAt(undefined, "wrong-variable", () => {
          const [used, instead] = [target.name, output.name];
          return {
            used,
            instead,
            what: `computed with ${used} where ${instead} belongs in ${at.name}: put ${instead} in its place`,
          };
        }),
        cost: 2.3,
        change: () => backward.redefinitionForward(other),
      };
    }
  }
}

/** Quantities that stand inside a function, or in a power. */
function curved({ clauses }: Definition): Set<Quantity> {
  const bodies = clauses.map(({ body }) => body);
  const inside = postorder(bodies, (one: Expression) => one.children).flatMap((node) => {
    if (node.kind === "apply") return [...node.children];
    if (node.kind !== "product") return [];
    return node.factors.flatMap(({ base, exponent }) => (exponent === 1 ? [] : [base]));
  });
  const plain = inside.filter((node) => node.kind !== "reduce");
  return new Set(references(plain).map(({ quantity }) => quantity));
}
