/** Mistakes in the derivative of one operation: left out, doubled, a part of it lost, written out with a slip. */
import type { Definition } from "../../../expression/definition.js";
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import { isZero } from "../../../expression/predicates.js";
import type { Quantity } from "../../../expression/quantity.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { isCancelled } from "./cancelled.js";
import { invertedFactors, invertedNumbers } from "./inverted.js";
import { defaultOperands } from "./default-operands.js";
import { otherLogarithm } from "./logarithms.js";
import type { Mutant } from "../mutant.js";
import { once } from "../../once.js";
import { misplaced } from "./misplaced.js";
import { oppositeArguments } from "./opposite-arguments.js";
import { otherConventions, otherFunctions, turned } from "./other-functions.js";
import { ownFactors } from "./own-factors.js";
import { powerMutants } from "./powers.js";
import { scaleMutants } from "./scales.js";
import { oppositeSide } from "./sides.js";
import { signedFactors } from "./signed-factors.js";
import { SLIPS } from "./slips.js";
import { summandMutants } from "./summands.js";
import { dependsOnQuantities, derivativeName, mutantOf, type Variant } from "../variant.js";
import { inTwoParts, type Scene } from "../family.js";

export const RULE_MUTANTS = inTwoParts(1.4, ruleMutants);

/**
 * What is left out where a function is written out, as exp(-z) of the derivative of 1/(1 + exp(-z)); other
 * slips are told of the function by its name.
 */
export const WRITTEN_OUT = inTwoParts<Definition>(1.4, function* (scene, definition, withRare) {
  for (const mutant of ruleMutants(scene, definition, withRare)) {
    if (mutant.fault.cause === "missing-factor") yield mutant;
  }
});

function* ruleMutants(
  { backward, others, atKink }: Scene,
  definition: Definition,
  withRare: boolean,
): Generator<Mutant> {
  const bodies = definition.clauses.map(({ body }) => body);
  const nodes = postorder(bodies, (one: Expression) => one.children);
  for (const node of nodes) {
    if (node.kind === "apply") {
      yield* applyMutants(backward, definition, node, others, atKink, withRare);
      yield* oppositeArguments(backward, definition, nodes, node);
    }
    if (node.kind === "product") {
      yield* powerMutants(backward, definition, node);
      yield* ownFactors(backward, definition, node);
      yield* invertedFactors(backward, definition, node);
      yield* signedFactors(backward, definition, node);
    }
    if (node.kind === "sum") yield* summandMutants(backward, definition, node);
    if (node.kind === "product" || node.kind === "sum") {
      yield* invertedNumbers(backward, definition, node);
    }
    yield* scaleMutants(backward, definition, node);
  }
}

function* applyMutants(
  backward: Backward,
  definition: Definition,
  node: ApplyNode,
  others: readonly Quantity[],
  atKink: boolean,
  withRare: boolean,
): Generator<Mutant> {
  const { graph } = backward;
  const rights = node.operation.derivative(graph, node.children, node);
  for (const [position, child] of node.children.entries()) {
    const right = rights[position]!;
    if (isZero(right) || !dependsOnQuantities(child)) continue;
    // names are told, and nothing is found by them
    const texts = once(() => ({
      name: derivativeName(node, child),
      value: modelText(backward.withNames(right)),
      line: `the step back through ${definition.quantity.name}`,
    }));
    const variants: Variant[] = [
      {
        partial: graph.one,
        cause: "missing-factor",
        tell: () => {
          const { name, value, line } = texts();
          const what = `computed without the factor ${name} in ${line}: multiply by ${value} there`;
          return { factor: name, what };
        },
        undone: {
          by: right,
          what: () => {
            const { name, value } = texts();
            return `the right gradient with the factor ${name} left out: multiply by ${value}`;
          },
        },
        cost: 1.5,
      },
      {
        partial: graph.integerPower(right, 2),
        cause: "extra-factor",
        tell: () => {
          const { name, value, line } = texts();
          const what = `computed with the factor ${name} taken twice in ${line}: divide by ${value} there`;
          return { factor: name, what };
        },
        undone: {
          by: graph.integerPower(right, -1),
          what: () => {
            const { name, value } = texts();
            if (isCancelled(backward, definition, right)) {
              return `the right gradient times ${name} = ${value}, which the derivative by ${definition.quantity.name} cancels: leave that factor out`;
            }
            return `the right gradient with the factor ${name} taken twice: divide by ${value}`;
          },
        },
        cost: 1.7,
      },
      {
        partial: graph.integerPower(right, -1),
        cause: "wrong-function",
        tell: () => {
          const { name, value } = texts();
          const what = `divided by ${name} instead of multiplied: the factor is ${value}`;
          return { used: `1 ./ ${name}`, instead: name, what };
        },
        cost: 2.1,
      },
      ...misplaced(backward, definition.quantity, node, position, others, withRare),
      ...defaultOperands(backward, node, position),
      ...otherFunctions(backward, node, position, withRare),
      ...otherLogarithm(backward, node),
      ...(atKink ? otherConventions(backward, node, position) : []),
      ...incomplete(backward, right, () => texts().name),
      ...turned(backward, node, position),
      ...oppositeSide(backward, node, position),
      ...(withRare && position === 0 ? slipped(backward, node) : []),
    ];
    const seen = new Set([right]);
    // where two mistakes are the same expression, the less surprising one gives its name
    for (const variant of variants.sort((a, b) => a.cost - b.cost)) {
      if (seen.has(variant.partial)) continue;
      seen.add(variant.partial);
      yield mutantOf(backward, definition, node, child, variant);
    }
  }
}

/** The derivative written out, with a slip. */
function slipped(backward: Backward, node: ApplyNode): Variant[] {
  const { graph } = backward;
  const [child] = node.children;
  const [right] = node.operation.derivative(graph, node.children, node);
  const slips = SLIPS.get(node.operation)?.(graph, node, ...node.children) ?? [];
  return slips.map((partial) => ({
    partial,
    cause: "wrong-function",
    tell: () => {
      const [used, value] = [partial, right!].map((one) => modelText(backward.withNames(one)));
      const name = derivativeName(node, child!);
      const what = `computed with ${used!} for ${name}: the factor is ${value!}`;
      return { used: used!, instead: name, what };
    },
    cost: 2.05,
  }));
}

/** One factor or term of a local derivative left out: 1/2 for 1/(2·√u). */
function incomplete(backward: Backward, right: Expression, name: () => string): Variant[] {
  const { graph } = backward;
  if (right.kind === "sum") {
    return right.terms.map(({ coefficient, term }) => {
      const part = graph.scale(coefficient, term);
      return {
        partial: graph.subtract(right, part),
        cause: "missing-term",
        tell: () => {
          const text = modelText(backward.withNames(part));
          return { term: text, what: `computed with ${name()} without its term ${text}: add it` };
        },
        cost: 1.6,
      };
    });
  }
  if (right.kind !== "product" || right.factors.length + Number(!right.coefficient.equals(1)) < 2) {
    return [];
  }
  return right.factors.map(({ base, exponent }) => ({
    partial: graph.multiply(right, graph.integerPower(base, -exponent)),
    cause: "missing-factor",
    tell: () => {
      const factor = modelText(backward.withNames(graph.integerPower(base, exponent)));
      const what = `computed with ${name()} without its factor ${factor}: multiply by it`;
      return { factor, what };
    },
    cost: 1.9,
  }));
}
