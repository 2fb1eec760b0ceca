/** Mistakes in the derivative of one operation: left out, doubled, at another place, of another function. */
import type { Definition } from "../../../expression/definition.js";
import type { ApplyNode, Expression } from "../../../expression/expression.js";
import { operations } from "../../../expression/operations/index.js";
import type { Operation } from "../../../expression/operations/operation.js";
import { isZero } from "../../../expression/predicates.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { postorder } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { isCancelled } from "./cancelled.js";
import { otherLogarithm } from "./logarithms.js";
import type { Mutant } from "../mutant.js";
import { once } from "../../once.js";
import { oppositeArguments } from "./opposite-arguments.js";
import { powerMutants } from "./powers.js";
import { scaleMutants } from "./scales.js";
import { oppositeSide } from "./sides.js";
import { SLIPS } from "./slips.js";
import { summandMutants } from "./summands.js";
import { isUnary, operandsAt } from "../unary.js";
import { dependsOnQuantities, mutantOf, type Variant } from "../variant.js";
import type { Kind, Scene } from "../family.js";

export const RULE_MUTANTS: Kind<Definition> = {
  least: 1.4,
  make: ruleMutants,
};

/**
 * What is left out where a function is written out, as exp(-z) of the derivative of 1/(1 + exp(-z)); other
 * slips are told of the function by its name.
 */
export const WRITTEN_OUT: Kind<Definition> = {
  least: RULE_MUTANTS.least,
  *make(scene, definition) {
    for (const mutant of ruleMutants(scene, definition)) {
      if (mutant.fault.cause === "missing-factor") yield mutant;
    }
  },
};

function* ruleMutants(
  { backward, others, atKink }: Scene,
  definition: Definition,
): Generator<Mutant> {
  const bodies = definition.clauses.map(({ body }) => body);
  const nodes = postorder(bodies, (one: Expression) => one.children);
  for (const node of nodes) {
    if (node.kind === "apply") {
      yield* applyMutants(backward, definition, node, others, atKink);
      yield* oppositeArguments(backward, definition, nodes, node);
    }
    if (node.kind === "product") yield* powerMutants(backward, definition, node);
    if (node.kind === "sum") yield* summandMutants(backward, definition, node);
    yield* scaleMutants(backward, definition, node);
  }
}

function* applyMutants(
  backward: Backward,
  definition: Definition,
  node: ApplyNode,
  others: readonly Quantity[],
  atKink: boolean,
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
      ...misplaced(backward, definition.quantity, node, position, others),
      ...otherFunctions(backward, node, position),
      ...otherLogarithm(backward, node),
      ...(atKink ? otherConventions(backward, node, position) : []),
      ...incomplete(backward, right, () => texts().name),
      ...turned(backward, node, position),
      ...oppositeSide(backward, node, position),
      ...(position === 0 ? slipped(backward, node) : []),
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

/** The operands taken for one another: (xᵃ)′ for (aˣ)′. */
function turned(backward: Backward, node: ApplyNode, position: number): Variant[] {
  const { graph } = backward;
  if (node.children.length !== 2) return [];
  const right = node.operation.derivative(graph, node.children, node)[position]!;
  const children = node.children.toReversed();
  const other = graph.apply(node.operation, ...children);
  const partial = node.operation.derivative(graph, children, other)[1 - position]!;
  return [
    {
      partial,
      cause: "wrong-function",
      tell: () => {
        const value = modelText(backward.withNames(right));
        const [used, instead] = [modelText(other), modelText(node)];
        return {
          used: `the derivative of ${used}`,
          instead: `the derivative of ${instead}`,
          what: `computed with the derivative of ${used} where that of ${instead} belongs: the factor is ${value}`,
        };
      },
      cost: 2,
    },
  ];
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
function incomplete(backward: Backward, right: Expression, name: Text): Variant[] {
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

function derivativeName({ operation }: ApplyNode, child: Expression): string {
  return `${operation.name}'(${modelText(child)})`;
}

/** A name that is made when it is told. */
type Text = () => string;

/** σ′ at a instead of z, z(1 − z), the mask of another layer. */
function misplaced(
  backward: Backward,
  defined: Quantity,
  node: ApplyNode,
  position: number,
  others: readonly Quantity[],
): Variant[] {
  const { graph } = backward;
  const child = node.children[position]!;
  const named = backward.withNames(node);
  const input: Text = () => modelText(child);
  const output: Text = () => modelText(named);
  const at = (argument: Expression, y: Expression): Expression =>
    node.operation.derivative(graph, node.children.with(position, argument), y)[position]!;
  const variant = (partial: Expression, used: Text, instead: Text, cost: number): Variant => ({
    partial,
    cause: "wrong-variable",
    tell: () => {
      const factors = [at(child, node), partial].map((one) => modelText(backward.withNames(one)));
      const told = { used: used(), instead: instead() };
      const what = `computed with ${told.used} where ${told.instead} belongs: the factor is ${factors.join(", not ")}`;
      return { ...told, what };
    },
    cost,
  });
  const isNamed = child.kind === "reference";
  const found = [
    variant(
      at(node, graph.apply(node.operation, ...node.children.with(position, node))),
      output,
      input,
      1.6,
    ),
    variant(at(child, child), input, output, isNamed ? 1.6 : 2.4),
  ];
  if (child.kind === "reference" && named.kind === "reference") {
    // the mask or the slope read off the derivative that comes in: dZ[dA <= 0] = 0
    const incoming = graph.reference(backward.adjointOf(named.quantity), named.indices);
    const own = graph.apply(node.operation, ...node.children.with(position, incoming));
    const text: Text = () => modelText(incoming);
    found.push(variant(at(incoming, own), text, input, 2.3));
    found.push(variant(at(child, incoming), text, output, 2.3));
  }
  if (child.kind === "reference") {
    for (const quantity of others) {
      if (quantity === child.quantity || !sameShape(quantity.shape, child.quantity.shape)) continue;
      const other = graph.reference(quantity, child.indices);
      const y = graph.apply(node.operation, ...node.children.with(position, other));
      const name: Text = () => quantity.name;
      found.push(variant(at(other, y), name, input, 2));
      const ofOutput = variant(at(child, other), name, output, 2.1);
      // what is computed from the function is its output only where it is nothing else
      found.push(quantity === defined ? { ...ofOutput, cause: "wrong-function" } : ofOutput);
    }
  }
  return found;
}

/** The derivative of another function at the same place, or the function for its derivative. */
function otherFunctions(backward: Backward, node: ApplyNode, position: number): Variant[] {
  const { graph } = backward;
  const child = node.children[position]!;
  const inNames = (partial: Expression): string => modelText(backward.withNames(partial));
  const right = node.operation.derivative(graph, node.children, node)[position]!;
  /** @param name what is used, of the operand */
  const variant = (
    partial: Expression,
    name: (operand: string) => string,
    cost: number,
  ): Variant => ({
    partial,
    cause: "wrong-function",
    tell: () => {
      const [used, instead] = [name(modelText(child)), derivativeName(node, child)];
      const factors = [right, partial].map(inNames).join(", not ");
      return {
        used,
        instead,
        what: `computed with ${used} instead of ${instead}: the factor is ${factors}`,
      };
    },
    cost,
  });
  const self = node.operation.name;
  const found = [variant(node, (operand) => `${self}(${operand})`, 1.7)];
  found.push(variant(child, (operand) => `${operand} itself`, 2.2));
  const again = graph.apply(node.operation, ...node.children.with(position, node));
  found.push(variant(again, () => `${self}(${inNames(node)})`, 2.1));
  for (const other of unaryOperations()) {
    if (other === node.operation) continue;
    const args = operandsAt(graph, other, child);
    const y = graph.apply(other, ...args);
    const name = (operand: string): string => `${other.name}'(${operand})`;
    const cost = areAlike(other.name, self) ? 1.55 : surprise(other, backward, args);
    found.push(variant(other.derivative(graph, args, y)[0]!, name, cost));
    // 1 − a² with the a of this function; a slope in pieces, 1 or 1 + a, would have its pieces elsewhere
    if (!other.kinks) {
      found.push(variant(other.derivative(graph, args, node)[0]!, name, cost + 0.1));
    }
  }
  const squared = graph.integerPower(node, 2);
  found.push(variant(graph.subtract(graph.one, node), () => `1 - ${self}`, 2));
  found.push(variant(graph.add(graph.one, squared), () => `1 + ${self}.^2`, 2.3));
  return found;
}

/** Beyond rounding, and small enough that nothing else changes much. */
const ASIDE = "1/16777216";

/** At a kink the derivative from one side, or the mean: a mask with >= for >. */
function otherConventions({ graph }: Backward, node: ApplyNode, position: number): Variant[] {
  const { operation, children } = node;
  if (!operation.kinks) return [];
  const child = children[position]!;
  const name = derivativeName(node, child);
  const aside = graph.number(ASIDE);
  const at = (argument: Expression): Expression =>
    operation.derivative(graph, children.with(position, argument), node)[position]!;
  const above = at(graph.add(child, aside));
  const below = at(graph.subtract(child, aside));
  const mean = graph.multiply(graph.number("1/2"), graph.add(above, below));
  const variant = (partial: Expression, side: string): Variant => ({
    partial,
    cause: "wrong-function",
    tell: () => ({
      used: `${name} ${side}`,
      instead: name,
      what: `computed with ${name} ${side} at its kink, which is another convention than the one here: ${operation.convention ?? ""}`,
    }),
    cost: 1.4,
  });
  return [
    variant(above, "taken from above"),
    variant(below, "taken from below"),
    variant(mean, "taken as the mean of both sides"),
  ];
}

/** Functions that are taken for one another: by their names, or by their curves. */
const ALIKE: readonly ReadonlySet<string>[] = [
  new Set(["sigmoid", "tanh"]),
  new Set(["tan", "tanh"]),
  new Set(["relu", "leakyrelu", "elu", "silu", "gelu"]),
];
function areAlike(one: string, other: string): boolean {
  return ALIKE.some((group) => group.has(one) && group.has(other));
}

/** How surprising it is that another function's derivative was taken. */
function surprise(
  { isActivation, derivative, kinks }: Operation,
  { graph }: Backward,
  args: readonly Expression[],
): number {
  if (isActivation) return 2;
  const [slope] = derivative(graph, args, args[0]!);
  // slopes that are the same everywhere look like a sign or a factor left out
  return kinks || !dependsOnQuantities(slope!) ? 3.1 : 2.4;
}

function unaryOperations() {
  return [...operations.values()].filter(
    (operation) => isUnary(operation) && /^\w/.test(operation.name),
  );
}
