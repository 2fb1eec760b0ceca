/** Quantities taken as constants: a mean and a variance, the adjoint that comes in. */
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import type { Quantity } from "../../../expression/quantity.js";
import { entryCount, type SizeValues } from "../../../expression/size.js";
import type { Backward } from "../../pass/backward.js";
import { adjointName, modelText } from "../../explanations/words.js";
import { listed } from "../../../language/words.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** ∂loss/∂at set to 1: `at` is differentiated instead of the loss, or an assignment lost what came in. */
export const UNIT_ADJOINT: Kind<Quantity> = {
  least: 1.9,
  make: ({ backward }, quantity) => [
    unitAdjoint(backward, quantity),
    ...constantAdjoint(backward, quantity),
  ],
};

function unitAdjoint(backward: Backward, at: Quantity): Mutant {
  return {
    fault: faultAt(at, "missing-factor", () => {
      const name = adjointName(at);
      const loss = backward.model.loss.name;
      return {
        factor: name,
        what: `taken to be 1: the factor ${name} that comes in from ${loss} is lost; multiply by it`,
      };
    }),
    cost: 1.9,
    change: () => backward.whole(at, backward.graph.one),
  };
}

/** The same where the mean of the loss stays: what comes in has lost all but 1/N. */
function* constantAdjoint(backward: Backward, at: Quantity): Generator<Mutant> {
  const { graph } = backward;
  const [constant, ...others] = new Set(
    backward.into(at).flatMap(({ clause: { body } }) => termsOf(graph, body).map(scaleIn(graph))),
  );
  if (!constant || constant === graph.one || others.length > 0) return;
  yield {
    fault: faultAt(at, "missing-factor", () => {
      const [name, loss, text] = [adjointName(at), backward.model.loss.name, modelText(constant)];
      return {
        factor: name,
        what: `taken to be ${text}: all else of ${name}, which comes in from ${loss}, is lost; multiply by it`,
      };
    }),
    cost: 1.95,
    change: () => backward.whole(at, constant),
  };
}

function termsOf(graph: Graph, body: Expression): readonly Expression[] {
  if (body.kind !== "sum") return [body];
  return body.terms.map(({ coefficient, term }) => graph.scale(coefficient, term));
}

/** The sizes and numbers that a term is multiplied by, without its sign. */
function scaleIn(graph: Graph): (term: Expression) => Expression {
  return (term) => {
    const [coefficient, rest] = graph.splitCoefficient(term);
    const factors = rest.kind === "product" ? rest.factors : [{ base: rest, exponent: 1 }];
    const sizes = factors
      .filter(({ base }) => base.kind === "size")
      .map(({ base, exponent }) => graph.integerPower(base, exponent));
    return graph.multiply(graph.number(coefficient.abs()), ...sizes);
  };
}

/**
 * Means, variances and the like, several of one another, through which no derivative is passed:
 * quantities with fewer entries than an operand that has other uses, too.
 */
export const CONSTANT_STATISTICS: Kind<Backward> = {
  least: 1.8,
  make: ({ backward, sizes }) => constantStatistics(backward, sizes),
};

function* constantStatistics(backward: Backward, sizes: SizeValues): Generator<Mutant> {
  for (const group of statistics(backward, sizes)) {
    if (group.length < 2) continue;
    const [first] = backward.outOf(group.at(-1)!).map(({ to }) => to);
    yield {
      fault: faultAt(first, "missing-term", () => {
        const names = group.map(({ name }) => name).reverse();
        const term = `the paths through ${listed(names)}`;
        return {
          term,
          what: `computed as if ${listed(names)} were constants: they depend on ${first!.name}, too; add ${term}`,
        };
      }),
      cost: 1.8,
      change: () => ({
        removed: new Set(group.flatMap((one) => backward.into(one))),
        added: [],
      }),
    };
  }
}

/** Statistics by what they are statistics of, the last computed first. */
function statistics(backward: Backward, sizes: SizeValues): Quantity[][] {
  const count = ({ shape }: Quantity): number => entryCount(shape).evaluate(sizes);
  const groups: { members: Quantity[]; operands: Set<Quantity> }[] = [];
  for (const { quantity } of backward.definitions) {
    if (quantity === backward.model.loss) continue;
    const operands = backward
      .outOf(quantity)
      .map(({ to }) => to)
      .filter(
        (to) =>
          to.role === "definition" &&
          count(to) > count(quantity) &&
          backward.into(to).some(({ from }) => from !== quantity),
      );
    if (operands.length === 0) continue;
    const isNear = (one: Quantity): boolean =>
      operands.some(
        (operand) =>
          operand === one ||
          backward.into(operand).some(({ from }) => from === one) ||
          backward.into(one).some(({ from }) => from === operand),
      );
    const group = groups.find((one) => [...one.operands].some(isNear));
    if (group) {
      group.members.push(quantity);
      for (const operand of operands) group.operands.add(operand);
    } else {
      groups.push({ members: [quantity], operands: new Set(operands) });
    }
  }
  return groups.map(({ members }) => members);
}
